"""LJ Speech: 24 hours of English non-fiction, read by one woman.

Published at https://keithito.com/LJ-Speech-Dataset/ by Keith Ito and Linda Johnson, 2017. Public domain.

The folder holds `metadata.csv`, whose lines are `id|text|normalised text` with quotation marks as they are, and
`wavs/LJNNN-NNNN.wav` (22.05 kHz). Texts are taken as printed, not normalised. There are no splits and one speaker, so
everything is for training.

Tables: pipes without header or quoting, as SpeechBrain reads it with `csv.QUOTE_NONE`
(https://github.com/speechbrain/speechbrain/blob/develop/recipes/LJSpeech/ljspeech_prepare.py), in the published file
itself.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, is_inside, known, safe_id
from .kit.hours import published_hours
from .kit.tables import PIPES, read_clips

CORPUS = Corpus(
    name="ljspeech",
    title="LJ Speech",
    description=(
        "Passages of seven non-fiction books, read aloud in English by one woman with an American accent. "
        "The texts have punctuation."
    ),
    hours=published_hours("ljspeech"),
    licence=Licence("Public domain", commercial=True),
    languages=("en",),
    sampling_rate=22_050,
    homepage="https://keithito.com/LJ-Speech-Dataset/",
    citation="Ito and Johnson, The LJ Speech Dataset, 2017",
    layout=("metadata.csv", "wavs/LJ*.wav"),
    splits={"all": "train"},
    facts=("text", "speaker", "gender", "language", "accent", "source"),
    tasks=("asr", "language"),
    origins=("ljspeech",),
    downloads=(
        Download(
            "https://data.keithito.com/data/speech/LJSpeech-1.1.tar.bz2",
            checksum="sha256:be1a30453f28eb8dd26af4101ae40cbf2c50413b1bb21936cbcdc6fae3de8aa5",
            size=2_748_572_632,
            strip="LJSpeech-1.1",
        ),
    ),
    listed=("wavs",),
)

_NAME = re.compile(r"LJ[0-9]{3}-[0-9]{4}")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every line of the metadata."""
    columns = ("id", "text", "normalised")
    for row in read_clips(corpus_dir / "metadata.csv", CORPUS, corpus_dir, columns, PIPES, header=0):
        if isinstance(row, BadClip):
            yield row
            continue
        name = row["id"]
        audio = Path("wavs", f"{name}.wav")
        if not is_inside(name) or not row["text"] or not row["normalised"] or not _NAME.fullmatch(name):
            yield BadClip(
                safe_id(name) or f"line-{row.line}",
                audio,
                f"line {row.line} of metadata.csv isn't id, text, text",
            )
            continue
        facts = known(
            text=clean_text(row["text"]),
            speaker="LJ",
            gender="female",
            language="en",
            accent="American",
            source=name.partition("-")[0],
        )
        yield Clip(safe_id(name), "all", audio, facts, origin=(f"ljspeech:{name}",))
