"""Tasks about who of several people says what, and when."""

from __future__ import annotations

import re
from itertools import pairwise

from ..saying import decimal_sign
from .task import Facts, Task, decimal, plain
from .written import form_of, written_alike

_TURN = re.compile(r"(\d+\.\d+)-(\d+\.\d+)(?: ([^:]+))?(?:: (.*))?", re.DOTALL)
_COUNTS = tuple(str(count) for count in range(1, 7))
_SPEAKERS = re.compile(r"\b(?:Speaker \d+|First speaker|Second speaker): ")


def turns(facts: Facts) -> list[tuple[float, float, str, str]]:
    """Start and end in seconds, speaker, words, of each turn; of a fact in another form, none."""
    found = [_TURN.fullmatch(turn) for turn in facts["speaker_turns"]]
    if not all(found):
        return []
    return [(float(m[1]), float(m[2]), m[3] or "", plain(m[4] or "")) for m in found if m]


def _who_speaks_when(facts: Facts) -> str | None:
    """`0.0-3.2 1, 2.9-5.0 2`: speakers by number, in the order in which they are first heard."""
    known: dict[str, int] = {}
    spoken = turns(facts)
    said = [f"{start:.1f}-{end:.1f} {known.setdefault(who, len(known) + 1)}" for start, end, who, _ in spoken]
    return ", ".join(said) if 1 < len(said) <= 12 and all(who for _, _, who, _ in spoken) else None


def _turns_in_words(label: str, language: str) -> list[str]:
    """The turns of a label with the language's decimal sign."""
    return [turn.replace(".", decimal_sign(language)) for turn in label.split(", ")]


def _second_speaker_starts(facts: Facts) -> str | None:
    spoken = turns(facts)
    others = [start for start, _, who, _ in spoken if who != spoken[0][2]]
    return decimal(others[0], 1) if others and all(who for _, _, who, _ in spoken) else None


def _attributed(facts: Facts) -> str | None:
    """`Speaker 1: ... Speaker 2: ...`, in the order of the starts."""
    spoken = turns(facts)
    if not spoken or not all(who and words for _, _, who, words in spoken) or len({t[2] for t in spoken}) < 2:
        return None
    known: dict[str, int] = {}
    said = written_alike([words for *_, words in spoken], facts.get("language", ""))
    return " ".join(
        f"Speaker {known.setdefault(who, len(known) + 1)}: {words}"
        for (_, _, who, _), words in zip(spoken, said, strict=True)
    )


def _overlapped(facts: Facts) -> str | None:
    """What two people say at the same time: all that the first says, then all that the other says."""
    spoken = turns(facts)
    people = list(dict.fromkeys(who for _, _, who, _ in spoken))
    overlap = any(one[1] > other[0] for one, other in pairwise(spoken) if one[2] != other[2])
    if len(people) != 2 or not overlap or not all(words for *_, words in spoken):
        return None
    texts = written_alike(
        [" ".join(words for _, _, who, words in spoken if who == person) for person in people],
        facts.get("language", ""),
    )
    return f"First speaker: {texts[0]} Second speaker: {texts[1]}"


def _form_of_turns(label: str) -> str:
    """The form of what all speakers say."""
    return form_of(_SPEAKERS.sub("", label))


_TWO = ["0.00-2.50 anna: HELLO THERE", "2.00-4.26 ben: oh hello"]


TASK = (
    Task(
        "overlapped_speech",
        ("speaker_turns",),
        "text",
        _overlapped,
        written=_form_of_turns,
        miniature=(({"speaker_turns": _TWO}, "First speaker: hello there Second speaker: oh hello"),),
    ),
    Task(
        "speaker_transcript",
        ("speaker_turns",),
        "text",
        _attributed,
        written=_form_of_turns,
        miniature=(({"speaker_turns": _TWO}, "Speaker 1: hello there Speaker 2: oh hello"),),
    ),
    Task(
        "speaker_count",
        ("speaker_count",),
        "label",
        lambda facts: str(facts["speaker_count"]) if str(facts["speaker_count"]) in _COUNTS else None,
        miniature=(({"speaker_count": 1}, "1"), ({"speaker_count": 6}, "6"), ({"speaker_count": 7}, None)),
    ),
    Task(
        "speaker_turns",
        ("speaker_turns",),
        "list",
        _who_speaks_when,
        items=_turns_in_words,
        miniature=(({"speaker_turns": _TWO}, "0.0-2.5 1, 2.0-4.3 2"), ({"speaker_turns": _TWO[:1]}, None)),
    ),
    Task(
        "turn_start",
        ("speaker_turns",),
        "number",
        _second_speaker_starts,
        digits=1,
        bins=(2.0, 5.0, 10.0, 20.0),
        tolerance=0.5,
        miniature=(({"speaker_turns": _TWO}, "2"), ({"speaker_turns": _TWO[:1]}, None)),
    ),
)
