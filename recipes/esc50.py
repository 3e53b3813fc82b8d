"""ESC-50: 2,000 five-second recordings of the environment in 50 classes, cut from Freesound clips.

Published at https://github.com/karolpiczak/ESC-50 by Karol J. Piczak, "ESC: Dataset for Environmental Sound
Classification", ACM Multimedia 2015. CC BY-NC 3.0 as a whole; each clip has a licence of its own (LICENSE).

The folder holds `meta/esc50.csv` and `audio/{fold}-{freesound id}-{take}-{class}.wav` (44.1 kHz). The five folds are
for cross-validation and share no Freesound clip; here the fifth is the test. Many clips end in digital silence.

Tables: CSV after RFC 4180 that never needs a quotation mark, in the published file itself
(https://github.com/karolpiczak/ESC-50/blob/master/meta/esc50.csv).
"""

from collections.abc import Iterator
from pathlib import Path, PurePath

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, safe_id
from .kit.hours import published_hours
from .kit.tables import read_clips

CORPUS = Corpus(
    name="esc50",
    title="ESC-50",
    description=(
        "Short recordings of animals, nature, people, the home and the city, one kind of sound each. "
        "A clip may hold silence after the sound; nobody speaks."
    ),
    hours=published_hours("esc50"),
    licence=Licence("CC BY-NC 3.0", commercial=False),
    languages=(),
    sampling_rate=44_100,
    homepage="https://github.com/karolpiczak/ESC-50",
    citation="Piczak, ESC: Dataset for Environmental Sound Classification, ACM Multimedia 2015",
    layout=("meta/esc50.csv", "audio/*.wav"),
    splits={"fold1": "train", "fold2": "train", "fold3": "train", "fold4": "train", "fold5": "test"},
    facts=("sound_events", "source"),
    tasks=("sound_event", "noise_class"),
    origins=("freesound",),
    listed=("audio",),
    downloads=(
        Download(
            "https://github.com/karolpiczak/ESC-50/archive/refs/heads/master.zip", strip="ESC-50-master"
        ),
    ),
)

_COLUMNS = ("filename", "fold", "category", "src_file")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the table."""
    for row in read_clips(corpus_dir / "meta" / "esc50.csv", CORPUS, corpus_dir, _COLUMNS):
        if isinstance(row, BadClip):
            yield row
            continue
        name, fold, category, source = (row[column] for column in _COLUMNS)
        stem, split = PurePath(name).stem, f"fold{fold}"
        if PurePath(name).name != name or not (category and source and split in CORPUS.splits):
            reason = f"line {row.line} of meta/esc50.csv is not filename, fold 1 to 5, category, source"
            yield BadClip(safe_id(stem) or f"line-{row.line}", Path("audio", name), reason)
            continue
        facts = {"sound_events": [category.replace("_", " ")], "source": source}
        yield Clip(safe_id(stem), split, Path("audio", name), facts, origin=(f"freesound:{source}",))
