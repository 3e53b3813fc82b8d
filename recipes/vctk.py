"""VCTK: 44 hours of English by 110 speakers with various accents, each reading about 400 sentences.

Published at https://datashare.ed.ac.uk/handle/10283/3443 by Yamagishi, Veaux and MacDonald, "CSTR VCTK Corpus:
English Multi-speaker Corpus for CSTR Voice Cloning Toolkit (version 0.92)", University of Edinburgh 2019. CC BY 4.0.

The folder holds `speaker-info.txt` (id, age, gender, accent, region), `txt/SPEAKER/SPEAKER_NNN.txt` and
`wav48_silence_trimmed/SPEAKER/SPEAKER_NNN_mic1.flac` (48 kHz; a second microphone, mic2, isn't read). Version 0.80
has `wav48/SPEAKER/SPEAKER_NNN.wav`. The texts of p315 are lost. No splits are published.

Tables: lines split at blanks, without quoting, as lhotse reads them
(https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kit.corpus import (
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
    safe_id,
)
from .kit.hours import published_hours
from .kit.lookup import Lookup, Untold, one_of, text_of, whole_number
from .kit.spelling import find
from .kit.tables import read_lines

CORPUS = Corpus(
    name="vctk",
    title="VCTK",
    description=(
        "Newspaper sentences and an accent passage, read aloud in English in a room without echo. "
        "One person, mostly young, speaks in each clip with the accent of their region."
    ),
    hours=published_hours("vctk"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=48_000,
    format="flac",
    homepage="https://datashare.ed.ac.uk/handle/10283/3443",
    citation="Yamagishi et al., CSTR VCTK Corpus: English Multi-speaker Corpus for CSTR Voice Cloning Toolkit, 2019",
    layout=("speaker-info.txt", "wav48_silence_trimmed/*/*_mic1.flac|wav48/*/*.wav"),
    splits=DIVIDED,
    facts=("text", "speaker", "gender", "language", "age", "accent"),
    tasks=("asr", "gender", "language", "speaker_verification", "age", "accent"),
    origins=("vctk", "vctk-speaker"),
    optional=("txt/*",),
    downloads=(
        # Checksum: torchaudio's datasets/vctk.py.
        Download(
            "https://datashare.ed.ac.uk/bitstream/handle/10283/3443/VCTK-Corpus-0.92.zip",
            checksum="md5:8a6ba2946b36fcbef0212cad601f4bfa",
            size=11_747_302_977,
            strip="VCTK-Corpus-0.92",
        ),
    ),
)

_GENDERS = {"F": "female", "M": "male"}
_UNDESCRIBED = ("p280", "s5")
"""Speakers of whom the table of one version or another says nothing."""
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
            # The texts of a whole speaker may be lost, as those of p315 are.
            texts = corpus_dir / "txt" / speaker
            text = text_of(texts / f"{name}.txt") if texts.is_dir() else None
            about = {} if speaker in _UNDESCRIBED and speaker not in speakers else speakers[speaker]
            facts = known(text=text, speaker=speaker, language="en", **about)
            origin = (f"vctk:{name}", f"vctk-speaker:{speaker}")
            yield Clip(safe_id(name), split, audio, facts, origin=origin)


def _speakers(path: Path) -> Lookup[dict[str, Any]]:
    """The columns are as wide as they need to be; a region or comment may follow the accent."""
    speakers: Lookup[dict[str, Any]] = Lookup(path, {})
    for number, line in read_lines(path, CORPUS):
        name, age, gender, accent = ([*line.split(), "", "", "", ""])[:4]
        if name == "ID":
            continue
        where = f"{path.name}, line {number}"
        about = known(
            gender=one_of(_GENDERS, gender, where),
            age=whole_number(age, where),
            accent=_ACCENTS.get(accent, accent) if accent.isalpha() else Untold(f"{where}: no accent"),
        )
        speakers.tell(name if name.startswith(("p", "s")) else f"p{name}", about)
    return speakers
