"""IRMAS: 6,705 excerpts of 3 s with a leading instrument, and 2,874 longer ones with all of theirs.

Published at https://www.upf.edu/web/mtg/irmas by Bosch et al., "A Comparison of Sound Segregation Techniques for
Predominant Instrument Recognition in Musical Audio Signals", ISMIR 2012. CC BY-NC-SA 3.0.

The folder holds `IRMAS-TrainingData/INSTRUMENT/[INSTRUMENT][GENRE]NNNN__N.wav` (44.1 kHz, stereo; `[dru]` or `[nod]`
between them says whether there are drums) and `IRMAS-TestingData-PartN/PartN/NAME.wav` with the instruments in
NAME.txt.

Tables: one code a line with a blank or tab behind, as mirdata reads it
(https://github.com/mir-dataset-loaders/mirdata/blob/master/mirdata/datasets/irmas.py).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Untold, lines_of, read_note
from .kit.spelling import find

CORPUS = Corpus(
    name="irmas",
    title="IRMAS",
    description=(
        "Seconds of music of many styles and decades, in which an instrument leads. "
        "Other instruments may play too, and people may sing."
    ),
    hours=published_hours("irmas"),
    licence=Licence("CC BY-NC-SA 3.0", commercial=False),
    languages=(),
    sampling_rate=44_100,
    homepage="https://www.upf.edu/web/mtg/irmas",
    citation="Bosch et al., A Comparison of Sound Segregation Techniques for Predominant Instrument Recognition in "
    "Musical Audio Signals, ISMIR 2012",
    layout=("IRMAS-TrainingData|IRMAS-TestingData-Part1|IRMAS-TestingData-Part2|IRMAS-TestingData-Part3",),
    splits={"training": "train", "testing": "test"},
    facts=("instrument", "instruments", "music_genre", "music_tags", "source"),
    tasks=("instrument", "music_genre"),
    no_origin="taken from records, of which the files tell numbers or titles only",
    downloads=tuple(
        # Checksums: mirdata's datasets/irmas.py.
        Download(f"https://zenodo.org/records/1290750/files/IRMAS-{name}.zip", checksum=f"md5:{checksum}")
        for name, checksum in {
            "TrainingData": "4fd9f5ed5a18d8e2687e6360b5f60afe",
            "TestingData-Part1": "5a2e65520dcedada565dff2050bb2a56",
            "TestingData-Part2": "afb0c8ea92f34ee653693106be95c895",
            "TestingData-Part3": "9b3fb2d0c89cdc98037121c25bd5b556",
        }.items()
    ),
)

_INSTRUMENTS = {
    "cel": "cello",
    "cla": "clarinet",
    "flu": "flute",
    "gac": "acoustic guitar",
    "gel": "electric guitar",
    "org": "organ",
    "pia": "piano",
    "sax": "saxophone",
    "tru": "trumpet",
    "vio": "violin",
    "voi": "singing voice",
}
_GENRES = {
    "cou_fol": "country and folk",
    "cla": "classical",
    "pop_roc": "pop and rock",
    "lat_sou": "latin and soul",
    "jaz_blu": "jazz and blues",
}
_DRUMS = {"dru": ["drums"], "nod": ["no drums"]}
_MARKS = re.compile(r"\[([a-z_]+)\]")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every excerpt."""
    for folder, instrument in _INSTRUMENTS.items():
        for path in find(corpus_dir / "IRMAS-TrainingData" / folder, "*.wav"):
            audio, marks = path.relative_to(corpus_dir), _MARKS.findall(path.stem)
            if marks[:1] != [folder]:
                yield BadClip(
                    safe_id(f"training-{path.stem}"), audio, f"the name doesn't begin with [{folder}]"
                )
                continue
            genre = next((_GENRES[mark] for mark in reversed(marks[1:]) if mark in _GENRES), None)
            drums = next((_DRUMS[mark] for mark in marks if mark in _DRUMS), [])
            facts = known(
                instrument=instrument,
                music_genre=genre,
                music_tags=drums,
                source=_MARKS.sub("", path.stem).rpartition("__")[0],
            )
            yield Clip(safe_id(f"training-{path.stem}"), "training", audio, facts)
    for path in find(corpus_dir, "IRMAS-TestingData-Part*/Part*/*.wav"):
        audio, notes = path.relative_to(corpus_dir), path.with_suffix(".txt")
        note = read_note(notes, ended=True)
        codes = [line for _, line in lines_of(note)]
        instruments = [_INSTRUMENTS[code] for code in dict.fromkeys(codes) if code in _INSTRUMENTS]
        clip_id = safe_id(f"testing-{path.parent.name}-{path.stem}")
        if not instruments or len(instruments) < len(set(codes)):
            told = note.reason if isinstance(note, Untold) else f"{notes.name} doesn't name its instruments"
            yield BadClip(clip_id, audio, told)
            continue
        yield Clip(clip_id, "testing", audio, {"instruments": instruments})
