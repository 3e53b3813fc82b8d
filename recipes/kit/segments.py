"""Long recordings cut into clips that a model can hear at once: between the turns of conversations, or evenly."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import soundfile

from .corpus import Clip, LeftOut
from .spelling import on_disk

_PAUSE_S = 0.02
_SLIVER_S = 0.3
"""A shorter rest of a turn at a clip's edge can hardly be heard; cuts avoid it where they can."""


@dataclass(frozen=True)
class TimedWord:
    """One word of a turn, with a blank before it unless it belongs to the last one; seconds of the recording."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Turn:
    """One stretch of one person's speech; seconds from the start of the recording.

    With `words` it can be cut in its pauses, and its text with it. A turn that has a text without the times of its
    words can't be cut.
    """

    start: float
    end: float
    speaker: str
    text: str = ""
    words: tuple[TimedWord, ...] = ()

    def within(self, start: float, end: float) -> "Turn | None":
        """The part between two times; None if there is none, or no word in it of a turn whose words are known."""
        first, last = max(self.start, start), min(self.end, end)
        words = tuple(word for word in self.words if start <= word.start < end)
        if last - first < 0.005 or (self.words and not words):
            return None
        if (first, last) == (self.start, self.end):
            return self
        text = "".join(word.text for word in words).strip()
        return replace(self, start=first, end=last, text=text, words=words)


@dataclass(frozen=True)
class Stretch:
    """A stretch of a recording and the turns in it, in the order of their starts."""

    start: float
    end: float
    turns: tuple[Turn, ...]

    def facts(self) -> dict[str, object]:
        """`speaker_count` and `speaker_turns`; in the latter people are A, B, ... in the order they begin to speak."""
        letters: dict[str, str] = {}
        lines = []
        for turn in self.turns:
            letter = letters.setdefault(turn.speaker, _letter(len(letters)))
            words = f": {turn.text}" if turn.text else ""
            lines.append(f"{turn.start - self.start:.2f}-{turn.end - self.start:.2f} {letter}{words}")
        return {"speaker_count": len(letters), "speaker_turns": lines}


@dataclass(frozen=True)
class Unusable:
    """Speech that no clip holds, from `start` to `end`, and why."""

    start: float
    end: float
    reason: str


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"{_letter(number // 26 - 1)}{_letter(number % 26)}"


def stretches(turns: Iterable[Turn], limit: float = 30.0, pad: float = 0.25) -> Iterator[Stretch | Unusable]:
    """Divides a recording into stretches as long as `limit` seconds allows, where nobody speaks if possible.

    A run of overlapping turns that is itself longer than `limit` is cut in the longest pause between words; where
    their times aren't known, where another turn begins or ends; else evenly. Then a turn goes on in the next stretch,
    and the facts of each tell its own part. Only turns whose text can't be cut are unusable. Up to `pad` seconds of
    the silence around a stretch are kept. Turns may come in any order; those without a length are passed over.
    """
    room = limit - 2 * pad
    units: list[list[Turn] | Unusable] = []
    goes_on: set[int] = set()
    for island in _islands(turns):
        for number, part in enumerate(_parts(island, room)):
            if number:
                goes_on.add(len(units))
            units.append(part)
    before = 0.0
    gathered: list[Turn] = []
    for number, unit in enumerate(units):
        start, finish = _span(unit)
        if gathered and (
            isinstance(unit, Unusable) or number in goes_on or finish - gathered[0].start > room
        ):
            yield _stretch(gathered, before, start, pad)
            before, gathered = _end(gathered), []
        if isinstance(unit, Unusable):
            yield unit
            before = finish
        else:
            gathered.extend(unit)
    if gathered:
        yield _stretch(gathered, before, None, pad)


def _islands(turns: Iterable[Turn]) -> list[list[Turn]]:
    """Runs of turns between which somebody speaks all the time."""
    ordered = sorted(
        (turn for turn in turns if turn.end > turn.start),
        key=lambda turn: (turn.start, turn.end, turn.speaker),
    )
    islands: list[list[Turn]] = []
    end = 0.0
    for turn in ordered:
        if islands and turn.start < end:
            islands[-1].append(turn)
            end = max(end, turn.end)
        else:
            islands.append([turn])
            end = turn.end
    return islands


def _parts(island: list[Turn], room: float) -> Iterator[list[Turn] | Unusable]:
    start, end = island[0].start, _end(island)
    if end - start <= room:
        yield island
        return
    while end - start > room:
        cut = _cut(island, start, end, room)
        if cut is None:
            later = _pauses(island, start + room, end)
            cut = next(((first + last) / 2 for first, last in later if last - first >= _PAUSE_S), end)
            yield Unusable(start, cut, f"more than {room:g} s of speech without a known pause")
        elif part := _within(island, start, cut):
            yield part
        start = cut
    if part := _within(island, start, end):
        yield part


def _within(turns: list[Turn], start: float, end: float) -> list[Turn]:
    return [part for turn in turns if (part := turn.within(start, end)) is not None]


def _cut(turns: list[Turn], start: float, end: float, room: float) -> float | None:
    """Where to end a stretch that begins at `start`: it and what is left are both at least a quarter of `room`."""
    low, high = start + room / 2, min(start + room, end - room / 4)
    there = [turn for turn in turns if turn.start < high and turn.end > low]
    first, last = max(_pauses(there, low, high), key=lambda pause: pause[1] - pause[0], default=(0.0, 0.0))
    if last - first >= _PAUSE_S:
        return round((first + last) / 2, 3)
    if any(turn.text for turn in there):
        return None
    edges = sorted({edge for turn in there for edge in (turn.start, turn.end) if low <= edge <= high})
    if not edges:
        return round(start + (end - start) / math.ceil((end - start) / room), 3)

    def harm(edge: float) -> tuple[int, int, float]:
        across = [turn for turn in there if turn.start < edge < turn.end]
        slivers = sum(min(edge - turn.start, turn.end - edge) < _SLIVER_S for turn in across)
        return slivers, len(across), -edge

    return min(edges, key=harm)


def _pauses(turns: list[Turn], low: float, high: float) -> Iterator[tuple[float, float]]:
    """When nobody says a word, between two times; a turn without words is speech from start to end."""
    spoken = sorted(
        (max(part.start, low), min(part.end, high))
        for turn in turns
        for part in (turn.words or (turn,))
        if part.start < high and part.end > low
    )
    until = low
    for (first, last), _ in pairwise([*spoken, (high, high)]):
        if first > until:
            yield until, first
        until = max(until, last)
    if high > until:
        yield until, high


def _span(unit: list[Turn] | Unusable) -> tuple[float, float]:
    return (unit.start, unit.end) if isinstance(unit, Unusable) else (unit[0].start, _end(unit))


def _end(turns: list[Turn]) -> float:
    return max(turn.end for turn in turns)


def _stretch(turns: list[Turn], before: float, after: float | None, pad: float) -> Stretch:
    """Half of the silence on either side belongs to the neighbour; at the recording's end nothing is added."""
    start, end = turns[0].start, _end(turns)
    lead = min(pad, (start - before) / 2)
    tail = 0.0 if after is None else min(pad, (after - end) / 2)
    return Stretch(round(start - lead, 3), round(end + tail, 3), tuple(turns))


def pieces(whole: Clip, corpus_dir: Path, seconds: float) -> Iterator[Clip | LeftOut]:
    """Each whole piece of `seconds` of a recording as a clip; what is left at the end is left out.

    A shorter recording is one piece with its own id; so is a file that can't be read, for what is wrong with it is
    told when it is opened as a clip.
    """
    try:
        duration = float(soundfile.info(str(on_disk(corpus_dir / whole.audio))).duration)
    except (soundfile.SoundFileError, OSError):
        duration = 0.0
    count = int(duration // seconds)
    if count == 0:
        yield whole
        return
    for number in range(count):
        yield replace(whole, id=f"{whole.id}-{number:03d}", start=number * seconds, duration=seconds)
    if rest := round(duration - count * seconds, 6):
        yield LeftOut(f"{whole.id}-{count:03d}", whole.split, f"the end after the last {seconds:g} s", rest)
