"""Files that end too early are told in every format; whole ones never are."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.recipes.fsdd import CORPUS
from cryfish.recipes.kit.corpus import BadClip, Clip
from cryfish.recipes.kit.cuts import cut_from_clip
from cryfish.recipes.kit.truncated import cut_short

Write = Callable[..., Path]


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8000, 16000, 48000])
@pytest.mark.parametrize("suffix", ["mp3", "ogg", "opus", "m4a", "mp4", "au", "aiff", "sph"])
def test_every_format_that_is_cut_short_is_told(
    tmp_path: Path, write_audio: Write, suffix: str, rate: int, channels: int
) -> None:
    path = write_audio(tmp_path / f"a.{suffix}", seconds=1.5, rate=rate, channels=channels)
    assert cut_short(path) is None
    whole = path.read_bytes()
    told = 0
    for place in range(20):
        path.write_bytes(whole[: len(whole) * (30 + 3 * place) // 100])
        told += (cut_short(path) or "").startswith("the file was cut short: ")
    # Between two frames or pages nobody can tell.
    assert told >= 18


def test_a_truncated_mp3_is_a_bad_clip(tmp_path: Path, write_audio: Write) -> None:
    path = write_audio(tmp_path / "a.mp3", seconds=2.0, rate=16000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(BadClip, match=r"the file was cut short: it holds [0-9]+ of [0-9]+ bytes"):
        cut_from_clip(Clip("a", "test", Path("a.mp3")), CORPUS, tmp_path)


def _without_announcement(mp3: bytes) -> tuple[bytes, int]:
    """An MP3 as old encoders write it, without the frame that announces the others; and a frame's length."""
    second = mp3.index(mp3[:2], 4)
    return mp3[second:], mp3.index(mp3[:2], second + 4) - second


def test_an_mp3_that_announces_nothing_is_judged_by_its_last_frame(
    tmp_path: Path, write_audio: Write
) -> None:
    path = tmp_path / "b.mp3"
    stream, _ = _without_announcement(write_audio(tmp_path / "a.mp3", seconds=2.0, rate=16000).read_bytes())
    path.write_bytes(stream)
    assert cut_short(path) is None
    path.write_bytes(stream[:-30])
    assert "its last frame lacks 30 of " in str(cut_short(path))
    for behind in (
        b"TAG".ljust(128, b"\0"),
        b"APETAGEX" + bytes(60),
        bytes(1000),
        b"something else, of no known form",
    ):
        path.write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x05hello" + stream + behind)
        assert cut_short(path) is None


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"OggS", b".snd", b"FORM\0\0\0\1AIFF", b"\0\0\0\1ftyp", b"\xff\xfb" * 99]
)
def test_what_is_no_audio_is_left_to_those_who_open_it(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    cut_short(tmp_path / "a")


def test_no_real_file_is_called_cut_short(shared: Path) -> None:
    suffixes = (".mp3", ".ogg", ".wav", ".flac")
    files = [path for path in (shared / "corpora").rglob("*") if path.suffix in suffixes]
    assert len([path for path in files if path.suffix == ".mp3"]) > 50
    assert {path: told for path in files if (told := cut_short(path))} == {}
