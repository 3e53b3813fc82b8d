"""VoxConverse: 64 hours of debates, panels and talk shows from YouTube, with who speaks when.

Published at https://www.robots.ox.ac.uk/~vgg/data/voxconverse/ by Chung et al., "Spot the conversation: speaker
diarisation in the wild", Interspeech 2020. CC BY 4.0; the videos belong to their owners.

The folder holds the audio as `dev/*.wav`, `dev/audio/*.wav` or `audio/*.wav` and `test/*.wav`,
`test/voxconverse_test_wav/*.wav` or `voxconverse_test_wav/*.wav` (16 kHz), and the RTTM files as `dev/*.rttm` and
`test/*.rttm`, perhaps inside `voxconverse-master` or `voxconverse`. Recordings are cut where nobody speaks into clips
of 30 s at most; who speaks longer is cut where somebody else begins or ends, or evenly. Words aren't transcribed.

Tables: NIST's RTTM, split at blanks, as lhotse reads it
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import BadClip, Clip, Corpus, Download, Found, LeftOut, Licence, first_file, safe_id
from .kit.hours import published_hours
from .kit.lookup import Untold, lines_of, read_note
from .kit.segments import Turn, Unusable, stretches
from .kit.spelling import find

CORPUS = Corpus(
    name="voxconverse",
    title="VoxConverse",
    description=(
        "Several people debate, discuss or joke in broadcasts and videos, with applause and music at times. "
        "It is known who speaks when, not what is said."
    ),
    hours=published_hours("voxconverse"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=(),
    sampling_rate=16_000,
    homepage="https://www.robots.ox.ac.uk/~vgg/data/voxconverse/",
    citation="Chung et al., Spot the conversation: speaker diarisation in the wild, Interspeech 2020",
    layout=("dev/*.rttm|test/*.rttm|voxconverse*/dev/*.rttm|voxconverse*/test/*.rttm",),
    splits={"dev": "train", "test": "test"},
    facts=("speaker_count", "speaker_turns", "source"),
    tasks=("speaker_count", "speaker_turns"),
    no_origin="its videos are named anew, and which they are isn't published",
    listed=("dev", "audio", "test", "voxconverse_test_wav"),
    # As lhotse's recipe fetches them.
    downloads=(
        *(
            Download(
                f"https://www.robots.ox.ac.uk/~vgg/data/voxconverse/data/voxconverse_{part}_wav.zip",
                folder=part,
            )
            for part in ("dev", "test")
        ),
        Download(
            "https://github.com/joonson/voxconverse/archive/refs/heads/master.zip", strip="voxconverse-master"
        ),
    ),
)

_TURN = re.compile(r"SPEAKER \S+ 1 [0-9]+(\.[0-9]+)? [0-9]+(\.[0-9]+)? <NA> <NA> \w+ <NA> <NA>")
_OTHERS = (
    "SPKR-INFO",
    "NON-SPEECH",
    "NOSCORE",
    "NO_RT_METADATA",
    "LEXEME",
    "NON-LEX",
    "SU",
    "FILLER",
    "EDIT",
    "IP",
)
"""Other kinds of lines of an RTTM file, which say nothing of turns."""
_AUDIO = {
    "dev": ("dev", "dev/audio", "audio"),
    "test": ("test", "test/voxconverse_test_wav", "voxconverse_test_wav"),
}


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every recording with an RTTM file, in clips."""
    for split, places in _AUDIO.items():
        notes = {
            path.stem: path
            for pattern in (f"{split}/*.rttm", f"voxconverse*/{split}/*.rttm")
            for path in find(corpus_dir, pattern)
        }
        for name, rttm in sorted(notes.items()):
            audio = first_file(corpus_dir, *(f"{place}/{name}.wav" for place in places))
            try:
                turns = list(_turns(rttm))
            except ValueError as error:
                yield BadClip(f"{split}-{safe_id(name)}", audio, str(error))
                continue
            if not turns:
                yield BadClip(
                    f"{split}-{safe_id(name)}", audio, f"{rttm.name} says of nobody when they speak"
                )
            for stretch in stretches(turns):
                ends = f"{round(stretch.start * 100):07d}-{round(stretch.end * 100):07d}"
                clip_id = f"{split}-{safe_id(name)}-{ends}"
                if isinstance(stretch, Unusable):
                    yield LeftOut(clip_id, split, stretch.reason, stretch.end - stretch.start, audio)
                    continue
                facts = {**stretch.facts(), "source": name}
                duration = round(stretch.end - stretch.start, 3)
                yield Clip(clip_id, split, audio, facts, stretch.start, duration)


def _turns(path: Path) -> Iterator[Turn]:
    """Lines `SPEAKER name 1 start duration <NA> <NA> speaker <NA> <NA>`; others say nothing of turns."""
    note = read_note(path, ended=True)
    if isinstance(note, Untold):
        raise ValueError(note.reason)
    seen = set()
    for number, line in lines_of(note):
        fields = line.split()
        if fields[0] in _OTHERS:
            continue
        if not _TURN.fullmatch(" ".join(fields)) or fields[1] != path.stem or line in seen:
            raise ValueError(f"{path.name}, line {number}: isn't a turn of {path.stem}, or a second time")
        seen.add(line)
        start, duration, speaker = float(fields[3]), float(fields[4]), fields[7]
        yield Turn(start, start + duration, speaker)
