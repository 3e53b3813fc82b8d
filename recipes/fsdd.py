"""Free Spoken Digit Dataset: 3,000 recordings of the English digits by six men, trimmed of silence.

Published at https://github.com/Jakobovski/free-spoken-digit-dataset by Zohar Jackson and contributors. CC BY-SA 4.0.

The folder holds `recordings/{digit}_{speaker}_{index}.wav` (8 kHz) and `metadata.py`, a Python file that is read as
data and never run. The test set is, officially, the indexes 0 to 4.

Tables: a Python file, in the published file itself (https://github.com/Jakobovski/free-spoken-digit-dataset).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import InputError
from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Download, Licence, read_text, safe_id
from .kit.hours import published_hours
from .kit.spelling import find

CORPUS = Corpus(
    name="fsdd",
    title="Free Spoken Digit Dataset",
    description=(
        "Single English digits from zero to nine, spoken by a few men with American or European accents. "
        "Each clip is half a second of telephone-band audio, cut tightly around the word."
    ),
    hours=published_hours("fsdd"),
    licence=Licence("CC BY-SA 4.0", commercial=True),
    languages=("en",),
    sampling_rate=8_000,
    homepage="https://github.com/Jakobovski/free-spoken-digit-dataset",
    citation="Jackson et al., Free Spoken Digit Dataset, 2018, doi:10.5281/zenodo.1342401",
    layout=("metadata.py", "recordings/*.wav"),
    splits={"train": "train", "test": "test"},
    facts=("text", "speaker", "gender", "language", "accent"),
    tasks=("asr", "gender", "speaker_verification"),
    no_origin=RECORDED_FOR_IT,
    downloads=(
        Download(
            "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/heads/master.zip",
            strip="free-spoken-digit-dataset-master",
        ),
    ),
)

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_NAME = re.compile(r"([0-9])_([A-Za-z]+)_([0-9]+)")
_GENDERS = ("male", "female", "other")
_LANGUAGES = {"english": "en"}
# Published as COUNTRY/first language; nicolas is a Belgian who speaks French.
_ACCENTS = {
    "USA/neutral": "American",
    "BEL/French": "French",
    "DEU/German": "German",
    "GRC/Greek": "Greek",
}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every recording."""
    speakers = _speakers(corpus_dir / "metadata.py")
    for path in find(corpus_dir / "recordings", "*.wav"):
        audio = path.relative_to(corpus_dir)
        match = _NAME.fullmatch(path.stem)
        if match is None:
            yield BadClip(safe_id(path.stem), audio, "the name isn't {digit}_{speaker}_{index}.wav")
            continue
        digit, speaker, index = match.groups()
        if speaker not in speakers:
            yield BadClip(path.stem, audio, f"metadata.py has no speaker '{speaker}'")
            continue
        facts = {"text": _WORDS[int(digit)], "speaker": speaker, **speakers[speaker]}
        yield Clip(path.stem, "test" if int(index) < 5 else "train", audio, facts)


def _speakers(path: Path) -> dict[str, dict[str, str]]:
    """Speaker -> gender, language and accent."""
    return {
        speaker: {
            "gender": _field(path, speaker, fields, "gender", {name: name for name in _GENDERS}),
            "language": _field(path, speaker, fields, "language", _LANGUAGES),
            "accent": _field(path, speaker, fields, "accent", _ACCENTS),
        }
        for speaker, fields in _metadata(path).items()
    }


def _metadata(path: Path) -> dict[str, Any]:
    try:
        for statement in ast.parse(read_text(path)).body:
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "metadata":
                value = ast.literal_eval(statement.value)
                if isinstance(value, dict):
                    return value
    except (SyntaxError, ValueError):
        pass
    raise InputError(
        f"{path}: expected `metadata = {{speaker: {{...}}}}` of plain values; take it from {CORPUS.homepage}"
    )


def _field(path: Path, speaker: str, fields: Any, name: str, known: dict[str, str]) -> str:
    value = fields.get(name) if isinstance(fields, dict) else None
    if value not in known:
        raise InputError(f"{path}: speaker '{speaker}' has {name} {value!r}, not one of {', '.join(known)}")
    return known[value]
