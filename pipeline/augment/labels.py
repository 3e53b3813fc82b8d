"""How much noise makes an SNR true, and when none can be promised.

What is heard under speech isn't the added noise alone: the clip has noise of its own, and rounding to 16 bits adds
some (a twelfth of a step squared; of a clip at -80 dBFS that is 21 dB under the speech). All of it is in the sum, and
so much noise is added that the sum is what was drawn, with the clip's own noise half-way between its bounds. A label is
only given where it is nearly as true at either bound: there the clip's own noise is in the speech level that was
measured, and in the noise. Else, or where what isn't added is more than a fifth of the sum, a clip gets noise but no
label.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lhotse.cut import Cut
from lhotse.utils import fastcopy

from ...recipes.kit.facts import without_facts
from ..audio.levels import Heard, power_of

LABELS = ("snr_db", "full_snr_db")
NOISE_FACTS = ("noise_type", *LABELS)
"""What the `noise` step may leave; a clip that has one already would be contradicted."""

UNLABELLED = "unlabelled"
"""Where `custom` says why a noisy clip has no SNR."""

OWN_NOISE = "the clip's own noise is too loud or too uncertain for the SNR drawn"
LEVEL = "the level of the speech can't be told within 1 dB"
CHANNEL = "the channel leaves speech and noise no ratio that can be told within 0.5 dB"
EARLIER = "the SNR was that before the channel or the room"

_LEVEL_DB = 1.0
_OWN_DB = 0.35
OWN_SHARE = 0.2
_ROUNDING = 2.0**-30 / 12


@dataclass(frozen=True)
class Wanted:
    """The mean power, within the band, of the noise to add; and why the SNR can't be promised, if it can't.

    `off_db` is how far the SNR may be off, at either bound of the clip's own noise.
    """

    noise: float
    off_db: float = 0.0
    reason: str = ""

    @property
    def noise_db(self) -> float:
        return round(float(10 * np.log10(self.noise)), 3)


def noise_for(speech: Heard, snr_db: float) -> Wanted:
    """The noise that is to be added to speech, as it is heard in the end, for the SNR to be `snr_db`."""
    own = [*speech.own, sum(speech.own) / 2]
    # The energy of the noise is part of the level that was measured.
    voices = [speech.power * (1 - min(noise / speech.full_power, 1.0)) for noise in own]
    total = voices[-1] / power_of(snr_db)
    unadded = own[-1] + _ROUNDING
    if min(voices) <= 0 or unadded > OWN_SHARE * total:
        return Wanted(speech.power / power_of(snr_db), reason=_reason(speech))
    heard = [voice / (total - own[-1] + noise) for voice, noise in zip(voices, own, strict=True)]
    off_db = max(abs(float(10 * np.log10(ratio)) - snr_db) for ratio in heard)
    sure = off_db <= _OWN_DB and speech.unsure_db <= _LEVEL_DB
    return Wanted(total - unadded, off_db, "" if sure else _reason(speech))


def _reason(speech: Heard) -> str:
    return LEVEL if speech.unsure_db > _LEVEL_DB else OWN_NOISE


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
