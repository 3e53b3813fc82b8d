"""The `channel` step's effects: the device that records a clip and the line that it is sent over.

They come last, and in physical order: the device's gain, its clipping, its low pass, then a telephone line and a codec.
Clipping comes before what limits the band: it makes new high frequencies.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import numpy as np
from lhotse.augmentation import AudioTransform, Volume
from pydantic import Field, model_validator

from ...distributions import Choice, Distribution, draw
from ...section import Section, Share, Within
from ..audio.codecs import CODECS, LINE_RATE
from ..audio.transforms import CryfishClip, CryfishCodec, CryfishEffect, CryfishNarrow
from .effects import Effect, check_some_effect, effects_of, one_of

CHANNEL_FACTS = ("codec", "codec_kbps", "bandwidth_hz", "clipped_share", "gain_db")
"""The facts that the step may leave: a clip that has one already would be contradicted."""

TELEPHONE_HZ = (300, 3400)
"""The telephone band (ITU-T G.712)."""

_ROLLOFF_DB = 48
_MP3_KBPS = (16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128)

CodecName = Literal["mp3", "opus", "vorbis", "gsm", "ulaw", "alaw"]


class LowPass(Effect):
    """`low_pass: {share: 0.2, hz: {uniform: [2000, 6000]}}`: a device that hears only what lies below."""

    hz: Annotated[Distribution, Within(500, 7500)]


class Gain(Effect):
    """`gain: {share: 0.5, db: {uniform: [-20, 0]}}`.

    Not above 0: what exceeds full scale is scaled down when the clip is written, and the label would be false.
    """

    db: Annotated[Distribution, Within(-60, 0)]


class Clipping(Effect):
    """`clipping: {share: 0.1, clipped: {uniform: [0.001, 0.05]}}`: the loudest samples, this share of all."""

    clipped: Annotated[Distribution, Within(0.0001, 0.5)]


class Telephone(Effect):
    """`telephone: {share: 0.2}`: 300 to 3400 Hz, sampled at 8 kHz."""


class Coding(Effect):
    """`codec: {share: 0.5, of: [mp3, opus, gsm]}`: one of these codecs. `kbps` is the bit rate of MP3 and Opus."""

    of: Annotated[tuple[CodecName, ...], Field(min_length=1)]
    kbps: Annotated[Distribution, Within(16, 128)] = Choice(choice=(16, 24, 32, 48, 64))


class ChannelSettings(Section):
    """`channel: {share: 0.3, telephone: {share: 0.5}, codec: {share: 0.5, of: [mp3, gsm]}}`.

    This share of the speech goes through a channel. Each effect has a share of its own among these clips; where none
    comes out, one is drawn in proportion to the shares.
    """

    share: Share
    low_pass: LowPass | None = None
    gain: Gain | None = None
    clipping: Clipping | None = None
    telephone: Telephone | None = None
    codec: Coding | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        check_some_effect(effects_of(self), "low_pass, gain, clipping, telephone and codec")
        return self


def draw_channel(
    settings: ChannelSettings, rng: np.random.Generator
) -> tuple[list[AudioTransform], dict[str, Any]]:
    """The transforms of one channel in physical order, at least one, and the facts that they make true.

    `bandwidth_hz` is left out where MP3, Opus or Vorbis may have narrowed the band further, `gain_db` where something
    else happens, since every other effect changes the level too.
    """
    effects = effects_of(settings)
    happening = {name for name, effect in effects.items() if rng.random() < effect.share}
    happening = happening or {one_of(effects, rng)}
    transforms: list[AudioTransform] = []
    facts: dict[str, Any] = {}
    limits_hz: list[int] = []
    if settings.gain and "gain" in happening:
        facts["gain_db"] = round(draw(settings.gain.db, rng), 1)
        transforms.append(Volume(factor=10 ** (facts["gain_db"] / 20)))
    if settings.clipping and "clipping" in happening:
        facts["clipped_share"] = round(draw(settings.clipping.clipped, rng), 4)
        transforms.append(CryfishClip(facts["clipped_share"]))
    if settings.low_pass and "low_pass" in happening:
        limits_hz.append(round(draw(settings.low_pass.hz, rng)))
        transforms.append(
            CryfishEffect("LowPassFilter", {"cutoff_freq": limits_hz[-1], "rolloff": _ROLLOFF_DB})
        )
    if "telephone" in happening:
        limits_hz.append(TELEPHONE_HZ[1])
        transforms.extend(telephone_line())
    if settings.codec and "codec" in happening:
        coding = _draw_codec(settings.codec, rng)
        codec = CODECS[coding.codec]
        transforms.append(coding)
        facts["codec"] = codec.label
        kbps = coding.kbps or codec.kbps
        if kbps is not None:
            facts["codec_kbps"] = kbps
        if codec.rates == (LINE_RATE,):
            limits_hz.append(LINE_RATE // 2)
        elif "telephone" not in happening:
            limits_hz.clear()
    if len(transforms) > 1:
        # Every other effect changes the level as well.
        facts.pop("gain_db", None)
    if limits_hz:
        facts["bandwidth_hz"] = min(limits_hz)
    return transforms, facts


def telephone_line() -> list[AudioTransform]:
    """The telephone band: a Butterworth band pass of 48 dB per octave, then sampling at 8 kHz."""
    low, high = TELEPHONE_HZ
    band = {"center_freq": (low + high) / 2, "bandwidth": high - low, "rolloff": _ROLLOFF_DB}
    return [CryfishEffect("BandPassFilter", band), CryfishNarrow(LINE_RATE)]


def _draw_codec(settings: Coding, rng: np.random.Generator) -> CryfishCodec:
    name = settings.of[int(rng.integers(len(settings.of)))]
    if not CODECS[name].chosen_kbps:
        return CryfishCodec(name)
    kbps = draw(settings.kbps, rng)
    if name == "mp3":
        # MPEG knows only these rates.
        return CryfishCodec(name, min(_MP3_KBPS, key=lambda known: abs(known - kbps)))
    return CryfishCodec(name, round(kbps))
