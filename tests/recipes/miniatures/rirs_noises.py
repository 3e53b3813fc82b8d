"""RIRS_NOISES: a simulated and a measured impulse response of several channels, two kinds of noise."""

from collections.abc import Callable

CLIPS = {
    "simulated_rirs-smallroom-Room001-Room001-00001": (
        "simulated_rirs",
        {"impulse_response": "simulated", "room": "small room", "source": "smallroom-Room001"},
    ),
    "real_rirs_isotropic_noises-RVB2014_type1_rir_largeroom1_far_angla": (
        "real_rirs_isotropic_noises",
        {"impulse_response": "measured"},
    ),
    "real_rirs_isotropic_noises-RVB2014_type1_noise_largeroom1_1": (
        "real_rirs_isotropic_noises",
        {"sound_events": ["noise"]},
    ),
    "pointsource_noises-noise-free-sound-0000": ("pointsource_noises", {"sound_events": ["noise"]}),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("RIRS_NOISES/simulated_rirs/smallroom/Room001/Room001-00001.wav")
    text(
        "RIRS_NOISES/simulated_rirs/smallroom/rir_list", "--rir-id small-00001 --room-id small-Room001 x.wav"
    )
    real = "RIRS_NOISES/real_rirs_isotropic_noises"
    audio(f"{real}/RVB2014_type1_rir_largeroom1_far_angla.wav", channels=8)
    audio(f"{real}/RVB2014_type1_noise_largeroom1_1.wav", channels=8)
    audio("RIRS_NOISES/pointsource_noises/noise-free-sound-0000.wav")
