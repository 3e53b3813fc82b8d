"""WaveFake: two vocoders of one sentence, which stay together, and a Japanese one."""

from collections.abc import Callable


def _fake(language: str, method: str, source: str) -> dict[str, str]:
    return {"language": language, "spoof": "spoofed", "spoof_method": method, "source": source}


CLIPS = {
    "ljspeech_hifiGAN-LJ001-0001": ("train", _fake("en", "HiFi-GAN", "ljspeech-LJ001-0001")),
    "ljspeech_full_band_melgan-LJ001-0001": ("train", _fake("en", "full band MelGAN", "ljspeech-LJ001-0001")),
    "jsut_parallel_wavegan-BASIC5000_0001": (
        "train",
        _fake("ja", "parallel WaveGAN", "jsut-BASIC5000_0001"),
    ),
}


def make(audio: Callable[..., None], text: Callable[..., None]) -> None:
    audio("generated_audio/ljspeech_hifiGAN/LJ001-0001_gen.wav", rate=22050)
    audio("generated_audio/ljspeech_full_band_melgan/LJ001-0001_gen.wav", rate=22050)
    audio("generated_audio/jsut_parallel_wavegan/BASIC5000_0001_gen.wav", rate=24000)
