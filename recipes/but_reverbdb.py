"""BUT ReverbDB: 1,400 measured impulse responses of nine rooms, with distances, and the rooms' silence.

Published at https://speech.fit.vut.cz/software/but-speech-fit-reverb-database by Szöke et al., "Building and
Evaluation of a Real Room Impulse Response Dataset", IEEE JSTSP 2019. CC BY 4.0.

The folder holds `ROOM/MicIDNN/SpkIDNN_DATE_X/NN/RIR/IR_*.wav` (16 kHz) and `.../NN/silence/*.wav`, beside them
`mic_meta.txt` with lines such as `$EnvMic1RelDistance 2.41`: the metres from the loudspeaker. A room's `env_meta.txt`
may give `$EnvVolume` in cubic metres. No splits are published; a room is in one split only.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .corpus import (
    DIVIDED,
    BadClip,
    Clip,
    Corpus,
    Download,
    Found,
    LeftOut,
    Licence,
    divide,
    known,
    read_note,
    safe_id,
)
from .spelling import find, walk

CORPUS = Corpus(
    name="but_reverbdb",
    title="BUT ReverbDB",
    description=(
        "Impulse responses measured in offices, lecture rooms, a hotel room and other real rooms, and their silence. "
        "Nobody speaks in any clip."
    ),
    hours=8.0,
    licence=Licence("CC BY 4.0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    homepage="https://speech.fit.vut.cz/software/but-speech-fit-reverb-database",
    citation="Szöke et al., Building and Evaluation of a Real Room Impulse Response Dataset, JSTSP 2019",
    layout=("*/MicID*/SpkID*",),
    splits=DIVIDED,
    facts=("impulse_response", "sound_events", "room", "room_volume_m3", "distance_m", "source"),
    tasks=("reverberation", "distance"),
    downloads=(Download("http://merlin.fit.vutbr.cz/ReverbDB/BUT_ReverbDB_rel_19_06_RIR-Only.tgz"),),
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
_DISTANCE = re.compile(r"\$EnvMic[0-9]*RelDistance\s+([0-9.]+)")
_VOLUME = re.compile(r"\$EnvVolume\s+([0-9.]+)")


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every impulse response and every silence."""
    for place in sorted({path.parents[1] for path in find(corpus_dir, "*/MicID*/SpkID*")}):
        env_meta, fault_env = read_note(place / "env_meta.txt")
        room = known(
            room=_NAMES.get(place.name),
            room_volume_m3=_number(env_meta, _VOLUME),
            source=place.name,
        )
        split = divide(CORPUS.name, place.name)
        for path in walk(place, (".wav",)):
            kind, inner = path.parent.name.lower(), path.relative_to(corpus_dir)
            clip_id = safe_id("-".join([*inner.parent.parts, path.stem]))
            if kind not in ("rir", "silence"):
                yield LeftOut(clip_id, split, "neither an impulse response nor a silence")
                continue
            mic_meta, fault_mic = read_note(path.parent.parent / "mic_meta.txt")
            if fault := fault_env or fault_mic:
                yield BadClip(clip_id, inner, fault)
                continue
            yield Clip(clip_id, split, inner, {**_about(kind, mic_meta), **room})


def _about(kind: str, notes: str) -> dict[str, Any]:
    if kind == "silence":
        return {"sound_events": ["background noise of an empty room"]}
    return known(impulse_response="measured", distance_m=_number(notes, _DISTANCE))


def _number(note: str, pattern: re.Pattern[str]) -> float | None:
    found = (pattern.match(line.strip()) for line in note.split("\n"))
    return next((round(float(match[1]), 2) for match in found if match), None)
