"""Fingerprints on real audio: how much of what is one recording is found, how much else, and what it costs.

    python benchmarks/contamination.py --corpora ../shared/corpora

Every clip below the folder is the set that is tested with (but impulse responses). Copies of some of them, resampled,
coded and cut, are looked for in it. All clips, and all of them backwards and at six other speeds, which no longer are
the recordings that they were made of, are looked for too: what is found there is a false alarm. Times are CPU seconds
of this process for an hour of audio.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from cryfish.pipeline.prepare.contamination.matching import PrintIndex, SharedStretch, is_same
from cryfish.pipeline.prepare.contamination.peaks import Ear, Peaks, pack

Clip = tuple[NDArray[np.float32], int]
CODED: dict[str, Callable[[Clip], Clip]] = {}


def through(rate: int, form: str, subtype: str | None, **options: object) -> Callable[[Clip], Clip]:
    def copy(clip: Clip) -> Clip:
        samples, given = clip
        coded = io.BytesIO()
        samples = samples if given == rate else soxr.resample(samples, given, rate)
        soundfile.write(coded, np.clip(samples, -1, 1), rate, format=form, subtype=subtype, **options)
        coded.seek(0)
        read: tuple[NDArray[np.float32], int] = soundfile.read(coded, dtype="float32")
        return read

    return copy


CODED = {
    "as it is": lambda clip: clip,
    "30 dB quieter": lambda clip: (0.03 * clip[0], clip[1]),
    "at 11,025 Hz": through(11_025, "WAV", "PCM_16"),
    "MP3, lowest rate": through(16_000, "MP3", None, bitrate_mode="CONSTANT", compression_level=0.95),
    "Opus, lowest rate": through(16_000, "OGG", "OPUS", compression_level=0.95),
    "A-law": through(8_000, "WAV", "ALAW"),
    "GSM": through(8_000, "WAV", "GSM610"),
}
LENGTHS = (1.0, 2.0, 3.0, 5.0)
LONGEST = 40.0
SPEEDS = (0.8, 0.87, 0.93, 1.08, 1.15, 1.25)
SUFFIXES = (".wav", ".flac", ".mp3", ".ogg")


def clips(folder: Path) -> Iterator[tuple[str, Clip]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES and "rirs" not in path.parts:
            samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
            yield path.relative_to(folder).as_posix(), (samples[:, 0], rate)


def peaks(clip: Clip) -> Peaks:
    ear = Ear(clip[1])
    ear.hear(clip[0])
    return ear.peaks()


def seconds(clip: Clip) -> float:
    return len(clip[0]) / clip[1]


def one_recording(first: str, second: str) -> bool:
    """Noisy and clean versions of a sentence are one recording."""
    return "valentini" in first and first.rpartition("/")[2] == second.rpartition("/")[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--copies", type=int, default=150, help="copies of each kind and length")
    options = parser.parse_args()
    if not options.corpora.is_dir():
        print(f"{options.corpora}: no such folder; name one with real audio (--corpora)")
        return
    every = dict(clips(options.corpora))
    names, hours = list(every), sum(map(seconds, every.values())) / 3600
    begun = time.process_time()
    heard = [peaks(clip) for clip in every.values()]
    listened = time.process_time()
    index = PrintIndex.of(heard)
    indexed = time.process_time()
    found = [index.find(clip) for clip in heard]
    looked = time.process_time()
    stored = sum(len(pack(clip)) for clip in heard)
    print(f"{len(names):,} clips, {hours:.2f} h; {stored / hours / 1e3:,.0f} kB an hour")
    print(
        f"an hour takes {(listened - begun) / hours:.1f} s to hear, {(indexed - listened) / hours:.1f} s to index, "
        f"{(looked - indexed) / hours:.1f} s to look for"
    )

    lengths = (*LENGTHS, None)
    print("\nfound, of copies" + "".join(f"{f'{length:g} s':>9}" for length in LENGTHS) + f"{'whole':>9}")
    order = np.random.default_rng(0).permutation(len(names))
    some = [number for number in order if 2 <= seconds(every[names[number]]) <= LONGEST][: options.copies]
    for kind, copy in CODED.items():
        tries, hits = dict.fromkeys(lengths, 0), dict.fromkeys(lengths, 0)
        draw = np.random.default_rng(1)
        for number in some:
            samples, rate = copy(every[names[number]])
            for length in lengths:
                part = samples
                if length is not None:
                    if len(samples) / rate < length + 0.1:
                        continue
                    start = int(draw.uniform(0, len(samples) / rate - length) * rate)
                    part = samples[start : start + int(length * rate)]
                tries[length] += 1
                matches = filter(is_same, index.find(peaks((part, rate))))
                hits[length] += any(match.clip == number for match in matches)
        shares = [f"{100 * hits[length] / max(1, tries[length]):.1f} %" for length in lengths]
        print(f"{kind:<17}" + "".join(f"{share:>9}" for share in shares), flush=True)
    print(f"of {', '.join(map(str, tries.values()))} copies each")

    false: list[tuple[str, str, str, SharedStretch]] = []
    alike = [("as it is", number, match) for number, matches in enumerate(found) for match in matches]
    for speed in SPEEDS:
        for number, (samples, rate) in enumerate(every.values()):
            changed = soxr.resample(samples, 1000, 1000 / speed)
            alike += [(f"speed {speed}", number, match) for match in index.find(peaks((changed, rate)))]
    for number, (samples, rate) in enumerate(every.values()):
        backwards = np.ascontiguousarray(samples[::-1])
        alike += [("backwards", number, match) for match in index.find(peaks((backwards, rate)))]
    for how, number, match in alike:
        one, other = names[number], names[match.clip]
        itself = how == "as it is" and (match.clip == number or one_recording(one, other))
        if is_same(match) and not itself:
            false.append((how, one, other, match))
    pairs = (2 + len(SPEEDS)) * len(names) ** 2
    print(f"\n{len(false)} false alarms in {pairs:,} pairs")
    for how, one, other, match in false:
        print(f"  {how}: {one} and {other}: {match.told()}")


if __name__ == "__main__":
    main()
