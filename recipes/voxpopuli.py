"""VoxPopuli (transcribed): 1,820 hours of speeches in the European Parliament in 16 languages, with transcripts.

Published at https://github.com/facebookresearch/voxpopuli by Wang et al., "VoxPopuli: A Large-Scale Multilingual
Speech Corpus for Representation Learning, Semi-Supervised Learning and Interpretation", ACL 2021. CC0.

The folder is what the authors' `get_asr_data` writes: `transcribed_data/LANGUAGE/asr_{train,dev,test}.tsv` and
`transcribed_data/LANGUAGE/YEAR/ID.ogg` (16 kHz). `en_accented` holds English by speakers of other languages, a test
only. Texts are taken as spoken in Parliament (raw) where there are any, else normalised.

Tables: TSV without quoting, as the authors' own script writes it by joining with tabs
(https://github.com/facebookresearch/voxpopuli/blob/main/voxpopuli/get_asr_data.py).
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Licence, clean_text, known, safe_id
from .kit.hours import published_hours
from .kit.languages import LANGUAGES
from .kit.lookup import one_of
from .kit.spelling import find
from .kit.tables import TSV, TableRow, read_clips

CORPUS = Corpus(
    name="voxpopuli",
    title="VoxPopuli",
    description=(
        "Politicians speak in the European Parliament, each in a language of their choice, into good microphones. "
        "One person speaks in each clip; the hall may be heard."
    ),
    hours=published_hours("voxpopuli"),
    licence=Licence("CC0", commercial=True),
    languages=(
        "cs",
        "de",
        "en",
        "es",
        "et",
        "fi",
        "fr",
        "hr",
        "hu",
        "it",
        "lt",
        "nl",
        "pl",
        "ro",
        "sk",
        "sl",
    ),
    sampling_rate=16_000,
    format="vorbis",
    homepage="https://github.com/facebookresearch/voxpopuli",
    citation="Wang et al., VoxPopuli: A Large-Scale Multilingual Speech Corpus for Representation Learning, ACL 2021",
    layout=("transcribed_data/*/asr_*.tsv",),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language", "accent", "source"),
    tasks=("asr", "gender", "language", "speaker_verification", "accent"),
    origins=("voxpopuli",),
    listed=("transcribed_data/*/[0-9]*",),
)

_COLUMNS = ("id", "raw_text", "normalized_text", "speaker_id", "split", "gender")
_GENDERS = {"male": "male", "female": "female", "None": None, "": None}
_ACCENTS = {"None": None, "": None, **{f"en_{code}": name for code, name in LANGUAGES.items()}}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the tables on disk."""
    for folder in find(corpus_dir / "transcribed_data", "*/"):
        for split in CORPUS.splits:
            table = folder / f"asr_{split}.tsv"
            if not table.is_file():
                continue
            for row in read_clips(table, CORPUS, corpus_dir, _COLUMNS, TSV):
                if isinstance(row, BadClip):
                    yield row
                    continue
                name = row["id"]
                audio = folder.relative_to(corpus_dir) / name[:4] / f"{name}.ogg"
                told = row["raw_text"] or row["normalized_text"]
                if not name[:4].isdigit() or "/" in name or not told or row["split"] != split:
                    yield BadClip(
                        f"{safe_id(folder.name)}-{split}-{row.line}",
                        audio,
                        f"line {row.line} of {table.relative_to(corpus_dir)} isn't YEAR..., texts, speaker, split",
                    )
                    continue
                facts = _facts(row, folder.name, f"{table.name}, line {row.line}")
                clip_id = f"{safe_id(folder.name)}-{safe_id(name)}"
                yield Clip(clip_id, split, audio, facts, origin=(f"voxpopuli:{name}",))


def _facts(row: TableRow, folder: str, where: str) -> dict[str, object]:
    speaker, accent = row["speaker_id"], row.values.get("accent", "no column accent")
    return known(
        text=clean_text(row["raw_text"] or row["normalized_text"]),
        speaker=None if speaker in ("None", "0") else speaker,
        gender=one_of(_GENDERS, row["gender"], where),
        language=folder.partition("_")[0],
        accent=one_of(_ACCENTS, accent, where) if folder == "en_accented" else None,
        source=row["id"].rpartition("_")[0] or row["id"],
    )
