"""MTG-Jamendo: 55,609 tracks of Jamendo with tags of genre, instrument and mood.

Published at https://mtg.github.io/mtg-jamendo-dataset/ by Bogdanov et al., "The MTG-Jamendo Dataset for Automatic
Music Tagging", ICML 2019 workshop. The metadata are CC BY-NC-SA 4.0; each track has a Creative Commons licence of its
own.

The folder is the repository with the audio unpacked: `data/autotagging.tsv` (TRACK_ID, ARTIST_ID, ALBUM_ID, PATH,
DURATION, then any number of tags such as `genre---rock`),
`data/splits/split-0/autotagging-{train,validation,test}.tsv` and `audio/NN/NNNNNN.mp3`, or `NN/NNNNNN.mp3` (44.1 kHz;
`.low.mp3` in the smaller archives). Of a track, which lasts minutes, the 30 s in the middle are read.

Tables: TSV with CRLF, any number of columns and never a quotation mark, in the published files themselves
(https://github.com/MTG/mtg-jamendo-dataset, `scripts/commons.py`).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import (
    BadClip,
    Clip,
    Corpus,
    Download,
    Found,
    LeftOut,
    Licence,
    first_file,
    is_inside,
    known,
    safe_id,
)
from .kit.hours import published_hours
from .kit.tables import read_lines

CORPUS = Corpus(
    name="mtg_jamendo",
    title="MTG-Jamendo",
    description=(
        "Thirty seconds from the middle of a track, by musicians who publish under free licences on Jamendo. "
        "Genres, instruments and moods are those that the musicians chose."
    ),
    hours=published_hours("mtg_jamendo"),
    licence=Licence("CC (by track), metadata CC BY-NC-SA 4.0", commercial=False),
    languages=(),
    sampling_rate=44_100,
    format="mp3",
    homepage="https://mtg.github.io/mtg-jamendo-dataset/",
    citation="Bogdanov et al., The MTG-Jamendo Dataset for Automatic Music Tagging, ICML 2019 workshop",
    layout=("data/splits/split-0/autotagging-*.tsv|data/autotagging.tsv",),
    splits={"train": "train", "validation": "dev", "test": "test"},
    facts=("music_genre", "instruments", "music_tags", "source"),
    tasks=("music_genre", "instrument", "music_tags"),
    origins=("jamendo",),
    gaps=True,
    listed=("audio", "[0-9][0-9]"),
    downloads=(
        Download(
            "https://github.com/MTG/mtg-jamendo-dataset/archive/refs/heads/master.zip",
            strip="mtg-jamendo-dataset-master",
        ),
        # The smaller archives, one channel at a lower bit rate: all that is read at 16 kHz.
        *(
            Download(
                f"https://cdn.freesound.org/mtg-jamendo/raw_30s/audio-low/raw_30s_audio-low-{number:02}.tar",
                folder="audio",
                sums="https://raw.githubusercontent.com/MTG/mtg-jamendo-dataset/master/data/download/"
                "raw_30s_audio-low_sha256_tars.txt",
            )
            for number in range(100)
        ),
    ),
)

_EXCERPT_S = 30.0
_TRACK = re.compile(r"track_[0-9]+ artist_[0-9]+")
_TAG = re.compile(r"(genre|instrument|mood/theme)---[a-z0-9-]+")
_OUTSIDE = "before and after the 30 s in the middle of a track"
_JOINED = {
    "acousticguitar": "acoustic guitar",
    "classicalguitar": "classical guitar",
    "electricguitar": "electric guitar",
    "electricpiano": "electric piano",
    "drummachine": "drum machine",
    "doublebass": "double bass",
    "pipeorgan": "pipe organ",
    "acousticbassguitar": "acoustic bass guitar",
}


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every track of the splits."""
    for split in CORPUS.splits:
        table = corpus_dir / "data" / "splits" / "split-0" / f"autotagging-{split}.tsv"
        if not table.is_file():
            continue
        for number, line in read_lines(table, CORPUS):
            fields = line.split("\t")
            if fields[0] == "TRACK_ID":
                continue
            try:
                track, artist, path, seconds = fields[0], fields[1], fields[3], float(fields[4])
            except (IndexError, ValueError):
                track = artist = path = ""
            told = (
                _TRACK.fullmatch(f"{track} {artist}")
                and len(fields) > 5
                and all(map(_TAG.fullmatch, fields[5:]))
            )
            if not told or not is_inside(path):
                reason = f"line {number} of {table.name} isn't track, artist, album, path, seconds, tags"
                yield BadClip(f"{split}-line-{number}", table.relative_to(corpus_dir), reason)
                continue
            low = path.removesuffix(".mp3") + ".low.mp3"
            audio = first_file(corpus_dir, f"audio/{path}", path, f"audio/{low}", low)
            start = max(0.0, round((seconds - _EXCERPT_S) / 2, 2))
            length = _EXCERPT_S if seconds > _EXCERPT_S else None
            facts = {**_tags(fields[5:]), "source": artist}
            origin = (f"jamendo:{track.removeprefix('track_').lstrip('0')}",)
            yield Clip(safe_id(track), split, audio, facts, start, length, origin)
            if length is not None:
                yield LeftOut(safe_id(track), split, _OUTSIDE, seconds - length)


def _tags(fields: list[str]) -> dict[str, object]:
    """Fields `genre---rock`, `instrument---electricguitar`, `mood/theme---happy`."""
    tags: dict[str, list[str]] = {"genre": [], "instrument": [], "mood/theme": []}
    for field in fields:
        kind, _, tag = field.partition("---")
        if kind in tags and tag:
            tags[kind].append(_JOINED.get(tag, tag))
    genres = tags["genre"]
    return known(
        music_genre=genres[0] if genres else None,
        instruments=tags["instrument"],
        music_tags=genres + tags["mood/theme"],
    )
