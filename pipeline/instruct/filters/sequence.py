"""Two sounds of a caption told in the wrong order: `a man hammers, then a dog barks`, `first a dog barks, ...`."""

from __future__ import annotations

import re

from .candidate import Candidate
from .known import Known
from .words import content_words, fold

_THEN = re.compile(
    r"(?:,|;)?\s*(?:\b(?:and|und|y|et|e|и)\s+)?\b(?:and then|then|followed by|before|after which|afterwards|"
    r"dann|danach|bevor|anschliessend|luego|despues|y despues|antes de que|puis|ensuite|avant|poi|dopodiche|prima di|"
    r"depois|затем|потом|после чего)\b"
)
_TURNED = re.compile(r"\b(?:after|following|preceded by|nachdem|nach|tras|apres|dopo|после)\b(?! which)")
_FEWEST = 1


def reversed_order(candidate: Candidate, known: Known) -> tuple[str, str] | None:
    """What comes first by the facts and by the answer, where both tell the same two things in opposite order."""
    told, said = fold(known.prose), fold(candidate.answer)
    if _TURNED.search(told) or _TURNED.search(said):
        return None
    first, second = _halves(told), _halves(said)
    if first is None or second is None:
        return None
    told_words = [_only(part, other) for part, other in (first, first[::-1])]
    said_words = [_only(part, other) for part, other in (second, second[::-1])]
    crossed = len(told_words[0] & said_words[1]), len(told_words[1] & said_words[0])
    straight = len(told_words[0] & said_words[0]) + len(told_words[1] & said_words[1])
    if min(crossed) < _FEWEST or straight:
        return None
    return first[0].strip(), second[0].strip()


def _halves(text: str) -> tuple[str, str] | None:
    """What comes before and after a single `then`."""
    found = list(_THEN.finditer(text))
    if len(found) != 1:
        return None
    before, after = text[: found[0].start()], text[found[0].end() :]
    return (before, after) if before.strip() and after.strip() else None


def _only(part: str, other: str) -> set[str]:
    """The stems of a part that the other part hasn't."""
    elsewhere = {word.stem for word in content_words(other, None)}
    return {word.stem for word in content_words(part, None)} - elsewhere
