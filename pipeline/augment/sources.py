"""What the `noise` step draws from: recorded sounds and music, babble of other voices, coloured noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from lhotse import MonoCut
from lhotse.cut import Cut
from lhotse.utils import fastcopy

from ...constants import SAMPLE_RATE
from ...recipes.kit.facts import read_facts
from ..audio.coloured import Colour, CryfishColouredNoise
from .noise import NoisePool, together, voice_of


class NoiseSource(Protocol):
    """Something that gives noise for a clip."""

    def draw(self, cut: MonoCut, rng: np.random.Generator) -> tuple[Cut, list[str]] | None:
        """Noise at 16 kHz, as long as the cut, and the names of what sounds; None if nothing fitted."""
        ...


@dataclass(frozen=True)
class Recorded:
    """Sounds and music of prepared corpora, named by their facts."""

    pool: NoisePool

    def draw(self, cut: MonoCut, rng: np.random.Generator) -> tuple[Cut, list[str]] | None:
        drawn = self.pool.draw(cut.duration, rng, avoid={cut.id})
        if drawn is None:
            return None
        noise, clip = drawn
        facts = read_facts(clip)
        music = ["music"] if facts.keys() & {"music_genre", "music_tags", "instrument"} else []
        return noise, list(facts.get("sound_events", music))


@dataclass(frozen=True)
class Babble:
    """Several people who talk at once, none of them the clip's own speaker."""

    pool: NoisePool
    voices: tuple[int, int]

    def draw(self, cut: MonoCut, rng: np.random.Generator) -> tuple[Cut, list[str]] | None:
        heard, voices = {voice_of(cut)}, []
        for _ in range(int(rng.integers(self.voices[0], self.voices[1] + 1))):
            drawn = self.pool.draw(cut.duration, rng, avoid=heard)
            if drawn is None:
                return None
            voice, clip = drawn
            heard.add(voice_of(clip))
            voices.append(voice)
        return together(voices), ["babble"]


@dataclass(frozen=True)
class Coloured:
    """Gaussian noise of one of these colours."""

    colours: tuple[Colour, ...]

    def draw(self, cut: MonoCut, rng: np.random.Generator) -> tuple[Cut, list[str]]:
        colour = self.colours[int(rng.integers(len(self.colours)))]
        effect = CryfishColouredNoise(colour, int(rng.integers(2**32)))
        recording = cut.recording.resample(SAMPLE_RATE)
        noise = MonoCut(
            id=f"{colour}-noise",
            start=cut.start,
            duration=cut.duration,
            channel=cut.channel,
            # Of the clip only the length is used: the effect puts noise in the place of its samples.
            recording=fastcopy(recording, transforms=[*(recording.transforms or []), effect]),
        )
        return noise, [f"{colour} noise"]


def draw_noise(
    cut: MonoCut, sources: Sequence[NoiseSource], at_once: int, rng: np.random.Generator
) -> tuple[Cut, list[str]] | None:
    """One to `at_once` noises together, each as strong as the others, and all that sounds in them."""
    noises: list[Cut] = []
    kinds: list[str] = []
    for _ in range(int(rng.integers(1, at_once + 1))):
        drawn = sources[int(rng.integers(len(sources)))].draw(cut, rng)
        if drawn is not None and drawn[0].id not in {noise.id for noise in noises}:
            noises.append(drawn[0])
            kinds.extend(kind for kind in drawn[1] if kind not in kinds)
    return (together(noises), kinds) if noises else None
