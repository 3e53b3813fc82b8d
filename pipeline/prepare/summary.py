"""What a corpus turned out to hold, counted while it streams by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...recipes.kit.corpus import Corpus, LeftOut, Role


@dataclass
class Summary:
    """What a corpus turned out to hold, counted while it streams by; adds up."""

    clips: Counter[str] = field(default_factory=Counter)
    # Whole nanoseconds add up to the same in any order.
    nanoseconds: Counter[str] = field(default_factory=Counter)
    speakers: dict[str, set[str]] = field(default_factory=dict)
    languages: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    left_out_nanoseconds: Counter[str] = field(default_factory=Counter)

    def leave_out(self, left: LeftOut) -> None:
        self.left_out[left.reason] += 1
        if left.seconds is not None:
            self.left_out_nanoseconds[left.reason] += round(left.seconds * 1e9)

    def add(self, split: str, duration: float, facts: Mapping[str, Any]) -> None:
        self.clips[split] += 1
        self.nanoseconds[split] += round(duration * 1e9)
        self.facts.update(facts.keys())
        if "speaker" in facts:
            self.speakers.setdefault(split, set()).add(facts["speaker"])
        if "language" in facts:
            self.languages[facts["language"]] += 1

    def merge(self, other: Summary) -> None:
        for mine, theirs in (
            (self.clips, other.clips),
            (self.nanoseconds, other.nanoseconds),
            (self.languages, other.languages),
            (self.facts, other.facts),
            (self.bad, other.bad),
            (self.left_out, other.left_out),
            (self.left_out_nanoseconds, other.left_out_nanoseconds),
        ):
            mine.update(theirs)
        for split, speakers in other.speakers.items():
            self.speakers.setdefault(split, set()).update(speakers)

    @property
    def hours(self) -> float:
        return sum(self.nanoseconds.values()) / 3.6e12

    def crossing(self, splits: Mapping[str, Role]) -> set[str]:
        """The speakers who are met in more than one of train, dev and test."""
        roles: dict[Role, set[str]] = {}
        for split, speakers in self.speakers.items():
            roles.setdefault(splits[split], set()).update(speakers)
        met = Counter(speaker for speakers in roles.values() for speaker in speakers)
        return {speaker for speaker, count in met.items() if count > 1}

    def note(self) -> dict[str, Any]:
        speakers = {split: sorted(names) for split, names in self.speakers.items()}
        return {**vars(self), "speakers": speakers}

    @classmethod
    def from_note(cls, content: Mapping[str, Any]) -> Summary:
        counters = {name: Counter(content[name]) for name in content if name != "speakers"}
        return cls(speakers={split: set(names) for split, names in content["speakers"].items()}, **counters)

    def to_json(self, corpus: Corpus) -> dict[str, Any]:
        return {
            "corpus": corpus.name,
            "clips": sum(self.clips.values()),
            "hours": round(self.hours, 4),
            "speakers": len(set().union(*self.speakers.values())),
            "speakers_across_roles": len(self.crossing(corpus.splits)),
            "languages": dict(sorted(self.languages.items())),
            "splits": {
                split: {
                    "clips": self.clips[split],
                    "hours": round(self.nanoseconds[split] / 3.6e12, 4),
                    "speakers": len(self.speakers.get(split, ())),
                }
                for split in sorted(self.clips)
            },
            "facts": dict(sorted(self.facts.items())),
            "quarantined": dict(sorted(self.bad.items())),
            # Where a reason's length can't be known without opening the audio, its hours are null.
            "left_out": {
                reason: {
                    "stretches": count,
                    "hours": round(self.left_out_nanoseconds[reason] / 3.6e12, 4)
                    if reason in self.left_out_nanoseconds
                    else None,
                }
                for reason, count in sorted(self.left_out.items())
            },
        }
