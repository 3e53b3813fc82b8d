"""Speech Commands: 105,829 recordings of 35 English words by 2,618 people, and six long background noises.

Published at https://www.tensorflow.org/datasets/catalog/speech_commands by Pete Warden, "Speech Commands: A Dataset
for Limited-Vocabulary Speech Recognition", arXiv 1804.03209, 2018. CC BY 4.0. Version 0.02.

The folder holds `WORD/SPEAKER_nohash_N.wav` (16 kHz, one second), `validation_list.txt` and `testing_list.txt`, which
keep a speaker's clips together, and `_background_noise_/*.wav`, which are cut into pieces of 10 s here.

Tables: one path a line, as lhotse reads them (https://github.com/lhotse-speech/lhotse/tree/master/lhotse/recipes).
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from .kit.corpus import RECORDED_FOR_IT, BadClip, Clip, Corpus, Download, Found, LeftOut, Licence, safe_id
from .kit.hours import published_hours
from .kit.segments import pieces
from .kit.spelling import find
from .kit.tables import read_lines

CORPUS = Corpus(
    name="speech_commands",
    title="Speech Commands",
    description=(
        "Single English words such as yes, stop or seven, spoken by volunteers at home, one second each. "
        "A few clips are background noises without speech."
    ),
    hours=published_hours("speech_commands"),
    licence=Licence("CC BY 4.0", commercial=True),
    languages=("en",),
    sampling_rate=16_000,
    homepage="https://www.tensorflow.org/datasets/catalog/speech_commands",
    citation="Warden, Speech Commands: A Dataset for Limited-Vocabulary Speech Recognition, arXiv 2018",
    layout=("_background_noise_/*.wav|testing_list.txt",),
    splits={"train": "train", "validation": "dev", "testing": "test"},
    facts=("text", "keyword", "speaker", "language", "sound_events", "source"),
    tasks=("asr", "keyword", "speaker_verification", "noise_class"),
    no_origin=RECORDED_FOR_IT,
    downloads=(
        Download(
            "https://storage.googleapis.com/download.tensorflow.org/data/speech_commands_v0.02.tar.gz",
            checksum="sha256:af14739ee7dc311471de98f5f9d2c9191b18aedfe957f4a6ff791c709868ff58",
            size=2_428_923_189,
        ),
    ),
)

_PIECE_S = 10.0
_LISTED = re.compile(r"[a-z]+/\w+_nohash_[0-9]+\.wav")
_NOISES = {
    "doing_the_dishes": "washing dishes",
    "dude_miaowing": "cat meowing",
    "exercise_bike": "exercise bike",
    "pink_noise": "pink noise",
    "running_tap": "running water",
    "white_noise": "white noise",
}


def clips(corpus_dir: Path) -> Iterator[Found]:
    """Every word, then the noises in pieces."""
    folders = find(corpus_dir, "[a-z]*/")
    listed = _listed(corpus_dir) if folders else {}
    for folder in folders:
        for path in find(folder, "*.wav"):
            speaker, mark, _ = path.stem.partition("_nohash_")
            audio = path.relative_to(corpus_dir)
            clip_id = safe_id(f"{folder.name}-{path.stem}")
            if not mark:
                yield BadClip(clip_id, audio, "the name isn't SPEAKER_nohash_N.wav")
                continue
            facts = {"text": folder.name, "keyword": folder.name, "speaker": speaker, "language": "en"}
            split, drawn = listed.get(audio.as_posix(), "train"), _drawn(speaker)
            if split != drawn:
                yield BadClip(
                    clip_id, audio, f"the lists say {split} of it, the published hash of its speaker {drawn}"
                )
                continue
            yield Clip(clip_id, split, audio, facts)
    for path in find(corpus_dir / "_background_noise_", "*.wav"):
        yield from _noise(path, corpus_dir)


def _listed(corpus_dir: Path) -> dict[str, str]:
    listed = {}
    for split in ("validation", "testing"):
        for number, name in read_lines(corpus_dir / f"{split}_list.txt", CORPUS):
            if not _LISTED.fullmatch(name):
                raise InputError(
                    f"{corpus_dir / split}_list.txt, line {number}: isn't WORD/SPEAKER_nohash_N.wav; "
                    f"take the list from {CORPUS.homepage}"
                )
            listed[name] = split
    return listed


def _drawn(speaker: str) -> str:
    """The split that the lists were made with (README of the corpus): by them alone a list cut short isn't seen."""
    percentage = int(hashlib.sha1(speaker.encode()).hexdigest(), 16) % 2**27 * 100.0 / (2**27 - 1)
    return "validation" if percentage < 10 else "testing" if percentage < 20 else "train"


def _noise(path: Path, corpus_dir: Path) -> Iterator[Clip | LeftOut]:
    facts = {"sound_events": [_NOISES.get(path.stem, path.stem.replace("_", " "))], "source": path.stem}
    noise = Clip(safe_id(f"noise-{path.stem}"), "train", path.relative_to(corpus_dir), facts)
    yield from pieces(noise, corpus_dir, _PIECE_S)
