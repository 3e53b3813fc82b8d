"""The `voice` step's effects: the voice itself, before any room or noise.

A clip is sped up or slowed down with its pitch or without, or its pitch is shifted; silence may be put around it. At
most one of the first three happens to a clip, since each would make the label of another ambiguous. The facts that an
effect makes untrue, or no longer known, are taken off the clip: a voice at another pitch isn't known to be that
speaker's any more, nor of that gender, age or emotion.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

import numpy as np
from lhotse import MonoCut
from lhotse.utils import fastcopy
from pydantic import model_validator

from ...constants import SAMPLE_RATE
from ...distributions import Distribution, draw
from ...recipes.kit.facts import without_facts
from ...section import Section, Share, Within
from ..audio.transforms import CryfishEffect, CryfishPad, CryfishTempo
from .effects import Effect, check_some_effect, effects_of, one_of

VOICE_FACTS = ("speed", "tempo", "pitch_shift_semitones", "padding_start_s", "padding_end_s")
"""The facts that the step may leave: a clip that has one already would be contradicted."""

_EXPRESSION = (
    "emotion",
    "emotion_intensity",
    "valence",
    "arousal",
    "dominance",
    "pronunciation_score",
    "fluency_score",
    "prosody_score",
    "caption",
    "spoof",
    "spoof_method",
)
_IDENTITY = ("speaker", "gender", "age", "age_group", "pitch")
_TIMES = ("speaker_turns",)
_PACE = ("music_tags", "rt60_s", "drr_db", "c50_db", *_TIMES)
# Another pitch moves the ends of the band with it, and no sample stays at the limit where it was clipped.
_DEVICE = ("bandwidth_hz", "clipped_share")

UNTRUE_AFTER: dict[str, tuple[str, ...]] = {
    "speed": (*_IDENTITY, *_EXPRESSION, *_PACE, *_DEVICE),
    "tempo": (*_EXPRESSION, *_PACE, "clipped_share"),
    "pitch": (*_IDENTITY, *_EXPRESSION, *_DEVICE),
    # The padded part of a noisy recording is without its noise.
    "padding": (*_TIMES, "full_snr_db", "clipped_share"),
}
"""The facts that don't survive an effect."""

_STEP = 2  # decimals: Lhotse's resampler wants speeds with a large common divisor with 1
_LIMIT = 0.5, 2.0


class Speed(Effect):
    """`speed: {share: 0.4, factor: {choice: [0.9, 1.1]}}`: played faster (above 1) or slower, the pitch goes along."""

    factor: Annotated[Distribution, Within(*_LIMIT)]


class Tempo(Effect):
    """`tempo: {share: 0.3, factor: {uniform: [0.8, 1.25]}}`: spoken faster (above 1) or slower at the same pitch."""

    factor: Annotated[Distribution, Within(*_LIMIT)]


class Pitch(Effect):
    """`pitch: {share: 0.3, semitones: {uniform: [-4, 4]}}`: higher or lower at the same tempo."""

    semitones: Annotated[Distribution, Within(-12, 12)]


class Padding(Effect):
    """`padding: {share: 0.2, start_s: {uniform: [0, 1]}, end_s: {uniform: [0, 1]}}`: silence around it, in seconds."""

    start_s: Annotated[Distribution, Within(0, 30)] = 0.0
    end_s: Annotated[Distribution, Within(0, 30)] = 0.0


class VoiceSettings(Section):
    """`voice: {share: 0.3, speed: {share: 1, factor: {choice: [0.9, 1.1]}}}`: this share of the speech is changed.

    Each effect has a share of its own among these clips; where none comes out, one is drawn in proportion to the
    shares. Those of speed, tempo and pitch are at most 1 together, since at most one of them happens.
    """

    share: Share
    speed: Speed | None = None
    tempo: Tempo | None = None
    pitch: Pitch | None = None
    padding: Padding | None = None

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        effects = effects_of(self)
        check_some_effect(effects, "speed, tempo, pitch and padding")
        together = sum(effect.share for name, effect in effects.items() if name != "padding")
        if together > 1 + 1e-9:
            raise ValueError(
                f"the shares of speed, tempo and pitch are at most 1 together, found {together:g}"
            )
        return self


def change_voice(
    cut: MonoCut, settings: VoiceSettings, rng: np.random.Generator
) -> tuple[MonoCut, dict[str, Any]]:
    """The cut, at 16 kHz, lazily changed, and the facts that are now true of it (not yet written on it).

    Id, recording and channel stay; the times of the cut and of its supervisions follow the change. The facts that an
    effect makes untrue are gone from the cut.
    """
    happening = _draw_effects(settings, rng)
    changed = fastcopy(cut, recording=cut.recording.resample(SAMPLE_RATE), features=None)
    facts: dict[str, Any] = {}
    if settings.speed and "speed" in happening:
        facts["speed"] = round(draw(settings.speed.factor, rng), _STEP)
        changed = changed.perturb_speed(facts["speed"], affix_id=False)
    if settings.tempo and "tempo" in happening:
        facts["tempo"] = round(draw(settings.tempo.factor, rng), _STEP)
        changed = _at_tempo(changed, facts["tempo"])
    if settings.pitch and "pitch" in happening:
        facts["pitch_shift_semitones"] = round(draw(settings.pitch.semitones, rng), 1)
        changed = _with_transform(
            changed, CryfishEffect("PitchShift", {"num_semitones": facts["pitch_shift_semitones"]})
        )
    if settings.padding and "padding" in happening:
        start_s, end_s = (
            round(draw(seconds, rng), _STEP) for seconds in (settings.padding.start_s, settings.padding.end_s)
        )
        facts |= {"padding_start_s": start_s, "padding_end_s": end_s}
        changed = pad(changed, start_s, end_s)
    untrue = {name for effect in happening for name in UNTRUE_AFTER[effect]}
    return without_facts(changed, untrue), facts


def pad(cut: MonoCut, start_s: float, end_s: float) -> MonoCut:
    """The cut with silence before and after it, as a plain cut that is a whole recording of its own."""
    rate = cut.sampling_rate
    before, after = round(start_s * rate), round(end_s * rate)
    whole = cut.start == 0 and cut.num_samples == cut.recording.num_samples
    around = CryfishPad(cut.start, None if whole else cut.duration, before, after)
    samples = before + cut.num_samples + after
    padded = _with_transform(cut, around)
    padded.recording = fastcopy(padded.recording, num_samples=samples, duration=samples / rate)
    supervisions = [said.with_offset(before / rate) for said in cut.supervisions]
    return fastcopy(padded, start=0.0, duration=samples / rate, supervisions=supervisions)


def _draw_effects(settings: VoiceSettings, rng: np.random.Generator) -> set[str]:
    effects = effects_of(settings)
    happening = set()
    place = rng.random()
    for name in ("speed", "tempo", "pitch"):
        share = effects[name].share if name in effects else 0.0
        if 0 <= place < share:
            happening.add(name)
        place -= share
    if settings.padding and rng.random() < settings.padding.share:
        happening.add("padding")
    return happening or {one_of(effects, rng)}


def _at_tempo(cut: MonoCut, factor: float) -> MonoCut:
    """Lhotse reckons the times; the last transform is replaced by one that needs no SoX."""
    changed = cut.perturb_tempo(factor, affix_id=False)
    transforms = [*changed.recording.transforms[:-1], CryfishTempo(factor)]
    return fastcopy(changed, recording=fastcopy(changed.recording, transforms=transforms))


def _with_transform(cut: MonoCut, transform: CryfishEffect | CryfishPad) -> MonoCut:
    recording = fastcopy(cut.recording, transforms=[*(cut.recording.transforms or []), transform])
    return fastcopy(cut, recording=recording)
