"""AudioMNIST: 30,000 recordings of the English digits by 60 people, 50 of each digit from each.

Published at https://github.com/soerenab/AudioMNIST by Becker et al., "AudioMNIST: Exploring Explainable Artificial
Intelligence for audio analysis on a simple benchmark", Journal of the Franklin Institute 2024. MIT.

The folder holds `data/audioMNIST_meta.txt` (JSON: accent, age, gender, native speaker, origin and so on by speaker)
and `data/NN/DIGIT_NN_INDEX.wav` (48 kHz). Some ages and accents aren't credible and are left out. No splits are
published.

Tables: one JSON object, as lhotse reads it (https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from .kit.lookup import Untold, one_of, whole_number
from .kit.spelling import find
from .kit.tables import read_json_file

CORPUS = Corpus(
    name="audiomnist",
    title="AudioMNIST",
    description=(
        "Single English digits from zero to nine, spoken by sixty adults in offices. "
        "Most of the speakers are German; accents vary."
    ),
    hours=published_hours("audiomnist"),
    licence=Licence("MIT", commercial=True),
    languages=("en",),
    sampling_rate=48_000,
    homepage="https://github.com/soerenab/AudioMNIST",
    citation="Becker et al., AudioMNIST: Exploring Explainable Artificial Intelligence for audio analysis on a simple "
    "benchmark, Journal of the Franklin Institute 2024",
    layout=("data/audioMNIST_meta.txt", "data/[0-9][0-9]/*.wav"),
    splits=DIVIDED,
    facts=("text", "speaker", "gender", "language", "age", "accent", "nationality"),
    tasks=("asr", "gender", "speaker_verification", "accent", "age", "nationality"),
    no_origin=RECORDED_FOR_IT,
    downloads=(
        Download(
            "https://github.com/soerenab/AudioMNIST/archive/refs/heads/master.zip", strip="AudioMNIST-master"
        ),
    ),
)

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NAME = re.compile(r"([0-9])_([0-9]{2})_([0-9]+)")
_GENDERS = {"male": "male", "female": "female", "": None}
_OLDEST = 110


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every recording."""
    about = read_json_file(corpus_dir / "data" / "audioMNIST_meta.txt", CORPUS)
    about = about if isinstance(about, dict) else {}
    for folder in find(corpus_dir / "data", "[0-9][0-9]/"):
        facts = _speaker(folder.name, about.get(folder.name))
        for path in find(folder, "*.wav"):
            audio = path.relative_to(corpus_dir)
            match = _NAME.fullmatch(path.stem)
            if match is None or match[2] != folder.name:
                reason = f"the name isn't DIGIT_{folder.name}_INDEX.wav"
                yield BadClip(safe_id(f"{folder.name}-{path.stem}"), audio, reason)
                continue
            text = _WORDS[int(match[1])]
            yield Clip(path.stem, divide(CORPUS.name, folder.name), audio, {"text": text, **facts})


def _speaker(name: str, about: Any) -> dict[str, Any]:
    if not isinstance(about, dict | None):
        return {"untold": Untold(f"audioMNIST_meta.txt: speaker {name} isn't an object")}
    about = about or {}
    where = f"audioMNIST_meta.txt, speaker {name}"
    age = str(about.get("age", ""))
    gender = str(about.get("gender", "")).lower()
    accent = str(about.get("accent", "")).strip()
    # "Europe, Germany, Berlin"
    origin = [part.strip() for part in str(about.get("origin", "")).split(",")]
    return known(
        speaker=name,
        gender=one_of(_GENDERS, gender, where),
        language="en",
        age=_age(age, where),
        accent=_free(
            accent[:1].upper() + accent[1:] if re.fullmatch(r"[A-Za-z ]{3,30}", accent) else "", accent
        ),
        nationality=_free(origin[1] if len(origin) > 1 else "", origin[0]),
    )


def _age(text: str, where: str) -> int | Untold | None:
    """Not an age that nobody reaches: one is 1234."""
    age = whole_number(text, where) if text else None
    return None if isinstance(age, int) and age >= _OLDEST else age


def _free(value: str, published: str) -> str | Untold:
    """A value out of what speakers wrote themselves; what has no letter at all isn't what one wrote."""
    written = not published or any(map(str.isalpha, published))
    return value if written else Untold(f"audioMNIST_meta.txt: {published!r} is nothing that a speaker wrote")
