"""What two clips are compared by without hearing them: where they come from, who speaks, what a publisher forbids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ....recipes.kit.corpus import Role
from ....recipes.kit.origin import Origin, parse

By = Literal["origin", "speaker", "blacklist", "fingerprint"]
"""How two clips were found to have too much in common."""


@dataclass(frozen=True)
class Side:
    """A clip that is kept, and that others are kept apart from. `clip` is "" where a whole corpus is meant."""

    clip: str
    corpus: str
    role: Role


@dataclass(frozen=True)
class Match:
    """`what` tells what the clips share, for people."""

    by: By
    what: str
    other: Side


class Keys:
    """The origins of the clips that are kept, and the corpora that they are of."""

    def __init__(self) -> None:
        self._known: defaultdict[str, list[tuple[Origin, Side]]] = defaultdict(list)
        self._corpora: dict[tuple[str, Role], None] = {}

    def add(self, side: Side, custom: Mapping[str, Any]) -> None:
        self._corpora[side.corpus, side.role] = None
        for origin in _origins(custom):
            self._known[origin.key].append((origin, side))

    def matches(self, corpus: str, custom: Mapping[str, Any], kinds: Iterable[By]) -> Iterator[Match]:
        """What a clip of a corpus shares with those that are kept.

        Within a corpus the publisher's own splits stand, so only clips of other corpora are compared.
        """
        wanted = set(kinds)
        for origin in _origins(custom):
            by: By = "speaker" if origin.of_speaker else "origin"
            if by in wanted:
                for other, side in self._known.get(origin.key, ()):
                    if side.corpus != corpus and origin.meets(other):
                        yield Match(by, origin.key, side)
        if "blacklist" in wanted:
            for name in custom.get("kept_from") or ():
                for role in ("test", "dev"):
                    if (name, role) in self._corpora:
                        yield Match("blacklist", f"published list for {name}", Side("", name, role))


def _origins(custom: Mapping[str, Any]) -> list[Origin]:
    return [parse(text) for text in custom.get("origin") or ()]
