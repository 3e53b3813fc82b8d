"""Rendering augmented clips on one core, beside audiomentations, lhotse and the bare parts added up.

    python benchmarks/augment.py --from LibriSpeech

Every way takes the same clips from disk, puts them into a room (an impulse response of 0.5 s) and into noise, and
encodes FLAC. The ways take turns; what is told is the best of the rounds, as multiples of real time.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from lhotse import MonoCut, Recording, SupervisionSegment
from lhotse.cut import Cut
from lhotse.serialization import deserialize_item
from scipy.signal import fftconvolve

from cryfish.pipeline.augment.draws import generator
from cryfish.pipeline.augment.levels import active_level
from cryfish.pipeline.augment.noise import NoisePool, add_noise
from cryfish.pipeline.manifests import cut_from_json
from cryfish.pipeline.render import render
from cryfish.pipeline.samples import load_samples
from cryfish.shards.audio import encode_flac

RATE = 16_000
RESPONSES = 40
NOISES = 40
SNR_DB = 10.0


@dataclass
class Material:
    """The files that all ways share, and the manifest of the augmented clips as JSON."""

    clips: list[Path]
    responses: Path
    noises: Path
    manifest: list[str]
    plain: list[Cut]
    seconds: float


def make_material(folder: Path, given: Path | None, count: int) -> Material:
    rng = np.random.default_rng(0)
    clips = sorted(given.rglob("*.flac"))[:count] if given else []
    if not clips:
        for number in range(count):
            seconds = 4 + number % 12
            beat = np.clip(np.sin(2 * np.pi * 3 * np.arange(seconds * RATE) / RATE), 0, None)
            clips.append(folder / f"clip{number}.flac")
            soundfile.write(clips[-1], 0.1 * beat * rng.standard_normal(seconds * RATE), RATE)
    responses, noises = folder / "responses", folder / "noises"
    responses.mkdir()
    noises.mkdir()
    for number in range(RESPONSES):
        decay = np.exp(-3 * np.log(10) * np.arange(RATE // 2) / (0.5 * RATE))
        response = 0.05 * decay * rng.standard_normal(RATE // 2)
        response[40] = 0.9
        soundfile.write(responses / f"{number}.wav", response, RATE)
    for number in range(NOISES):
        noise = 0.05 * np.cumsum(rng.standard_normal(30 * RATE))
        noise -= np.convolve(noise, np.ones(400) / 400, "same")
        soundfile.write(noises / f"{number}.wav", noise / np.abs(noise).max() / 2, RATE)
    plain = [cut_of(path) for path in clips]
    pool = NoisePool([cut_of(path) for path in sorted(noises.glob("*.wav"))])
    rooms = [Recording.from_file(path) for path in sorted(responses.glob("*.wav"))]
    manifest = []
    for number, cut in enumerate(plain):
        room = rooms[number % len(rooms)]
        reverberant = cut.reverb_rir(room, affix_id=False)
        drawn = pool.draw(cut.duration, generator(0, number))
        assert drawn is not None
        manifest.append(json.dumps(add_noise(reverberant, drawn[0], SNR_DB).to_dict()))
    return Material(clips, responses, noises, manifest, plain, sum(cut.duration for cut in plain))


def cut_of(path: Path) -> MonoCut:
    recording = Recording.from_file(path)
    said = SupervisionSegment(recording.id, recording.id, 0, recording.duration, text="x")
    return MonoCut(recording.id, 0, recording.duration, 0, recording=recording, supervisions=[said])


def flac(samples: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, RATE, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


def ours(material: Material) -> None:
    for line in material.manifest:
        encode_flac(render(cut_from_json(json.loads(line))).samples)


def labelling(material: Material) -> None:
    """What the stage before does for a true SNR: it decodes the clip in its room and measures the speech."""
    for line in material.manifest:
        voice = cut_from_json(json.loads(line)).tracks[0].cut
        active_level(load_samples(voice)[0], RATE)


def lhotses(material: Material) -> None:
    for line in material.manifest:
        flac(deserialize_item(json.loads(line)).load_audio()[0])


def audiomentations_way(room: Any, noise: Any) -> Callable[[Material], None]:
    def way(material: Material) -> None:
        for path in material.clips:
            samples, rate = soundfile.read(path, dtype="float32")
            flac(noise(room(samples, rate), rate))

    return way


def parts(material: Material) -> dict[str, float]:
    """Seconds that each part takes alone."""
    responses = [
        soundfile.read(path, dtype="float32")[0] for path in sorted(material.responses.glob("*.wav"))
    ]
    noise, _ = soundfile.read(next(material.noises.glob("*.wav")), dtype="float32")
    noise = np.tile(noise, 2)
    began = time.perf_counter()
    decoded = [soundfile.read(path, dtype="float32")[0] for path in material.clips]
    after_decode = time.perf_counter()
    reverberant = [
        fftconvolve(clip, responses[number % len(responses)])[: len(clip)]
        for number, clip in enumerate(decoded)
    ]
    after_room = time.perf_counter()
    mixed = [clip + np.float32(0.1) * noise[: len(clip)] for clip in reverberant]
    after_mix = time.perf_counter()
    for clip in mixed:
        flac(clip)
    return {
        "decode": after_decode - began,
        "0.5 s RIR by FFT": after_room - after_decode,
        "mix": after_mix - after_room,
        "FLAC": time.perf_counter() - after_mix,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--from", dest="given", type=Path, help="folder with FLAC files of 16 kHz (speech)")
    parser.add_argument("--clips", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    from audiomentations import AddBackgroundNoise, ApplyImpulseResponse, RoomSimulator

    with tempfile.TemporaryDirectory() as temporary:
        material = make_material(Path(temporary), arguments.given, arguments.clips)
        noise = AddBackgroundNoise(material.noises, min_snr_db=SNR_DB, max_snr_db=SNR_DB, p=1.0)
        recorded = ApplyImpulseResponse(material.responses, p=1.0, leave_length_unchanged=True)
        ways: dict[str, Callable[[Material], None]] = {
            "ours": ours,
            "(a) audiomentations, RIR files": audiomentations_way(recorded, noise),
            "(c) lhotse, the same manifest": lhotses,
        }
        best = dict.fromkeys(ways, float("inf"))
        alone: dict[str, float] = {}
        labels = float("inf")
        for _ in range(arguments.rounds):
            for title, way in ways.items():
                began = time.perf_counter()
                way(material)
                best[title] = min(best[title], time.perf_counter() - began)
            began = time.perf_counter()
            labelling(material)
            labels = min(labels, time.perf_counter() - began)
            for part, seconds in parts(material).items():
                alone[part] = min(alone.get(part, float("inf")), seconds)
        few = Material(material.clips[:6], material.responses, material.noises, [], [], 0.0)
        few.seconds = sum(cut.duration for cut in material.plain[:6])
        simulated = audiomentations_way(RoomSimulator(p=1.0, leave_length_unchanged=True), noise)
        began = time.perf_counter()
        simulated(few)
        slow = few.seconds / (time.perf_counter() - began)
    rates = {title: material.seconds / seconds for title, seconds in best.items()}
    rates["(b) audiomentations, RoomSimulator"] = slow
    rates["(d) the bare parts added up"] = material.seconds / sum(alone.values())
    print(f"{len(material.clips)} clips, {material.seconds:.0f} s of audio")
    print(f"{'way':<38}{'x real time':>12}{'ours is':>10}")
    for title in sorted(rates):
        print(f"{title:<38}{rates[title]:>12,.0f}{rates['ours'] / rates[title]:>9.2f}x")
    for part, seconds in alone.items():
        print(f"  {part:<36}{material.seconds / seconds:>12,.0f}")
    print(f"{'labelling, in the stage before':<38}{material.seconds / labels:>12,.0f}")


if __name__ == "__main__":
    threads = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
    )
    if not threads.items() <= os.environ.items():
        # One core: the libraries look at this when they are loaded.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **threads})
    main()
