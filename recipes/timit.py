"""TIMIT: 5.4 hours of phonetically transcribed American English by 630 speakers of eight dialects.

Published at https://catalog.ldc.upenn.edu/LDC93S1 by Garofolo et al., "TIMIT Acoustic-Phonetic Continuous Speech
Corpus", LDC 1993. LDC user agreement.

The folder holds `DOC/SPKRINFO.TXT` and `{TRAIN,TEST}/DRn/SPEAKER/SENTENCE.{WAV,TXT,WRD,PHN}`, all in lower case in
some copies, perhaps inside a folder `TIMIT` or `data`. The `.WAV` are NIST sphere files (16 kHz). Where a copy also
has `.WAV.wav` files, these are passed over. The first letter of a speaker is the gender. The two dialect sentences
SA1 and SA2 are read by all speakers, so they are in both splits.

Tables: lines split at blanks, as lhotse reads them
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Lookup, Untold, lines_of, read_note, text_of
from .kit.spelling import find
from .kit.tables import read_lines

CORPUS = Corpus(
    name="timit",
    title="TIMIT",
    description=(
        "Short sentences rich in sounds, read aloud in American English in a quiet booth. "
        "One adult speaks in each clip with the dialect of one of eight regions."
    ),
    hours=published_hours("timit"),
    licence=Licence("LDC user agreement", commercial=False),
    languages=("en",),
    sampling_rate=16_000,
    format="sphere",
    homepage="https://catalog.ldc.upenn.edu/LDC93S1",
    citation="Garofolo et al., TIMIT Acoustic-Phonetic Continuous Speech Corpus, LDC 1993",
    layout=(
        "[Tt][RrEe]*[NnTt]/[Dd][Rr][1-8]/*/*.[WwPp][AaHh][VvNn]|TIMIT/TRAIN/DR[1-8]/*/*.WAV|"
        "data/TRAIN/DR[1-8]/*/*.WAV|timit/train/dr[1-8]/*/*.wav|TIMIT/TEST/DR[1-8]/*/*.WAV",
    ),
    splits={"train": "train", "test": "test"},
    facts=("text", "speaker", "gender", "language", "age", "accent", "phones"),
    tasks=("asr", "gender", "speaker_verification", "accent", "phones", "age"),
    no_origin=RECORDED_FOR_IT,
    optional=("SPKRINFO.TXT", "spkrinfo.txt", *(f"*.{name}" for name in ("TXT", "PHN", "txt", "phn"))),
)

_WORDS = re.compile(r"[0-9]+ [0-9]+ (.*\S)")
_DATES = re.compile(r"([0-9?]+/[0-9?]+/[0-9?]+ ?){2}")
_GENDERS = {"F": "female", "M": "male"}
_DIALECTS = {
    "DR1": "New England",
    "DR2": "Northern American",
    "DR3": "North Midland American",
    "DR4": "South Midland American",
    "DR5": "Southern American",
    "DR6": "New York City",
    "DR7": "Western American",
}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every utterance; the letters of the names may be large or small."""
    root = next(
        (corpus_dir / name for name in ("TIMIT", "timit", "data") if _child(corpus_dir / name, "TRAIN")),
        corpus_dir,
    )
    ages = _ages(corpus_dir, root)
    for split in CORPUS.splits:
        part = _child(root, split.upper())
        for dialect in _children(part):
            for folder in _children(dialect):
                yield from _utterances(folder, split, dialect.name.upper(), corpus_dir, ages)


def _utterances(
    folder: Path, split: str, dialect: str, corpus_dir: Path, ages: Lookup[int | None]
) -> Iterator[Clip | BadClip]:
    files = {path.name.upper(): path for path in find(folder, "*")}
    speaker = folder.name.upper()
    for name in sorted(files):
        stem, dot, suffix = name.partition(".")
        if dot + suffix != ".WAV":
            continue
        audio = files[name].relative_to(corpus_dir)
        clip_id = safe_id(f"{split}-{speaker}-{stem}")
        if speaker[:1] not in _GENDERS:
            yield BadClip(clip_id, audio, "the speaker's folder doesn't begin with F or M")
            continue
        facts = known(
            text=_words(files.get(f"{stem}.TXT")),
            speaker=speaker,
            gender=_GENDERS[speaker[0]],
            language="en",
            age=ages[speaker],
            accent=_DIALECTS.get(dialect),
            phones=_phones(files.get(f"{stem}.PHN")),
        )
        yield Clip(clip_id, split, audio, facts)


def _words(path: Path | None) -> str | Untold:
    """Of a line `0 46797 She had your dark suit.`"""
    if path is None:
        return ""
    text = text_of(path)
    if isinstance(text, Untold):
        return text
    match = _WORDS.fullmatch(text)
    return match[1] if match else Untold(f"{path.name} isn't `start end words`")


def _phones(path: Path | None) -> str | Untold:
    """Of lines `0 3050 h#`, each of which begins where the last one ends; silence is the first and the last."""
    if path is None:
        return ""
    note = read_note(path, ended=True)
    if isinstance(note, Untold):
        return note
    rows = [line.split() for _, line in lines_of(note)]
    whole = rows and all(len(row) == 3 for row in rows) and rows[0][2] == rows[-1][2] == "h#"
    if not whole or any(row[1] != following[0] for row, following in pairwise(rows)):
        return Untold(
            f"{path.name} isn't whole: every line is `start end phone`, silence is the first and the last"
        )
    return " ".join(row[2] for row in rows)


def _ages(*places: Path) -> Lookup[int | None]:
    """Years between birth and recording, both as MM/DD/YY, by speaker (with the gender's letter)."""
    tables = [
        table for place in places if (table := _child(_child(place, "DOC"), "SPKRINFO.TXT")) is not None
    ]
    ages: Lookup[int | None] = Lookup(next(iter(tables), None), None)
    for table in tables[:1]:
        for _, line in read_lines(table, CORPUS):
            fields: list[Any] = line.split()
            if line.startswith(";") or len(fields) < 6 or not _DATES.fullmatch(f"{fields[4]} {fields[5]}"):
                continue
            recorded, born = (field.split("/") for field in fields[4:6])
            if len(recorded) == len(born) == 3 and all(part.isdigit() for part in recorded + born):
                (month, day, year), (month_born, day_born, year_born) = map(int, recorded), map(int, born)
                before = (month, day) < (month_born, day_born)
                ages.tell(f"{fields[1]}{fields[0]}".upper(), year - year_born - before)
            else:
                ages.tell(f"{fields[1]}{fields[0]}".upper(), None)
    return ages


def _child(folder: Path | None, name: str) -> Path | None:
    if folder is None or not folder.is_dir():
        return None
    return next((path for path in find(folder, "*") if path.name.upper() == name), None)


def _children(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(find(folder, "*/"), key=lambda path: path.name.upper())
