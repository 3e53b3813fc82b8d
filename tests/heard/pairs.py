"""Who is right about two clips: what an answer says, read as a listener would, and what is heard of the two."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soundfile
from lhotse.augmentation import ReverbWithImpulseResponse
from lhotse.cut import Cut, MixedCut

from .harness import Example, Ratio, effects_of, heard_ratio, mono, separate
from .meters import NOTHING, Decay, active_level, decay, loudness

_TURNED = {
    "louder": r"quiet|soft|weak|lower|turn up",
    "nearer": r"\bfar|distan(?:t|ce than the second)|greater|further",
    "noisier": r"clean|less noise|better signal|clearly",
    "more_reverberant": r"\bdri|\bdry|short|less|swallow|sooner|faster|quick|clear",
}
"""What makes an English question ask for the clip that has less."""

_OF_TIME = r"fad|deca|die|ring|linger|long|short|slow|fast|quick|sooner|time|swallow"
"""Words of questions about how long a room sounds, which T60 alone answers."""

_PLACES = {"first": 1, "second": 2, "1": 1, "2": 2}


def says(task: str, question: str, answer: str) -> int:
    """Which clip, 1 or 2, has more of it by the answer's words. Raises ValueError where that can't be read."""
    heard = re.sub(r"<audio>", " ", question)
    heard = re.sub(r"(?i)\b(?:first clip|clip one|second clip|clip two):", " ", heard)
    turned = re.search(_TURNED[task], heard, re.IGNORECASE) is not None
    if (said := re.match(r"(?i)(yes|no)\b", answer)) is not None:
        subject = re.search(r"\b(first|second)\b", heard)
        if subject is None:
            raise ValueError(f"whom {question!r} asks about isn't known")
        place = _PLACES[subject[1]]
        more = place if (said[1].lower() == "yes") != turned else 3 - place
        explained = re.search(r"\b(first|second)\b", answer)
        if explained is not None and _PLACES[explained[1]] != more:
            raise ValueError(f"{answer!r} to {question!r} contradicts itself")
        return more
    named = re.findall(r"\b(first|second|1|2)\b", answer.lower())
    if len(set(named)) != 1:
        raise ValueError(f"{answer!r} to {question!r} names no clip")
    place = _PLACES[named[0]]
    return 3 - place if turned else place


@dataclass(frozen=True)
class Room:
    """Where a clip was put: the way from the mouth to the microphone, and what the impulse response is like."""

    distance_m: float
    decay: Decay


@cache
def _room(path: str, channel: int) -> Room:
    noted = [
        json.loads(line)
        for line in (Path(path).parent / "bank.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    [rir] = [line for line in noted if line["path"] == Path(path).name and line["channel"] == channel]
    samples, rate = soundfile.read(path, always_2d=True)
    distance = float(np.linalg.norm(np.subtract(rir["source_m"], rir["microphone_m"])))
    return Room(distance, decay(samples[:, channel], rate))


def room_of(cut: Cut) -> Room:
    """By the impulse response that the manifest names."""
    plain = cut.tracks[0].cut if isinstance(cut, MixedCut) else cut
    [reverb] = [
        effect
        for effect in effects_of(plain.recording.transforms)
        if isinstance(effect, ReverbWithImpulseResponse)
    ]
    rir = reverb.rir if not isinstance(reverb.rir, dict) else None
    assert rir is not None
    [channel] = reverb.rir_channels
    return _room(str(rir.sources[0].source), channel)


def _ratio(cut: Cut, dry: dict[str, Cut]) -> Ratio:
    assert isinstance(cut, MixedCut)
    parts = separate(cut)
    return heard_ratio(parts.speech, parts.noise, mono(dry[cut.id]))


def untrue(
    task: str, question: str, more: int, example: Example, cuts: dict[str, Cut], dry: dict[str, Cut]
) -> str | None:
    """Why an answer isn't what a listener would say, or None. `more` is the clip that it says has more."""
    one, other = (example.ids[place - 1] for place in (more, 3 - more))
    heard_one, heard_other = (example.samples[place - 1] for place in (more, 3 - more))
    if task == "louder":
        differences = [active_level(heard_one) - active_level(heard_other)]
        levels = loudness(heard_one), loudness(heard_other)
        if min(levels) > NOTHING:
            differences.append(levels[0] - levels[1])
        told = " and ".join(f"{difference:.2f}" for difference in differences)
        return None if min(differences) > 0 and differences[0] > 0.8 else f"louder by {told} dB (P.56, LUFS)"
    if task == "noisier":
        worse, better = _ratio(cuts[one], dry), _ratio(cuts[other], dry)
        apart = [better.most - worse.most]
        if max(ratio.most - ratio.least for ratio in (worse, better)) < 1:
            # The clips' own noise is known well enough to be reckoned with.
            apart.append(better.least - worse.least)
        return None if min(apart) > 2 else f"heard at {worse}, isn't noisier than at {better}"
    room, elsewhere = room_of(cuts[one]), room_of(cuts[other])
    if task == "nearer":
        if elsewhere.distance_m - room.distance_m < 0.3:
            return f"{room.distance_m:.2f} m isn't nearer than {elsewhere.distance_m:.2f} m"
        quieter = active_level(heard_other) - active_level(heard_one)
        return f"the nearer voice is {quieter:.1f} dB quieter" if quieter > 1 else None
    slower = (room.decay.t30_s or 0) - (elsewhere.decay.t30_s or 0)
    if slower < 0.15:
        return f"T60 differs by {slower:.2f} s"
    if re.search(_OF_TIME, question, re.IGNORECASE):
        return None
    drr, c50 = elsewhere.decay.drr_db - room.decay.drr_db, elsewhere.decay.c50_db - room.decay.c50_db
    return (
        None
        if min(drr, c50) > 0
        else f"T60 longer by {slower:.2f} s, but DRR {drr:.1f} dB, C50 {c50:.1f} dB lower"
    )


def judge_pairs(
    examples: Sequence[Example], cuts: dict[str, Cut], dry: dict[str, Cut]
) -> Iterator[tuple[str, str | None]]:
    """Each comparison with its task and what is untrue of it."""
    for example in examples:
        for asked in example.instructions:
            task = asked["task"]
            if task not in _TURNED:
                continue
            more = says(task, asked["question"], asked["answer"])
            if str(more) != asked["label"]:
                yield task, f"label {asked['label']}, but {asked['answer']!r} answers {asked['question']!r}"
                continue
            why = untrue(task, asked["question"], more, example, cuts, dry)
            yield task, None if why is None else f"{asked['question']} {asked['answer']}: {why} {example.ids}"
