"""GTZAN: 1,000 excerpts of 30 s in ten genres of music.

Published by Tzanetakis and Cook, "Musical Genre Classification of Audio Signals", IEEE Transactions on Speech and
Audio Processing 2002; copies are at https://huggingface.co/datasets/marsyas/gtzan and elsewhere. No licence is
stated.

The folder holds `GENRE/GENRE.NNNNN.wav` (22.05 kHz; `.au` in the first archive), also inside `genres`,
`genres_original` or `Data/genres_original`. In many copies jazz.00054.wav isn't audio. No splits are published, and
some excerpts are of one recording, which the file names don't tell.
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import DIVIDED, BadClip, Clip, Corpus, Download, Licence, divide, safe_id
from .kit.hours import published_hours
from .kit.spelling import find

CORPUS = Corpus(
    name="gtzan",
    title="GTZAN",
    description=(
        "Thirty seconds of music in one of ten genres, taken from records and radio around the year 2000. "
        "Singing may be heard; nobody speaks to the listener."
    ),
    hours=published_hours("gtzan"),
    licence=Licence("not stated (research)", commercial=False),
    languages=(),
    sampling_rate=22_050,
    homepage="https://huggingface.co/datasets/marsyas/gtzan",
    citation="Tzanetakis and Cook, Musical Genre Classification of Audio Signals, IEEE TSAP 2002",
    layout=(
        "blues/blues.*|genres/blues/blues.*|genres_original/blues/blues.*|Data/genres_original/blues/blues.*|"
        "rock/rock.*|genres/rock/rock.*",
    ),
    splits=DIVIDED,
    facts=("music_genre",),
    tasks=("music_genre",),
    no_origin="taken from records, radio and CDs; which ones the files don't tell",
    downloads=(Download("https://huggingface.co/datasets/marsyas/gtzan/resolve/main/data/genres.tar.gz"),),
)

_GENRES = {
    name: name.replace("hiphop", "hip hop")
    for name in "blues classical country disco hiphop jazz metal pop reggae rock".split()
}
_PLACES = ("Data/genres_original", "genres_original", "genres", ".")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every excerpt."""
    root = next(corpus_dir / place for place in _PLACES if (corpus_dir / place).is_dir())
    for folder, genre in _GENRES.items():
        for path in find(root / folder, "*"):
            if path.suffix not in (".wav", ".au", ".mp3"):
                continue
            audio = path.relative_to(corpus_dir)
            if not path.name.startswith(f"{folder}."):
                yield BadClip(safe_id(path.stem), audio, f"the name isn't {folder}.NNNNN")
                continue
            yield Clip(safe_id(path.stem), divide(CORPUS.name, path.stem), audio, {"music_genre": genre})
