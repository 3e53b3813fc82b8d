"""LibriTTS-R: 585 hours of read English, LibriTTS with its sound restored, by 2,456 readers.

Published at https://www.openslr.org/141 by Koizumi et al., "LibriTTS-R: A Restored Multi-Speaker Text-to-Speech
Corpus", Interspeech 2023. CC BY 4.0.

The folder holds `SPLIT/READER/CHAPTER/READER_CHAPTER_PARAGRAPH_NNNNNN.wav` (24 kHz), beside each a
`.normalized.txt` and a `.original.txt`; older copies have one `READER_CHAPTER.trans.tsv` a chapter instead (id,
original, normalised, tab-separated). `speakers.tsv` (READER, GENDER, ...) or LibriTTS' `SPEAKERS.txt` comes in an
archive of its own, without which genders aren't known. Texts have punctuation and case.

Tables: one sentence a file, `trans.tsv` split at tabs and `SPEAKERS.txt` at pipes, without quoting, as lhotse reads
them (https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Lookup, Untold, lines_of, one_of, read_note, text_of
from .kit.origin import librivox
from .kit.spelling import find
from .kit.tables import read_lines

CORPUS = Corpus(
    name="libritts_r",
    title="LibriTTS-R",
    description=(
        "Sentences of English audio books, read aloud by volunteers, with the sound restored to studio quality. "
        "One reader speaks in each clip; the texts have punctuation."
    ),
    hours=published_hours("libritts_r"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=24_000,
    homepage="https://www.openslr.org/141",
    citation="Koizumi et al., LibriTTS-R: A Restored Multi-Speaker Text-to-Speech Corpus, Interspeech 2023",
    layout=(
        "*/*/*/*.normalized.txt|*/*/*/*.trans.tsv|LibriTTS_R/*/*/*/*.normalized.txt|LibriTTS_R/*/*/*/*.trans.tsv",
    ),
    splits={
        "train-clean-100": "train",
        "train-clean-360": "train",
        "train-other-500": "train",
        "dev-clean": "dev",
        "dev-other": "dev",
        "test-clean": "test",
        "test-other": "test",
    },
    facts=("text", "speaker", "gender", "language"),
    tasks=("asr", "gender", "language", "speaker_verification"),
    origins=("librivox-chapter", "librivox-speaker"),
    downloads=tuple(
        Download(f"https://www.openslr.org/resources/141/{part}.tar.gz", strip="LibriTTS_R")
        for part in (
            "doc",
            "dev_clean",
            "dev_other",
            "test_clean",
            "test_other",
            "train_clean_100",
            "train_clean_360",
            "train_other_500",
        )
    ),
    optional=("speakers.tsv", "SPEAKERS.txt", "LibriTTS_R/speakers.tsv", "LibriTTS_R/SPEAKERS.txt"),
)

_GENDERS = {"F": "female", "M": "male"}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every utterance that has a file or a line in a transcript."""
    root = corpus_dir / "LibriTTS_R" if (corpus_dir / "LibriTTS_R").is_dir() else corpus_dir
    genders = _genders(root)
    for split in CORPUS.splits:
        for chapter in find(root / split, "*/*/"):
            speaker = chapter.parent.name
            texts = _texts(chapter)
            stems = {path.stem for path in find(chapter, "*.wav")}
            for name in sorted({*texts} | stems):
                audio = chapter.relative_to(corpus_dir) / f"{name}.wav"
                if not name.startswith(f"{speaker}_{chapter.name}_"):
                    yield BadClip(
                        safe_id(name), audio, "the name doesn't begin with the folder's reader and chapter"
                    )
                    continue
                facts = known(text=texts[name], speaker=speaker, gender=genders[speaker], language="en")
                yield Clip(safe_id(name), split, audio, facts, origin=librivox(speaker, chapter.name))


def _texts(chapter: Path) -> Lookup[str]:
    texts: Lookup[str] = Lookup(chapter, "")
    for path in find(chapter, "*.normalized.txt"):
        texts.tell(path.name.removesuffix(".normalized.txt"), text_of(path))
    for table in find(chapter, "*.trans.tsv"):
        note = read_note(table, ended=True)
        if isinstance(note, Untold):
            texts.tell_others(note)
        for _, line in lines_of(note):
            fields = line.split("\t")
            if len(fields) == 3 and fields[2] and fields[0] not in texts:
                texts.tell(fields[0], clean_text(fields[2]))
    return texts


def _genders(root: Path) -> Lookup[str | None]:
    tables = [root / name for name in ("speakers.tsv", "SPEAKERS.txt") if (root / name).is_file()]
    genders: Lookup[str | None] = Lookup(next(iter(tables), None), None)
    for table in tables:
        mark = "\t" if table.suffix == ".tsv" else "|"
        for number, line in read_lines(table, CORPUS):
            reader, gender, *_ = [*(part.strip() for part in line.split(mark)), ""]
            if reader.isdigit():
                genders.tell(reader, one_of(_GENDERS, gender, f"{table.name}, line {number}"))
    return genders
