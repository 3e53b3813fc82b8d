"""Codec: lossy coding in memory; samples are encoded and decoded again, at the same rate, length and place in time.

FFmpeg (in PyAV) codes MP3 and Opus at a constant bit rate, libsndfile the rest. The decoders take away the silence
that MP3 and Opus put before a clip; GSM and the two laws of G.711 delay nothing, and work at 8 kHz as telephones do.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from lhotse.augmentation import AudioTransform
from numpy.typing import NDArray
from pydantic import Field

from ....distributions import Choice, Distribution, draw
from ....errors import InputError
from ....section import Within
from ...audio.effects import Drawn, Earlier, Effect, EffectOptions, Miniature, narrowest
from ...audio.resampled import resampled
from ...audio.transforms import InPlace, Samples, fitted

Floats = NDArray[np.float32]
CodecName = Literal["mp3", "opus", "vorbis", "gsm", "ulaw", "alaw"]

_LINE_RATE = 8_000  # Hz, of telephone codecs
_MP3_KBPS = (16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128)
_MP3_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)
_OPUS_RATES = (8_000, 12_000, 16_000, 24_000, 48_000)
_SHORTEST_S = 0.1


class Coding(EffectOptions):
    """`codec: {share: 0.5, of: [mp3, opus, gsm]}`: one of these codecs. `kbps` is the bit rate of MP3 and Opus."""

    of: Annotated[tuple[CodecName, ...], Field(min_length=1)]
    kbps: Annotated[Distribution, Within(16, 128)] = Choice(choice=(16, 24, 32, 48, 64))


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
    "gsm": Codec("GSM", _sndfile("WAV", "GSM610"), kbps=13, rates=(_LINE_RATE,)),
    "ulaw": Codec("mu-law", _sndfile("WAV", "ULAW"), kbps=64, rates=(_LINE_RATE,)),
    "alaw": Codec("A-law", _sndfile("WAV", "ALAW"), kbps=64, rates=(_LINE_RATE,)),
}
"""The codecs by the name that a config gives them; labels as in ASVspoof 2021."""


@dataclass
class CryfishCodec(InPlace, AudioTransform):
    """Lossy coding and decoding; `kbps` is the bit rate in kbit/s of MP3 and Opus.

    Raises:
        InputError: there is no such codec, or the bit rate is missing or can't be chosen.
    """

    codec: str
    kbps: int | None = None

    def __post_init__(self) -> None:
        if self.codec not in CODECS:
            raise InputError(f"CryfishCodec: field 'codec' is {self.codec!r}; use one of {', '.join(CODECS)}")
        if CODECS[self.codec].chosen_kbps != (self.kbps is not None):
            fix = "give the bit rate in kbit/s" if self.kbps is None else "leave it out: it can't be chosen"
            raise InputError(f"CryfishCodec: field 'kbps' of {self.codec}: {fix}")

    def __call__(self, samples: Samples, sampling_rate: int) -> Samples:
        return through_codec(samples, sampling_rate, CODECS[self.codec], self.kbps)


def _draw(asked: Coding, rng: np.random.Generator, earlier: Earlier) -> Drawn:
    """MP3, Opus and Vorbis may narrow the band further, unless it is that of a telephone."""
    coding = _draw_codec(asked, rng)
    codec = CODECS[coding.codec]
    kbps = coding.kbps or codec.kbps
    known = {"codec": codec.label} | ({} if kbps is None else {"codec_kbps": kbps})
    of_a_line = codec.rates == (_LINE_RATE,)
    told = of_a_line or "telephone" in earlier
    return Drawn(known | {"bandwidth_hz": narrowest(_LINE_RATE // 2, earlier) if told else None}, (coding,))


def _draw_codec(asked: Coding, rng: np.random.Generator) -> CryfishCodec:
    name = asked.of[int(rng.integers(len(asked.of)))]
    if not CODECS[name].chosen_kbps:
        return CryfishCodec(name)
    kbps = draw(asked.kbps, rng)
    if name == "mp3":
        # MPEG knows only these rates.
        return CryfishCodec(name, min(_MP3_KBPS, key=lambda known: abs(known - kbps)))
    return CryfishCodec(name, round(kbps))


EFFECT = Effect(
    name="codec",
    step="channel",
    place=50,
    options=Coding,
    draw=_draw,
    facts=("codec", "codec_kbps", "bandwidth_hz"),
    # In a narrower band the room has another ratio; a codec fills digital silence.
    untrue=("gain_db", "drr_db", "c50_db", "padding_start_s", "padding_end_s"),
    kind="coding",
    miniature=Miniature({"of": ["gsm"]}, {"codec": "GSM", "codec_kbps": 13, "bandwidth_hz": 4000}),
)
