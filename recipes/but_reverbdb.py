"""BUT ReverbDB: 1,400 measured impulse responses of nine rooms, with distances, and the rooms' silence.

Published at https://speech.fit.vut.cz/software/but-speech-fit-reverb-database by Szöke et al., "Building and
Evaluation of a Real Room Impulse Response Dataset", IEEE JSTSP 2019. CC BY 4.0.

The folder holds `ROOM/MicIDNN/SpkIDNN_DATE_X/NN/RIR/IR_*.wav` (16 kHz) and `.../NN/silence/*.wav`, beside them
`mic_meta.txt` with lines such as `$EnvMic1RelDistance 2.41`: the metres from the loudspeaker. A room's `env_meta.txt`
may give `$EnvVolume` in cubic metres. No splits are published; a room is in one split only.

Tables: lines of a name and a value, as lhotse reads them
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kit.corpus import (
    DIVIDED,
    RECORDED_FOR_IT,
    Clip,
    Corpus,
    Download,
    Found,
    LeftOut,
    Licence,
    divide,
    known,
    safe_id,
)
from .kit.hours import published_hours
from .kit.lookup import Untold, if_there, lines_of, read_note
from .kit.spelling import find, walk

CORPUS = Corpus(
    name="but_reverbdb",
    title="BUT ReverbDB",
    description=(
        "Impulse responses measured in offices, lecture rooms, a hotel room and other real rooms, and their silence. "
        "Nobody speaks in any clip."
    ),
    hours=published_hours("but_reverbdb"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    homepage="https://speech.fit.vut.cz/software/but-speech-fit-reverb-database",
    citation="Szöke et al., Building and Evaluation of a Real Room Impulse Response Dataset, JSTSP 2019",
    layout=("*/MicID*/SpkID*",),
    splits=DIVIDED,
    facts=("impulse_response", "sound_events", "room", "room_volume_m3", "distance_m", "source"),
    tasks=("reverberation", "distance"),
    no_origin=RECORDED_FOR_IT,
    downloads=(Download("http://merlin.fit.vutbr.cz/ReverbDB/BUT_ReverbDB_rel_19_06_RIR-Only.tgz"),),
    optional=("*/env_meta.txt", "*/MicID*/SpkID*/*/mic_meta.txt"),
)

_NAMES = {
    "Hotel_SkalskyDvur_ConferenceRoom2": "hotel conference room",
    "Hotel_SkalskyDvur_Room112": "hotel room",
    "VUT_FIT_C236": "meeting room",
    "VUT_FIT_D105": "lecture room",
    "VUT_FIT_E112": "lecture room",
    "VUT_FIT_L207": "office",
    "VUT_FIT_L212": "office",
    "VUT_FIT_L227": "stairs",
    "VUT_FIT_Q301": "office",
}
_DISTANCE = re.compile(r"\$EnvMic[0-9]*RelDistance\s+([0-9]+(?:\.[0-9]+)?)")
_VOLUME = re.compile(r"\$EnvVolume\s+([0-9]+(?:\.[0-9]+)?)")


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every impulse response and every silence."""
    for place in sorted({path.parents[1] for path in find(corpus_dir, "*/MicID*/SpkID*")}):
        room = known(
            room=_NAMES.get(place.name),
            room_volume_m3=_number(place / "env_meta.txt", _VOLUME, corpus_dir),
            source=place.name,
        )
        split = divide(CORPUS.name, place.name)
        for path in walk(place, (".wav",)):
            kind, inner = path.parent.name.lower(), path.relative_to(corpus_dir)
            clip_id = safe_id("-".join([*inner.parent.parts, path.stem]))
            if kind not in ("rir", "silence"):
                yield LeftOut(clip_id, split, "neither an impulse response nor a silence")
                continue
            about = _about(kind, path.parent.parent / "mic_meta.txt", corpus_dir)
            yield Clip(clip_id, split, inner, {**about, **room})


def _about(kind: str, notes: Path, corpus_dir: Path) -> dict[str, Any]:
    if kind == "silence":
        return {"sound_events": ["background noise of an empty room"]}
    return known(impulse_response="measured", distance_m=_number(notes, _DISTANCE, corpus_dir))


def _number(path: Path, pattern: re.Pattern[str], corpus_dir: Path) -> float | Untold | None:
    """The number in the line that begins as the pattern does; None without a file."""
    if if_there(path, CORPUS, corpus_dir) is None:
        return None
    note = read_note(path, ended=True)
    if isinstance(note, Untold):
        return note
    for _, line in lines_of(note):
        if match := pattern.fullmatch(line):
            return round(float(match[1]), 2)
    return Untold(f"{path.name} of {path.parent.relative_to(corpus_dir)} has no line {pattern.pattern}")
