"""Impulse responses of two sites, one with many channels."""

from collections.abc import Callable

CLIPS = {
    "openair-ir_sportscentre_omni": ("all", {"impulse_response": "measured", "source": "openair"}),
    "multichannel-rir-S1-R2-HOM1": ("all", {"impulse_response": "measured", "source": "multichannel"}),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("openair/ir_sportscentre_omni.wav", rate=96000)
    text("openair/WAV_LICENSE.md", "CC BY-SA 3.0")
    audio("multichannel/rir-S1-R2-HOM1.wav", rate=48000, channels=8)
