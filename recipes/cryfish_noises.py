"""Cryfish noises: synthetic background sounds of 11 classes, five seconds each, made by the demo itself.

`pipeline/demo/embedded.py` makes it with numpy, so that there is labelled noise where nothing can be downloaded.
CC0 1.0. The folder holds `noises.tsv` (path, class, split) and `wav/CLASS/NN.wav` (22.05 kHz).

Tables: TSV without quoting, written by `pipeline/demo/embedded.py`.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, safe_id
from .kit.hours import published_hours
from .kit.tables import TSV, read_clips

CORPUS = Corpus(
    name="cryfish_noises",
    title="Cryfish noises",
    description=(
        "Synthetic background sounds such as rain, a siren or mains hum, one kind a clip, five seconds each. "
        "Nobody speaks."
    ),
    hours=published_hours("cryfish_noises"),
    licence=Licence("CC0 1.0", commercial=True),
    languages=(),
    sampling_rate=22_050,
    homepage="`cryfish demo`, which makes it",
    citation="Made by cryfish",
    layout=("noises.tsv", "wav/*/*.wav"),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("sound_events",),
    tasks=("sound_event", "noise_class"),
    no_origin=RECORDED_FOR_IT,
    listed=("wav",),
)

_COLUMNS = ("path", "class", "split")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of `noises.tsv`."""
    for row in read_clips(corpus_dir / "noises.tsv", CORPUS, corpus_dir, _COLUMNS, TSV):
        if isinstance(row, BadClip):
            yield row
            continue
        name, sound, split = (row[column] for column in _COLUMNS)
        path = PurePosixPath(name)
        clip_id = safe_id("-".join(path.with_suffix("").parts[1:])) or f"line-{row.line}"
        if path.is_absolute() or ".." in path.parts or not sound or split not in CORPUS.splits:
            reason = f"line {row.line} of noises.tsv isn't a path inside the corpus, a class and a split"
            yield BadClip(clip_id, name, reason)
            continue
        yield Clip(clip_id, split, Path(path), {"sound_events": [sound]})
