"""MLAAD: 378 hours of synthetic speech in 38 languages by 82 systems (version 5).

Published at https://deepfake-total.com/mlaad by Müller et al., "MLAAD: The Multi-Language Audio Anti-Spoofing
Dataset", IJCNN 2024. CC BY-NC 4.0.

The folder holds `fake/LANGUAGE/SYSTEM/*.wav` and in each of these folders `meta.csv`, separated by `|` (path,
original_file, language, duration, training_data, model_name, architecture, transcript). Genuine speech is that of
M-AILABS and isn't part of it. No splits are published; here a system is in one split only, so that the test has
systems that were never heard.

Tables: pipes; whether with quoting is not verified (https://huggingface.co/datasets/mueller91/MLAAD). Read with it,
since a row that quotes otherwise is told then, and never read as another text.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from .kit.corpus import DIVIDED, BadClip, Clip, Corpus, Licence, clean_text, divide, known, safe_id
from .kit.hours import published_hours
from .kit.languages import LANGUAGES
from .kit.spelling import find
from .kit.tables import Dialect, read_clips

CORPUS = Corpus(
    name="mlaad",
    title="MLAAD",
    description=(
        "Sentences in dozens of languages, all of them made by text-to-speech systems. "
        "Nobody real speaks in any clip."
    ),
    hours=published_hours("mlaad"),
    licence=Licence("CC BY-NC 4.0", commercial=False),
    languages=tuple(
        "ar bg bn cs cy da de el en es et fa fi fr ga he hi hr hu it ja ko lt lv mt nl pl pt ro ru sk sl sv sw th tr "
        "uk vi zh".split()
    ),
    sampling_rate=22_050,
    homepage="https://deepfake-total.com/mlaad",
    citation="Müller et al., MLAAD: The Multi-Language Audio Anti-Spoofing Dataset, IJCNN 2024",
    layout=("fake/*/*/meta.csv",),
    splits=DIVIDED,
    facts=("text", "language", "spoof", "spoof_method"),
    tasks=("spoof", "language", "asr"),
    no_origin="made by synthesisers for this corpus",
    unhelpful=("spoof_method",),
    listed=("fake/*/*",),
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of every table."""
    for table in find(corpus_dir, "fake/*/*/meta.csv"):
        folder = table.parent
        language, system = folder.parent.name.lower(), folder.name
        for row in read_clips(table, CORPUS, corpus_dir, ("path", "transcript"), Dialect("|")):
            if isinstance(row, BadClip):
                yield row
                continue
            name = PurePosixPath(row["path"]).name
            audio = folder.relative_to(corpus_dir) / name
            if not re.search(r"\.(wav|flac|mp3)$", name) or not row["transcript"]:
                reason = f"line {row.line} of {table.relative_to(corpus_dir)} has no path of an audio file"
                yield BadClip(safe_id(f"{language}-{system}-{row.line}"), audio, reason)
                continue
            facts = known(
                text=clean_text(row["transcript"]),
                language=language if language.partition("-")[0] in LANGUAGES else None,
                spoof="spoofed",
                spoof_method=row.values.get("model_name") or system,
            )
            clip_id = safe_id(f"{language}-{system}-{PurePosixPath(name).stem}")
            yield Clip(clip_id, divide(CORPUS.name, system), audio, facts)
