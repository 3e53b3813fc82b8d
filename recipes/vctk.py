"""VCTK: 44 hours of English by 110 speakers with various accents, each reading about 400 sentences.

Published at https://datashare.ed.ac.uk/handle/10283/3443 by Yamagishi, Veaux and MacDonald, "CSTR VCTK Corpus:
English Multi-speaker Corpus for CSTR Voice Cloning Toolkit (version 0.92)", University of Edinburgh 2019. CC BY 4.0.

The folder holds `speaker-info.txt` (id, age, gender, accent, region), `txt/SPEAKER/SPEAKER_NNN.txt` and
`wav48_silence_trimmed/SPEAKER/SPEAKER_NNN_mic1.flac` (48 kHz; a second microphone, mic2, isn't read). Version 0.80
has `wav48/SPEAKER/SPEAKER_NNN.wav`. The texts of p315 are lost. No splits are published.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .corpus import (
    DIVIDED,
    BadClip,
    Clip,
    Corpus,
    Found,
    LeftOut,
    Licence,
    clean_text,
    divide,
    known,
    read_note,
    safe_id,
)
from .spelling import find
from .tables import read_lines

CORPUS = Corpus(
    name="vctk",
    title="VCTK",
    description=(
        "Newspaper sentences and an accent passage, read aloud in English in a room without echo. "
        "One person, mostly young, speaks in each clip with the accent of their region."
    ),
    hours=44.0,
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=48_000,
    homepage="https://datashare.ed.ac.uk/handle/10283/3443",
    citation="Yamagishi et al., CSTR VCTK Corpus: English Multi-speaker Corpus for CSTR Voice Cloning Toolkit, 2019",
    layout=("speaker-info.txt", "wav48_silence_trimmed/*/*_mic1.flac|wav48/*/*.wav"),
    splits=DIVIDED,
    facts=("text", "speaker", "gender", "language", "age", "accent"),
    tasks=("asr", "gender", "language", "speaker_verification", "age", "accent"),
)

_GENDERS = {"F": "female", "M": "male"}
_ACCENTS = {
    "NorthernIrish": "Northern Irish",
    "SouthAfrican": "South African",
    "NewZealand": "New Zealand",
}


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every recording of the first microphone."""
    speakers = _speakers(corpus_dir / "speaker-info.txt")
    newer = corpus_dir / "wav48_silence_trimmed"
    root, ending = (newer, "_mic1.flac") if newer.is_dir() else (corpus_dir / "wav48", ".wav")
    for folder in find(root, "*/"):
        speaker = folder.name
        split = divide(CORPUS.name, speaker)
        for path in find(folder, "*_mic2.flac"):
            yield LeftOut(safe_id(path.stem), split, "the same words by the second microphone")
        for path in find(folder, f"*{ending}"):
            audio, name = path.relative_to(corpus_dir), path.name.removesuffix(ending)
            if not name.startswith(f"{speaker}_"):
                yield BadClip(
                    safe_id(name), audio, f"the name doesn't begin with the speaker {speaker} of the folder"
                )
                continue
            text_file = corpus_dir / "txt" / speaker / f"{name}.txt"
            text, fault = read_note(text_file)
            if fault:
                yield BadClip(safe_id(name), audio, fault)
                continue
            facts = known(text=clean_text(text), speaker=speaker, language="en", **speakers.get(speaker, {}))
            yield Clip(safe_id(name), split, audio, facts)


def _speakers(path: Path) -> dict[str, dict[str, Any]]:
    """The columns are as wide as they need to be; a region or comment may follow the accent."""
    speakers = {}
    for _, line in read_lines(path, CORPUS):
        name, age, gender, accent = ([*line.split(), "", "", "", ""])[:4]
        speakers[name if name.startswith(("p", "s")) else f"p{name}"] = known(
            gender=_GENDERS.get(gender),
            age=int(age) if age.isdigit() else None,
            accent=_ACCENTS.get(accent, accent) if accent.isalpha() and gender in _GENDERS else "",
        )
    return speakers
