"""Clips of one sample are turned down together, and what an earlier shard lends is what rendering would give."""

import shutil
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import Recording
from lhotse.cut import Cut

from cryfish.constants import SAMPLE_RATE
from cryfish.pipeline.audio.manifests import write_cuts
from cryfish.pipeline.audio.render import BadAudio, render, render_together
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.instruct.jsonl import write_instructions
from cryfish.pipeline.instruct.sources import read_samples
from cryfish.pipeline.shard.reuse import Place, lent, turned_down_hashes
from cryfish.pipeline.shard.shard import shard
from cryfish.shards.sample import Instruction

LEVELS = {"soft": 0.1, "middle": 0.7, "loud": 1.6, "louder": 2.4}


@pytest.fixture
def cuts(tmp_path: Path) -> dict[str, Cut]:
    """Clips of which the last two exceed full scale."""
    made = {}
    for name, level in LEVELS.items():
        path = tmp_path / f"{name}.wav"
        tone = level * np.sin(2 * np.pi * 300 * np.arange(SAMPLE_RATE // 2) / SAMPLE_RATE)
        soundfile.write(path, tone, SAMPLE_RATE, subtype="FLOAT")
        cut = Recording.from_file(path, recording_id=name).to_cut()
        cut.custom = {"corpus": "fsdd", "split": "train"}
        made[name] = cut
    return made


def test_the_loudest_of_a_sample_decides_for_all(cuts: dict[str, Cut]) -> None:
    for some in combinations(LEVELS, 2):
        pair = render_together([cuts[name] for name in some])
        gains = {clip.peak_gain for clip in pair}
        assert len(gains) == 1
        ratio = np.std(pair[0].samples) / np.std(pair[1].samples)
        assert ratio == pytest.approx(LEVELS[some[0]] / LEVELS[some[1]], rel=1e-3)
        assert max(np.abs(clip.samples).max() for clip in pair) <= 1
        assert ("peak_gain_db" in pair[0].facts) == (max(LEVELS[name] for name in some) > 1)
    alone = render(cuts["loud"])
    [same] = render_together([cuts["loud"]])
    np.testing.assert_array_equal(alone.samples, same.samples)


def test_a_bad_clip_of_several_is_named(cuts: dict[str, Cut], tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(SAMPLE_RATE), SAMPLE_RATE)
    silent = Recording.from_file(tmp_path / "silent.wav", recording_id="silent").to_cut()
    with pytest.raises(BadAudio, match=r"^silent: is silent"):
        render_together([cuts["soft"], silent])


def test_what_may_be_lent() -> None:
    def place(**rendering: float) -> Place:
        return Place("x.tar", 0, 1, rendering)

    plain, down = place(), place(peak_gain_db=-3.0)
    pair = ["a", "b"]
    together = turned_down_hashes(pair)
    assert turned_down_hashes(["a"]) == ["a"]
    assert set(together) == set(turned_down_hashes(["b", "a"]))
    assert not set(together) & {"a", "b", *turned_down_hashes(["a", "c"])}
    assert lent(["a"], {"a": down}) == [down]
    assert lent(pair, {"a": plain, "b": plain}) == [plain, plain]
    assert lent(pair, {"a": plain, "b": down}) is None
    assert lent(pair, {"a": plain}) is None
    assert lent(pair, {"a": plain, "b": down, **dict.fromkeys(together, down)}) == [down, down]


def ask(path: Path, *samples: tuple[str, ...]) -> Path:
    write_instructions(
        path,
        (
            Instruction(f"{number:016x}", clips, "louder", "label", "Which?", "1", "1", "en", "template")
            for number, clips in enumerate(samples)
        ),
    )
    return path


def audio_of(folder: Path) -> dict[tuple[str, ...], list[tuple[bytes, float]]]:
    """The FLAC bytes and `peak_gain_db` of each sample's clips."""
    found = {}
    for sample in read_samples(folder):
        gains = [clip.facts.get("peak_gain_db", 0.0) for clip in sample.clips]
        found[tuple(clip.id for clip in sample.clips)] = list(zip(sample.flacs, gains, strict=True))
    return found


def test_copied_audio_of_pairs_is_what_rendering_gives(cuts: dict[str, Cut], tmp_path: Path) -> None:
    manifest = tmp_path / "all.cuts.jsonl.gz"
    write_cuts(manifest, cuts.values())
    singles, pairs = [(name,) for name in cuts], list(combinations(cuts, 2))
    questions = tmp_path / "asked.jsonl"

    def make(out: Path, *asked: tuple[str, ...]) -> dict[str, float]:
        return shard(Engine(), [manifest], [ask(questions, *asked)], out, 10_000)

    changing = tmp_path / "changing"
    copied = []
    for asked in (
        [*pairs[:3]],
        [*singles, *pairs],
        [*singles[::-1], ("louder", "soft"), ("soft", "middle")],
        [*pairs, ("louder", "loud")],
        [*singles],
    ):
        copied.append(make(changing, *asked)["copied"])
        make(tmp_path / "fresh", *asked)
        assert audio_of(changing) == audio_of(tmp_path / "fresh")
        for path in (tmp_path / "fresh").glob("*.tar"):
            assert path.read_bytes() == (changing / path.name).read_bytes()
        for clips, heard in audio_of(changing).items():
            assert len({gain for _, gain in heard}) == 1, clips
            assert (heard[0][1] < 0) == (max(LEVELS[name] for name in clips) > 1)
        shutil.rmtree(tmp_path / "fresh")
        shutil.rmtree(tmp_path / "fresh.plan")
    # Nothing was there first; then the pairs, and what wasn't turned down; of the last all but what needs its company.
    assert copied[0] == 0
    assert all(number > 0 for number in copied[1:])
    assert copied[2] >= 4 + 2
