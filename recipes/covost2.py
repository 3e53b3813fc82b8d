"""CoVoST 2: 2,880 hours of Common Voice 4 with translations: 21 languages into English, English into 15.

Published at https://github.com/facebookresearch/covost by Wang, Wu and Pino, "CoVoST 2 and Massively Multilingual
Speech-to-Text Translation", Interspeech 2021. The translations are CC0 (Common Voice 4 too).

The folder holds, for every language spoken, Common Voice 4 (`LANGUAGE/clips/*.mp3`) and beside `clips` the tables
that the authors' `get_covost_splits.py` writes: `covost_v2.SOURCE_TARGET.{train,dev,test}.tsv` with path, sentence,
translation and client_id. English clips that are translated into several languages come once for each, as
`common_voice_en_1-de`.

Tables: TSV without quoting and with backslash as the escape, as the authors' own script writes and reads it with
`csv.QUOTE_NONE` (https://github.com/facebookresearch/covost/blob/main/get_covost_splits.py).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .corpus import BadClip, Clip, Corpus, Licence, clean_text, is_inside, known, safe_id
from .spelling import find
from .tables import ESCAPED_TSV, read_clips

CORPUS = Corpus(
    name="covost2",
    title="CoVoST 2",
    description=(
        "Sentences read aloud by volunteers of Common Voice, with a written translation by professionals. "
        "One person speaks in each clip, in one of 22 languages."
    ),
    hours=2_880.0,
    licence=Licence("CC0", commercial=True),
    languages=tuple("ar ca cy de en es et fa fr id it ja lv mn nl pt ru sl sv-se ta tr zh-cn".split()),
    sampling_rate=48_000,
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
    """Every row of the tables on disk."""
    for table in find(corpus_dir, "*/covost_v2.*_*.*.tsv"):
        match = _TABLE.fullmatch(table.name)
        if match is None:
            continue
        source, target, split = match.groups()
        for row in read_clips(table, CORPUS, corpus_dir, _COLUMNS, ESCAPED_TSV):
            if isinstance(row, BadClip):
                yield row
                continue
            name = row["path"]
            audio = Path(table.parent.name, "clips", name)
            if (
                not is_inside(name)
                or not name.endswith(".mp3")
                or not (row["sentence"] and row["translation"] and row["client_id"])
            ):
                where = f"line {row.line} of {table.relative_to(corpus_dir)}"
                yield BadClip(
                    f"{safe_id(table.stem)}-{row.line}",
                    audio,
                    f"{where} has no clip or no translation",
                )
                continue
            translation = clean_text(row["translation"])
            facts = known(
                text=clean_text(row["sentence"]),
                speaker=row["client_id"],
                language=source.lower(),
                translation=translation if target == "en" else None,
                translations=[] if target == "en" else [f"{target.lower()}: {translation}"],
            )
            clip_id = safe_id(audio.stem) if target == "en" else f"{safe_id(audio.stem)}-{safe_id(target)}"
            origin = (f"commonvoice:{audio.stem}", f"commonvoice-speaker:{row['client_id']}")
            yield Clip(clip_id, split, audio, facts, origin=origin)
