"""LibriSpeech: 982 hours of read English audio books from LibriVox, by 2,484 readers.

Published at https://www.openslr.org/12 (and, as a small piece, https://www.openslr.org/31) by Panayotov, Chen,
Povey and Khudanpur, "LibriSpeech: an ASR corpus based on public domain audio books", ICASSP 2015. CC BY 4.0.

The folder holds `SPEAKERS.TXT` and, for each split, `SPLIT/READER/CHAPTER/READER-CHAPTER-NNNN.flac` beside
`READER-CHAPTER.trans.txt`. Texts are upper-case, without punctuation. 16 kHz.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from .corpus import BadClip, Clip, Corpus, Licence, clean_text, read_text, safe_id

CORPUS = Corpus(
    name="librispeech",
    title="LibriSpeech",
    description=(
        "Sentences of English audio books, read aloud by volunteers at home. "
        "One reader speaks in each clip; the texts are upper-case and have no punctuation."
    ),
    hours=982.1,
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://www.openslr.org/12",
    citation="Panayotov et al., LibriSpeech: an ASR corpus based on public domain audio books, ICASSP 2015",
    layout=("SPEAKERS.TXT", "*/*/*/*.trans.txt"),
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
)

_GENDERS = {"F": "female", "M": "male"}
_NAME = re.compile(r"[0-9]+-[0-9]+-[0-9]+")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every utterance that has a file or a line in a transcript."""
    genders = _genders(corpus_dir / "SPEAKERS.TXT")
    for split in CORPUS.splits:
        for chapter in sorted((corpus_dir / split).glob("*/*/")):
            speaker = chapter.parent.name
            known = {"speaker": speaker, "language": "en"}
            if speaker in genders:
                known["gender"] = genders[speaker]
            texts = _texts(chapter / f"{speaker}-{chapter.name}.trans.txt")
            for name in sorted(texts.keys() | {path.stem for path in chapter.glob("*.flac")}):
                audio = chapter.relative_to(corpus_dir) / f"{name}.flac"
                if not _NAME.fullmatch(name):
                    yield BadClip(safe_id(name), audio, "the name isn't READER-CHAPTER-NNNN")
                    continue
                facts = {"text": texts[name], **known} if texts.get(name) else known
                yield Clip(name, split, audio, facts)


def _genders(path: Path) -> dict[str, str]:
    genders = {}
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.startswith(";") or not line.strip():
            continue
        fields = [part.strip() for part in line.split("|", 4)]
        if len(fields) < 2 or fields[1] not in _GENDERS:
            raise InputError(
                f"{path}, line {number}: expected a reader's number and the gender F or M, found {line!r}"
            )
        genders[fields[0]] = _GENDERS[fields[1]]
    return genders


def _texts(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    pairs = (line.partition(" ") for line in read_text(path).splitlines() if line.strip())
    return {name: clean_text(text) for name, _, text in pairs}
