"""CoVoST 2: 1,637 hours of Common Voice 4 with translations: 21 languages into English, English into 15.

Published at https://github.com/facebookresearch/covost by Wang, Wu and Pino, "CoVoST 2 and Massively Multilingual
Speech-to-Text Translation", Interspeech 2021. The translations are CC0 (Common Voice 4 too).

The folder holds, for every language spoken, Common Voice 4 (`LANGUAGE/clips/*.mp3`) and beside `clips` the tables
that the authors' `get_covost_splits.py` writes: `covost_v2.SOURCE_TARGET.{train,dev,test}.tsv` with path, sentence,
translation and client_id. A recording is one clip with the translations into all languages: the tables of one language
and split name the same recordings, and one that some of them doesn't name is a bad clip. (The 2,880 hours that the
publisher tells hold more than the splits.)

Tables: TSV without quoting and with backslash as the escape, as the authors' own script writes and reads it with
`csv.QUOTE_NONE` (https://github.com/facebookresearch/covost/blob/main/get_covost_splits.py).
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Licence, clean_text, is_inside, known, safe_id
from .kit.hours import published_hours
from .kit.spelling import find
from .kit.tables import ESCAPED_TSV, read_clips

CORPUS = Corpus(
    name="covost2",
    title="CoVoST 2",
    description=(
        "Sentences read aloud by volunteers of Common Voice, with a written translation by professionals. "
        "One person speaks in each clip, in one of 22 languages."
    ),
    hours=published_hours("covost2"),
    licence=Licence("CC0", commercial=True),
    languages=tuple("ar ca cy de en es et fa fr id it ja lv mn nl pt ru sl sv-se ta tr zh-cn".split()),
    sampling_rate=48_000,
    format="mp3",
    homepage="https://github.com/facebookresearch/covost",
    citation="Wang et al., CoVoST 2 and Massively Multilingual Speech-to-Text Translation, Interspeech 2021",
    layout=("*/covost_v2.*_*.*.tsv", "*/clips"),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "speaker", "language", "translation", "translations"),
    tasks=("asr", "language", "translation", "speaker_verification"),
    origins=("commonvoice", "commonvoice-speaker"),
    listed=("*/clips",),
    spares=tuple(f"*/{name}.tsv" for name in ("train", "dev", "test", "validated", "invalidated", "other")),
)

_COLUMNS = ("path", "sentence", "translation", "client_id")
_TABLE = re.compile(r"covost_v2\.([A-Za-z-]+)_([A-Za-z-]+)\.(train|dev|test)\.tsv")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every recording that the tables on disk name."""
    tables: dict[tuple[str, str], dict[str, Path]] = {}
    for table in find(corpus_dir, "*/covost_v2.*_*.*.tsv"):
        if match := _TABLE.fullmatch(table.name):
            source, target, split = match.groups()
            tables.setdefault((source, split), {})[target] = table
    for (source, split), of_target in tables.items():
        yield from _recordings(source, split, of_target, corpus_dir)


@dataclass
class _Recording:
    """What the tables read so far say of a recording: text and speaker, and the translation by language."""

    said: tuple[str, str]
    translations: dict[str, str] = field(default_factory=dict)


def _recordings(
    source: str, split: str, tables: dict[str, Path], corpus_dir: Path
) -> Iterator[Clip | BadClip]:
    """One clip for each recording, as soon as the last table names it.

    The tables are read side by side. They are written in one order, so that few recordings wait for a table.
    """
    waiting: dict[Path, _Recording] = {}
    readers = [read_clips(table, CORPUS, corpus_dir, _COLUMNS, ESCAPED_TSV) for table in tables.values()]
    for rows in zip_longest(*readers):
        for (target, table), row in zip(tables.items(), rows, strict=True):
            if row is None or isinstance(row, BadClip):
                if row is not None:
                    yield row
                continue
            audio, where = Path(table.parent.name, "clips", row["path"]), f"line {row.line} of {table.name}"
            if (
                not is_inside(row["path"])
                or audio.suffix != ".mp3"
                or not (row["sentence"] and row["translation"] and row["client_id"])
            ):
                named = f"line {row.line} of {table.relative_to(corpus_dir)}"
                bad_id = f"{safe_id(table.stem)}-{row.line}"
                yield BadClip(bad_id, audio, f"{named} has no clip or no translation")
                continue
            said = (clean_text(row["sentence"]), row["client_id"])
            recording = waiting.setdefault(audio, _Recording(said))
            if recording.said != said or target in recording.translations:
                del waiting[audio]
                why = "names it again" if recording.said == said else "tells another text or speaker of it"
                yield BadClip(safe_id(audio.stem), audio, f"{where} {why}")
                continue
            recording.translations[target] = clean_text(row["translation"])
            if len(recording.translations) == len(tables):
                yield _clip(waiting.pop(audio), audio, source, split, tables)
    for audio, recording in waiting.items():
        missing = next(table for target, table in tables.items() if target not in recording.translations)
        yield BadClip(
            safe_id(audio.stem), audio, f"{missing.name} doesn't name it, which tables of other languages do"
        )


def _clip(recording: _Recording, audio: Path, source: str, split: str, targets: Collection[str]) -> Clip:
    text, speaker = recording.said
    origin = (f"commonvoice:{audio.stem}", f"commonvoice-speaker:{speaker}")
    facts = known(
        text=text,
        speaker=speaker,
        language=source.lower(),
        translation=recording.translations.get("en"),
        translations=[
            f"{target.lower()}: {recording.translations[target]}" for target in targets if target != "en"
        ],
    )
    return Clip(safe_id(audio.stem), split, audio, facts, origin=origin)
