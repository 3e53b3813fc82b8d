"""Philharmonia samples: 13,700 notes and phrases of the instruments of an orchestra.

Published at https://philharmonia.co.uk/resources/sound-samples/ by the Philharmonia Orchestra, 2011. CC BY-SA 3.0.

The files are `INSTRUMENT_PITCH_LENGTH_DYNAMIC_ARTICULATION.mp3` (44.1 kHz) in any folders below the corpus folder.
Pitches are like `As4` (A sharp); percussion has none. Lengths are 025, 05, 1, 15 (hundredths or tenths of a beat's
seconds), `long`, `very-long`, `phrase`. No splits are published; here a pitch of an instrument is in one split only.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import (
    DIVIDED,
    RECORDED_FOR_IT,
    BadClip,
    Clip,
    Corpus,
    Download,
    Licence,
    divide,
    known,
    safe_id,
)
from .kit.hours import published_hours
from .kit.spelling import walk

CORPUS = Corpus(
    name="philharmonia",
    title="Philharmonia samples",
    description=(
        "Single notes, short phrases and strokes of the instruments of a symphony orchestra, played by its members. "
        "Nothing else is heard."
    ),
    hours=published_hours("philharmonia"),
    licence=Licence("CC BY-SA 3.0", commercial=True),
    languages=(),
    sampling_rate=44_100,
    format="mp3",
    homepage="https://philharmonia.co.uk/resources/sound-samples/",
    citation="Philharmonia Orchestra, Sound Samples, 2011",
    layout=(
        "ORCHESTRA/*/samples/*_*_*.mp3|*/*_*_*_*_*.mp3|all-samples|strings/*/*_*.mp3|woodwind/*/*_*.mp3|"
        "*/*/*_*_*_*_*.mp3",
    ),
    splits=DIVIDED,
    facts=("instrument", "pitch", "dynamics", "articulation", "source"),
    tasks=("instrument", "pitch"),
    no_origin=RECORDED_FOR_IT,
    downloads=(
        Download(
            "https://philharmonia-assets.s3-eu-west-1.amazonaws.com/uploads/2020/02/12112005/all-samples.zip",
            nested="**/*.zip",
        ),
    ),
)

_PITCH = re.compile(r"([A-G])(s?)([0-9])")


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every sample."""
    for path in walk(corpus_dir, (".mp3",)):
        audio, fields = path.relative_to(corpus_dir), path.stem.split("_")
        if len(fields) != 5 or not fields[0]:
            reason = "the name isn't INSTRUMENT_PITCH_LENGTH_DYNAMIC_ARTICULATION"
            yield BadClip(safe_id(path.stem), audio, reason)
            continue
        instrument, pitch, _, dynamics, articulation = (field.replace("-", " ").strip() for field in fields)
        note = _PITCH.fullmatch(pitch)
        group = f"{instrument}, {pitch}" if note else path.stem
        facts = known(
            instrument=instrument,
            pitch=f"{note[1]}{'#' if note[2] else ''}{note[3]}" if note else None,
            dynamics=dynamics,
            articulation=articulation,
            source=group,
        )
        yield Clip(safe_id(path.stem), divide(CORPUS.name, group), audio, facts)
