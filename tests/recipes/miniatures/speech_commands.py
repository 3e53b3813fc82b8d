"""Speech Commands: a word in each split, a noise of two pieces, a file that isn't a word."""

from collections.abc import Callable


def _word(word: str, speaker: str) -> dict[str, str]:
    return {"text": word, "keyword": word, "speaker": speaker, "language": "en"}


_NOISE = {"sound_events": ["washing dishes"], "source": "doing_the_dishes"}
CLIPS = {
    "yes-0a7c2a8d_nohash_0": ("train", _word("yes", "0a7c2a8d")),
    "yes-0c40e715_nohash_3": ("testing", _word("yes", "0c40e715")),
    "bed-a69b9b3e_nohash_1": ("validation", _word("bed", "a69b9b3e")),
    "noise-doing_the_dishes-000": ("train", _NOISE),
    "noise-doing_the_dishes-001": ("train", _NOISE),
}
BAD = {"bed-noise": "the name isn't SPEAKER_nohash_N.wav"}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    text("testing_list.txt", "yes/0c40e715_nohash_3.wav")
    text("validation_list.txt", "bed/a69b9b3e_nohash_1.wav")
    for name in ("yes/0a7c2a8d_nohash_0", "yes/0c40e715_nohash_3", "bed/a69b9b3e_nohash_1", "bed/noise"):
        audio(f"{name}.wav")
    audio("_background_noise_/doing_the_dishes.wav", 21)
