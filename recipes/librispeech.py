"""LibriSpeech: 982 hours of read English audio books from LibriVox, by 2,484 readers.

Published at https://www.openslr.org/12 (and, as a small piece, https://www.openslr.org/31) by Panayotov, Chen,
Povey and Khudanpur, "LibriSpeech: an ASR corpus based on public domain audio books", ICASSP 2015. CC BY 4.0.

The folder holds `SPEAKERS.TXT` and, for each split, `SPLIT/READER/CHAPTER/READER-CHAPTER-NNNN.flac` beside
`READER-CHAPTER.trans.txt`. Texts are upper-case, without punctuation. 16 kHz.

A folder of loose `READER-CHAPTER-NNNN.flac` beside `SPEAKERS.TXT`, as samples of the corpus are handed out, will do
as well: those clips have no text, and the split that `SPEAKERS.TXT` gives their reader.

Tables: lines split at the first blank, `SPEAKERS.TXT` at pipes, without quoting, as lhotse reads them
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError
from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Lookup, Untold, lines_of, read_note
from .kit.origin import librivox
from .kit.spelling import find, names
from .kit.tables import read_lines

CORPUS = Corpus(
    name="librispeech",
    title="LibriSpeech",
    description=(
        "Sentences of English audio books, read aloud by volunteers at home. "
        "One reader speaks in each clip; the texts are upper-case and have no punctuation."
    ),
    hours=published_hours("librispeech"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    format="flac",
    homepage="https://www.openslr.org/12",
    citation="Panayotov et al., LibriSpeech: an ASR corpus based on public domain audio books, ICASSP 2015",
    layout=("SPEAKERS.TXT", "*/*/*/*.trans.txt|[0-9]*-[0-9]*-[0-9]*.flac"),
    splits={
        "train-clean-100": "train",
        "train-clean-360": "train",
        "train-other-500": "train",
        "train-clean-5": "train",
        "dev-clean": "dev",
        "dev-other": "dev",
        "dev-clean-2": "dev",
        "test-clean": "test",
        "test-other": "test",
    },
    facts=("text", "speaker", "gender", "language"),
    tasks=("asr", "gender", "language", "speaker_verification"),
    origins=("librivox-chapter", "librivox-speaker"),
    downloads=tuple(
        Download(
            f"https://www.openslr.org/resources/12/{split}.tar.gz",
            checksum=f"md5:{checksum}",
            strip="LibriSpeech",
        )
        for split, checksum in {
            "dev-clean": "42e2234ba48799c1f50f24a7926300a1",
            "dev-other": "c8d0bcc9cca99d4f8b62fcc847357931",
            "test-clean": "32fa31d27d2e1cad72775fee3f4849a9",
            "test-other": "fb5a50374b501bb3bac4815ee91d3135",
            "train-clean-100": "2a93770f6d5c6c964bc36631d331a522",
            "train-clean-360": "c0e676e450a7ff2f54aeade5171606fa",
            "train-other-500": "d1a0fd59409feb2c614ce4d30c387708",
        }.items()
    ),
)

_GENDERS = {"F": "female", "M": "male"}
_NO_WORDS = re.compile(r"[0-9./]")
_NAME = re.compile(r"[0-9]+-[0-9]+-[0-9]+")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every utterance that has a file or a line in a transcript."""
    readers = _readers(corpus_dir / "SPEAKERS.TXT")
    for split in CORPUS.splits:
        for chapter in find(corpus_dir / split, "*/*/"):
            speaker, place = chapter.parent.name, chapter.relative_to(corpus_dir)
            texts = _texts(chapter / f"{speaker}-{chapter.name}.trans.txt")
            for name in sorted({*texts, *(name[: -len(".flac")] for name in names(chapter, "*.flac"))}):
                audio = place / f"{name}.flac"
                if not _NAME.fullmatch(name):
                    yield BadClip(safe_id(name), audio, "the name isn't READER-CHAPTER-NNNN")
                    continue
                facts = known(text=texts[name], speaker=speaker, **_about(readers[speaker], split))
                yield Clip(name, split, audio, facts, origin=librivox(speaker, chapter.name))
    yield from _loose(corpus_dir, readers)


def _about(reader: tuple[str, str] | Untold, split: str) -> Mapping[str, Any] | Untold:
    if isinstance(reader, Untold):
        return reader
    gender, published = reader
    if published != split:
        return Untold(f"SPEAKERS.TXT says {published} of the reader, the folder {split}")
    return {"gender": gender, "language": "en"}


def _loose(corpus_dir: Path, readers: Lookup[tuple[str, str]]) -> Iterator[Clip | BadClip]:
    for path in find(corpus_dir, "*.flac"):
        speaker = path.stem.partition("-")[0]
        reader = readers[speaker]
        gender, split = (None, "") if isinstance(reader, Untold) else reader
        if not _NAME.fullmatch(path.stem):
            yield BadClip(safe_id(path.stem), path.name, "the name isn't READER-CHAPTER-NNNN")
        elif split not in CORPUS.splits:
            yield BadClip(path.stem, path.name, f"SPEAKERS.TXT doesn't tell the split of reader {speaker}")
        else:
            facts = known(speaker=speaker, gender=gender, language="en")
            origin = librivox(speaker, path.stem.split("-")[1])
            yield Clip(path.stem, split, Path(path.name), facts, origin=origin)


def _readers(path: Path) -> Lookup[tuple[str, str]]:
    """Reader -> gender and split."""
    readers: Lookup[tuple[str, str]] = Lookup(path, ("", ""))
    for number, line in read_lines(path, CORPUS):
        if line.startswith(";"):
            continue
        fields = [part.strip() for part in line.split("|", 4)]
        if (
            len(fields) < 5
            or not fields[0].isdigit()
            or fields[1] not in _GENDERS
            or fields[2] not in CORPUS.splits
        ):
            raise InputError(
                f"{path}, line {number}: expected a reader's number, the gender F or M and the split, found {line!r}"
            )
        readers.tell(fields[0], (_GENDERS[fields[1]], fields[2]))
    return readers


def _texts(path: Path) -> Lookup[str]:
    texts: Lookup[str] = Lookup(path, "")
    note = read_note(path, ended=True)
    if isinstance(note, Untold):
        texts.tell_others(note)
    for number, line in lines_of(note):
        name, _, text = line.partition(" ")
        whole = text and not _NO_WORDS.search(text)
        texts.tell(
            name,
            clean_text(text) if whole else Untold(f"{path.name}, line {number}: isn't a name and a text"),
        )
    return texts
