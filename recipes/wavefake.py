"""WaveFake: 196 hours of LJ Speech and JSUT, made again by eight neural vocoders.

Published at https://zenodo.org/records/5642694 by Frank and Schönherr, "WaveFake: A Data Set to Facilitate Audio
Deepfake Detection", NeurIPS Datasets 2021. CC BY-SA 4.0.

The folder (or `generated_audio` in it) holds `ljspeech_VOCODER/LJNNN-NNNN_gen.wav`, `jsut_VOCODER/*_gen.wav` and
`common_voices_prompts_from_conformer_fastspeech2_pwg_ljspeech/gen_N.wav` (22.05 or 24 kHz). Genuine speech is that of
LJ Speech and JSUT and isn't part of it. No splits are published; here all versions of a sentence stay together.
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import DIVIDED, Clip, Corpus, Download, Found, LeftOut, Licence, divide, safe_id
from .kit.hours import published_hours
from .kit.spelling import find, walk

CORPUS = Corpus(
    name="wavefake",
    title="WaveFake",
    description=(
        "A woman seems to read English or Japanese sentences, but a neural vocoder made every clip. "
        "Nobody real speaks in any of them."
    ),
    hours=published_hours("wavefake"),
    licence=Licence("CC BY-SA 4.0", commercial=True),
    languages=("en", "ja"),
    sampling_rate=22_050,
    homepage="https://zenodo.org/records/5642694",
    citation="Frank and Schönherr, WaveFake: A Data Set to Facilitate Audio Deepfake Detection, NeurIPS Datasets 2021",
    layout=("ljspeech_*/*.wav|jsut_*/*.wav|generated_audio/ljspeech_*/*.wav|generated_audio/jsut_*/*.wav",),
    splits=DIVIDED,
    facts=("language", "spoof", "spoof_method", "source"),
    tasks=("spoof",),
    origins=("ljspeech", "jsut"),
    unhelpful=("spoof_method",),
    downloads=(Download("https://zenodo.org/records/5642694/files/generated_audio.zip"),),
)

_LANGUAGES = {"ljspeech": "en", "jsut": "ja", "common": "en"}
_NAMES = {"hifiGAN": "HiFi-GAN", "waveglow": "WaveGlow", "melgan": "MelGAN"}
_PROMPTS = "common_voices_prompts_from_conformer_fastspeech2_pwg_ljspeech"


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every file of every vocoder."""
    inner = corpus_dir / "generated_audio"
    for folder in find(inner if inner.is_dir() else corpus_dir, "*_*/"):
        voice, _, vocoder = folder.name.partition("_")
        if voice not in _LANGUAGES:
            for path in walk(folder, (".wav",)):
                clip_id = safe_id(f"{folder.name}-{path.stem}")
                yield LeftOut(clip_id, "train", "files in a folder that isn't named after a vocoder")
            continue
        method = "FastSpeech 2, Parallel WaveGAN" if folder.name == _PROMPTS else _readable(vocoder)
        for path in walk(folder, (".wav",)):
            sentence = path.stem.removesuffix("_gen")
            source = f"{voice}-{sentence}"
            facts = {
                "language": _LANGUAGES[voice],
                "spoof": "spoofed",
                "spoof_method": method,
                "source": source,
            }
            clip_id, audio = safe_id(f"{folder.name}-{sentence}"), path.relative_to(corpus_dir)
            # A vocoder speaks a recording again, and keeps its words and times; the prompts are nobody's.
            origin = () if folder.name == _PROMPTS else (f"{voice}:{sentence}",)
            yield Clip(clip_id, divide(CORPUS.name, source), audio, facts, origin=origin)


def _readable(vocoder: str) -> str:
    return _NAMES.get(
        vocoder, vocoder.replace("_", " ").replace("melgan", "MelGAN").replace("wavegan", "WaveGAN")
    )
