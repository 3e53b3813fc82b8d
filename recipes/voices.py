"""VOiCES: LibriSpeech played in four furnished rooms with babble, music or television on, recorded from afar.

Published at https://iqtlabs.github.io/voices/ by Richey et al., "Voices Obscured in Complex Environmental Settings
(VOiCES) corpus", Interspeech 2018. CC BY 4.0. The devkit has 19,200 recordings of 300 speakers, the release a
million.

The folder (or `VOiCES_devkit`, `VOiCES_release` in it) holds `references/{train,test}_index.csv` and
`distant-16k/speech/{train,test}/ROOM/DISTRACTOR/spNNNN/*.wav`. `recording_data/distances.csv`, which comes in an
archive of its own and is looked for inside and beside the folder, has the distances to the loudspeaker in inches;
they depend on room and microphone only. The sizes of rooms 1 and 2 are published.

Tables: CSV after RFC 4180; quoting, the order of columns and line ends not verified
(https://iqtlabs.github.io/voices/).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, is_inside, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Lookup, one_of
from .kit.origin import librivox
from .kit.spelling import find
from .kit.tables import TableRow, read_clips, read_table

CORPUS = Corpus(
    name="voices",
    title="VOiCES",
    description=(
        "English audio books, played from a loudspeaker in furnished rooms and recorded from near and far. "
        "Babble, music or a television is on in three quarters of the clips."
    ),
    hours=published_hours("voices"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://iqtlabs.github.io/voices/",
    citation="Richey et al., Voices Obscured in Complex Environmental Settings (VOiCES) corpus, Interspeech 2018",
    layout=("references/*_index.csv|VOiCES_*/references/*_index.csv", "distant-16k|VOiCES_*/distant-16k"),
    splits={"train": "train", "test": "test"},
    facts=(
        "text",
        "speaker",
        "gender",
        "language",
        "noise_type",
        "distance_m",
        "room",
        "room_volume_m3",
        "microphone",
        "source",
    ),
    tasks=("asr", "gender", "speaker_verification", "distance", "noise_class"),
    origins=("librivox-chapter", "librivox-speaker"),
    listed=("distant-16k/speech", "VOiCES_*/distant-16k/speech"),
    optional=("recording_data/distances.csv",),
    downloads=(Download("https://lab41openaudiocorpus.s3.amazonaws.com/VOiCES_devkit.tar.gz"),),
)

_COLUMNS = ("filename", "query_name", "speaker", "gender", "transcript", "chapter", "segment")
_GENDERS = {"F": "female", "M": "male"}
_NOISES = {"babb": "babble", "musi": "music", "tele": "television"}
_MICROPHONES = {
    "stu": "studio microphone",
    "lav": "lavalier microphone",
    "mem": "MEMS microphone",
    "bar": "boundary microphone",
}
_METRES_PER_INCH = 0.0254
_VOLUMES = {
    "rm1": round(146 * 107 * 107 * _METRES_PER_INCH**3, 1),
    "rm2": round(225 * 158 * 109 * _METRES_PER_INCH**3, 1),
}
_NAME = re.compile(
    r"Lab41-SRI-VOiCES-(rm[0-9]+)-([a-z]+)-sp[0-9]+-ch[0-9]+-sg[0-9]+-mc([0-9]+)-([a-z]+)-[a-z0-9]+-dg[0-9]+"
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the indexes."""
    root = next(iter(find(corpus_dir, "VOiCES_*/")), corpus_dir)
    distances = _distances(root, corpus_dir)
    for split in CORPUS.splits:
        index = root / "references" / f"{split}_index.csv"
        if not index.is_file():
            continue
        for row in read_clips(index, CORPUS, corpus_dir, _COLUMNS):
            if isinstance(row, BadClip):
                yield row
                continue
            file, name = row["filename"], row["query_name"]
            audio = root.relative_to(corpus_dir) / file
            match = _NAME.fullmatch(name)
            if match is None or not is_inside(file) or not row["transcript"] or not _is_of(row):
                reason = (
                    f"line {row.line} of {index.name} has no recording Lab41-SRI-VOiCES-... within the corpus"
                )
                yield BadClip(f"{split}-{row.line}", audio, reason)
                continue
            room, noise, microphone, kind = match.groups()
            facts = known(
                text=clean_text(row["transcript"]),
                speaker=row["speaker"],
                gender=one_of(_GENDERS, row["gender"], f"{index.name}, line {row.line}"),
                language="en",
                noise_type=[_NOISES[noise]] if noise in _NOISES else [],
                distance_m=distances[f"{room}-{microphone}"],
                room=f"furnished room {room.removeprefix('rm')}",
                room_volume_m3=_VOLUMES.get(room),
                microphone=_MICROPHONES.get(kind),
                source=f"{row['speaker']}-{row['chapter']}-{row['segment']}",
            )
            clip_id = safe_id(name.removeprefix("Lab41-SRI-VOiCES-"))
            origin = librivox(row["speaker"], row["chapter"])
            yield Clip(clip_id, split, audio, facts, origin=origin)


def _is_of(row: TableRow) -> bool:
    """Whether the columns say what the name says: speaker, chapter and segment."""
    numbers = [row[name] for name in ("speaker", "chapter", "segment")]
    if not all(map(str.isdigit, numbers)):
        return False
    speaker, chapter, segment = map(int, numbers)
    return f"-sp{speaker:04d}-ch{chapter:06d}-sg{segment:04d}-" in row["query_name"]


def _distances(*places: Path) -> Lookup[float | None]:
    """Metres by room and microphone."""
    tables = (place / "recording_data" / "distances.csv" for place in places)
    table = next((path for path in tables if path.is_file()), None)
    distances: Lookup[float | None] = Lookup(table, None)
    for row in read_table(table, CORPUS, ("foreground", "query_name")) if table else ():
        match, inches = _NAME.fullmatch(row["query_name"]), row["foreground"]
        if match and re.fullmatch(r"([0-9]+(\.[0-9]+)?)?", inches):
            metres = round(float(inches) * _METRES_PER_INCH, 2) if inches else None
            if f"{match[1]}-{match[3]}" not in distances:
                distances.tell(f"{match[1]}-{match[3]}", metres)
    return distances
