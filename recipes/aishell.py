"""AISHELL-1: 178 hours of read Mandarin by 400 speakers, recorded with a good microphone in quiet rooms.

Published at https://www.openslr.org/33 by Bu et al., "AISHELL-1: An Open-Source Mandarin Speech Corpus and A Speech
Recognition Baseline", Oriental COCOSDA 2017. Apache-2.0.

The folder holds `data_aishell/transcript/aishell_transcript_v0.8.txt`,
`data_aishell/wav/{train,dev,test}/SNNNN/*.wav` (16 kHz; the archive holds a further archive for every speaker, which
is to be unpacked) and, from a second archive, `resource_aishell/speaker.info` (speaker, gender); or it is
`data_aishell` itself, perhaps with `resource_aishell` in it. The blanks that the transcript has between words are left
out.

Tables: lines split at blanks, without quoting, as lhotse reads them
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import (
    RECORDED_FOR_IT,
    BadClip,
    Clip,
    Corpus,
    Download,
    Found,
    LeftOut,
    Licence,
    clean_text,
    known,
)
from .kit.hours import published_hours
from .kit.lookup import Lookup, if_there, one_of
from .kit.spelling import find
from .kit.tables import read_lines

CORPUS = Corpus(
    name="aishell",
    title="AISHELL-1",
    description=(
        "Mandarin sentences on finance, technology, sports and news, read aloud in quiet rooms. "
        "One person from one of several regions of China speaks in each clip."
    ),
    hours=published_hours("aishell"),
    licence=Licence("Apache-2.0", commercial=True),
    languages=("zh",),
    sampling_rate=16_000,
    homepage="https://www.openslr.org/33",
    citation="Bu et al., AISHELL-1: An Open-Source Mandarin Speech Corpus and A Speech Recognition Baseline, "
    "Oriental COCOSDA 2017",
    layout=(
        "data_aishell/transcript/aishell_transcript_v0.8.txt|transcript/aishell_transcript_v0.8.txt",
        "data_aishell/wav/*/S*|wav/*/S*",
    ),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language"),
    optional=("resource_aishell/speaker.info",),
    listed=("data_aishell/wav/*/S*", "wav/*/S*"),
    tasks=("asr", "gender", "language", "speaker_verification"),
    no_origin=RECORDED_FOR_IT,
    downloads=(
        # Checksums: PaddleSpeech's examples/dataset/aishell.
        Download(
            "https://www.openslr.org/resources/33/data_aishell.tgz",
            checksum="md5:2f494334227864a8a8fec932999db9d8",
            nested="data_aishell/wav/*.tar.gz",
        ),
        Download(
            "https://www.openslr.org/resources/33/resource_aishell.tgz",
            checksum="md5:957d480a0fcac85fc18e550756f624e5",
        ),
    ),
)

_GENDERS = {"F": "female", "M": "male"}
_NAME = re.compile(r"BAC009S[0-9]{4}W[0-9]{4}")


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every line of the transcript whose speaker's folder is on disk."""
    inner = corpus_dir / "data_aishell"
    root = inner if inner.is_dir() else corpus_dir
    genders = _genders(if_there(corpus_dir / "resource_aishell" / "speaker.info", CORPUS, corpus_dir))
    transcript = root / "transcript" / "aishell_transcript_v0.8.txt"
    splits = {
        folder.name: folder.parent.name
        for split in CORPUS.splits
        for folder in find(root / "wav" / split, "S*/")
    }
    for number, line in read_lines(transcript, CORPUS):
        name, *words = line.split()
        speaker = name[6:11]
        if not _NAME.fullmatch(name) or not words or any(map(_NAME.search, words)):
            reason = f"line {number} of {transcript.name} doesn't begin with an utterance BAC009SnnnnWnnnn"
            yield BadClip(f"line-{number}", transcript.relative_to(corpus_dir), reason)
            continue
        if speaker not in splits:
            yield LeftOut(name, "", "a line of the transcript whose speaker's folder isn't there")
            continue
        split = splits[speaker]
        facts = known(
            text=clean_text("".join(words)), speaker=speaker, gender=genders[speaker], language="zh"
        )
        audio = (root / "wav" / split / speaker / f"{name}.wav").relative_to(corpus_dir)
        yield Clip(name, split, audio, facts)


def _genders(path: Path | None) -> Lookup[str | None]:
    genders: Lookup[str | None] = Lookup(path, None)
    for number, line in read_lines(path, CORPUS) if path else ():
        speaker, gender, *_ = [*line.split(), ""]
        genders.tell(f"S{speaker.lstrip('S')}", one_of(_GENDERS, gender, f"speaker.info, line {number}"))
    return genders
