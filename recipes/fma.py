"""FMA: 106,574 tracks of the Free Music Archive in 161 genres, as excerpts of 30 s.

Published at https://github.com/mdeff/fma by Defferrard et al., "FMA: A Dataset for Music Analysis", ISMIR 2017. The
metadata are CC BY 4.0; each track has a Creative Commons licence of its own, many non-commercial.

The folder holds `fma_metadata/tracks.csv`, whose header has two rows and a third with `track_id`, and one of
`fma_small`, `fma_medium`, `fma_large` (nested, excerpts) or `fma_full` (whole tracks, of which the 30 s in the middle
are read), with `NNN/NNNNNN.mp3` (44.1 kHz, stereo). Some tracks of the published archives are cut short or empty.

Tables: CSV after RFC 4180 with line breaks in fields, as the authors' own code writes and reads it with pandas
(https://github.com/mdeff/fma, `creation.ipynb`, `utils.py`).
"""

from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Found, LeftOut, Licence, clean_text, known
from .kit.hours import published_hours
from .kit.tables import CSV_WITH_LINE_BREAKS, read_clips

CORPUS = Corpus(
    name="fma",
    title="FMA",
    description=(
        "Thirty seconds of a track of the Free Music Archive, by musicians who publish under free licences. "
        "The genre is the one that the musicians chose."
    ),
    hours=published_hours("fma"),
    licence=Licence("CC (by track, some NC)", commercial=False),
    languages=(),
    sampling_rate=44_100,
    format="mp3",
    homepage="https://github.com/mdeff/fma",
    citation="Defferrard et al., FMA: A Dataset for Music Analysis, ISMIR 2017",
    layout=("fma_metadata/tracks.csv", "fma_small|fma_medium|fma_large|fma_full"),
    splits={"training": "train", "validation": "dev", "test": "test"},
    facts=("music_genre", "title", "artist"),
    tasks=("music_genre",),
    origins=("fma",),
    downloads=(
        Download("https://os.unil.cloud.switch.ch/fma/fma_metadata.zip"),
        Download("https://os.unil.cloud.switch.ch/fma/fma_large.zip"),
    ),
    gaps=True,
    listed=("fma_full|fma_large|fma_medium|fma_small",),
)

_SUBSETS = ("small", "medium", "large", "full")
_WANTED = {
    "split": "set split",
    "subset": "set subset",
    "genre": "track genre_top",
    "title": "track title",
    "seconds": "track duration",
    "artist": "artist name",
}
_EXCERPT_S = 30.0
_OUTSIDE = "before and after the 30 s in the middle of a track"


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every track of the subsets on disk, from the largest folder that is there."""
    table = corpus_dir / "fma_metadata" / "tracks.csv"
    folder = next(name for name in reversed(_SUBSETS) if (corpus_dir / f"fma_{name}").is_dir())
    held = _SUBSETS[: _SUBSETS.index(folder) + 1]
    columns = ("", *_WANTED.values())
    for row in read_clips(table, CORPUS, corpus_dir, columns, CSV_WITH_LINE_BREAKS, header=2):
        if isinstance(row, BadClip):
            yield row
            continue
        track = row[""]
        if track == "track_id":
            continue
        about = {name: row[column] for name, column in _WANTED.items()}
        if not track.isdigit() or not (
            about["split"] in CORPUS.splits and about["subset"] in _SUBSETS and about["seconds"].isdigit()
        ):
            yield BadClip(
                f"line-{row.line}", "fma_metadata/tracks.csv", f"line {row.line} isn't a track with a split"
            )
        elif about["subset"] in held:
            clip = _clip(int(track), about, folder)
            yield clip
            if clip.duration is not None:
                yield LeftOut(clip.id, clip.split, _OUTSIDE, float(about["seconds"]) - clip.duration)


def _clip(track: int, about: dict[str, str], folder: str) -> Clip:
    name, origin = f"{track:06d}", (f"fma:{track}",)
    facts = known(
        music_genre=about["genre"].lower(),
        title=clean_text(about["title"]),
        artist=clean_text(about["artist"]),
    )
    audio = Path(f"fma_{folder}", name[:3], f"{name}.mp3")
    seconds = float(about["seconds"]) if about["seconds"].isdigit() else 0.0
    if folder == "full" and seconds > _EXCERPT_S:
        return Clip(name, about["split"], audio, facts, (seconds - _EXCERPT_S) / 2, _EXCERPT_S, origin)
    return Clip(name, about["split"], audio, facts, origin=origin)
