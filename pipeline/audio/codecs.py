"""Lossy coding in memory: samples are encoded and decoded again, at the same rate, length and place in time.

FFmpeg (in PyAV) codes MP3 and Opus at a constant bit rate, libsndfile the rest. The decoders take away the silence
that MP3 and Opus put before a clip; GSM and the two laws of G.711 delay nothing, and work at 8 kHz as telephones do.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LINE_RATE = 8_000
"""Sampling rate of telephone codecs, Hz."""

_MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
_SHORTEST_S = 0.1


@dataclass(frozen=True)
class Codec:
    """A lossy coding. `label` is the value of the fact `codec`.

    `kbps` is its bit rate in kbit/s where it has only one; `chosen_kbps` says that one is to be chosen. `rates` are the
    sampling rates that it takes, Hz; none stands for any.
    """

    label: str
    code: Callable[[Floats, int, int | None], tuple[Floats, int]]
    kbps: int | None = None
    chosen_kbps: bool = False
    rates: tuple[int, ...] = ()


def through_codec(samples: NDArray[Any], rate: int, codec: Codec, kbps: int | None = None) -> Floats:
    """Samples [channels, time] as they come out of the codec; each channel is coded by itself.

    Peaks above full scale are scaled into the codec and back: a codec doesn't clip here, the clipping step does.
    """
    coded = [_channel(channel, rate, codec, kbps) for channel in samples]
    return np.stack(coded) if coded else np.array(samples, dtype=np.float32)


def resampled(samples: Floats, rate: int, wanted: int) -> Floats:
    """[..., time] at another sampling rate; the start stays where it is."""
    if rate == wanted:
        return samples
    import soxr

    return np.asarray(soxr.resample(samples.T, rate, wanted).T, dtype=np.float32)


def fitted(samples: Floats, length: int) -> Floats:
    """[..., time], cut or filled with zeros at the end to `length` samples."""
    missing = length - samples.shape[-1]
    if missing <= 0:
        return samples[..., :length]
    return np.pad(samples, [(0, 0)] * (samples.ndim - 1) + [(0, missing)])


def _channel(samples: NDArray[Any], rate: int, codec: Codec, kbps: int | None) -> Floats:
    peak = float(np.abs(samples).max(initial=0.0))
    if peak == 0:
        return np.zeros(len(samples), np.float32)
    scale = np.float32(max(1.0, peak))
    inner = rate if not codec.rates or rate in codec.rates else codec.rates[-1]
    # Some encoders write nothing at all for a few samples.
    filled = fitted(samples.astype(np.float32) / scale, max(len(samples), round(_SHORTEST_S * rate)))
    decoded, decoded_rate = codec.code(resampled(filled, rate, inner), inner, kbps)
    return fitted(resampled(decoded, decoded_rate, rate), len(samples)) * scale


def _ffmpeg(container: str, encoder: str, options: dict[str, str]) -> Callable[..., tuple[Floats, int]]:
    def code(samples: Floats, rate: int, kbps: int | None) -> tuple[Floats, int]:
        import av

        buffer = io.BytesIO()
        with av.open(buffer, "w", format=container) as output:
            stream: Any = output.add_stream(encoder, rate=rate, options=options)
            stream.layout = "mono"
            stream.bit_rate = 1000 * (kbps or 0)
            frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
            frame.sample_rate, frame.pts = rate, 0
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                output.mux(packet)
        buffer.seek(0)
        with av.open(buffer, "r") as source:
            decoded_rate = int(source.streams.audio[0].rate)
            to_float = av.AudioResampler(format="fltp", layout="mono", rate=decoded_rate)
            pieces = [
                piece.to_ndarray()[0] for part in source.decode(audio=0) for piece in to_float.resample(part)
            ]
        return np.concatenate([np.zeros(0, np.float32), *pieces]), decoded_rate

    return code


def _sndfile(container: str, subtype: str, **settings: Any) -> Callable[..., tuple[Floats, int]]:
    def code(samples: Floats, rate: int, kbps: int | None) -> tuple[Floats, int]:
        import soundfile

        buffer = io.BytesIO()
        soundfile.write(buffer, samples, rate, format=container, subtype=subtype, **settings)
        buffer.seek(0)
        decoded, decoded_rate = soundfile.read(buffer, dtype="float32")
        return decoded, int(decoded_rate)

    return code


CODECS: dict[str, Codec] = {
    "mp3": Codec("MP3", _ffmpeg("mp3", "libmp3lame", {}), chosen_kbps=True, rates=_MP3_RATES),
    "opus": Codec("Opus", _ffmpeg("ogg", "libopus", {"vbr": "off"}), chosen_kbps=True, rates=_OPUS_RATES),
    # libsndfile's level 0.9 is quality 1 of Vorbis' 0 to 10.
    "vorbis": Codec("Vorbis", _sndfile("OGG", "VORBIS", compression_level=0.9)),
    "gsm": Codec("GSM", _sndfile("WAV", "GSM610"), kbps=13, rates=(LINE_RATE,)),
    "ulaw": Codec("mu-law", _sndfile("WAV", "ULAW"), kbps=64, rates=(LINE_RATE,)),
    "alaw": Codec("A-law", _sndfile("WAV", "ALAW"), kbps=64, rates=(LINE_RATE,)),
}
"""The codecs by the name that a config gives them; labels as in ASVspoof 2021."""
