"""VGGSound: 550 hours of YouTube clips of 10 s in 309 classes, in which the source of the sound is seen.

Published at https://www.robots.ox.ac.uk/~vgg/data/vggsound/ by Chen et al., "VGGSound: A Large-scale Audio-Visual
Dataset", ICASSP 2020. CC BY 4.0; the videos belong to their owners.

Published is `vggsound.csv` without a header (video, start, label, train or test). The clips are looked for in `train`
and `test`, `audio`, `video` or `data/vggsound/*`, named after the video and mostly the start (`ID_000030.mp4`).
Copies usually lack clips.

Tables: CSV after RFC 4180 without a header, labels with a comma in quotation marks, in copies of the published file
(https://www.robots.ox.ac.uk/~vgg/data/vggsound/); line ends not verified.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, safe_id
from .kit.hours import published_hours
from .kit.origin import youtube
from .kit.tables import read_clips
from .kit.youtube import naming

CORPUS = Corpus(
    name="vggsound",
    title="VGGSound",
    description=(
        "One sound of nature, people, animals, music or machines, cut from YouTube videos in which its source is seen. "
        "A clip lasts ten seconds; other sounds may be heard too."
    ),
    hours=published_hours("vggsound"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=(),
    sampling_rate=44_100,
    format="aac",
    homepage="https://www.robots.ox.ac.uk/~vgg/data/vggsound/",
    citation="Chen et al., VGGSound: A Large-scale Audio-Visual Dataset, ICASSP 2020",
    layout=("vggsound.csv",),
    splits={"train": "train", "test": "test"},
    facts=("sound_events", "source"),
    tasks=("sound_event", "noise_class"),
    origins=("youtube",),
    gaps=True,
    listed=("train", "test", "audio", "video", "videos", "clips"),
    downloads=(Download("https://www.robots.ox.ac.uk/~vgg/data/vggsound/vggsound.csv"),),
)

_COLUMNS = ("video", "start", "label", "split")
_SECONDS = 10.0
_VIDEO = re.compile(r"[A-Za-z0-9_-]{11}")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the table."""
    audio_of = {
        split: naming(corpus_dir, split, "audio", "video", "videos", "clips") for split in CORPUS.splits
    }
    for row in read_clips(corpus_dir / "vggsound.csv", CORPUS, corpus_dir, _COLUMNS, header=0):
        if isinstance(row, BadClip):
            yield row
            continue
        video, start, label, split = (row[column] for column in _COLUMNS)
        if not (start.isdigit() and label and split in CORPUS.splits and _VIDEO.fullmatch(video)):
            reason = f"line {row.line} of vggsound.csv isn't video, start, label, train or test"
            yield BadClip(f"line-{row.line}", "vggsound.csv", reason)
            continue
        begin = float(start)
        audio = audio_of[split](video, begin, begin + _SECONDS)
        facts = {"sound_events": [label.lower()], "source": video}
        origin = (youtube(video, begin, begin + _SECONDS),)
        yield Clip(safe_id(f"{video}-{start}"), split, audio, facts, origin=origin)
