"""The embedded corpus: speech and sounds made here, with exact labels, laid out like published corpora.

It comes as two corpora beside each other, each read by its own recipe:

- `phrases/`: sentences in several languages, spoken by espeak-ng voices (`recipes/cryfish_phrases.py`);
- `noises/`: synthetic background sounds (`recipes/cryfish_noises.py`).

Splits share no speaker, and test sentences are never spoken in training. Same version, same bytes.
"""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
import wave
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from ...errors import InputError
from ...files import write_atomically
from .noises import SOUNDS, make_sound
from .phrases import PHRASES, TRAIN_PHRASES
from .speak import Job

NOISE_SECONDS = 5.0
NOISE_RATE = 22_050
NOISES_PER_CLASS = {"train": 16, "dev": 2, "test": 4}

LICENSE = """The recordings and texts of this corpus were made by the program that wrote them: cryfish (Apache-2.0).
They are dedicated to the public domain (CC0 1.0). The voices are those of espeak-ng.
"""


@dataclass(frozen=True)
class Speaker:
    """A voice: a variant of espeak-ng with its own rate (words a minute), pitch and range (0..99).

    The gender is the one that the variant's own definition declares.
    """

    name: str
    gender: str
    variant: str
    split: str
    rate: int
    pitch: int
    range: int


def _speakers() -> tuple[Speaker, ...]:
    variants = {
        ("female", "train"): ("f1", "f3", "f5", "linda", "anika", "belinda", "Andrea"),
        ("male", "train"): ("m1", "m2", "m4", "m7", "m8", "Andy", "michel"),
        ("female", "dev"): ("f2",),
        ("male", "dev"): ("m6",),
        ("female", "test"): ("f4", "Alicia", "Annie", "steph"),
        ("male", "test"): ("m3", "Marco", "sandro", "victor"),
    }
    speakers = []
    for (gender, split), names in variants.items():
        for variant in names:
            rng = _rng("speaker", variant)
            speakers.append(
                Speaker(
                    name=f"{gender[0]}-{variant.lower()}",
                    gender=gender,
                    variant=variant,
                    split=split,
                    rate=int(rng.integers(140, 186)),
                    pitch=int(rng.integers(40, 61)),
                    range=int(rng.integers(35, 71)),
                )
            )
    return tuple(sorted(speakers, key=lambda speaker: speaker.name))


def make_embedded(folder: Path, workers: int = 2) -> tuple[Path, Path]:
    """The folders (`phrases`, `noises`) of the embedded corpus, made under `folder` on first use.

    Each is whole or absent; what exists is kept. Raises InputError where espeak-ng is missing.
    """
    phrases, noises = folder / "phrases", folder / "noises"
    if not phrases.is_dir():
        if find_spec("espeakng_loader") is None:
            raise InputError(
                "the package 'espeakng-loader' isn't installed; run: pip install espeakng-loader==0.2.4"
            )
        write_atomically(phrases, lambda temporary: _write_phrases(temporary, workers))
    if not noises.is_dir():
        write_atomically(noises, _write_noises)
    return phrases, noises


def _write_phrases(folder: Path, workers: int) -> None:
    speakers = _speakers()
    rows: list[tuple[str, ...]] = []
    jobs: dict[str, list[Job]] = {}
    for speaker in speakers:
        for path, text, language, job in _utterances(speaker, folder):
            rows.append((path, text, language, speaker.name, speaker.split))
            jobs.setdefault(speaker.name, []).append(job)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(_speak, jobs.values()))
    _write_table(folder / "utterances.tsv", ("path", "text", "language", "speaker", "split"), rows)
    _write_table(
        folder / "speakers.tsv",
        ("speaker", "gender", "split", "variant", "rate", "pitch", "range"),
        [(s.name, s.gender, s.split, s.variant, str(s.rate), str(s.pitch), str(s.range)) for s in speakers],
    )
    (folder / "LICENSE").write_text(LICENSE, encoding="utf-8")
    (folder / "README").write_text(
        f"Cryfish phrases: {len(rows)} sentences in {len(PHRASES)} languages by {len(speakers)} espeak-ng voices.\n\n"
        "utterances.tsv  path, text, language (ISO 639-1), speaker, split\n"
        "speakers.tsv    speaker, gender, split, and the voice's espeak-ng variant, rate, pitch and range\n"
        "wav/LANGUAGE/SPEAKER/NN.wav\n\n"
        "Every speaker speaks every language. No speaker is in two splits; dev and test sentences aren't in train.\n",
        encoding="utf-8",
    )


def _utterances(speaker: Speaker, folder: Path) -> Iterator[tuple[str, str, str, Job]]:
    """(path in the corpus, text, language, job) of all that one speaker says, a little varied each time."""
    for language, phrases in PHRASES.items():
        (folder / "wav" / language / speaker.name).mkdir(parents=True)
        for number, text in enumerate(phrases, 1):
            if (number <= TRAIN_PHRASES) != (speaker.split == "train"):
                continue
            path = f"wav/{language}/{speaker.name}/{number:02}.wav"
            rng = _rng("utterance", path)
            yield (
                path,
                text,
                language,
                Job(
                    text=text,
                    voice=f"{language}+{speaker.variant}",
                    rate=speaker.rate + int(rng.integers(-8, 9)),
                    pitch=speaker.pitch + int(rng.integers(-4, 5)),
                    range=speaker.range,
                    path=str((folder / path).absolute()),
                ),
            )


def _speak(jobs: Sequence[Job]) -> None:
    """Speak one speaker's sentences in a child process. Raises InputError with what espeak-ng said."""
    done = subprocess.run(
        [sys.executable, "-m", f"{__package__}.speak"],
        input="".join(job.to_line() for job in jobs),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise InputError(
            f"espeak-ng failed for the voice {jobs[0].voice!r}: {said}; reinstall espeakng-loader==0.2.4"
        )


def _write_noises(folder: Path) -> None:
    rows: list[tuple[str, ...]] = []
    for name in SOUNDS:
        directory = name.replace(" ", "_")
        (folder / "wav" / directory).mkdir(parents=True)
        splits = [split for split, count in NOISES_PER_CLASS.items() for _ in range(count)]
        for number, split in enumerate(splits, 1):
            path = f"wav/{directory}/{number:02}.wav"
            sound = make_sound(name, _rng("noise", path), NOISE_SECONDS, NOISE_RATE)
            with wave.open(str(folder / path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(NOISE_RATE)
                file.writeframes(sound.astype("<i2").tobytes())
            rows.append((path, name, split))
    _write_table(folder / "noises.tsv", ("path", "class", "split"), rows)
    (folder / "LICENSE").write_text(
        LICENSE.replace(" and texts", "").split(" The voices")[0] + "\n", encoding="utf-8"
    )
    (folder / "README").write_text(
        f"Cryfish noises: {len(rows)} synthetic background sounds of {len(SOUNDS)} classes, "
        f"{NOISE_SECONDS:g} s each.\n\n"
        "noises.tsv  path, class, split\nwav/CLASS/NN.wav\n",
        encoding="utf-8",
    )


def _write_table(path: Path, header: Iterable[str], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
        table.writerow(header)
        table.writerows(rows)


def _rng(*names: str) -> np.random.Generator:
    digest = hashlib.sha256("/".join(("cryfish-embedded-1", *names)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))
