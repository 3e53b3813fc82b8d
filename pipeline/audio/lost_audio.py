"""Audio that isn't there any more, looked for before a stage begins: a folder that was moved is one sentence then.

Only what is on disk is looked at, not what is in the files (but that something is): a clip that can't be decoded is for
the quarantine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import soundfile

from ...errors import InputError
from ...quarantine import too_many

_TOLD = 5


def recordings_of(cut: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """The recordings that a cut (as JSON) is made of, and whether each is an impulse response."""
    for track in cut.get("tracks") or ():
        yield from recordings_of(track["cut"])
    recording = cut.get("recording")
    if recording is None:
        return
    yield recording, False
    for transform in recording.get("transforms") or ():
        rir = (transform.get("kwargs") or {}).get("rir") if isinstance(transform, Mapping) else None
        if isinstance(rir, Mapping):
            yield rir, True


def files_of(recording: Mapping[str, Any]) -> Iterator[str]:
    """The audio files of a recording, as it names them."""
    for source in recording.get("sources") or ():
        if source.get("type") == "file":
            yield str(source["source"])


def refuse_lost(
    cuts: Iterable[Mapping[str, Any]], root: Path | None, max_bad: float, *, where: str, fix: str
) -> None:
    """Refuses cuts (as JSON) of which more than a share of `max_bad` lack their audio or an impulse response.

    Relative paths start at `root`. `where` names the cuts, `fix` says how they may be mended.

    Raises:
        InputError: names the folders or files that are missing, the commonest first.
    """
    # Noise and impulse responses are met again and again, the clips themselves once.
    why_lost = lru_cache(maxsize=1 << 14)(_why)
    total, lost = 0, 0
    causes: Counter[str] = Counter()
    for cut in cuts:
        total += 1
        why = {
            cause
            for recording, is_rir in recordings_of(cut)
            for name in files_of(recording)
            if (cause := why_lost(name, root, recording.get("num_samples") if is_rir else None))
        }
        lost += bool(why)
        causes.update(why)
    if too_many(lost, total, max_bad):
        told = "; ".join(f"{cause} ({count:,} clips)" for cause, count in causes.most_common(_TOLD))
        more = f"; and {len(causes) - _TOLD} more causes" if len(causes) > _TOLD else ""
        raise InputError(f"{where}: {lost:,} of {total:,} clips lack audio: {told}{more}; {fix}")


def _why(name: str, root: Path | None, response_samples: int | None) -> str:
    """Why a file can't be used, as far as the disk tells; nothing where it can."""
    path = Path(name) if root is None else root / name
    kind = "impulse responses" if response_samples is not None else "audio files"
    if path.is_file():
        if not path.stat().st_size:
            return f"{kind} in {path.parent} are empty"
        if response_samples is None or _samples(path) == response_samples:
            return ""
        return f"the impulse responses of {path} are damaged"
    missing = path
    while not missing.parent.is_dir() and missing.parent != missing:
        missing = missing.parent
    if missing != path:
        return f"the folder {missing} isn't there"
    return f"{kind} are gone from {path.parent}"


def _samples(path: Path) -> int:
    try:
        return int(soundfile.info(path).frames)
    except soundfile.LibsndfileError:
        return -1
