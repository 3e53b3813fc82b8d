"""The RIR bank: room impulse responses on disk, made once and used by every run.

A bank is a folder with one WAV file a room (16 kHz, 16 bit, a channel for each distance; memory-mapped when read) and
`bank.jsonl`, one line per RIR; `quarantine.jsonl` tells which recorded ones couldn't be used. Whole rooms are set aside
for the roles `dev` and `test`, so a test room is never heard in training. The highest sample of an RIR is its direct
path, and positive: Lhotse aligns to it, so nothing is delayed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from lhotse import AudioSource, Recording
from numpy.typing import NDArray

from ...constants import SAMPLE_RATE
from ...errors import InputError
from ...files import read_jsonl
from ...recipes.kit.corpus import ROLES, Role

BANK = "bank.jsonl"
SPEC = "rir-bank.json"
QUARANTINE = "quarantine.jsonl"

_WAV_HEADER = 44
_FULL_SCALE = 1 << 15
_DIRECT_S = 0.0025
_EARLY_S = 0.05


@dataclass(frozen=True, slots=True)
class Rir:
    """One room impulse response of a bank, and what is known of it; None is unknown (of a recorded one).

    `channel` of the `channels` of a file of `samples` is this RIR. `rt60_s` was measured on what is stored;
    `target_rt60_s` is what the simulation aimed at. `drr_db` is the direct-to-reverberant ratio, `c50_db` the clarity.
    `content` is a digest of the file's samples: it is in the id of the recording, so that cuts tell a bank from one
    made anew in its place.
    """

    id: str
    path: Path
    channel: int
    channels: int
    samples: int
    room: str
    role: Role
    distance_m: float | None
    rt60_s: float | None
    target_rt60_s: float | None
    drr_db: float
    c50_db: float | None
    room_volume_m3: float | None
    content: str = ""

    @property
    def recording(self) -> Recording:
        """The Lhotse recording of the room's file, of which `channel` is this RIR; no file is opened."""
        return Recording(
            id=f"{self.path.stem}-{self.content}" if self.content else self.path.stem,
            sources=[AudioSource(type="file", channels=list(range(self.channels)), source=str(self.path))],
            sampling_rate=SAMPLE_RATE,
            num_samples=self.samples,
            duration=self.samples / SAMPLE_RATE,
        )

    def load(self) -> NDArray[np.float32]:
        """The impulse response, [time]."""
        return read_rir(self.path, self.channels)[:, self.channel].astype(np.float32) / np.float32(
            _FULL_SCALE
        )


@lru_cache(maxsize=256)
def read_rir(path: Path, channels: int) -> NDArray[np.int16]:
    """A room's file, [time, channels], memory-mapped."""
    mapped = np.memmap(path, dtype="<i2", mode="r", offset=_WAV_HEADER)
    return mapped.reshape(-1, channels)


def stored(responses: NDArray[Any]) -> NDArray[np.float64]:
    """What is read again of responses within [-1, 1) that are written: whole multiples of 1 / 32768."""
    rounded: NDArray[np.float64] = (
        np.round(np.asarray(responses, dtype=np.float64) * _FULL_SCALE) / _FULL_SCALE
    )
    return rounded


def write_rirs(path: Path, responses: NDArray[Any]) -> None:
    """Writes a room's file from [time, channels]."""
    samples = np.round(np.asarray(responses, dtype=np.float64) * _FULL_SCALE).astype(np.int16)
    soundfile.write(path, samples, SAMPLE_RATE, format="WAV", subtype="PCM_16")


def content_of(responses: NDArray[Any]) -> str:
    """A digest (16 hex digits) of what `write_rirs` writes."""
    samples = np.round(np.asarray(responses, dtype=np.float64) * _FULL_SCALE).astype("<i2")
    return sha256(samples.tobytes()).hexdigest()[:16]


def direct_to_reverberant_db(rir: NDArray[Any], rate: int = SAMPLE_RATE) -> float:
    """The energy up to 2.5 ms after the highest sample over the energy of the rest (Zahorik 2002)."""
    early, late = _energies(rir, _DIRECT_S, rate)
    return float(10 * np.log10(early / max(late, 1e-12)))


def clarity_db(rir: NDArray[Any], rate: int = SAMPLE_RATE) -> float | None:
    """C50: the energy up to 50 ms after the highest sample over that of the rest (ISO 3382-1); None without a rest."""
    early, late = _energies(rir, _EARLY_S, rate)
    return float(10 * np.log10(early / late)) if late > 0 else None


def ratios_db(rir: NDArray[Any]) -> dict[str, float | None]:
    """What a bank's line says of the energies of a response at 16 kHz."""
    clarity = clarity_db(rir)
    return {
        "drr_db": round(direct_to_reverberant_db(rir), 2),
        "c50_db": None if clarity is None else round(clarity, 2),
    }


def _energies(rir: NDArray[Any], seconds: float, rate: int) -> tuple[float, float]:
    """Up to so long after the highest sample, and from there on."""
    energy = np.asarray(rir, dtype=np.float64) ** 2
    end = int(np.argmax(energy)) + round(seconds * rate)
    return float(energy[:end].sum()), float(energy[end:].sum())


@dataclass(frozen=True)
class Bank:
    """The RIRs of a bank, in the order of its list: rooms by number, then recorded ones."""

    folder: Path
    rirs: tuple[Rir, ...]

    def for_role(self, role: Role) -> Bank:
        """The part of the bank that this role may use; no room is in two of them."""
        return Bank(self.folder, tuple(rir for rir in self.rirs if rir.role == role))

    @cached_property
    def rooms(self) -> dict[str, list[Rir]]:
        """The RIRs of each room."""
        rooms: dict[str, list[Rir]] = {}
        for rir in self.rirs:
            rooms.setdefault(rir.room, []).append(rir)
        return rooms

    def __len__(self) -> int:
        return len(self.rirs)


def open_bank(folder: Path) -> Bank:
    """Reads a bank's list; the audio is only checked to be there in its full size.

    Raises:
        InputError: there is no finished bank, or its list or a file is damaged.
    """
    listing = folder / BANK
    if not listing.is_file():
        unfinished = " finished" if (folder / SPEC).is_file() else ""
        raise InputError(
            f"{folder}: no{unfinished} RIR bank here; make one with `cryfish rirs` or describe it under `rirs:` in the "
            "config, or check the path"
        )
    files: dict[str, tuple[Path, int]] = {}
    home = folder.resolve()
    rirs = [
        _rir(row, f"{listing}: line {number}", home, files)
        for number, row in enumerate(read_jsonl(listing), 1)
    ]
    if not rirs:
        raise InputError(f"{listing}: is empty; remove it and make the bank again")
    return Bank(folder, tuple(rirs))


def _rir(row: dict[str, Any], where: str, home: Path, files: dict[str, tuple[Path, int]]) -> Rir:
    """The RIR of a line. `files` keeps the path and the size of each file: many RIRs share one."""
    try:
        name = str(row["path"])
        if name not in files:
            files[name] = _file(home, name, where)
        path, size = files[name]
        rir = Rir(
            id=str(row["id"]),
            path=path,
            channel=int(row["channel"]),
            channels=int(row["channels"]),
            samples=int(row["samples"]),
            room=str(row["room"]),
            role=row["role"],
            distance_m=_number(row["distance_m"]),
            rt60_s=_number(row["rt60_s"]),
            target_rt60_s=_number(row["target_rt60_s"]),
            drr_db=float(row["drr_db"]),
            c50_db=_number(row.get("c50_db")),
            room_volume_m3=_number(row["room_volume_m3"]),
            content=str(row.get("content", "")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{where} isn't an RIR ({error!r}); make the bank again") from error
    if rir.role not in ROLES:
        raise InputError(f"{where}, field 'role': must be train, dev or test, not {rir.role!r}")
    if size != _WAV_HEADER + 2 * rir.channels * rir.samples or not 0 <= rir.channel < rir.channels:
        raise InputError(f"{path}: missing or cut short; remove {home / BANK} and make the bank again")
    return rir


def _file(home: Path, name: str, where: str) -> tuple[Path, int]:
    """Path and size in bytes; -1 where there is no such file."""
    if Path(name).name != name:
        raise InputError(f"{where}, field 'path': must be a file of this folder")
    path = home / name
    try:
        return path, path.stat().st_size
    except OSError:
        return path, -1


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
