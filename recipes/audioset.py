"""AudioSet: two million clips of 10 s from YouTube with labels of 527 kinds of sounds.

Published at https://research.google.com/audioset/ by Gemmeke et al., "Audio Set: An ontology and human-labeled
dataset for audio events", ICASSP 2017. The labels are CC BY 4.0; the videos belong to their owners.

Published are tables only: `{balanced_train,unbalanced_train,eval}_segments.csv` (three lines of remarks, then `video,
start, end, "labels"`) and `class_labels_indices.csv` (index, mid, display_name). The clips are looked for in
`balanced_train`, `unbalanced_train`, `eval` (with or without `_segments`, also inside `audio` or `audios`, and in parts
such as `unbalanced_train_segments_part00`, as in the archives of PANNs), or all in `audio`, named after the video with
or without `Y` in front and times behind. Copies usually lack clips.

Tables: CSV with a blank after each comma, the labels in quotation marks, remarks after `#`, as
https://research.google.com/audioset/download.html describes them; line ends not verified.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, safe_id
from .kit.hours import published_hours
from .kit.origin import youtube
from .kit.tables import Dialect, read_clips, read_table
from .kit.youtube import naming

CORPUS = Corpus(
    name="audioset",
    title="AudioSet",
    description=(
        "Any sounds of the world, from speech and music to engines and animals, cut from YouTube videos. "
        "A clip of ten seconds mostly holds several sounds; people may have missed some."
    ),
    hours=published_hours("audioset"),
    licence=Licence("CC BY 4.0 (labels)", commercial=True),
    languages=(),
    sampling_rate=44_100,
    homepage="https://research.google.com/audioset/download.html",
    citation="Gemmeke et al., Audio Set: An ontology and human-labeled dataset for audio events, ICASSP 2017",
    layout=("class_labels_indices.csv", "*_segments.csv"),
    splits={"balanced_train": "train", "unbalanced_train": "train", "eval": "test"},
    facts=("sound_events", "source"),
    tasks=("sound_event", "noise_class"),
    origins=("youtube",),
    downloads=tuple(
        Download(f"http://storage.googleapis.com/us_audioset/youtube_corpus/v1/csv/{name}.csv")
        for name in (
            "balanced_train_segments",
            "unbalanced_train_segments",
            "eval_segments",
            "class_labels_indices",
        )
    ),
    gaps=True,
    listed=("balanced_train*", "unbalanced_train*", "eval*", "audio"),
)

_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")
_COLUMNS = ("video", "start", "end", "labels")
_SEGMENTS = Dialect(blanks=True, comment="#")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the tables on disk."""
    names = {
        row["mid"]: row["display_name"].lower()
        for row in read_table(corpus_dir / "class_labels_indices.csv", CORPUS, ("mid", "display_name"))
    }
    for split in CORPUS.splits:
        table = corpus_dir / f"{split}_segments.csv"
        if not table.is_file():
            continue
        names_of_folder = (split, f"{split}_segments", f"{split}_segments_part*")
        folders = [f"{above}{name}" for above in ("", "audio/", "audios/") for name in names_of_folder]
        audio_of = naming(corpus_dir, *folders, "audio", "audios")
        for row in read_clips(table, CORPUS, corpus_dir, _COLUMNS, _SEGMENTS, header=0):
            if isinstance(row, BadClip):
                yield row
                continue
            video = row["video"]
            try:
                start, end = float(row["start"]), float(row["end"])
            except ValueError:
                reason = f"line {row.line} of {table.name} isn't video, start, end, labels"
                yield BadClip(f"{split}-line-{row.line}", table.relative_to(corpus_dir), reason)
                continue
            events = [names[mid] for mid in row["labels"].split(",") if mid in names]
            if not events or len(events) < len(row["labels"].split(",")) or not _VIDEO.fullmatch(video):
                reason = f"line {row.line} of {table.name} has labels that class_labels_indices.csv hasn't, or none"
                yield BadClip(f"{split}-line-{row.line}", table.relative_to(corpus_dir), reason)
                continue
            facts = {"sound_events": events, "source": video}
            origin = (youtube(video, start, end),)
            yield Clip(
                safe_id(f"{video}-{start:g}"), split, audio_of(video, start, end), facts, origin=origin
            )
