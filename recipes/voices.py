"""VOiCES: LibriSpeech played in four furnished rooms with babble, music or television on, recorded from afar.

Published at https://iqtlabs.github.io/voices/ by Richey et al., "Voices Obscured in Complex Environmental Settings
(VOiCES) corpus", Interspeech 2018. CC BY 4.0. The devkit has 19,200 recordings of 300 speakers, the release a
million.

The folder (or `VOiCES_devkit`, `VOiCES_release` in it) holds `references/{train,test}_index.csv` and
`distant-16k/speech/{train,test}/ROOM/DISTRACTOR/spNNNN/*.wav`. `recording_data/distances.csv`, which comes in an
archive of its own and is looked for inside and beside the folder, has the distances to the loudspeaker in inches;
they depend on room and microphone only. The sizes of rooms 1 and 2 are published.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .corpus import BadClip, Clip, Corpus, Licence, clean_text, is_inside, known, safe_id
from .spelling import find
from .tables import read_table

CORPUS = Corpus(
    name="voices",
    title="VOiCES",
    description=(
        "English audio books, played from a loudspeaker in furnished rooms and recorded from near and far. "
        "Babble, music or a television is on in three quarters of the clips."
    ),
    hours=80.0,
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
        for row in read_table(index, CORPUS, _COLUMNS):
            file, name = row["filename"], row["query_name"]
            audio = root.relative_to(corpus_dir) / file
            match = _NAME.fullmatch(name)
            if match is None or not is_inside(file):
                reason = (
                    f"line {row.line} of {index.name} has no recording Lab41-SRI-VOiCES-... within the corpus"
                )
                yield BadClip(f"{split}-{row.line}", audio, reason)
                continue
            room, noise, microphone, kind = match.groups()
            facts = known(
                text=clean_text(row["transcript"]),
                speaker=row["speaker"],
                gender=_GENDERS.get(row["gender"]),
                language="en",
                noise_type=[_NOISES[noise]] if noise in _NOISES else [],
                distance_m=distances.get((room, microphone)),
                room=f"furnished room {room.removeprefix('rm')}",
                room_volume_m3=_VOLUMES.get(room),
                microphone=_MICROPHONES.get(kind),
                source=f"{row['speaker']}-{row['chapter']}-{row['segment']}",
            )
            yield Clip(safe_id(name.removeprefix("Lab41-SRI-VOiCES-")), split, audio, facts)


def _distances(*places: Path) -> dict[tuple[str, str], float]:
    """Metres by room and microphone."""
    distances: dict[tuple[str, str], float] = {}
    tables = (place / "recording_data" / "distances.csv" for place in places)
    table = next((path for path in tables if path.is_file()), None)
    if table is not None:
        for row in read_table(table, CORPUS, ("foreground", "query_name")):
            match = _NAME.fullmatch(row["query_name"])
            if match and re.fullmatch(r"[0-9]+(\.[0-9]+)?", row["foreground"]):
                metres = round(float(row["foreground"]) * _METRES_PER_INCH, 2)
                distances.setdefault((match[1], match[3]), metres)
    return distances
