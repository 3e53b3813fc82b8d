"""Hold-out: which speakers (or source recordings) of a corpus are kept for the test, the same for every run.

Corpora that publish train and test splits keep them. The corpora named under `hold_out` are divided anew, together:
within each stratum (language and gender; for sounds the event) the groups are put in the order of a hash of
(seed, group), and the first share of them is held out: at least one where there are two, never all of them.
A group is a speaker, else a source recording, else the clip itself, so neither crosses the line. Groups of whatever
corpora that have an origin in common (one recording of Freesound in two of them) are divided as one.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lhotse.cut import Cut

from ...errors import InputError
from ...files import read_json
from ...recipes.kit.corpus import Role
from ...recipes.kit.facts import read_facts
from ...recipes.kit.origin import parse
from ...recipes.kit.registry import roles_of
from ..audio.manifests import find_manifests, read_cuts
from ..engine.partitions import Counts, Partition


def group_of(corpus: str, clip_id: str, facts: Mapping[str, Any]) -> str:
    """The group that must not be divided between roles."""
    if "speaker" in facts:
        return f"{corpus}/speaker/{facts['speaker']}"
    if "source" in facts:
        return f"{corpus}/source/{facts['source']}"
    return f"{corpus}/clip/{clip_id}"


def _strata(facts: Mapping[str, Any]) -> tuple[str, str]:
    """The coarse and the fine stratum: language, then language and gender; or the kind of sound."""
    if "speaker" not in facts:
        events = facts.get("sound_events") or [""]
        return f"sound/{facts.get('language', '')}/{events[0]}", ""
    language = str(facts.get("language", "")).split("-")[0]
    return f"speech/{language}", f"speech/{language}/{facts.get('gender', '')}"


def held_out(groups: Iterable[tuple[str, str, str]], seed: int, share: float) -> set[str]:
    """The groups to hold out, from (coarse stratum, fine stratum, group); a pure function of its arguments.

    Fine strata give their share first; then every coarse stratum of two groups or more gives at least one.
    """
    coarse: defaultdict[str, set[str]] = defaultdict(set)
    fine: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for outer, inner, group in groups:
        coarse[outer].add(group)
        fine[outer, inner].add(group)
    chosen: set[str] = set()

    def choose(members: set[str], wanted: int) -> None:
        missing = min(wanted, len(members) - 1) - len(chosen & members)
        ranked = sorted(
            members - chosen, key=lambda group: hashlib.sha256(f"{seed}/{group}".encode()).digest()
        )
        chosen.update(ranked[: max(0, missing)])

    for stratum in sorted(fine):
        choose(fine[stratum], max(1, round(share * len(fine[stratum]))))
    for outer in sorted(coarse):
        choose(coarse[outer], 1)
    return chosen


def hold_out_partition(manifests: Mapping[str, Path], out: Path, seed: int, share: float) -> Partition:
    """The partition that decides which groups of these corpora (name -> prepared folder) are for the test."""
    return Partition(
        name="hold-out",
        output=out,
        work=_hold_out,
        arguments=(dict(manifests), seed, share),
        inputs=tuple(path for name in sorted(manifests) for path in find_manifests(manifests[name])),
        params={"corpora": sorted(manifests), "seed": seed, "share": share},
    )


def _hold_out(temporary: Path, manifests: dict[str, Path], seed: int, share: float) -> Counts:
    groups: set[tuple[str, str, str]] = set()
    ties = _Ties()
    for corpus in sorted(manifests):
        for path in find_manifests(manifests[corpus]):
            for cut in read_cuts(path):
                facts = read_facts(cut)
                group = group_of(corpus, cut.id, facts)
                groups.add((*_strata(facts), group))
                for text in (cut.custom or {}).get("origin", ()):
                    ties.tie(group, parse(text).key)
    chosen = held_out(
        sorted({(outer, inner, ties.first(group)) for outer, inner, group in groups}), seed, share
    )
    test = sorted({group for *_, group in groups if ties.first(group) in chosen})
    temporary.write_text(
        json.dumps({"corpora": sorted(manifests), "test": test}, ensure_ascii=False, indent=1) + "\n"
    )
    return {"groups": len({group for *_, group in groups}), "held_out": len(test)}


class _Ties:
    """Groups that have an origin in common, over all corpora: they are divided as one, named by the first of them."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._by_origin: dict[str, str] = {}

    def tie(self, group: str, origin: str) -> None:
        one, other = self.first(group), self.first(self._by_origin.setdefault(origin, group))
        if one != other:
            self._first[max(one, other)] = min(one, other)

    def first(self, group: str) -> str:
        while group in self._first:
            # Paths are halved as they are walked.
            following = self._first[group]
            if following in self._first:
                self._first[group] = self._first[following]
            group = following
        return group


class Roles:
    """Tells a cut's role: by the hold-out where its corpus was divided anew, else by its published split."""

    def __init__(self, hold_out: Path | None) -> None:
        content = read_json(hold_out) if hold_out else {"corpora": [], "test": []}
        self._divided = frozenset(content["corpora"])
        self._test = frozenset(content["test"])

    def published(self, corpus: str) -> set[Role]:
        """The roles that a corpus' clips may have."""
        return {"train", "test"} if corpus in self._divided else set(roles_of(corpus).values())

    def divides(self, corpus: str) -> bool:
        """Whether a corpus was divided anew."""
        return corpus in self._divided

    def role(self, cut: Cut, corpus: str, split: str) -> Role:
        if self.divides(corpus):
            return "test" if group_of(corpus, cut.id, read_facts(cut)) in self._test else "train"
        return self.of_split(corpus, split)

    @staticmethod
    def of_split(corpus: str, split: str) -> Role:
        """What a split of a corpus is used as. Raises InputError."""
        roles = roles_of(corpus)
        if split not in roles:
            raise InputError(
                f"{corpus} has no split '{split}' (there are {', '.join(roles)}); prepare the corpus anew"
            )
        return roles[split]
