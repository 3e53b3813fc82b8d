import numpy as np
import pytest

from cryfish.shards import decode_flac, encode_flac
from cryfish.shards.audio import flac_header


def noise(length: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-0.99, 0.99, length).astype(np.float32)


def test_what_was_decoded_encodes_to_the_same_bytes() -> None:
    flac = encode_flac(noise(20_000))
    decoded = decode_flac(flac, check_md5=True)
    assert decoded.dtype == np.float32
    assert np.abs(decoded - noise(20_000)).max() <= 0.5001 / 32768
    assert encode_flac(decoded) == flac == encode_flac(noise(20_000))


def test_the_loudest_values_survive() -> None:
    assert decode_flac(encode_flac(np.array([1, -1, 0], np.float32))).tolist() == [32767 / 32768, -1, 0]


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.array([0, 1.01], np.float32), "peak is 1.01"),
        (np.array([0, np.nan], np.float32), "NaN"),
        (np.array([0, np.inf], np.float32), "infinite"),
        (np.zeros(0, np.float32), "non-empty"),
        (np.zeros((2, 5), np.float32), "shape"),
    ],
)
def test_what_flac_cannot_hold_is_refused(samples: np.ndarray, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        encode_flac(samples)


def test_any_flipped_bit_of_the_audio_is_noticed() -> None:
    flac, rng = encode_flac(noise(8_000)), np.random.default_rng(1)
    for position in rng.integers(42, len(flac), 50):
        damaged = bytearray(flac)
        damaged[position] ^= 1 << rng.integers(8)
        with pytest.raises(ValueError, match="damaged"):
            decode_flac(bytes(damaged))


@pytest.mark.parametrize("length", [0, 10, 41, 42, 100, -1])
def test_a_cut_file_is_noticed(length: int) -> None:
    with pytest.raises(ValueError, match="FLAC"):
        decode_flac(encode_flac(noise(8_000))[:length])


def test_a_header_that_claims_too_much_is_refused_before_decoding() -> None:
    flac = bytearray(encode_flac(noise(100)))
    flac[21] |= 0x0F
    flac[22:26] = b"\xff" * 4
    assert flac_header(bytes(flac)).frames == 2**36 - 1
    with pytest.raises(ValueError, match="too many"):
        decode_flac(bytes(flac))
