"""librosa's example recordings: a dozen pieces of music, speech and nature for trying things out.

Published at https://github.com/librosa/data by the librosa developers, 2020. Each file has a licence of its own, told
in the text beside it; some are non-commercial.

The folder holds `audio/NAME.ogg` (22.05 kHz) with `NAME.txt`, whose first line mostly is `TITLE by ARTIST`. What is
heard is listed here, for no table of the corpus says it. They are cut into pieces of 10 s; everything is for
training.

Tables: loose text, in the published files themselves (https://github.com/librosa/data).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import Clip, Corpus, Found, Licence, clean_text, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Untold, if_there, lines_of, read_note
from .kit.segments import pieces
from .kit.spelling import find

CORPUS = Corpus(
    name="librosa_examples",
    title="librosa examples",
    description=(
        "A few pieces of jazz, classical and folk music and of nature, of the kind that music software is shown with. "
        "Each is known by its title."
    ),
    hours=published_hours("librosa_examples"),
    licence=Licence("CC (by file, some NC)", commercial=False),
    languages=(),
    sampling_rate=22_050,
    format="vorbis",
    homepage="https://github.com/librosa/data",
    citation="librosa developers, librosa example recordings, 2020",
    layout=("audio/*.ogg", "index/index.json|audio/*.txt"),
    splits={"all": "train"},
    facts=("music_genre", "instruments", "sound_events", "title", "artist", "source"),
    tasks=("music_genre", "instrument", "sound_event"),
    origins=("freesound",),
    optional=("audio/*.txt", "index/index.json"),
)

_PIECE_S = 10.0
_HEARD: dict[str, dict[str, object]] = {
    "147793__setuniman__sweet-waltz": {"music_genre": "waltz", "title": "Sweet Waltz", "artist": "Setuniman"},
    "456440__inspectorj__bird-whistling": {"sound_events": ["bird whistling"]},
    "Hungarian_Dance_number_5": {
        "music_genre": "classical",
        "title": "Hungarian Dance No. 5",
        "artist": "Johannes Brahms",
    },
    "Karissa_Hobbs_-_Lets_Go_Fishin": {
        "music_genre": "folk",
        "title": "Let's Go Fishin'",
        "artist": "Karissa Hobbs",
    },
    "Kevin_MacLeod_-_P_I_Tchaikovsky": {
        "music_genre": "classical",
        "title": "Dance of the Sugar Plum Fairy",
        "artist": "Kevin MacLeod",
    },
    "Kevin_MacLeod_-_Vibe_Ace": {"music_genre": "jazz", "title": "Vibe Ace", "artist": "Kevin MacLeod"},
    "admiralbob77_-_Choice": {
        "instruments": ["drums", "bass"],
        "title": "Choice",
        "artist": "Admiral Bob",
    },
    "glacier-bay-humpback": {"sound_events": ["humpback whale song"]},
    "sorohanro_-_solo-trumpet": {"instruments": ["trumpet"], "artist": "Mihai Sorohan"},
}
_BY = re.compile(r"(.+?) by (.+)")


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every recording in pieces."""
    for path in find(corpus_dir / "audio", "*.ogg"):
        audio = path.relative_to(corpus_dir)
        heard = next((facts for start, facts in _HEARD.items() if path.stem.startswith(start)), None)
        facts = {
            **(heard if heard is not None else _told(path.with_suffix(".txt"), corpus_dir)),
            "source": path.stem,
        }
        # Freesound's downloads are named NUMBER__PERSON__TITLE.
        number, mark, _ = path.stem.partition("__")
        origin = (f"freesound:{number}",) if mark and number.isdecimal() else ()
        whole = Clip(safe_id(path.stem), "all", audio, facts, origin=origin)
        yield from pieces(whole, corpus_dir, _PIECE_S)


def _told(path: Path, corpus_dir: Path) -> dict[str, object]:
    if if_there(path, CORPUS, corpus_dir) is None:
        return {}
    note = read_note(path, ended=True)
    if isinstance(note, Untold):
        return {"untold": note}
    match = _BY.fullmatch(clean_text(next(line for _, line in lines_of(note))))
    return known(title=match[1], artist=match[2]) if match else {}
