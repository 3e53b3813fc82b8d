"""Audio files that lhotse's own backends can't open everywhere: AAC in MP4 (VoxCeleb 2), video, sphere.

libsndfile reads everything else. FFmpeg's libraries, inside PyAV, decode AAC; no program needs to be installed.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from lhotse.audio.backend import (
    AudioBackend,
    get_current_audio_backend,
    get_default_audio_backend,
    set_current_audio_backend,
    soundfile_load,
)
from numpy.typing import NDArray

FFMPEG_SUFFIXES = (".m4a", ".mp4", ".aac", ".webm", ".mkv", ".wma")


class DecodingError(Exception):
    """A file that FFmpeg can't decode; the message says why."""


def needs_ffmpeg(path: Path | str) -> bool:
    """Whether libsndfile can't open files that are named so."""
    return str(path).rstrip().lower().endswith(FFMPEG_SUFFIXES)


def sampling_rate_and_channels(path: Path) -> tuple[int, int]:
    """Of the first audio stream of a file that needs FFmpeg.

    Raises:
        DecodingError: there is none, or the file can't be opened.
    """
    try:
        with av.open(str(path)) as container:
            stream = _audio_stream(container)
            return int(stream.rate), int(stream.channels)
    except av.FFmpegError as error:
        raise DecodingError(_plain(error)) from None


def blocks(path: Path) -> Iterator[NDArray[np.float32]]:
    """The samples of a file that needs FFmpeg, float32 [time, channels] within [-1, 1], a piece at a time.

    Raises:
        DecodingError: the file can't be decoded to its end.
    """
    try:
        with av.open(str(path)) as container:
            stream = _audio_stream(container)
            resampler = av.AudioResampler(format="fltp", layout=stream.layout, rate=stream.rate)
            for decoded in container.decode(stream):
                for frame in resampler.resample(decoded):
                    yield np.asarray(frame.to_ndarray().T, np.float32)
    except av.FFmpegError as error:
        raise DecodingError(_plain(error)) from None


def _audio_stream(container: Any) -> Any:
    if not container.streams.audio:
        raise DecodingError("it holds no audio")
    return container.streams.audio[0]


def _plain(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


class RecipeAudio(AudioBackend):
    """Lhotse's default backend, which leaves AAC to FFmpeg and sphere to libsndfile.

    Lhotse itself asks for the programs `ffmpeg` and `sph2pipe`.
    """

    def __init__(self) -> None:
        self._default = get_default_audio_backend()

    def read_audio(
        self,
        path_or_fd: Any,
        offset: float = 0.0,
        duration: float | None = None,
        force_opus_sampling_rate: int | None = None,
    ) -> tuple[NDArray[np.float32], int]:
        """Samples [channels, time] and their rate."""
        if isinstance(path_or_fd, str | Path) and needs_ffmpeg(path_or_fd):
            return _read(Path(path_or_fd), offset, duration)
        if str(path_or_fd).rstrip().lower().endswith(".sph"):
            samples, rate = soundfile_load(path_or_fd=path_or_fd, offset=offset, duration=duration)
            return samples, rate
        samples, rate = self._default.read_audio(path_or_fd, offset, duration, force_opus_sampling_rate)
        return samples, rate

    def info(self, path_or_fd: Any, force_opus_sampling_rate: int | None = None) -> Any:
        """As lhotse's default backend does."""
        return self._default.info(path_or_fd, force_opus_sampling_rate)


def _read(path: Path, offset: float, duration: float | None) -> tuple[NDArray[np.float32], int]:
    rate, channels = sampling_rate_and_channels(path)
    start = round(offset * rate)
    end = None if duration is None else start + round(duration * rate)
    pieces, place = [np.zeros((0, channels), np.float32)], 0
    for block in blocks(path):
        pieces.append(block[max(0, start - place) : None if end is None else max(0, end - place)])
        place += len(block)
        if end is not None and place >= end:
            break
    return np.ascontiguousarray(np.concatenate(pieces).T), rate


def use_recipe_audio() -> None:
    """From now on lhotse opens in this process every format that a recipe's clips may have.

    Called before lhotse opens audio; importing sets nothing.
    """
    if not isinstance(get_current_audio_backend(), RecipeAudio):
        set_current_audio_backend(RecipeAudio())
