"""What VoxCeleb 1 and 2 share: the files of speakers and videos, and the official lists of trials."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...errors import InputError
from .corpus import BadClip, Clip, Corpus, Trial, safe_id
from .lookup import Lookup, Untold
from .origin import youtube
from .spelling import find, walk
from .tables import read_lines

_TRIAL = re.compile(r"[01]\s+id[0-9]+/\S+\.\w+\s+id[0-9]+/\S+\.\w+")
SUFFIXES = (".wav", ".m4a", ".flac")


def utterances(
    corpus_dir: Path, places: tuple[str, ...], splits: Lookup[str], about: Lookup[dict[str, Any]]
) -> Iterator[Clip | BadClip]:
    """`SPEAKER/VIDEO/NNNNN.wav` below each of these places that is there.

    `splits` are those of the speakers, wherever they lie; `about` holds the facts of the speakers.
    """
    for place in places:
        for folder in find(corpus_dir / place, "id[0-9]*/"):
            speaker = folder.name
            split = splits[speaker]
            for path in walk(folder, SUFFIXES):
                audio = path.relative_to(corpus_dir)
                inner = path.relative_to(folder).parts
                clip_id = safe_id("-".join([speaker, *inner])[: -len(path.suffix)])
                if len(inner) != 2:
                    yield BadClip(clip_id, audio, "the file isn't at SPEAKER/VIDEO/NNNNN")
                    continue
                if isinstance(split, Untold):
                    yield BadClip(clip_id, audio, split.reason)
                    continue
                facts = {"speaker": speaker, **about[speaker], "source": inner[0]}
                origin = (youtube(inner[0]), f"voxceleb-speaker:{speaker}")
                yield Clip(clip_id, split, audio, facts, origin=origin)


def official_trials(corpus_dir: Path, lists: tuple[str, ...], corpus: Corpus) -> Iterator[tuple[str, Trial]]:
    """Lines `1 id10270/VIDEO/00001.wav id10270/VIDEO/00008.wav`; 1: one speaker.

    Raises InputError for a line that is something else.
    """
    for name in lists:
        path = corpus_dir / name
        if not path.is_file():
            continue
        for number, line in read_lines(path, corpus):
            fields = line.split()
            if not _TRIAL.fullmatch(line):
                raise InputError(
                    f"{path}, line {number}: isn't `0 or 1, file, file`; take the list from {corpus.homepage}"
                )
            yield Path(name).stem, Trial(_id(fields[1]), _id(fields[2]), fields[0] == "1")


def _id(file: str) -> str:
    return safe_id(file.rpartition(".")[0].replace("/", "-"))
