"""What the templates need of a cut: its id, its corpus and its facts, read without making Lhotse's objects."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ...errors import InputError
from ...files import read_jsonl
from ...recipes.kit.facts import FACTS, SUPERVISION_FACTS, canonical_fact, check_fact
from ...recipes.kit.values import has_canonical
from ..audio.manifests import check_cut
from ..prepare.contamination.dropped import dropped_clips

SECONDS = "seconds"
"""How long a clip is: known of all without a corpus telling it. A task that reads it names it among its `facts`."""


class ClipFacts(NamedTuple):
    """A cut as the templates see it; `trouble` says that its facts can't be read."""

    id: str
    corpus: str
    facts: Mapping[str, Any]
    trouble: str = ""
    seconds: float = 0.0

    def timed(self) -> ClipFacts:
        """The same, with how long it is among its facts."""
        return self._replace(facts={**self.facts, SECONDS: self.seconds})


def read_clips(
    manifests: Iterable[Path], again: bool = False, without: Path | None = None
) -> Iterator[ClipFacts]:
    """The cuts of some manifests, in order; the facts are checked, unless they are read again.

    `without` lists clips that are passed over (`contamination.jsonl`).

    Raises:
        InputError: a manifest is missing or damaged, or a line isn't a cut.
    """
    dropped = dropped_clips(without)
    for path in manifests:
        for number, record in enumerate(read_jsonl(path), 1):
            if record.get("id") in dropped:
                continue
            if not again:
                check_cut(record, path, number)
            try:
                yield clip_of(record, not again)
            except (AttributeError, KeyError, IndexError, TypeError) as error:
                raise InputError(
                    f"{path}: line {number} isn't a Lhotse cut ({error!r}); make the manifest again"
                ) from error


def clip_of(record: Mapping[str, Any], checked: bool = True) -> ClipFacts:
    """A cut in its JSON form. The facts of a mix are those of its first cut but padding: the others are noise."""
    cut, seconds = record, _seconds(record)
    if "tracks" in record:
        cut = next(t["cut"] for t in record["tracks"] if t["cut"].get("type") != "PaddingCut")
        if "tracks" in cut:
            raise KeyError("a mix of mixes")
    custom = cut.get("custom") or {}
    corpus = str(custom.get("corpus", ""))
    facts = dict(custom.get("facts") or {})
    supervisions = cut.get("supervisions") or ()
    if len(supervisions) > 1:
        trouble = f"clip {record['id']}: {len(supervisions)} supervisions, but a clip has one at most"
        return ClipFacts(str(record["id"]), corpus, {}, trouble)
    for supervision in supervisions:
        for name in SUPERVISION_FACTS:
            value = supervision.get(name)
            if value is not None:
                facts[name] = value
    if not checked:
        for name, value in facts.items():
            check = _NAMED_CHECKS.get(name)
            if check is not None and not check(value):
                facts[name] = canonical_fact(name, value)
        return ClipFacts(str(record["id"]), corpus, facts, seconds=seconds)
    try:
        for name, value in facts.items():
            check = _CHECKS.get(name)
            if check is None or not check(value):
                facts[name] = check_fact(name, value, f"clip {record['id']}")
    except InputError as error:
        return ClipFacts(str(record["id"]), corpus, {}, str(error))
    return ClipFacts(str(record["id"]), corpus, facts, seconds=seconds)


def _seconds(cut: Mapping[str, Any]) -> float:
    """How long a cut is; of a mix, to the end of what ends last."""
    if "tracks" not in cut:
        return float(cut.get("duration", 0.0))
    ends: list[float] = [track.get("offset", 0.0) + _seconds(track["cut"]) for track in cut["tracks"]]
    return round(max(ends), 8)


_NAMED = frozenset(filter(has_canonical, FACTS))
_MOST_KEPT = 1 << 16


def _canonical_check(name: str) -> Callable[[Any], bool]:
    """Whether a text or a list is as check_fact wants it; what was found so is kept, for it comes again."""
    good: set[Any] = set()

    def check(value: Any) -> bool:
        try:
            key = tuple(value) if type(value) is list else value
            if key in good:
                return True
            if len(good) < _MOST_KEPT and check_fact(name, value, "") == value:
                good.add(key)
                return True
        except (TypeError, InputError):
            pass
        return False

    return check


def _check(name: str) -> Callable[[Any], bool]:
    """Whether a fact's value needs no closer look; nearly all don't."""
    fact = FACTS[name]
    if name in _NAMED:
        return _canonical_check(name)
    if fact.values is not None:
        values = frozenset(fact.values)
        return lambda value: type(value) is str and value in values
    if fact.type is str:
        return lambda value: type(value) is str and value != "" and value == value.strip()
    if fact.type is float:
        return lambda value: type(value) is float and math.isfinite(value)
    return lambda value: type(value) is fact.type and type(value) is int


_CHECKS = {name: _check(name) for name in FACTS}
_NAMED_CHECKS = {name: _CHECKS[name] for name in _NAMED}
