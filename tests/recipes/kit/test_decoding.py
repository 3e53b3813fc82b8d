"""AAC and sphere: probed, checked, and read by lhotse through the pipeline's backend."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lhotse.audio.backend import get_current_audio_backend, set_current_audio_backend

from cryfish.recipes.fsdd import CORPUS
from cryfish.recipes.kit.corpus import BadClip, Clip
from cryfish.recipes.kit.cuts import check_audio, cut_from_clip
from cryfish.recipes.kit.decoding import use_recipe_audio


@pytest.fixture(autouse=True)
def backend() -> Iterator[None]:
    before = get_current_audio_backend()
    use_recipe_audio()
    yield
    set_current_audio_backend(before)


@pytest.mark.parametrize("suffix", ["m4a", "sph", "opus", "mp3", "flac", "ogg"])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_is_a_cut_that_lhotse_loads(
    tmp_path: Path, write_audio: Callable[..., Path], suffix: str, channels: int
) -> None:
    path = write_audio(tmp_path / f"a.{suffix}", seconds=1.0, rate=16000, channels=channels)
    cut = check_audio(cut_from_clip(Clip("a", "test", Path(path.name)), CORPUS, tmp_path), tmp_path)
    audio = cut.with_recording_path_prefix(str(tmp_path)).load_audio()
    assert audio.shape == (1, cut.num_samples)
    assert cut.duration == pytest.approx(1.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(audio[0]))
    assert np.argmax(spectrum) * cut.sampling_rate / audio.shape[1] == pytest.approx(440, abs=2)


@pytest.mark.parametrize("suffix", ["m4a", "sph"])
def test_a_stretch_is_the_same_as_in_the_whole(
    tmp_path: Path, write_audio: Callable[..., Path], suffix: str
) -> None:
    path = write_audio(tmp_path / f"a.{suffix}", seconds=2.0, rate=16000)
    whole = cut_from_clip(Clip("a", "test", Path(path.name)), CORPUS, tmp_path)
    clip = Clip("b", "test", Path(path.name), start=0.5, duration=0.75)
    part = check_audio(cut_from_clip(clip, CORPUS, tmp_path), tmp_path)
    here = str(tmp_path)
    loaded = part.with_recording_path_prefix(here).load_audio()
    assert np.array_equal(loaded, whole.with_recording_path_prefix(here).load_audio()[:, 8000:20000])


def test_broken_aac_is_a_bad_clip(tmp_path: Path, write_audio: Callable[..., Path]) -> None:
    clip = Clip("a", "test", Path("a.m4a"))
    for content in (b"", b"no video", write_audio(tmp_path / "b.m4a", seconds=1.0).read_bytes()[:300]):
        (tmp_path / "a.m4a").write_bytes(content)
        with pytest.raises(BadClip, match=r"the file is empty|header can't be read|holds no samples"):
            cut_from_clip(clip, CORPUS, tmp_path)
    with pytest.raises(BadClip, match="the file is missing"):
        cut_from_clip(replace(clip, audio=Path("c.m4a")), CORPUS, tmp_path)
