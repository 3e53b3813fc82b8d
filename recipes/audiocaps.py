"""AudioCaps: 51,000 clips of AudioSet with sentences that people wrote on hearing them.

Published at https://github.com/cdjkim/audiocaps by Kim et al., "AudioCaps: Generating Captions for Audios in The
Wild", NAACL 2019. The captions are MIT; the videos belong to their owners.

Published are tables only: `dataset/{train,val,test}.csv` (audiocap_id, youtube_id, start_time, caption), or these in
the folder itself. A clip has one caption in train, five in val and test. The clips of 10 s are looked for in
`audio/SPLIT`, `SPLIT` and `audio`, named after the video with or without `Y` in front and times behind, or after
the audiocap_id as the tool audiocaps-download names them. Copies usually lack clips.

Tables: CSV after RFC 4180 with CRLF, in the published files themselves
(https://github.com/cdjkim/audiocaps/tree/master/dataset).
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, clean_text, first_file, is_inside, safe_id
from .kit.hours import published_hours
from .kit.origin import youtube
from .kit.tables import read_clips
from .kit.youtube import naming, numbered, parts

CORPUS = Corpus(
    name="audiocaps",
    title="AudioCaps",
    description=(
        "Any sounds of the world, cut from YouTube videos, with an English sentence on what is heard. "
        "A clip lasts ten seconds; who wrote the sentence heard it without seeing the video."
    ),
    hours=published_hours("audiocaps"),
    licence=Licence("MIT (captions)", commercial=True),
    languages=(),
    sampling_rate=44_100,
    homepage="https://github.com/cdjkim/audiocaps",
    citation="Kim et al., AudioCaps: Generating Captions for Audios in The Wild, NAACL 2019",
    layout=("dataset/val.csv|dataset/test.csv|dataset/train.csv|train.csv", "dataset/*.csv|audio|train"),
    splits={"train": "train", "val": "dev", "test": "test"},
    facts=("caption", "source"),
    tasks=("caption",),
    origins=("youtube",),
    downloads=tuple(
        Download(
            f"https://raw.githubusercontent.com/cdjkim/audiocaps/master/dataset/{split}.csv", folder="dataset"
        )
        for split in ("train", "val", "test")
    ),
    gaps=True,
    listed=("audio", "train", "val", "test", "dataset/train", "dataset/val", "dataset/test"),
)

_COLUMNS = ("audiocap_id", "youtube_id", "start_time", "caption")
_CAPTIONS = {"train": 1, "val": 5, "test": 5}
_SECONDS = 10.0


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every clip of the tables on disk, with all its captions."""
    root = corpus_dir / "dataset" if (corpus_dir / "dataset").is_dir() else corpus_dir
    for split in CORPUS.splits:
        table = root / f"{split}.csv"
        if not table.is_file():
            continue
        folders = (f"audio/{split}", split, f"dataset/{split}", "audio")
        audio_of = naming(corpus_dir, *folders)
        by_number = {place: numbered(corpus_dir, place) for place in parts(corpus_dir, *folders)}
        captions: dict[tuple[str, str], list[str]] = {}
        numbers: dict[tuple[str, str], list[str]] = {}
        for row in read_clips(table, CORPUS, corpus_dir, _COLUMNS):
            if isinstance(row, BadClip):
                yield row
                continue
            video, start, caption = row["youtube_id"], row["start_time"], clean_text(row["caption"])
            if not (video and start.isdigit() and caption) or "/" in video:
                reason = f"line {row.line} of {table.name} isn't audiocap_id, youtube_id, start_time, caption"
                yield BadClip(f"{split}-line-{row.line}", table.relative_to(corpus_dir), reason)
                continue
            captions.setdefault((video, start), []).append(caption)
            numbers.setdefault((video, start), []).append(row["audiocap_id"])
        for (video, start), sentences in captions.items():
            audio = audio_of(video, float(start), float(start) + _SECONDS)
            # A clip with five captions has five numbers, and a copy of its file under each that was downloaded.
            files = [
                (place / f"{number}{suffix}").as_posix()
                for place, suffix in by_number.items()
                if suffix is not None
                for number in numbers[video, start]
                if is_inside(number)
            ]
            if files:
                audio = first_file(corpus_dir, *files)
            if len(sentences) != _CAPTIONS[split]:
                reason = f"{table.name} has {len(sentences)} captions of it, not {_CAPTIONS[split]}"
                yield BadClip(safe_id(f"{video}-{start}"), audio, reason)
                continue
            origin = (youtube(video, float(start), float(start) + _SECONDS),)
            facts = {"caption": sentences, "source": video}
            yield Clip(safe_id(f"{video}-{start}"), split, audio, facts, origin=origin)
