"""Common Voice: sentences read by volunteers in more than a hundred languages; 22,000 validated hours in release 20.

Published at https://commonvoice.mozilla.org by Ardila et al., "Common Voice: A Massively-Multilingual Speech
Corpus", LREC 2020. CC0.

A release holds `LANGUAGE/{train,dev,test}.tsv` and `LANGUAGE/clips/*.mp3` (48 or 32 kHz). The tables separate by tabs
and quote nothing: a quotation mark is part of the sentence. Age, gender and accent are as the volunteers gave them;
older releases call the column of accents `accent`, newer ones write genders as `male_masculine` and so on. The
published train, dev and test share no speaker; what is validated but in none of them isn't read.
"""

from collections.abc import Iterator
from pathlib import Path

from .corpus import BadClip, Clip, Corpus, Licence, clean_text, is_inside, known, safe_id
from .languages import LANGUAGES
from .spelling import find
from .tables import Row, read_table

_LANGUAGES = (
    "ab af am ar as ast az ba bas be bg bn br ca ckb cnh cs cv cy da dav de dv dyu el en eo es et eu fa fi fr "
    "fy-nl ga-ie gl gn ha he hi hsb ht hu hy-am ia id ig is it ja ka kab kk kmr ko ky lg lij lo lt ltg lv mdf mhr mk "
    "ml mn mr mrj mt myv nan-tw ne-np nl nn-no nso oc or os pa-in pl ps pt quy rm-sursilv rm-vallader ro ru rw sah "
    "sat sc sk skr sl sq sr sv-se sw ta te th ti tig tk tok tr tt tw ug uk ur uz vi vot yi yo yue zgh zh-cn zh-hk "
    "zh-tw zu zza"
)

CORPUS = Corpus(
    name="commonvoice",
    title="Common Voice",
    description=(
        "Sentences read aloud by volunteers all over the world into their own microphones. "
        "One person speaks in each clip; recordings differ in quality, accents and ages."
    ),
    hours=22_000.0,
    licence=Licence("CC0", commercial=True),
    languages=tuple(code for code in _LANGUAGES.split() if code.partition("-")[0] in LANGUAGES),
    sampling_rate=48_000,
    homepage="https://commonvoice.mozilla.org/datasets",
    citation="Ardila et al., Common Voice: A Massively-Multilingual Speech Corpus, LREC 2020",
    layout=("*/clips|clips", "*/train.tsv|*/dev.tsv|*/test.tsv|train.tsv|dev.tsv|test.tsv"),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language", "age_group", "accent"),
    tasks=("asr", "gender", "language", "speaker_verification", "age", "accent"),
)

_GENDERS = {
    "male": "male",
    "female": "female",
    "other": "other",
    "male_masculine": "male",
    "female_feminine": "female",
    "non-binary": "other",
    "transgender": "other",
    "intersex": "other",
}
_ACCENT_LETTERS = 60
"""Longer ones are stories, not accents: the field is free text."""


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of train, dev and test of every language on disk; the folder may be one language's."""
    folders = [corpus_dir] if (corpus_dir / "clips").is_dir() else find(corpus_dir, "*/")
    for folder in folders:
        for split in CORPUS.splits:
            if (folder / "clips").is_dir() and (folder / f"{split}.tsv").is_file():
                yield from _rows(corpus_dir, folder, split)


def _rows(corpus_dir: Path, folder: Path, split: str) -> Iterator[Clip | BadClip]:
    table = folder / f"{split}.tsv"
    for row in read_table(table, CORPUS, ("client_id", "path", "sentence"), delimiter="\t", quoted=False):
        name = row["path"]
        audio = folder.relative_to(corpus_dir) / "clips" / name
        # Releases before 2020 leave out the suffix.
        audio = audio if audio.suffix else audio.with_suffix(".mp3")
        if not is_inside(name) or not row["client_id"]:
            where = f"line {row.line} of {table.relative_to(corpus_dir)}"
            yield BadClip(
                safe_id(audio.stem) or where, audio, f"{where} has no client_id or no path of a clip"
            )
            continue
        yield Clip(safe_id(audio.stem), split, audio, _facts(row, audio.stem, folder.name))


def _facts(row: Row, name: str, folder: str) -> dict[str, object]:
    accent = row.values.get("accents") or row.values.get("accent") or ""
    return known(
        text=clean_text(row["sentence"]),
        speaker=row["client_id"],
        gender=_GENDERS.get(row.values.get("gender", "")),
        language=_language(row.values.get("locale") or name, folder),
        age_group=row.values.get("age", "").replace("fourties", "forties"),
        accent=accent if len(accent) <= _ACCENT_LETTERS else "",
    )


def _language(locale: str, folder: str) -> str | None:
    """From the column `locale`, else from `common_voice_LANGUAGE_NNN`, else from the folder's name."""
    for code in (locale.removeprefix("common_voice_").rpartition("_")[0] or locale, folder):
        if code.lower().partition("-")[0] in LANGUAGES:
            return code.lower()
    return None
