"""FLAC bytes <-> samples: 16 kHz, mono, 16 bit."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

import numpy as np
import soundfile

from ..constants import SAMPLE_RATE

_STEP = 32_768  # quantisation steps per unit of amplitude
_STREAMINFO_END = 42


@dataclass(frozen=True)
class FlacHeader:
    """What the first 42 bytes of a FLAC file (its STREAMINFO block, RFC 9639 section 8.2) say of it."""

    sample_rate: int
    channels: int
    frames: int
    md5: bytes

    @property
    def seconds(self) -> float:
        return self.frames / self.sample_rate


def encode_flac(samples: np.ndarray) -> bytes:
    """Encodes one clip, the same bytes for the same samples.

    Args:
        samples: float32 [T], 16 kHz, within [-1, 1]. Exactly +1.0 has no 16-bit value and becomes 32767/32768.

    Raises:
        ValueError: no samples, not one-dimensional, not finite, or a peak above 1: nothing is clipped silently.
    """
    if samples.ndim != 1 or len(samples) == 0:
        raise ValueError(f"a clip is a non-empty array [T], found shape {samples.shape}")
    peak = max(float(samples.max()), -float(samples.min()))
    if not np.isfinite(peak):
        raise ValueError("the clip holds NaN or infinite samples")
    if peak > 1:
        raise ValueError(f"the clip's peak is {peak:.4f}, above 1; scale it down before encoding")
    pcm = np.minimum(np.rint(samples.astype(np.float32, copy=False) * np.float32(_STEP)), _STEP - 1).astype(
        np.int16
    )
    buffer = io.BytesIO()
    soundfile.write(buffer, pcm, SAMPLE_RATE, format="FLAC", subtype="PCM_16")
    return buffer.getvalue()


def flac_header(data: bytes) -> FlacHeader:
    """Reads the header alone, without decoding.

    Raises:
        ValueError: `data` doesn't begin as a FLAC file does.
    """
    if len(data) < _STREAMINFO_END or data[:4] != b"fLaC" or data[4] & 0x7F != 0:
        raise ValueError("not a FLAC file")
    bits = int.from_bytes(data[18:26], "big")  # 20 bits rate, 3 channels - 1, 5 depth - 1, 36 frames
    rate, channels, frames = bits >> 44, (bits >> 41 & 0b111) + 1, bits & 0xF_FFFF_FFFF
    if rate == 0:
        raise ValueError("a FLAC file with a sampling rate of 0")
    return FlacHeader(rate, channels, frames, data[26:42])


def checked_header(data: bytes) -> FlacHeader:
    """The header of a clip as shards hold them.

    Raises:
        ValueError: not FLAC, not 16 kHz mono, or of no stated length.
    """
    header = flac_header(data)
    if (header.sample_rate, header.channels) != (SAMPLE_RATE, 1):
        raise ValueError(f"{header.sample_rate} Hz and {header.channels} channels instead of 16 kHz mono")
    if header.frames == 0:
        raise ValueError("a FLAC file that states no length")
    return header


def decode_flac(data: bytes, *, check_md5: bool = False) -> np.ndarray:
    """Decodes one clip to float32 [T] at 16 kHz.

    Args:
        data: a whole FLAC file.
        check_md5: also compare the samples with the file's own MD5, which finds every change to the audio;
            without it, damage shows through FLAC's frame checksums and the length.

    Raises:
        ValueError: not FLAC, not 16 kHz mono, or damaged.
    """
    header = checked_header(data)
    if header.frames > 1_000 * len(data) + 65_536:
        # FLAC needs about 10 bytes for 4096 silent samples or more; a bigger claim is a trap for memory.
        raise ValueError(f"the header claims {header.frames} samples, too many for {len(data)} bytes")
    try:
        pcm, _ = soundfile.read(io.BytesIO(data), dtype="int16")
    except (soundfile.SoundFileError, RuntimeError) as error:
        raise ValueError(f"damaged FLAC ({error})") from error
    if len(pcm) != header.frames:
        raise ValueError(f"damaged FLAC ({len(pcm)} of {header.frames} samples)")
    if check_md5 and any(header.md5) and hashlib.md5(pcm.astype("<i2").tobytes()).digest() != header.md5:
        raise ValueError("damaged FLAC (its samples don't match its MD5)")
    return np.asarray(pcm.astype(np.float32) / np.float32(_STEP))
