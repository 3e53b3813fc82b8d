"""Fluent Speech Commands: 30,043 commands for a smart home, said in English by 97 people of known background.

Published at https://fluent.ai/fluent-speech-commands-a-dataset-for-spoken-language-understanding-research/ by Lugosch
et al., "Speech Model Pre-training for End-to-End Spoken Language Understanding", Interspeech 2019. Academic licence.

The folder (or `fluent_speech_commands_dataset` in it) holds `data/{train,valid,test}_data.csv` (path, speakerId,
transcription, action, object, location), `data/speaker_demographics.csv` and `wavs/speakers/SPEAKER/UUID.wav` (16
kHz). `none` in object or location means that there is none.

Tables: CSV after RFC 4180, the first column of `*_data.csv` pandas' index, as lhotse reads it with pandas
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Licence, clean_text, is_inside, known, safe_id
from .kit.hours import published_hours
from .kit.languages import LANGUAGES
from .kit.lookup import Lookup, Untold, one_of
from .kit.tables import TableRow, read_clips, read_table

CORPUS = Corpus(
    name="fluent_speech_commands",
    title="Fluent Speech Commands",
    description=(
        "Short English commands for a smart home, such as turning on the lights in the kitchen. "
        "One person speaks in each clip; their first language isn't always English."
    ),
    hours=published_hours("fluent_speech_commands"),
    licence=Licence("Fluent Speech Commands licence (academic)", commercial=False),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://fluent.ai/fluent-speech-commands-a-dataset-for-spoken-language-understanding-research/",
    citation="Lugosch et al., Speech Model Pre-training for End-to-End Spoken Language Understanding, Interspeech 2019",
    layout=("data/speaker_demographics.csv|fluent_speech_commands_dataset/data/speaker_demographics.csv",),
    splits={"train": "train", "valid": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language", "native_language", "age_group", "intent", "slots"),
    tasks=("asr", "intent", "gender", "age", "speaker_verification", "native_language"),
    no_origin=RECORDED_FOR_IT,
    listed=("wavs/speakers", "fluent_speech_commands_dataset/wavs/speakers"),
)

_COLUMNS = ("path", "speakerId", "transcription", "action", "object", "location")
_GENDERS = {"male": "male", "female": "female", "": None}
_AGES = re.compile(r"$|.*[0-9]")
_CODES = {name: code for code, name in LANGUAGES.items()}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the tables on disk."""
    inner = corpus_dir / "fluent_speech_commands_dataset"
    root = inner if inner.is_dir() else corpus_dir
    speakers = _speakers(root / "data" / "speaker_demographics.csv")
    for split in CORPUS.splits:
        table = root / "data" / f"{split}_data.csv"
        if not table.is_file():
            continue
        for row in read_clips(table, CORPUS, corpus_dir, _COLUMNS):
            if isinstance(row, BadClip):
                yield row
                continue
            path = row["path"]
            audio = root.relative_to(corpus_dir) / path
            if not (is_inside(path) and row["speakerId"] and row["transcription"] and row["action"]):
                reason = f"line {row.line} of {table.name} has no path within the corpus or no speaker"
                yield BadClip(f"{split}-{row.line}", audio, reason)
                continue
            facts = {**_command(row), "language": "en", **speakers[row["speakerId"]]}
            clip_id = safe_id(f"{row['speakerId']}-{PurePosixPath(path).stem}")
            yield Clip(clip_id, split, audio, {"speaker": row["speakerId"], **facts})


def _command(row: TableRow) -> dict[str, object]:
    parts = [("object", row["object"]), ("location", row["location"])]
    return known(
        text=clean_text(row["transcription"]),
        intent=row["action"],
        slots=[f"{name}: {value}" for name, value in parts if value not in ("", "none")],
    )


def _speakers(path: Path) -> Lookup[dict[str, Any]]:
    columns = ("speakerId", "First Language spoken", "Gender", "ageRange")
    speakers: Lookup[dict[str, Any]] = Lookup(path, {})
    for row in read_table(path, CORPUS, columns):
        where = f"{path.name}, line {row.line}"
        native, ages = row["First Language spoken"].partition(" (")[0], row["ageRange"]
        spoken = native.replace(" ", "").isalpha()
        about = known(
            gender=one_of(_GENDERS, row["Gender"].lower(), where),
            native_language=_CODES.get(native) if spoken else Untold(f"{where}: {native!r} isn't a language"),
            age_group=ages.replace("-", " to ")
            if _AGES.match(ages)
            else Untold(f"{where}: {ages!r} isn't an age"),
        )
        speakers.tell(row["speakerId"], about)
    return speakers
