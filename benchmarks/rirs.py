"""Our RIR bank beside the usual way of simulating one: pyroomacoustics with `inverse_sabine` and all image sources.

    python benchmarks/rirs.py --rirs 500

Both ways run on one core in this process and in this run, for the same rooms: ours makes all of them and writes the
bank, the other way every `--every`th room (it is slow; it gets all microphones of a room at once, as ours does).
Seconds are those of the processor, without the measuring. The T60 of both is measured by pyroomacoustics'
`measure_rt60` (T30), of ours on the 16-bit files, and held against the T60 that was asked for.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import numpy as np
import pyroomacoustics
import soundfile
from pyroomacoustics.experimental import measure_rt60

from cryfish.pipeline.rirs.bank import make_bank
from cryfish.pipeline.rirs.specification import RirBankSpec

RATE = 16_000


def ours(spec: RirBankSpec, folder: Path, seed: int) -> tuple[float, list[dict[str, Any]], list[float]]:
    """Processor seconds, the bank's lines, and the measured T60 of each."""
    began = time.process_time()
    make_bank(folder, spec, seed)
    seconds = time.process_time() - began
    rows = [json.loads(line) for line in (folder / "bank.jsonl").read_text().splitlines()]
    measured = []
    for row in rows:
        samples, _ = soundfile.read(folder / row["path"], always_2d=True)
        measured.append(measure_rt60(samples[:, row["channel"]], RATE, decay_db=30))
    return seconds, rows, measured


def usual(rooms: list[list[dict[str, Any]]]) -> tuple[float, int, list[float], list[float]]:
    """Processor seconds, rooms that it refused, and of every RIR made the T60 asked for and measured."""
    asked, measured, refused, seconds = [], [], 0, 0.0
    for rows in rooms:
        row = rows[0]
        began = time.process_time()
        try:
            absorption, order = pyroomacoustics.inverse_sabine(row["target_rt60_s"], row["size_m"])
        except ValueError:  # Sabine's formula wants to absorb more than there is
            refused += 1
            continue
        room = pyroomacoustics.ShoeBox(
            row["size_m"], fs=RATE, materials=pyroomacoustics.Material(absorption), max_order=order
        )
        room.add_source(row["source_m"])
        room.add_microphone(np.array([row["microphone_m"] for row in rows]).T)
        room.compute_rir()
        seconds += time.process_time() - began
        for responses in room.rir:
            asked.append(row["target_rt60_s"])
            measured.append(measure_rt60(responses[0], RATE, decay_db=30))
    return seconds, refused, asked, measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rirs", type=int, default=500)
    parser.add_argument("--every", type=int, default=10, help="the usual way makes every so manieth room")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    pyroomacoustics.constants.set("num_threads", 1)
    spec = RirBankSpec(rooms=max(3, arguments.rirs // RirBankSpec().distances))
    with tempfile.TemporaryDirectory() as temporary:
        # Imports and caches don't belong to either way.
        make_bank(Path(temporary, "warm"), RirBankSpec(rooms=3), seed=1)
        seconds, rows, measured = ours(spec, Path(temporary, "bank"), arguments.seed)
    rooms: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        rooms.setdefault(row["room"], []).append(row)
    theirs, refused, asked, found = usual(list(rooms.values())[:: arguments.every])
    table = [
        ("ours, written", seconds, [row["target_rt60_s"] for row in rows], measured),
        ("pyroomacoustics, in memory", theirs, asked, found),
    ]
    peer = theirs / len(found)
    print(f"T60 {spec.rt60_s[0]:g} to {spec.rt60_s[1]:g} s; pyroomacoustics refused {refused} rooms (Sabine)")
    print(f"{'way':<28}{'RIRs':>6}{'s/RIR':>8}{'x peer':>8}{'core-hours/100k':>17}", end="")
    print(f"{'T60 error: median':>19}{'95 %':>8}{'largest':>9}{'within 10 %':>13}")
    for title, took, wanted, got in table:
        each = took / len(got)
        errors = np.abs(np.array(got) / np.array(wanted) - 1)
        median, most, largest = np.percentile(errors, [50, 95, 100])
        print(
            f"{title:<28}{len(got):>6}{each:>8.4f}{peer / each:>8.1f}{each * 100_000 / 3600:>17.2f}", end=""
        )
        print(f"{median:>19.1%}{most:>8.1%}{largest:>9.1%}{np.mean(errors <= 0.1):>13.1%}")


if __name__ == "__main__":
    main()
