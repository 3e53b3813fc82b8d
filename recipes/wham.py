"""WHAM! noise: 82 hours of ambience in cafés, restaurants, bars, offices and parks of the San Francisco Bay Area.

Published at http://wham.whisper.ai by Wichern et al., "WHAM!: Extending Speech Separation to Noisy Environments",
Interspeech 2019. CC BY-NC 4.0.

The folder (or `wham_noise` in it) holds `{tr,cv,tt}/*.wav` (16 kHz, two channels). The files are named after the
mixtures of WSJ0-2mix that they are for. Where each was recorded isn't said; splits share no place.
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Download, Licence, safe_id
from .kit.hours import published_hours
from .kit.spelling import find

CORPUS = Corpus(
    name="wham",
    title="WHAM! noise",
    description=(
        "The background of cafés, restaurants, bars, offices and parks, without speech that can be understood. "
        "A clip is as long as a sentence or two."
    ),
    hours=published_hours("wham"),
    licence=Licence("CC BY-NC 4.0", commercial=False),
    languages=(),
    sampling_rate=16_000,
    homepage="http://wham.whisper.ai",
    citation="Wichern et al., WHAM!: Extending Speech Separation to Noisy Environments, Interspeech 2019",
    layout=("wham_noise/tr|wham_noise/cv|wham_noise/tt|tr/[0-9]*sp12.wav|tt/[0-9]*.wav|cv/[0-9]*.wav",),
    splits={"tr": "train", "cv": "dev", "tt": "test"},
    facts=("sound_events",),
    tasks=("noise_class",),
    no_origin=RECORDED_FOR_IT,
    downloads=(
        Download("https://my-bucket-a8b4b49c25c811ee9a7e8bba05fa24c7.s3.amazonaws.com/wham_noise.zip"),
    ),
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every file."""
    root = corpus_dir / "wham_noise" if (corpus_dir / "wham_noise").is_dir() else corpus_dir
    for split in CORPUS.splits:
        for path in find(root / split, "*.wav"):
            facts = {"sound_events": ["ambience of a public place"]}
            yield Clip(safe_id(f"{split}-{path.stem}"), split, path.relative_to(corpus_dir), facts)
