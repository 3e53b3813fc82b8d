"""MagnaTagATune: 25,863 excerpts of 29 s of Magnatune's records with tags of 188 kinds, given by players of a game.

Published at https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset by Law et al., "Evaluation of algorithms using
games: the case of music tagging", ISMIR 2009. CC BY-NC-SA 3.0.

The folder holds `annotations_final.csv` (tab-separated: clip_id, a column of 0 or 1 for every tag, mp3_path),
`clip_info_final.csv` (clip_id, title, artist, ...) and the files `[0-9a-f]/*.mp3` (16 kHz, mono), perhaps inside
`mp3`. As is usual, folders 0 to b are for training, c for validation, d to f for the test.
"""

from collections.abc import Iterator
from pathlib import Path

from .corpus import BadClip, Clip, Corpus, Licence, clean_text, first_file, is_inside, known
from .tables import read_table

CORPUS = Corpus(
    name="magnatagatune",
    title="MagnaTagATune",
    description=(
        "Half a minute of music of an independent record company, from baroque to techno. "
        "The tags are those on which players of a game agreed."
    ),
    hours=208.0,
    licence=Licence("CC BY-NC-SA 3.0", commercial=False),
    languages=(),
    sampling_rate=16_000,
    homepage="https://mirg.city.ac.uk/codeapps/the-magnatagatune-dataset",
    citation="Law et al., Evaluation of algorithms using games: the case of music tagging, ISMIR 2009",
    layout=("annotations_final.csv",),
    splits={"train": "train", "validation": "dev", "test": "test"},
    facts=("music_tags", "title", "artist", "source"),
    tasks=("music_tags",),
)


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every row of the annotations."""
    about = _about(corpus_dir / "clip_info_final.csv")
    table = corpus_dir / "annotations_final.csv"
    for row in read_table(table, CORPUS, ("clip_id", "mp3_path"), delimiter="\t"):
        path, clip_id = row["mp3_path"], row["clip_id"]
        if not is_inside(path) or "/" not in path or not (clip_id.isascii() and clip_id.isdigit()):
            reason = f"line {row.line} of {table.name} has no clip_id or no mp3_path"
            yield BadClip(f"line-{row.line}", table.name, reason)
            continue
        split = "train" if path[0] < "c" else "validation" if path[0] == "c" else "test"
        tags = [name for name, value in row.values.items() if value == "1" and name != "clip_id"]
        facts = known(music_tags=tags, **about.get(clip_id, {}))
        yield Clip(clip_id, split, first_file(corpus_dir, path, f"mp3/{path}"), facts)


def _about(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    columns = ("clip_id", "title", "artist", "album")
    return {
        row["clip_id"]: known(
            title=clean_text(row["title"]),
            artist=clean_text(row["artist"]),
            source=clean_text(f"{row['artist']}: {row['album']}, {row['title']}"),
        )
        for row in read_table(path, CORPUS, columns, delimiter="\t")
    }
