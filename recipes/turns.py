"""Long recordings of conversations: who speaks when, cut into clips that a model can hear at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Turn:
    """One stretch of one person's speech; seconds from the start of the recording."""

    start: float
    end: float
    speaker: str
    text: str = ""


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


def _letter(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"{_letter(number // 26 - 1)}{_letter(number % 26)}"


def stretches(turns: Iterable[Turn], limit: float = 30.0, pad: float = 0.25) -> Iterator[Stretch]:
    """Divides a recording where nobody speaks: stretches as long as `limit` seconds allows, no turn in two of them.

    A run of overlapping turns that is itself longer than `limit` isn't yielded. Up to `pad` seconds of the silence
    around a stretch are kept. Turns may come in any order; those without a length are passed over.
    """
    ordered = sorted(
        (turn for turn in turns if turn.end > turn.start),
        key=lambda turn: (turn.start, turn.end, turn.speaker),
    )
    islands: list[list[Turn]] = []
    end = 0.0
    for turn in ordered:
        if islands and turn.start < end:
            islands[-1].append(turn)
        else:
            islands.append([turn])
        end = max(end, turn.end) if len(islands[-1]) > 1 else turn.end
    before = 0.0
    gathered: list[Turn] = []
    for island in islands:
        finish = max(turn.end for turn in island)
        if gathered and finish - gathered[0].start > limit - 2 * pad:
            yield _stretch(gathered, before, island[0].start, pad)
            before, gathered = _end(gathered), []
        if finish - island[0].start > limit - 2 * pad:
            before = finish
            continue
        gathered.extend(island)
    if gathered:
        yield _stretch(gathered, before, None, pad)


def _end(turns: list[Turn]) -> float:
    return max(turn.end for turn in turns)


def _stretch(turns: list[Turn], before: float, after: float | None, pad: float) -> Stretch:
    """Half of the silence on either side belongs to the neighbour; at the recording's end nothing is added."""
    start, end = turns[0].start, _end(turns)
    lead = min(pad, (start - before) / 2)
    tail = 0.0 if after is None else min(pad, (after - end) / 2)
    return Stretch(round(start - lead, 3), round(end + tail, 3), tuple(turns))
