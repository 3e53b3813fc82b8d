"""Recorded impulse responses for a RIR bank: one channel, at 16 kHz, aligned to the direct path, without the noise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from lhotse.cut import Cut
from lhotse.cut.data import DataCut
from numpy.typing import NDArray

from ...constants import SAMPLE_RATE
from ...errors import InputError
from ...files import write_atomically
from ...recipes.kit.decoding import use_recipe_audio
from ...recipes.kit.facts import read_facts
from ...recipes.kit.registry import corpora, recipe, roles_of
from ..audio.manifests import NOWHERE, cut_from_json, existing_audio_root, find_manifests, read_cuts
from .rirs import content_of, ratios_db, stored, write_rirs
from .simulated import DIRECT_GAIN, PRE_DIRECT, measure_rt60

Floats = NDArray[np.float64]

_LONGEST_S = 4.0
_ONSET = 0.3
_ALIGNED = 16  # samples: 1 ms
_BLOCK = 320  # samples: 20 ms
_MIN_RANGE_DB = 45.0
_LEAST_ABOVE_NOISE_DB = 10.0


class UnusableRir(Exception):
    """A recording that no clip can be convolved with, and why."""


class DamagedRir(UnusableRir):
    """A recording that isn't as it was published."""


def prepared_cuts(folder: Path, audio_roots: Mapping[str, Path] = NOWHERE) -> Iterator[Cut]:
    """The cuts of a prepared corpus, with absolute audio paths; `audio_roots` says where its audio lies now.

    Raises:
        InputError: there is no manifest, or the folder of the audio is gone.
    """
    for path in find_manifests(folder):
        root = existing_audio_root(path, audio_roots)
        yield from read_cuts(path, None if root is None else root.resolve())


def impulse_responses(corpus: str, cuts: Iterable[Cut]) -> list[DataCut]:
    """Those of a corpus' cuts that are impulse responses.

    Raises:
        InputError: there is none, or a cut is of another corpus.
    """
    found, empty = [], True
    for cut in cuts:
        empty = False
        if not isinstance(cut, DataCut) or "impulse_response" not in read_facts(cut):
            continue
        of = str((cut.custom or {}).get("corpus"))
        if of != corpus:
            raise InputError(
                f"rirs: the cuts given for {corpus} are of {of}; name the prepared folder of {corpus}"
            )
        found.append(cut)
    if not found:
        if empty and corpus not in corpora():
            recipe(corpus)
        raise InputError(
            f"rirs: field 'recorded': {corpus} has no impulse responses among its cuts; leave it out or prepare it anew"
        )
    return found


def make_recorded(folder: Path, cuts: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Writes impulse responses, given as JSON of cuts, into a bank's folder.

    Returns the bank's lines (`rows`) and, of those that can't be used, ids and reasons (`bad`). Their role is that of
    their corpus' split; what isn't known is None.
    """
    rows, bad = [], []
    for record in cuts:
        cut = cut_from_json(record)
        try:
            rows.append(_make(folder, cut))
        except UnusableRir as problem:
            damaged = isinstance(problem, DamagedRir)
            bad.append({"id": cut.id, "reason": str(problem), "damaged": damaged})
    return {"rows": rows, "bad": bad}


def recorded_name(cut_id: str) -> str:
    """The room of a recorded impulse response, and the name of its file."""
    return f"recorded-{cut_id}"


def _make(folder: Path, cut: Cut) -> dict[str, Any]:
    response = stored(without_noise(aligned(_load(cut)))[:, None])
    name = recorded_name(cut.id)
    write_atomically(folder / f"{name}.wav", partial(write_rirs, responses=response))
    facts = read_facts(cut)
    corpus = str(cut.custom["corpus"])
    # Where a recipe tells the kind of room, the source that its clips share is the room; else it may be anything.
    source = facts["source"] if "room" in facts and "source" in facts else cut.id.removeprefix(f"{corpus}-")
    return {
        "id": name,
        "path": f"{name}.wav",
        "channel": 0,
        "channels": 1,
        "samples": len(response),
        "room": f"{corpus}-{source}",
        "role": roles_of(corpus)[str(cut.custom["split"])],
        "distance_m": facts.get("distance_m"),
        "rt60_s": reverberation_time(response[:, 0]),
        "target_rt60_s": None,
        **ratios_db(response[:, 0]),
        "room_volume_m3": facts.get("room_volume_m3"),
        "content": content_of(response),
    }


def aligned(channels: NDArray[Any]) -> Floats:
    """One impulse response [time] of those of several microphones, [channels, time].

    The loudest usable channel is taken (the microphone nearest to the source, or the working one). Its highest sample
    is made positive and put at sample `PRE_DIRECT`; the direct path, up to 1 ms later, gets the gain `DIRECT_GAIN`.

    Raises:
        UnusableRir: a channel isn't finite, all are silent, or in none of them the direct path is the highest sample:
            Lhotse would align to the reflection that is. The reason is that of the loudest channel.
    """
    if not np.isfinite(channels).all():
        raise DamagedRir("holds NaN or infinity")
    problems = []
    for channel in np.argsort(-np.abs(channels).max(axis=1, initial=0.0), kind="stable"):
        try:
            return _aligned(np.asarray(channels[channel], dtype=np.float64))
        except UnusableRir as problem:
            problems.append(problem)
    raise problems[0]


def _aligned(response: Floats) -> Floats:
    height = np.abs(response).max(initial=0.0)
    if height == 0:
        raise DamagedRir("is silent")
    peak = int(np.argmax(np.abs(response)))
    onset = int(np.argmax(np.abs(response) >= _ONSET * height))
    if peak - onset > _ALIGNED:
        raise UnusableRir(
            f"a reflection {1000 * (peak - onset) / SAMPLE_RATE:.1f} ms after the direct path is louder than it"
        )
    start = np.concatenate([np.zeros(max(0, PRE_DIRECT - peak)), response[max(0, peak - PRE_DIRECT) : peak]])
    whole = np.concatenate([start, response[peak : peak + round(_LONGEST_S * SAMPLE_RATE)]])
    direct = np.sqrt(np.sum(whole[: PRE_DIRECT + _ALIGNED] ** 2))
    return np.asarray(whole * (np.sign(response[peak]) * DIRECT_GAIN / direct))


def without_noise(response: Floats) -> Floats:
    """The response up to where it has fallen to less than 3 dB above the recording's noise, in steps of 20 ms.

    The noise is what the last tenth holds (ISO 3382-1 asks for it to be kept out of the backward integration).

    Raises:
        UnusableRir: what comes after the direct path is hardly above the noise, so what is left isn't the room's any
            more. From 10 dB on the direct-to-reverberant ratio and the clarity stay within 1 dB of what they are
            without noise.
    """
    noise = np.mean(response[-max(_BLOCK, len(response) // 10) :] ** 2)
    first = PRE_DIRECT // _BLOCK + 1
    powers = _powers(response)
    if noise > 0:
        above = 10 * np.log10(powers[first:].max(initial=noise) / noise)
        if above < _LEAST_ABOVE_NOISE_DB:
            raise UnusableRir(f"its noise hides its decay, which is only {above:.0f} dB above it")
    buried = np.flatnonzero(powers[first:] < 2 * noise)
    return response[: (first + int(buried[0])) * _BLOCK] if len(buried) else response


def reverberation_time(response: Floats) -> float | None:
    """The measured T60; None where the response ends before its decay can be told.

    What an exponential decay would still hold beyond the end must be 45 dB below the whole, 10 dB below the lowest
    point that T30 looks at.
    """
    measured = measure_rt60(response)
    if not 0.05 < measured < 20:
        return None
    beyond = np.mean(response[-_BLOCK:] ** 2) * measured * SAMPLE_RATE / (6 * np.log(10))
    if beyond > np.sum(response**2) * 10 ** (-_MIN_RANGE_DB / 10):
        return None
    return round(measured, 3)


def _powers(response: Floats) -> Floats:
    """The mean power of every whole block of 20 ms."""
    count = len(response) // _BLOCK
    powers: Floats = np.mean(response[: count * _BLOCK].reshape(count, _BLOCK) ** 2, axis=1)
    return powers


def _load(cut: Cut) -> NDArray[np.float32]:
    """All channels of the recording, [channels, time]."""
    use_recipe_audio()
    try:
        recording = cut.recording if cut.sampling_rate == SAMPLE_RATE else cut.recording.resample(SAMPLE_RATE)
        return np.asarray(recording.load_audio(offset=cut.start, duration=cut.duration), dtype=np.float32)
    except Exception as error:  # lhotse and its backends raise whatever they like on a broken file
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DamagedRir(f"can't be read ({reason})") from error
