"""TED-LIUM 3: 452 hours of English TED talks with aligned transcripts.

Published at https://www.openslr.org/51 by Hernandez et al., "TED-LIUM 3: Twice as Much Data and Corpus Repartition
for Experiments on Speaker Adaptation", SPECOM 2018. CC BY-NC-ND 3.0.

The folder holds `legacy/{train,dev,test}/stm/TALK.stm` and the audio as `legacy/SPLIT/sph/TALK.sph` or, for the
training part, `data/sph/TALK.sph` (16 kHz). A line of an stm is `talk channel speaker start end <conditions> words`;
the conditions end with the gender. Stretches marked `ignore_time_segment_in_scoring` aren't speech and are left
out; `<unk>` is left out of the texts, and blanks before apostrophes are closed (`it 's`).

Tables: NIST's STM, split at blanks, as lhotse reads it
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from .kit.corpus import (
    BadClip,
    Clip,
    Corpus,
    Download,
    Found,
    LeftOut,
    Licence,
    clean_text,
    first_file,
    known,
    safe_id,
)
from .kit.hours import published_hours
from .kit.lookup import Untold, lines_of, read_note
from .kit.origin import stretch
from .kit.spelling import find

CORPUS = Corpus(
    name="tedlium3",
    title="TED-LIUM 3",
    description=(
        "Talks held in English before a large audience, by people from all over the world. "
        "One person speaks in each clip; applause, laughter and music may be heard."
    ),
    hours=published_hours("tedlium3"),
    licence=Licence("CC BY-NC-ND 3.0", commercial=False),
    languages=("en",),
    sampling_rate=16_000,
    format="sphere",
    homepage="https://www.openslr.org/51",
    citation="Hernandez et al., TED-LIUM 3: Twice as Much Data and Corpus Repartition for Experiments on Speaker "
    "Adaptation, SPECOM 2018",
    layout=("legacy/*/stm/*.stm",),
    splits={"train": "train", "dev": "dev", "test": "test"},
    facts=("text", "speaker", "gender", "language", "source"),
    tasks=("asr", "gender", "language", "speaker_verification"),
    origins=("ted",),
    downloads=(
        # Checksum: torchaudio's datasets/tedlium.py.
        Download(
            "https://www.openslr.org/resources/51/TEDLIUM_release-3.tgz",
            checksum="sha256:ad1e454d14d1ad550bc2564c462d87c7a7ec83d4dc2b9210f22ab4973b9eccdb",
            strip="TEDLIUM_release-3",
        ),
    ),
    listed=("legacy/*/sph", "data/sph"),
)

_GENDERS = ("male", "female")
_CONDITIONS = re.compile(r"<[\w,.-]*>")
_ANOTHER = re.compile(r"[0-9.]+ [0-9.]+ <[\w,.-]*>")
"""Times within the words: the end of a line was lost, and the next one follows."""
_UNKNOWN = re.compile(r"<unk>|\{[A-Z]+\}|\[[A-Z]+\]")


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every transcribed stretch of every talk."""
    for split in CORPUS.splits:
        for path in find(corpus_dir / "legacy" / split / "stm", "*.stm"):
            audio = first_file(corpus_dir, f"legacy/{split}/sph/{path.stem}.sph", f"data/sph/{path.stem}.sph")
            note = read_note(path, ended=True)
            if isinstance(note, Untold):
                yield BadClip(safe_id(path.stem), audio, note.reason)
            for number, line in lines_of(note):
                clip = _stretch(line, split, audio)
                if clip is None:
                    reason = f"line {number} of {path.name} isn't talk, channel, speaker, start, end, conditions, words"
                    yield BadClip(f"{safe_id(path.stem)}-line-{number}", audio, reason)
                elif clip.facts["text"] == "ignore_time_segment_in_scoring":
                    yield LeftOut(clip.id, split, "a stretch without a transcript", clip.duration, audio)
                else:
                    yield clip


def _stretch(line: str, split: str, audio: Path) -> Clip | None:
    fields = line.split(maxsplit=6)
    try:
        start, end = float(fields[3]), float(fields[4])
        talk, speaker, conditions, words = fields[0], fields[2], fields[5], fields[6]
    except (IndexError, ValueError):
        return None
    if _ANOTHER.search(words) or not _CONDITIONS.fullmatch(conditions) or not 0 <= start < end:
        return None
    text = clean_text(_UNKNOWN.sub(" ", words)).replace(" '", "'")
    gender = conditions.strip("<>").rpartition(",")[2]
    facts = known(
        text=text,
        speaker=speaker,
        gender=gender if gender in _GENDERS else None,
        language="en",
        source=talk,
    )
    facts.setdefault("text", "ignore_time_segment_in_scoring")
    clip_id = safe_id(f"{talk}-{round(start * 100):07d}-{round(end * 100):07d}")
    origin = (stretch("ted", talk, start, end),)
    return Clip(clip_id, split, audio, facts, start, round(end - start, 4), origin)
