"""LibriMix: 500 hours of two or three people reading at once, mixed from LibriSpeech, with and without noise of WHAM!.

Published at https://github.com/JorisCos/LibriMix by Cosentino et al., "LibriMix: An Open-Source Dataset for
Generalizable Speech Separation", arXiv 2005.11262, 2020. Scripts MIT, LibriSpeech CC BY 4.0, WHAM! CC BY-NC 4.0.

The folder holds what those scripts write: `Libri2Mix` and `Libri3Mix`, in each `wav16k` or `wav8k`, `max` or `min`,
`{train-360,train-100,dev,test}/{mix_clean,mix_both,mix_single}/UTTERANCE_UTTERANCE.wav`. Of several rates and modes
the first in the order of this sentence is read. `mix_both` has noise, `mix_single` one person and noise.
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Licence, known, safe_id
from .kit.hours import published_hours
from .kit.origin import librivox
from .kit.spelling import find

CORPUS = Corpus(
    name="librimix",
    title="LibriMix",
    description=(
        "Two or three people read English audio books at the same time, mixed by machine. "
        "Some clips have background noise too, some a single reader with noise."
    ),
    hours=published_hours("librimix"),
    licence=Licence("CC BY 4.0 / CC BY-NC 4.0", commercial=False),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://github.com/JorisCos/LibriMix",
    citation="Cosentino et al., LibriMix: An Open-Source Dataset for Generalizable Speech Separation, arXiv 2020",
    layout=("Libri[23]Mix/wav*/*/*/mix_*|wav*/*/*/mix_*",),
    splits={"train-360": "train", "train-100": "train", "dev": "dev", "test": "test"},
    facts=("language", "speaker_count", "speaker"),
    tasks=("speaker_count",),
    origins=("librivox-chapter", "librivox-speaker"),
)

_VERSIONS = ("wav16k/max", "wav16k/min", "wav8k/max", "wav8k/min")
_KINDS = ("mix_clean", "mix_both", "mix_single")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every mixture."""
    for root in find(corpus_dir, "Libri[23]Mix/") or [corpus_dir]:
        version = next((root / name for name in _VERSIONS if (root / name).is_dir()), root)
        for split in CORPUS.splits:
            for kind in _KINDS:
                for path in find(version / split / kind, "*.wav"):
                    yield _clip(path, corpus_dir, split, kind)


def _clip(path: Path, corpus_dir: Path, split: str, kind: str) -> Clip | BadClip:
    audio, spoken = path.relative_to(corpus_dir), path.stem.split("_")
    clip_id = safe_id(f"{split}-{kind}-{path.stem}")
    if len(spoken) not in (2, 3) or any(len(name.split("-")) != 3 for name in spoken):
        return BadClip(clip_id, audio, "the name isn't two or three LibriSpeech utterances")
    alone = kind == "mix_single"
    facts = known(
        language="en",
        speaker_count=1 if alone else len(spoken),
        speaker=spoken[0].partition("-")[0] if alone else None,
    )
    read = spoken[:1] if alone else spoken
    origin = tuple(text for name in read for text in librivox(*name.split("-")[:2]))
    return Clip(clip_id, split, audio, facts, origin=origin)
