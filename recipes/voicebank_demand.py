"""VoiceBank-DEMAND: 20 hours of English sentences, clean and with noise at a known SNR.

Published at https://datashare.ed.ac.uk/handle/10283/2791 by Valentini-Botinhao, "Noisy speech database for training
speech enhancement algorithms and TTS models", University of Edinburgh 2017. CC BY 4.0.

The folder holds `{clean,noisy}_{trainset_28spk,trainset_56spk,testset}_wav/pNNN_NNN.wav` (48 kHz), the texts
`{trainset_28spk,trainset_56spk,testset}_txt/pNNN_NNN.txt` and the logs `log_SET.txt` (also in `logfiles`) with lines
`pNNN_NNN noise SNR`. Small copies hold `clean`, `noisy` and `txt`. Speakers are those of VCTK.

Tables: lines split at blanks, one sentence a file; not verified.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .kit.corpus import BadClip, Clip, Corpus, Download, Licence, known, safe_id
from .kit.hours import published_hours
from .kit.lookup import Lookup, text_of
from .kit.spelling import find
from .kit.tables import read_lines

_PARTS = ("trainset_28spk", "trainset_56spk", "testset")

CORPUS = Corpus(
    name="voicebank_demand",
    title="VoiceBank-DEMAND",
    description=(
        "Sentences read aloud in English in a room without echo, some with noise of homes, offices, streets or "
        "transport added. One person speaks in each clip."
    ),
    hours=published_hours("voicebank_demand"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=48_000,
    homepage="https://datashare.ed.ac.uk/handle/10283/2791",
    citation="Valentini-Botinhao, Noisy speech database for training speech enhancement algorithms and TTS models, "
    "2017",
    layout=("noisy*/p[0-9]*_*.wav", "clean*/p[0-9]*_*.wav"),
    splits={
        "trainset_28spk": "train",
        "trainset_56spk": "train",
        "testset": "test",
        "loose": "train",
    },
    facts=("text", "speaker", "language", "noise_type", "snr_db", "source"),
    tasks=("asr", "snr", "noise_class", "speaker_verification"),
    origins=("vctk", "vctk-speaker"),
    optional=("*_txt", "txt", "log_*.txt"),
    downloads=tuple(
        Download(f"https://datashare.ed.ac.uk/bitstream/handle/10283/2791/{name}.zip")
        for name in (
            *(f"{kind}_{part}_wav" for kind in ("clean", "noisy") for part in _PARTS),
            *(f"{part}_txt" for part in _PARTS),
            "logfiles",
        )
    ),
)

_LOGGED = re.compile(r"(\S+)\s+([a-z]+)\s+(-?[0-9]+(?:\.[0-9]+)?)")
_NOISES = {
    # Recordings of DEMAND but for the two that were made: named as that corpus' are.
    "babble": "babble",
    "bus": "ambience of a bus",
    "cafe": "ambience of a street café",
    "cafeteria": "ambience of a cafeteria",
    "car": "ambience of a car",
    "kitchen": "ambience of a kitchen",
    "living": "ambience of a living room",
    "meeting": "ambience of a meeting room",
    "metro": "ambience of a subway train",
    "office": "ambience of an office",
    "psquare": "ambience of a public square",
    "restaurant": "ambience of a restaurant",
    "ssn": "speech-shaped noise",
    "station": "ambience of a subway station",
    "traffic": "ambience of a street with traffic",
}


def clips(corpus_dir: Path) -> Iterator[Clip | BadClip]:
    """Every file, clean and noisy."""
    for split in CORPUS.splits:
        loose = split == "loose"
        texts = corpus_dir / ("txt" if loose else f"{split}_txt")
        noises = Lookup(None, {}) if loose else _noises(corpus_dir, split)
        for kind in ("clean", "noisy"):
            folder = corpus_dir / (kind if loose else f"{kind}_{split}_wav")
            for path in find(folder, "*.wav"):
                audio, name = path.relative_to(corpus_dir), path.stem
                speaker, mark, _ = name.partition("_")
                if not (mark and speaker.startswith("p")):
                    yield BadClip(
                        safe_id(f"{split}-{kind}-{name}"), audio, "the name isn't SPEAKER_NUMBER.wav"
                    )
                    continue
                facts = known(
                    text=text_of(texts / f"{name}.txt") if texts.is_dir() else None,
                    speaker=speaker,
                    language="en",
                    source=name,
                    **(noises[name] if kind == "noisy" else {}),
                )
                origin = (f"vctk:{name}", f"vctk-speaker:{speaker}")
                yield Clip(safe_id(f"{split}-{kind}-{name}"), split, audio, facts, origin=origin)


def _noises(corpus_dir: Path, split: str) -> Lookup[dict[str, Any]]:
    paths = (corpus_dir / place / f"log_{split}.txt" for place in (".", "logfiles"))
    path = next((path for path in paths if path.is_file()), None)
    noises: Lookup[dict[str, Any]] = Lookup(path, {})
    for _, line in read_lines(path, CORPUS) if path else ():
        match = _LOGGED.fullmatch(line)
        if match and match[2] in _NOISES:
            noises.tell(match[1], {"noise_type": [_NOISES[match[2]]], "snr_db": float(match[3])})
    return noises
