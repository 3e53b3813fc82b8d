"""How much may be bad: the one rule of all stages that put clips aside instead of ending.

A few bad clips are told and passed over. More than a share of them has a cause that somebody can mend, and a stage
that went on would lose them without a word: so it ends, names the commonest reason, and doesn't count as done.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from .errors import InputError

# A corpus of forty clips may have one bad clip and be fine; a share says nothing of so few.
ALWAYS_TOLERATED = 3
MAX_BAD = 0.01
"""The largest share of bad clips, where nobody says another."""

_PATH = re.compile(r"(?<![\w.])/[^\s'\":,;)]+")
_NUMBER = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?")

MaxBad = Annotated[float, Field(ge=0, le=1)]


def too_many(bad: int, total: int, max_bad: float) -> bool:
    """Whether so many of all clips are more than a stage passes over. All that there are always is."""
    return 0 < bad == total or (bad > ALWAYS_TOLERATED and bad > max_bad * total)


def kind_of(reason: str) -> str:
    """A reason without the paths and numbers that are one clip's own, so that the like can be counted."""
    return _NUMBER.sub("N", _PATH.sub("...", reason))


def hold_share(
    reasons: Mapping[str, int],
    total: int,
    max_bad: float,
    *,
    of: str,
    told: str = "",
    first: str = "",
    fix: str,
) -> None:
    """Refuses more bad ones than the share. `of` names what they are, `told` where each is told, `first` the first of
    them, `fix` what to mend.

    Raises:
        InputError: there are more; names the commonest reason.
    """
    bad = sum(reasons.values())
    if not too_many(bad, total, max_bad):
        return
    reason, count = Counter(reasons).most_common(1)[0]
    place = (f"; all in {told}" if told else "") + (f"; the first is {first}" if first else "")
    beyond, allow = f", more than the share of {max_bad:g} allowed", " or allow more (--max-bad, `max_bad`)"
    if bad == total:
        beyond, allow = ", so nothing is left", ""
    raise InputError(
        f"{bad:,} of {total:,} {of} are bad ({count:,} of them: {reason}{place}){beyond}; {fix}{allow}"
    )
