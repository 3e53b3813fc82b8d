"""Rendering augmented clips on one core, beside audiomentations, lhotse and the bare parts added up.

    python benchmarks/augment.py --from LibriSpeech

Every way takes the same clips from disk, puts them into a room (an impulse response of 0.5 s) and into noise, and
encodes FLAC. The ways take turns; what is told is the best of the rounds, as multiples of real time.

*Warm* are 40 rooms and 40 noises, which stay in memory. *Cold* is a bank and a pool so large that next to each is
opened once: nothing is kept from round to round, and the files are many. *Labelled* adds what the stage before costs:
the draws, the SNR and the manifest, of clips that `prepare` decoded. Times are the processor's: on a shared machine the
clock tells what others do.
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
import torch
from lhotse import AudioSource, MonoCut, Recording, SupervisionSegment
from lhotse.serialization import deserialize_item
from lhotse.utils import fastcopy
from scipy.signal import fftconvolve

from cryfish.files import json_line, parse_json
from cryfish.pipeline.audio import convolution, load
from cryfish.pipeline.audio.levels import active_level, with_note
from cryfish.pipeline.audio.manifests import cut_from_json, cut_to_json
from cryfish.pipeline.audio.render import render
from cryfish.pipeline.augment.noise import NOISE_TAG, NoisePool
from cryfish.pipeline.augment.sources import Recorded
from cryfish.pipeline.augment.steps import NoiseStep, RoomStep, augment_cut
from cryfish.pipeline.rirs.rirs import Rir
from cryfish.shards.audio import encode_flac

RATE = 16_000
FILES = {"warm": 40, "cold": 600}
"""Of impulse responses, and of noises; of the latter at most so many differ, the others are links to them."""

NOISES = 60
SNR_DB = 10.0


@dataclass
class Material:
    """The files that all ways share, the steps over them, and the manifest of the augmented clips as JSON."""

    clips: list[Path]
    responses: Path
    noises: Path
    steps: list[Any]
    plain: list[MonoCut]
    manifest: list[str]

    @property
    def seconds(self) -> float:
        return float(sum(cut.duration for cut in self.plain))


def make_clips(folder: Path, given: Path | None, count: int) -> list[Path]:
    rng = np.random.default_rng(0)
    clips = sorted(given.rglob("*.flac"))[:count] if given else []
    if not clips:
        for number in range(count):
            seconds = 4 + number % 12
            beat = np.clip(np.sin(2 * np.pi * 3 * np.arange(seconds * RATE) / RATE), 0, None)
            clips.append(folder / f"clip{number}.flac")
            # A floor far below, for without one nothing tells how much noise the clip has itself.
            sound = (0.1 * beat + 1e-4) * rng.standard_normal(seconds * RATE)
            soundfile.write(clips[-1], sound, RATE)
    return clips


def make_material(folder: Path, clips: list[Path], kind: str) -> Material:
    rng = np.random.default_rng(0)
    responses, noises = folder / kind / "responses", folder / kind / "noises"
    responses.mkdir(parents=True)
    noises.mkdir()
    for number in range(FILES[kind]):
        decay = np.exp(-3 * np.log(10) * np.arange(RATE // 2) / (0.5 * RATE))
        response = 0.05 * decay * rng.standard_normal(RATE // 2)
        response[40] = 0.9
        soundfile.write(responses / f"{number}.wav", response, RATE)
    for number in range(FILES[kind]):
        if number >= NOISES:
            os.link(noises / f"{number % NOISES}.wav", noises / f"{number}.wav")
            continue
        noise = 0.05 * np.cumsum(rng.standard_normal(30 * RATE))
        noise -= np.convolve(noise, np.ones(400) / 400, "same")
        soundfile.write(noises / f"{number}.wav", noise / np.abs(noise).max() / 2, RATE)
    rooms = tuple(
        (Rir(path.stem, path, 0, 1, RATE // 2, path.stem, "train", None, 0.5, None, 0.0, None, None),)
        for path in sorted(responses.glob("*.wav"))
    )
    known = {number: prepared(noises / f"{number}.wav") for number in range(min(NOISES, FILES[kind]))}
    pool = NoisePool(
        [like(known[number % NOISES], noises / f"{number}.wav") for number in range(FILES[kind])]
    )
    steps = [RoomStep(1.0, rooms, "normalised", 1), NoiseStep(1.0, (Recorded(pool),), 1, SNR_DB)]
    plain = [prepared(path) for path in clips]
    manifest = list(augmented(plain, steps))
    noisy = sum(NOISE_TAG in line for line in manifest)
    if noisy < 0.9 * len(plain):
        raise SystemExit(
            f"noise could be put under {noisy} of {len(plain)} clips: the peer would do more than we"
        )
    return Material(clips, responses, noises, steps, plain, manifest)


def augmented(cuts: list[MonoCut], steps: list[Any]) -> Iterator[str]:
    for cut in cuts:
        for made in augment_cut(cut, steps, 0):
            yield json_line(cut_to_json(made))


def prepared(path: Path) -> MonoCut:
    """The cut of a file with the notes that `prepare` makes of it."""
    cut = cut_of(path)
    heard = active_level(cut.load_audio()[0], RATE)
    assert heard is not None
    return with_note(cut, heard)


def like(cut: MonoCut, path: Path) -> MonoCut:
    """The cut of another file that holds the same."""
    source = AudioSource("file", cut.recording.sources[0].channels, str(path))
    return fastcopy(cut, id=path.stem, recording=fastcopy(cut.recording, id=path.stem, sources=[source]))


def forget() -> None:
    """Nothing is kept of earlier clips."""
    load._kept = load._Kept()
    convolution._spectrum.cache_clear()
    convolution._shape.cache_clear()


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
        encode_flac(render(cut_from_json(parse_json(line))).samples)


def labelled(material: Material) -> None:
    """The stage before, too."""
    for line in augmented(material.plain, material.steps):
        encode_flac(render(cut_from_json(parse_json(line))).samples)


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
    began = time.process_time()
    decoded = [soundfile.read(path, dtype="float32")[0] for path in material.clips]
    after_decode = time.process_time()
    reverberant = [
        fftconvolve(clip, responses[number % len(responses)])[: len(clip)]
        for number, clip in enumerate(decoded)
    ]
    after_room = time.process_time()
    mixed = [clip + np.float32(0.1) * noise[: len(clip)] for clip in reverberant]
    after_mix = time.process_time()
    for clip in mixed:
        flac(clip)
    return {
        "decode": after_decode - began,
        "0.5 s RIR by FFT": after_room - after_decode,
        "mix": after_mix - after_room,
        "FLAC": time.process_time() - after_mix,
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

    def peer(material: Material) -> Callable[[Material], None]:
        noise = AddBackgroundNoise(material.noises, min_snr_db=SNR_DB, max_snr_db=SNR_DB, p=1.0)
        recorded = ApplyImpulseResponse(material.responses, p=1.0, leave_length_unchanged=True)
        return audiomentations_way(recorded, noise)

    with tempfile.TemporaryDirectory() as temporary:
        clips = make_clips(Path(temporary), arguments.given, arguments.clips)
        warm, cold = (make_material(Path(temporary), clips, kind) for kind in ("warm", "cold"))
        warm_peer = peer(warm)
        best: dict[str, float] = {}
        alone: dict[str, float] = {}

        def take(title: str, way: Callable[[Material], None], material: Material) -> None:
            began = time.process_time()
            way(material)
            best[title] = min(best.get(title, float("inf")), time.process_time() - began)

        for _ in range(arguments.rounds):
            take("warm: audiomentations, RIR files", warm_peer, warm)
            take("warm: lhotse, the same manifest", lhotses, warm)
            for title, way in (("warm: ours", ours), ("warm and labelled: ours", labelled)):
                forget()
                ours(warm)
                take(title, way, warm)
            take("cold: audiomentations, RIR files", peer(cold), cold)
            for title, way in (("cold: ours", ours), ("cold and labelled: ours", labelled)):
                forget()
                take(title, way, cold)
            for part, seconds in parts(warm).items():
                alone[part] = min(alone.get(part, float("inf")), seconds)
        few = Material(warm.clips[:6], warm.responses, warm.noises, [], warm.plain[:6], [])
        noise = AddBackgroundNoise(warm.noises, min_snr_db=SNR_DB, max_snr_db=SNR_DB, p=1.0)
        simulated = audiomentations_way(RoomSimulator(p=1.0, leave_length_unchanged=True), noise)
        began = time.process_time()
        simulated(few)
        slow = few.seconds / (time.process_time() - began)
    rates = {title: warm.seconds / seconds for title, seconds in best.items()}
    rates["warm: audiomentations, RoomSimulator"] = slow
    rates["warm: the bare parts added up"] = warm.seconds / sum(alone.values())
    print(f"{len(warm.clips)} clips, {warm.seconds:.0f} s of audio")
    print(f"{'way':<40}{'x real time':>12}{'x audiomentations':>20}")
    for title in sorted(rates):
        kind = "cold" if title.startswith("cold") else "warm"
        print(
            f"{title:<40}{rates[title]:>12,.0f}{rates[title] / rates[f'{kind}: audiomentations, RIR files']:>19.2f}x"
        )
    for part, seconds in alone.items():
        print(f"  {part:<38}{warm.seconds / seconds:>12,.0f}")


if __name__ == "__main__":
    threads = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
    )
    if not threads.items() <= os.environ.items():
        # One core: the libraries look at this when they are loaded.
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **threads})
    main()
