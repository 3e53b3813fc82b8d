"""VoxLingua107: Hebrew under its old code, Estonian in both splits."""

from collections.abc import Callable

CLIPS = {
    "et--a_B1cD2eF3__U__S12---0011_100-0019_020": ("train", {"language": "et", "source": "-a_B1cD2eF3"}),
    "iw-0nAQFs5ew5o__U__S110---0543_440-0548_490": ("train", {"language": "he", "source": "0nAQFs5ew5o"}),
    "et-xyz45678901__U__S1---0000_000-0004_000": ("dev", {"language": "et", "source": "xyz45678901"}),
}
BAD = {"et-clip": "the name isn't VIDEO__U__SEGMENT---START-END"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("et/-a_B1cD2eF3__U__S12---0011.100-0019.020.wav")
    audio("iw/0nAQFs5ew5o__U__S110---0543.440-0548.490.wav")
    audio("dev/et/xyz45678901__U__S1---0000.000-0004.000.wav")
    audio("et/clip.wav")
