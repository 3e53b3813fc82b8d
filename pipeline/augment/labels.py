"""How much noise makes an SNR true, and when none can be promised.

What is heard under speech isn't the added noise alone: the clip has noise of its own, and rounding to 16 bits adds
some (a twelfth of a step squared; of a clip at -80 dBFS that is 21 dB under the speech). All of it is in the sum, and
so much noise is added that the sum is what was drawn. What is known of the parts has limits; where the ratio may lie
more than 1 dB off, or the clip's own part is more than a fifth of the sum, a clip gets noise but no label.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lhotse.cut import Cut
from lhotse.utils import fastcopy

from ...recipes.facts import without_facts
from .levels import Heard, power_of

LABELS = ("snr_db", "full_snr_db")
UNLABELLED = "unlabelled"
"""Where `custom` says why a noisy clip has no SNR."""

OWN_NOISE = "the clip's own noise is too loud for the SNR drawn"
LEVEL = "the level of the speech can't be told within 1 dB"
CHANNEL = "the channel leaves speech and noise no ratio that can be told within 1 dB"
EARLIER = "the SNR was that before the channel or the room"

_LIMIT_DB = 1.0
_OWN_SHARE = 0.2
_ROUNDING = 2.0**-30 / 12


@dataclass(frozen=True)
class Wanted:
    """The mean power, within the band, of the noise to add; and why the SNR can't be promised, if it can't."""

    noise: float
    reason: str = ""

    @property
    def noise_db(self) -> float:
        return round(float(10 * np.log10(self.noise)), 3)


def noise_for(speech: Heard, snr_db: float, more_unsure_db: float = 0.0) -> Wanted:
    """The noise that is to be added to speech, as it is heard in the end, for the SNR to be `snr_db`."""
    total = speech.power / power_of(snr_db)
    least, most = (power + _ROUNDING for power in speech.own_range)
    there = (least + most) / 2
    if speech.own + _ROUNDING > _OWN_SHARE * total:
        return Wanted(total, LEVEL if speech.unsure_db > _LIMIT_DB else OWN_NOISE)
    off_db = 10 * np.log10((total + most - there) / total)
    unsure_db = speech.unsure_db + more_unsure_db + float(off_db)
    return Wanted(total - there, LEVEL if unsure_db > _LIMIT_DB else "")


def unlabelled(cut: Cut, reason: str) -> Cut:
    """The cut without its SNR; the (first) plain cut in it says why, in `custom`."""
    cut = without_facts(cut, LABELS)
    if hasattr(cut, "tracks"):
        first, *others = cut.tracks
        return fastcopy(cut, tracks=[fastcopy(first, cut=unlabelled(first.cut, reason)), *others])
    return fastcopy(cut, custom={**(cut.custom or {}), UNLABELLED: reason})


def why_unlabelled(cut: Cut) -> str | None:
    """Why a noisy clip has no SNR; None if it has one, or isn't noisy."""
    plain = cut.tracks[0].cut if hasattr(cut, "tracks") else cut
    reason = (plain.custom or {}).get(UNLABELLED)
    return reason if isinstance(reason, str) else None
