"""UrbanSound8K: 8,732 excerpts of at most 4 s of ten kinds of street sounds, cut from Freesound recordings.

Published at https://urbansounddataset.weebly.com/urbansound8k.html by Salamon, Jacoby and Bello, "A Dataset and
Taxonomy for Urban Sound Research", ACM Multimedia 2014. CC BY-NC 4.0.

The folder holds `metadata/UrbanSound8K.csv` and `audio/foldN/FREESOUND-CLASS-OCCURRENCE-SLICE.wav` (of many rates and
formats of samples). The ten folds are for cross-validation and share no Freesound recording; here the tenth is the
test.

Tables: CSV after RFC 4180 that never needs a quotation mark, as SpeechBrain reads it with pandas
(https://github.com/speechbrain/speechbrain/tree/develop/recipes/UrbanSound8k).
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, Role, is_inside, safe_id
from .kit.hours import published_hours
from .kit.tables import read_clips

_FOLDS: dict[str, Role] = {f"fold{number}": "train" for number in range(1, 10)}

CORPUS = Corpus(
    name="urbansound8k",
    title="UrbanSound8K",
    description=(
        "Short excerpts of street sounds, one kind each, near or in the background of other sounds. "
        "Nobody speaks to the microphone."
    ),
    hours=published_hours("urbansound8k"),
    licence=Licence("CC BY-NC 4.0", commercial=False),
    languages=(),
    sampling_rate=44_100,
    homepage="https://urbansounddataset.weebly.com/urbansound8k.html",
    citation="Salamon et al., A Dataset and Taxonomy for Urban Sound Research, ACM Multimedia 2014",
    layout=("metadata/UrbanSound8K.csv", "audio/fold*"),
    splits={**_FOLDS, "fold10": "test"},
    facts=("sound_events", "source"),
    tasks=("sound_event", "noise_class"),
    origins=("freesound",),
    downloads=(
        Download(
            "https://zenodo.org/records/1203745/files/UrbanSound8K.tar.gz",
            checksum="md5:9aa69802bbf37fb986f71ec1483a196e",
            strip="UrbanSound8K",
        ),
    ),
    listed=("audio/fold*",),
)

_COLUMNS = ("slice_file_name", "fsID", "fold", "class")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the table."""
    for row in read_clips(corpus_dir / "metadata" / "UrbanSound8K.csv", CORPUS, corpus_dir, _COLUMNS):
        if isinstance(row, BadClip):
            yield row
            continue
        name, source, fold, kind = (row[column] for column in _COLUMNS)
        split = f"fold{fold}"
        audio = Path("audio", split, name)
        if not is_inside(name) or split not in CORPUS.splits or not kind:
            reason = f"line {row.line} of metadata/UrbanSound8K.csv isn't file, fsID, fold 1 to 10, class"
            yield BadClip(safe_id(name) or f"line-{row.line}", audio, reason)
            continue
        facts = {"sound_events": [kind.replace("_", " ")], "source": source}
        yield Clip(safe_id(PurePosixPath(name).stem), split, audio, facts, origin=(f"freesound:{source}",))
