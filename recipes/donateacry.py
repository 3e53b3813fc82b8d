"""Donate-a-Cry: 457 recordings of crying infants with the reason that the parents gave.

Published at https://github.com/gveres/donateacry-corpus by Gábor Veres, 2015. ODbL 1.0, contents DbCL 1.0.

The folder holds `donateacry_corpus_cleaned_and_updated_data/REASON/INSTALLATION-TIME-VERSION-GENDER-AGE-RR.wav` (8
kHz), or the folders of the reasons themselves. The age is a code: 04 up to 4 weeks, 48 for 4 to 8 weeks, 26 for 2 to
6 months, 72 for 7 months to 2 years, 22 for more. An installation of the app stands for an infant. No splits are
published.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import (
    DIVIDED,
    RECORDED_FOR_IT,
    BadClip,
    Clip,
    Corpus,
    Download,
    Licence,
    divide,
    known,
    safe_id,
)
from .kit.hours import published_hours
from .kit.spelling import find

CORPUS = Corpus(
    name="donateacry",
    title="Donate-a-Cry",
    description=(
        "Infants cry for some seconds, recorded by their parents with a telephone at home. "
        "The reason is what the parents believed."
    ),
    hours=published_hours("donateacry"),
    licence=Licence("ODbL 1.0", commercial=True),
    languages=(),
    sampling_rate=8_000,
    homepage="https://github.com/gveres/donateacry-corpus",
    citation="Veres, Donate-a-Cry corpus, 2015",
    layout=("donateacry_corpus_cleaned_and_updated_data/*/*.wav|belly_pain/*.wav|hungry/*.wav",),
    splits=DIVIDED,
    facts=("speaker", "gender", "age_group", "sound_events", "cry_reason"),
    tasks=("cry_reason", "sound_event"),
    no_origin=RECORDED_FOR_IT,
    unhelpful=("gender", "age_group"),
    downloads=(
        Download(
            "https://github.com/gveres/donateacry-corpus/archive/refs/heads/master.zip",
            strip="donateacry-corpus-master",
        ),
    ),
)

_REASONS = {
    "belly_pain": "in belly pain",
    "burping": "in need of burping",
    "discomfort": "uncomfortable",
    "hungry": "hungry",
    "tired": "tired",
}
_AGES = {
    "04": "0 to 4 weeks",
    "48": "4 to 8 weeks",
    "26": "2 to 6 months",
    "72": "7 months to 2 years",
    "22": "more than 2 years",
}
_GENDERS = {"f": "female", "m": "male"}
_NAME = re.compile(
    r"([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})-[0-9]+-[0-9.]+-([mf])-([0-9]{2})-[a-z]{2}"
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every recording of every reason."""
    inner = corpus_dir / "donateacry_corpus_cleaned_and_updated_data"
    root = inner if inner.is_dir() else corpus_dir
    for folder, reason in _REASONS.items():
        for path in find(root / folder, "*.wav"):
            audio, clip_id = path.relative_to(corpus_dir), safe_id(path.stem)
            match = _NAME.fullmatch(path.stem)
            if match is None:
                yield BadClip(clip_id, audio, "the name isn't INSTALLATION-TIME-VERSION-GENDER-AGE-RR")
                continue
            infant = match[1].upper()
            facts = known(
                speaker=infant,
                gender=_GENDERS[match[2]],
                age_group=_AGES.get(match[3]),
                sound_events=["baby crying"],
                cry_reason=reason,
            )
            yield Clip(clip_id, divide(CORPUS.name, infant), audio, facts)
