"""MusicCaps: 5,521 clips of music of AudioSet, each described by a musician.

Published at https://huggingface.co/datasets/google/MusicCaps by Agostinelli et al., "MusicLM: Generating Music From
Text", arXiv 2301.11325, 2023. CC BY-SA 4.0; the videos belong to their owners.

Published is `musiccaps-public.csv` (ytid, start_s, end_s, audioset_positive_labels, aspect_list, caption, author_id,
is_balanced_subset, is_audioset_eval). The clips of 10 s are looked for in `audio`, `wav`, `data` or `clips`, named
after the video with or without times behind. Copies usually lack clips. The part from AudioSet's evaluation is the
test.

Tables: CSV after RFC 4180 with CRLF, also within five captions, in the published file itself
(https://huggingface.co/datasets/google/MusicCaps).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, known, safe_id
from .kit.hours import published_hours
from .kit.origin import youtube
from .kit.tables import CSV_WITH_LINE_BREAKS, read_clips
from .kit.youtube import naming

CORPUS = Corpus(
    name="musiccaps",
    title="MusicCaps",
    description=(
        "Ten seconds of any music, cut from YouTube videos, with a description in English by a musician. "
        "The description tells of instruments, mood, tempo and quality, not of names."
    ),
    hours=published_hours("musiccaps"),
    licence=Licence("CC BY-SA 4.0", commercial=True),
    languages=(),
    sampling_rate=44_100,
    homepage="https://huggingface.co/datasets/google/MusicCaps",
    citation="Agostinelli et al., MusicLM: Generating Music From Text, arXiv 2023",
    layout=("musiccaps-public.csv",),
    splits={"train": "train", "eval": "test"},
    facts=("caption", "music_tags", "source"),
    tasks=("caption", "music_tags"),
    origins=("youtube",),
    gaps=True,
    listed=("audio", "wav", "data", "clips"),
    downloads=(
        Download("https://huggingface.co/datasets/google/MusicCaps/resolve/main/musiccaps-public.csv"),
    ),
)

_COLUMNS = ("ytid", "start_s", "end_s", "aspect_list", "caption", "is_audioset_eval")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the table."""
    audio_of = naming(corpus_dir, "audio", "wav", "data", "clips")
    table = corpus_dir / "musiccaps-public.csv"
    for row in read_clips(table, CORPUS, corpus_dir, _COLUMNS, CSV_WITH_LINE_BREAKS):
        if isinstance(row, BadClip):
            yield row
            continue
        video, start, end = row["ytid"], row["start_s"], row["end_s"]
        if not (start.isdigit() and end.isdigit() and video) or "/" in video:
            reason = f"line {row.line} of musiccaps-public.csv has no ytid, start_s, end_s"
            yield BadClip(f"line-{row.line}", "musiccaps-public.csv", reason)
            continue
        caption, aspects = clean_text(row["caption"]), _aspects(row["aspect_list"])
        if not caption or aspects is None or row["is_audioset_eval"] not in ("True", "False"):
            reason = (
                f"line {row.line} of musiccaps-public.csv has no caption, list of aspects or is_audioset_eval"
            )
            yield BadClip(safe_id(f"{video}-{start}"), audio_of(video, float(start), float(end)), reason)
            continue
        facts = known(caption=[caption], music_tags=aspects, source=video)
        split = "eval" if row["is_audioset_eval"] == "True" else "train"
        begin, until = float(start), float(end)
        origin = (youtube(video, begin, until),)
        yield Clip(safe_id(f"{video}-{start}"), split, audio_of(video, begin, until), facts, origin=origin)


def _aspects(text: str) -> list[str] | None:
    """Of a Python list of texts; None of anything else."""
    try:
        aspects = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None
    return [clean_text(item) for item in aspects if isinstance(item, str) and item.strip()]
