"""Speak sentences with espeak-ng in a process of its own: `python -m cryfish.pipeline.demo.speak < jobs.jsonl`.

espeak-ng keeps its voice, its parameters and its noise generator in global state. A child process that speaks
one voice's sentences in a fixed order therefore gives the same bytes however many others run beside it, and if
the library crashes, only the child dies.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import wave
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

SYNCHRONOUS = 2  # espeak_AUDIO_OUTPUT: the callback gets the samples before espeak_Synth returns
DONT_EXIT = 0x8000
UTF8 = 1
RATE, PITCH, RANGE = 1, 3, 4  # espeak_PARAMETER


@dataclass(frozen=True)
class Job:
    """One sentence to speak. `voice` is espeak's name, with a variant (`de+f3`); `rate` is words a minute;
    `pitch` and `range` lie within 0..99; `path` is the WAV file to write."""

    text: str
    voice: str
    rate: int
    pitch: int
    range: int
    path: str

    def to_line(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"


def speak(jobs: Iterable[Job]) -> None:
    """Speak each job into its 16-bit mono WAV file. Raises RuntimeError when espeak-ng refuses."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    # espeak-ng cuts off data paths of 160 bytes or more; from inside the folder a short one does.
    os.chdir(espeakng_loader.get_data_path())
    sampling_rate = library.espeak_Initialize(SYNCHRONOUS, 0, b".", DONT_EXIT)
    if sampling_rate <= 0:
        raise RuntimeError(f"espeak-ng can't be initialised with its data in {Path.cwd()}")
    chunks: list[bytes] = []

    def collect(samples: ctypes._Pointer[ctypes.c_short], count: int, _events: int) -> int:
        if count > 0:
            chunks.append(ctypes.string_at(samples, 2 * count))
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    # espeak-ng keeps calling it: Python must not let go of it meanwhile.
    callback = kind(collect)
    library.espeak_SetSynthCallback(callback)
    library.espeak_ng_SetRandSeed(
        ctypes.c_long(1)
    )  # breathy voices draw noise; by default the clock seeds it
    for job in jobs:
        if library.espeak_SetVoiceByName(job.voice.encode()) != 0:
            raise RuntimeError(f"espeak-ng has no voice {job.voice!r}")
        for parameter, value in ((RATE, job.rate), (PITCH, job.pitch), (RANGE, job.range)):
            library.espeak_SetParameter(parameter, value, 0)
        chunks.clear()
        text = job.text.encode() + b"\0"
        if (
            library.espeak_Synth(text, ctypes.c_size_t(len(text)), 0, 1, 0, UTF8, None, None) != 0
            or not chunks
        ):
            raise RuntimeError(f"espeak-ng can't speak {job.text!r} as {job.voice!r}")
        with wave.open(job.path, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(sampling_rate)
            file.writeframes(b"".join(chunks))


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    speak(Job(**json.loads(line)) for line in sys.stdin)
