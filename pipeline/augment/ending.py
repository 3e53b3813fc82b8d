"""The SNR at the end of all steps: a channel behind the noise changes what is left of speech and of noise.

The linear parts of a channel (its bands, its gain) are applied to speech and to noise alone, and the noise is made so
much louder or weaker that the ratio behind them is the one that was drawn. Clipping and codecs can't be applied to the
two alone. For them the clip is sent through the whole channel twice, once with its noise turned upside down; half the
sum is the speech that arrives, half the difference the noise (Hagerman and Olofsson, Acta Acustica 90, 2004). Where the
ratio of these two isn't the one behind the linear parts, the noise of a clip that was clipped is made louder or weaker
again; what then remains, and what a codec changes, changes the SNR. But a codec adds something that is neither speech
nor noise: where the ratio is another by more than a decibel, or a floor makes the level of the speech uncertain, and
where next to nothing is left of the noise, the clip has no SNR.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lhotse.augmentation import AudioTransform
from lhotse.cut import Cut, MixedCut
from numpy.typing import NDArray

from ...constants import SAMPLE_RATE
from ...recipes.kit.facts import read_facts, with_facts, without_facts
from ..audio.effects import Effect
from ..audio.levels import SILENT, Heard, active_level, band_power, noted, power_of
from ..audio.load import load_samples, load_tracks
from .labels import CHANNEL, EARLIER, LABELS, OWN_SHARE, Wanted, noise_for, unlabelled
from .noise import NOISE_TAG, louder
from .shares import Happening, transforms_of

_MOST_DB = 12.0
_APART_DB = 0.25
_APART_CODED_DB = 1.0
_OFF_DB = 0.4
_UNSURE_DB = 0.5
_FURTHER_DB = 3.0
_ROUNDS = 4
_INAUDIBLE_DB = 35.0

Floats = NDArray[np.float32]


def true_at_the_end(cut: Cut, channel: Happening) -> Cut:
    """A clip that is about to go through a channel, its noise and its SNR such that they are true behind it.

    An SNR that the corpus published goes, unless the channel only changes the level: the parts of such a clip aren't
    known.
    """
    facts = read_facts(cut)
    if not isinstance(cut, MixedCut) or all(track.tag != NOISE_TAG for track in cut.tracks):
        published = facts.keys() & set(LABELS)
        kept = not published or all(effect.kind == "level" for effect, _ in channel)
        return cut if kept else unlabelled(cut, EARLIER)
    try:
        voice, noise = (track[0] for track in load_tracks(cut))
        speech, noise_power = _behind(channel, voice, noise, noted(cut.tracks[0].cut))
    except Exception:  # lhotse and its backends raise whatever they like; rendering will tell
        return unlabelled(cut, CHANNEL)
    if speech is None or noise_power <= SILENT:
        return _without_noise_type(unlabelled(cut, CHANNEL))
    if "snr_db" not in facts:
        return _audible(cut, speech, noise_power)
    wanted = noise_for(speech, facts["snr_db"])
    heard, apart_db = speech, 0.0
    change_db = wanted.noise_db - 10 * float(np.log10(noise_power))
    if abs(change_db) > _MOST_DB:
        return _audible(unlabelled(cut, CHANNEL), speech, noise_power)
    if not wanted.reason:
        found = _separated(channel, voice, cut, change_db, speech, wanted)
        wanted = replace(wanted, reason=CHANNEL) if found is None else wanted
        change_db, apart_db, heard = found or (change_db, apart_db, heard)
    changed = louder(cut, change_db)
    if wanted.reason:
        return _audible(unlabelled(changed, wanted.reason), speech, noise_power * power_of(change_db))
    snr_db = facts["snr_db"] + apart_db
    return with_facts(changed, snr_db=round(snr_db, 2), full_snr_db=round(snr_db - heard.offset_db, 2))


def _behind(
    channel: Happening, voice: Floats, noise: Floats, known: Heard | None
) -> tuple[Heard | None, float]:
    """The speech, and the power of the noise, behind the linear parts of a channel.

    How loud the clip's own noise was is known; by how much a channel favours it, the quietest moments tell.
    """
    linear = transforms_of([one for one in channel if _is_linear(one[0])])
    before, speech = active_level(voice, SAMPLE_RATE), active_level(_through(linear, voice), SAMPLE_RATE)
    if known and before and speech:
        quiet, behind = before.own[1] / before.power, speech.own[1] / speech.power
        speech = speech.after(known, behind / quiet if quiet else 1.0)
    return speech, band_power(_through(linear, noise))


def _is_linear(effect: Effect) -> bool:
    return effect.kind in ("level", "linear")


def _through(transforms: Sequence[AudioTransform], samples: Floats) -> Floats:
    through: Any = samples[None]
    for transform in transforms:
        through = transform(through, SAMPLE_RATE)
    return np.asarray(through[0], dtype=np.float32)


def _separated(
    channel: Happening,
    voice: Floats,
    cut: MixedCut,
    change_db: float,
    speech: Heard,
    wanted: Wanted,
) -> tuple[float, float, Heard] | None:
    """How much louder the noise has to be, by how much the ratio then is another, and the speech that then arrives.

    None: nobody can tell. `change_db` is how much louder it has to be for the linear parts alone. What is measured is
    what will be heard, to the last bit.
    """
    if all(_is_linear(effect) for effect, _ in channel):
        return change_db, 0.0, speech
    effects = transforms_of(channel)
    codes = any(effect.kind == "coding" for effect, _ in channel)
    added_db = 10 * float(np.log10(speech.power / wanted.noise))
    more_db = 0.0
    for _ in range(_ROUNDS):
        noise = load_samples(louder(cut, change_db + more_db).tracks[-1].cut)[0]
        upright, turned = _through(effects, voice + noise), _through(effects, voice - noise)
        heard, noise_left = (
            active_level((upright + turned) / 2, SAMPLE_RATE),
            band_power((upright - turned) / 2),
        )
        if heard is None or noise_left <= SILENT:
            return None
        apart_db = 10 * float(np.log10(heard.power / noise_left)) - added_db
        if abs(apart_db) <= (_APART_CODED_DB if codes else _APART_DB):
            # What it changes of the added noise it needn't change of the clip's own.
            off_db = wanted.off_db + OWN_SHARE * abs(apart_db)
            sure = heard.unsure_db <= _UNSURE_DB and off_db <= _OFF_DB
            return (change_db + more_db, apart_db, heard) if sure else None
        more_db += apart_db
        if codes or abs(more_db) > _FURTHER_DB:
            return None
    return None


def _audible(cut: Cut, speech: Heard, noise_power: float) -> Cut:
    """The cut, without the names of a noise that the channel leaves next to nothing of."""
    quiet = 10 * np.log10(speech.power / noise_power) > _INAUDIBLE_DB
    return _without_noise_type(cut) if quiet else cut


def _without_noise_type(cut: Cut) -> Cut:
    return without_facts(cut, ["noise_type"])
