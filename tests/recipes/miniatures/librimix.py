"""LibriMix: two and three people, clean, with noise, and alone; a file with another name."""

from collections.abc import Callable

_TWO, _THREE = "103-1240-0003_1235-135887-0017", "84-121123-0001_174-50561-0002_251-118436-0003"
CLIPS = {
    f"train-100-mix_clean-{_TWO}": ("train-100", {"language": "en", "speaker_count": 2}),
    f"train-100-mix_single-{_TWO}": ("train-100", {"language": "en", "speaker_count": 1, "speaker": "103"}),
    f"dev-mix_both-{_THREE}": ("dev", {"language": "en", "speaker_count": 3}),
}
BAD = {"dev-mix_both-noise": "the name isn't two or three LibriSpeech utterances"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text(
        "Libri2Mix/wav16k/max/metadata/mixture_train-100_mix_clean.csv",
        "mixture_ID,mixture_path",
        f"{_TWO},x",
    )
    audio(f"Libri2Mix/wav16k/max/train-100/mix_clean/{_TWO}.wav")
    audio(f"Libri2Mix/wav16k/max/train-100/mix_single/{_TWO}.wav")
    audio(f"Libri2Mix/wav8k/min/train-100/mix_clean/{_TWO}.wav", rate=8000)
    audio(f"Libri3Mix/wav16k/min/dev/mix_both/{_THREE}.wav")
    audio("Libri3Mix/wav16k/min/dev/mix_both/noise.wav")
