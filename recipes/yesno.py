"""yesno: 60 recordings of one man who says the Hebrew words for yes and no, eight times each.

Published at https://www.openslr.org/1 without an author; given by the Kaldi project for tests. No licence is stated.

The folder holds `N_N_N_N_N_N_N_N.wav` (8 kHz), where N is 1 for yes (ken) and 0 for no (lo). No splits are published
and there is one speaker, so everything is for training.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Download, Licence, safe_id
from .kit.hours import published_hours
from .kit.spelling import find

CORPUS = Corpus(
    name="yesno",
    title="yesno",
    description=(
        "One man says the Hebrew words for yes and no, eight words in each clip. "
        "The recordings have telephone quality."
    ),
    hours=published_hours("yesno"),
    licence=Licence("not stated", commercial=False),
    languages=("he",),
    sampling_rate=8_000,
    homepage="https://www.openslr.org/1",
    citation="yesno, OpenSLR 1, 2014",
    layout=("[01]_[01]_[01]_[01]_[01]_[01]_[01]_[01].wav",),
    splits={"all": "train"},
    facts=("text", "speaker", "gender", "language"),
    tasks=("asr",),
    no_origin=RECORDED_FOR_IT,
    downloads=(
        Download(
            "https://www.openslr.org/resources/1/waves_yesno.tar.gz",
            checksum="sha256:c3f49e0cca421f96b75b41640749167b52118f232498667ca7a5f9416aef8e73",
            strip="waves_yesno",
        ),
    ),
)

_WORDS = {"0": "לא", "1": "כן"}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every recording; its name says the words."""
    for path in find(corpus_dir, "*.wav"):
        audio = path.relative_to(corpus_dir)
        if not re.fullmatch(r"[01](_[01]){7}", path.stem):
            yield BadClip(safe_id(path.stem), audio, "the name isn't eight times 0 or 1")
            continue
        text = " ".join(_WORDS[digit] for digit in path.stem.split("_"))
        facts = {"text": text, "speaker": "1", "gender": "male", "language": "he"}
        yield Clip(path.stem, "all", audio, facts)
