"""MUSAN: 109 hours of music, speech and noise for augmentation and for speech/music discrimination.

Published at https://www.openslr.org/17 by Snyder, Chen and Povey, "MUSAN: A Music, Speech, and Noise Corpus",
arXiv 1510.08484, 2015. Each piece has a licence of its own (public domain and Creative Commons, named in the LICENSE
files); the corpus as a whole is CC BY 4.0.

The folder holds `music`, `speech` and `noise`; in each, a folder for every source (`fma`, `librivox`, `free-sound`,
...) with `KIND-SOURCE-NNNN.wav` (16 kHz) and ANNOTATIONS: for music `file genres vocals(Y/N) artist`, for speech
`file gender language`. The README of `noise/free-sound` marks files with background noises; ANNOTATIONS there lists
names only. Everything is for training. Recordings of hours are cut into pieces of 30 s.

Tables: lines split at blanks, without quoting, as lhotse reads them
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kit.corpus import Clip, Corpus, Download, Found, LeftOut, Licence, clean_text, safe_id
from .kit.hours import published_hours
from .kit.languages import LANGUAGES
from .kit.lookup import Lookup, Untold, if_there
from .kit.segments import pieces
from .kit.spelling import find, walk
from .kit.tables import read_lines

CORPUS = Corpus(
    name="musan",
    title="MUSAN",
    description=(
        "Music of many genres, people who read or debate, and noises from machines to rain, taken from free archives. "
        "A clip holds one of the three, and is long enough to be mixed under other speech."
    ),
    hours=published_hours("musan"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    homepage="https://www.openslr.org/17",
    citation="Snyder et al., MUSAN: A Music, Speech, and Noise Corpus, arXiv 2015",
    layout=("noise/*/noise-*.wav|music/*/music-*.wav|speech/*/speech-*.wav|musan/noise/*/noise-*.wav",),
    splits={"all": "train"},
    facts=("gender", "language", "sound_events", "music_genre", "music_tags", "artist", "source"),
    tasks=("noise_class", "music_genre"),
    origins=("musan",),
    downloads=(
        # Checksum: wespeaker's examples/voxceleb/v2/local/download_data.sh.
        Download(
            "https://www.openslr.org/resources/17/musan.tar.gz",
            checksum="md5:0c472d4fc0c5141eca47ad1ffeb2a7df",
            strip="musan",
        ),
    ),
    optional=("*/*/ANNOTATIONS", "musan/*/*/ANNOTATIONS"),
)

_PIECE_S = 30.0
_CODES = {name.lower(): code for code, name in LANGUAGES.items()}
_MUSIC = re.compile(r"music-\S+\s+\S*\w\S*\s+[YN](\s+(?!.*music-).+)?")
_SPEECH = re.compile(r"speech-\S+(\s+[A-Za-z,/_-]+){2}")
_GENDERS = {"m": "male", "f": "female"}


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every recording in pieces of 30 s."""
    root = corpus_dir / "musan" if (corpus_dir / "musan").is_dir() else corpus_dir
    for kind in ("music", "noise", "speech"):
        for folder in find(root / kind, "*/"):
            known = _annotations(folder, kind, corpus_dir)
            for path in walk(folder, (".wav",)):
                yield from _pieces(path, corpus_dir, {**known[path.stem], "source": path.stem}, kind)


def _pieces(path: Path, corpus_dir: Path, facts: dict[str, Any], kind: str) -> Iterator[Clip | LeftOut]:
    if kind != "speech":
        facts = {"sound_events": [kind], **facts}
    yield from pieces(
        Clip(
            safe_id(path.stem),
            "all",
            path.relative_to(corpus_dir),
            facts,
            origin=(f"musan:{path.stem}",),
        ),
        corpus_dir,
        _PIECE_S,
    )


def _annotations(folder: Path, kind: str, corpus_dir: Path) -> Lookup[dict[str, Any]]:
    path = None if kind == "noise" else if_there(folder / "ANNOTATIONS", CORPUS, corpus_dir)
    found: Lookup[dict[str, Any]] = Lookup(path, {})
    pattern = _MUSIC if kind == "music" else _SPEECH
    for number, line in read_lines(path, CORPUS) if path else ():
        name, *fields = line.split()
        if not pattern.fullmatch(line):
            found.tell(name, Untold(f"line {number} of {folder.name}/ANNOTATIONS can't be understood"))
        else:
            found.tell(name, _music(fields) if kind == "music" else _speech(fields))
    return found


def _music(fields: list[str]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    genres = [genre.replace("_", " ") for genre in fields[0].lower().split(",") if genre] if fields else []
    if genres:
        facts["music_genre"] = genres[0]
        facts["music_tags"] = genres
    if len(fields) > 1 and fields[1] in ("Y", "N"):
        tag = "vocals" if fields[1] == "Y" else "instrumental"
        facts["music_tags"] = [*genres, tag]
    if artist := clean_text(" ".join(fields[2:]).replace("_", " ")):
        facts["artist"] = artist
    return facts


def _speech(fields: list[str]) -> dict[str, Any]:
    facts = {}
    if fields and fields[0].lower() in _GENDERS:
        facts["gender"] = _GENDERS[fields[0].lower()]
    if len(fields) > 1 and fields[1].lower() in _CODES:
        facts["language"] = _CODES[fields[1].lower()]
    return facts
