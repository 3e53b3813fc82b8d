"""Multilingual LibriSpeech: 50,600 hours of audio books in eight languages, 44,700 of them in English.

Published at https://www.openslr.org/94 by Pratap et al., "MLS: A Large-Scale Multilingual Dataset for Speech
Research", Interspeech 2020. CC BY 4.0.

The folder holds `mls_LANGUAGE` (`mls_LANGUAGE_opus` for the smaller archives), in each `metainfo.txt` (speaker |
gender | partition | ...) and, for train, dev and test, `transcripts.txt` (id, tab, text) and
`audio/SPEAKER/BOOK/SPEAKER_BOOK_NNNNNN.flac` (16 kHz). Texts are lower-case, without punctuation. Speakers and books
are numbered by LibriVox, for all languages together.

Tables: `transcripts.txt` split at tabs, `metainfo.txt` at pipes, without quoting, as lhotse reads them
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Lookup, one_of
from .kit.spelling import find
from .kit.tables import read_lines

_LANGUAGES = {
    "dutch": "nl",
    "english": "en",
    "french": "fr",
    "german": "de",
    "italian": "it",
    "polish": "pl",
    "portuguese": "pt",
    "spanish": "es",
}

CORPUS = Corpus(
    name="mls",
    title="Multilingual LibriSpeech",
    description=(
        "Passages of audio books in eight European languages, read aloud by volunteers. "
        "One reader speaks for ten to twenty seconds; the texts are lower-case without punctuation."
    ),
    hours=published_hours("mls"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=tuple(sorted(_LANGUAGES.values())),
    sampling_rate=16_000,
    format="opus",
    homepage="https://www.openslr.org/94",
    citation="Pratap et al., MLS: A Large-Scale Multilingual Dataset for Speech Research, Interspeech 2020",
    layout=("mls_*/metainfo.txt", "mls_*/*/transcripts.txt"),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language"),
    tasks=("asr", "gender", "language", "speaker_verification"),
    origins=("librivox-speaker",),
    downloads=tuple(
        Download(
            f"https://dl.fbaipublicfiles.com/mls/mls_{language}_opus.tar.gz",
            sums="https://dl.fbaipublicfiles.com/mls/md5sum.txt",
        )
        for language in _LANGUAGES
    ),
    listed=("mls_*/*/audio",),
)

_GENDERS = {"F": "female", "M": "male"}
_NAME = re.compile(r"([0-9]+)_([0-9]+)_[0-9]+")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every line of the transcripts of the languages on disk."""
    for folder in find(corpus_dir, "mls_*/"):
        language = _LANGUAGES.get(folder.name.removeprefix("mls_").removesuffix("_opus"))
        if language is None:
            continue
        genders = _genders(folder / "metainfo.txt")
        suffix = "opus" if folder.name.endswith("_opus") else "flac"
        for split in CORPUS.splits:
            if not (folder / split / "transcripts.txt").is_file():
                continue
            for number, line in read_lines(folder / split / "transcripts.txt", CORPUS):
                name, _, spoken = line.partition("\t")
                match = _NAME.fullmatch(name)
                if match is None or not spoken or "\t" in spoken:
                    reason = f"line {number} of {folder.name}/{split}/transcripts.txt isn't SPEAKER_BOOK_NUMBER, text"
                    yield BadClip(
                        f"{folder.name}-{split}-{number}", f"{folder.name}/{split}/transcripts.txt", reason
                    )
                    continue
                speaker, book = match.groups()
                audio = Path(folder.name, split, "audio", speaker, book, f"{name}.{suffix}")
                facts = known(
                    text=clean_text(spoken), speaker=speaker, gender=genders[speaker], language=language
                )
                # A book has many readers, so it tells nothing of the recording.
                origin = (f"librivox-speaker:{speaker}",)
                yield Clip(safe_id(name), split, audio, facts, origin=origin)


def _genders(path: Path) -> Lookup[str]:
    genders: Lookup[str] = Lookup(path, "")
    for number, line in read_lines(path, CORPUS):
        speaker, gender, *_ = [*(part.strip() for part in line.split("|")), ""]
        if speaker.isdigit():
            genders.tell(speaker, one_of(_GENDERS, gender, f"{path.name}, line {number}"))
    return genders
