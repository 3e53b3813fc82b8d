"""augment as a stage: chunks, workers, kills, and a page to look at."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import CutSet, MonoCut

from cryfish.errors import InputError
from cryfish.pipeline.audio.levels import active_level
from cryfish.pipeline.audio.manifests import read_cuts, write_cuts
from cryfish.pipeline.audio.render import BadAudio, render
from cryfish.pipeline.augment import augment as stage
from cryfish.pipeline.augment.augment import augment
from cryfish.pipeline.augment.augmentation import Augmentation
from cryfish.pipeline.augment.labels import why_unlabelled
from cryfish.pipeline.augment.preview import preview_page
from cryfish.pipeline.augment.settings import read_steps
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.rirs.rirs import Bank
from cryfish.recipes.kit.facts import read_facts

MakeCut = Callable[..., MonoCut]


@pytest.fixture
def corpus(tmp_path: Path, make_cut: MakeCut) -> Path:
    """A manifest of sixty clips of twelve speakers."""
    rng = np.random.default_rng(0)
    cuts = []
    for number in range(60):
        beat = np.clip(np.sin(2 * np.pi * 3 * np.arange(12_000) / 16_000), 0, None)
        # A hiss 50 dB down: a gate wouldn't tell how noisy the clip is.
        spoken = (0.1 * beat + 0.0003) * rng.standard_normal(12_000)
        cut = make_cut(f"clip-{number:02d}", spoken, text="hello")
        cut.custom |= {"corpus": "librispeech", "split": "train-clean-100"}
        cut.supervisions[0].speaker = str(number // 5)
        cuts.append(cut)
    write_cuts(tmp_path / "speech" / "train.cuts.jsonl.gz", cuts)
    return tmp_path / "speech" / "train.cuts.jsonl.gz"


@pytest.fixture
def sounds(tmp_path: Path, make_cut: MakeCut) -> Path:
    """Forty noise clips of a corpus that publishes nothing but training clips."""
    rng = np.random.default_rng(1)
    cuts = []
    for number in range(40):
        cut = make_cut(f"noise-{number:02d}", 0.1 * rng.standard_normal(20_000), sound_events=["rain"])
        cut.custom |= {"corpus": "musan", "split": "all"}
        cut.custom["facts"]["source"] = f"source {number}"
        cuts.append(cut)
    write_cuts(tmp_path / "sounds" / "all.cuts.jsonl.gz", cuts)
    return tmp_path / "sounds"


@pytest.fixture
def asked(bank: Bank, sounds: Path) -> Augmentation:
    steps = read_steps(
        [
            {
                "voice": {
                    "share": 0.3,
                    "speed": {"share": 0.5, "factor": {"choice": [0.9, 1.1]}},
                    "padding": {"share": 0.5, "start_s": 0.2},
                }
            },
            {"room": {"share": 0.5, "bank": str(bank.folder)}},
            {
                "noise": {
                    "share": 0.6,
                    "from": ["musan"],
                    "babble": {"from": ["musan"], "voices": [2, 3]},
                    "colours": ["pink", "white"],
                    "at_once": 2,
                    "snr_db": {"uniform": [0, 20]},
                }
            },
            {
                "channel": {
                    "share": 0.3,
                    "telephone": {"share": 0.5},
                    "codec": {"share": 0.5, "of": ["ulaw", "gsm"]},
                }
            },
        ]
    )
    return Augmentation(tuple(steps), {"musan": sounds}, "train", 7, bank.folder.parent)


def test_the_same_bytes_for_any_number_of_workers_and_chunks_in_turn(
    tmp_path: Path, corpus: Path, asked: Augmentation
) -> None:
    outs = [tmp_path / f"out{jobs}.cuts.jsonl.gz" for jobs in (1, 4)]
    for jobs, out in zip((1, 4), outs, strict=True):
        with Engine(jobs) as engine:
            counts = augment(engine, [(asked, [corpus], out)], chunk=7)
        assert counts["clips"] == 60
        assert 0 < counts["with snr_db"] < 60
        assert not list(tmp_path.glob(".cryfish-parts-*"))
    assert outs[0].read_bytes() == outs[1].read_bytes()
    # What is made of a clip doesn't depend on its chunk, its place or its company.
    backwards = tmp_path / "backwards.cuts.jsonl.gz"
    write_cuts(backwards, list(read_cuts(corpus))[::-1])
    augment(Engine(), [(asked, [backwards], tmp_path / "b.cuts.jsonl.gz")])
    lines = [
        sorted(gzip.decompress(path.read_bytes()).splitlines())
        for path in (outs[0], tmp_path / "b.cuts.jsonl.gz")
    ]
    assert lines[0] == lines[1]
    for one, other in zip(read_cuts(outs[0]), CutSet.from_file(outs[1]), strict=True):
        np.testing.assert_array_equal(render(one).samples, render(other).samples)


def test_a_stopped_run_goes_on_and_a_finished_one_is_left_alone(
    tmp_path: Path, corpus: Path, asked: Augmentation, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, halted = tmp_path / "whole.cuts.jsonl.gz", tmp_path / "halted.cuts.jsonl.gz"
    augment(Engine(), [(asked, [corpus], whole)], chunk=10)
    # The damage lies behind what is looked at before anything is made.
    monkeypatch.setattr(stage, "_LOOKED_AT", 10)
    bad = tmp_path / "speech" / "bad.cuts.jsonl.gz"
    lines = gzip.decompress(corpus.read_bytes()).splitlines(keepends=True)
    bad.write_bytes(gzip.compress(b"".join([*lines[:45], b"{\n", *lines[46:]])))
    with pytest.raises(InputError, match="line 46"):
        augment(Engine(), [(asked, [bad], halted)], chunk=10)
    assert not halted.exists()
    made = {path: path.stat().st_mtime_ns for path in tmp_path.glob(".cryfish-parts-*/*.gz")}
    assert len(made) == 4
    with pytest.raises(InputError, match="line 46"):
        augment(Engine(), [(asked, [bad], halted)], chunk=10)
    assert {path: path.stat().st_mtime_ns for path in made} == made
    before = whole.stat().st_mtime_ns
    assert augment(Engine(), [(asked, [corpus], whole)], chunk=10)["clips"] == 60
    assert whole.stat().st_mtime_ns == before
    augment(Engine(), [(replace(asked, seed=8), [corpus], whole)], chunk=10)
    assert whole.stat().st_mtime_ns != before


def test_noise_for_the_test_is_never_heard_in_training(
    tmp_path: Path, corpus: Path, asked: Augmentation
) -> None:
    steps = tuple(read_steps([{"noise": {"share": 1, "from": ["musan"], "snr_db": 5}}]))
    heard: dict[str, set[str]] = {}
    for role in ("train", "dev", "test"):
        out = tmp_path / f"{role}.cuts.jsonl.gz"
        this = replace(asked, steps=steps, role=role)
        augment(Engine(), [(this, [corpus], out)])
        heard[role] = {cut.tracks[1].cut.recording.id for cut in read_cuts(out)}
    assert all(heard.values())
    assert not heard["train"] & heard["dev"]
    assert not heard["train"] & heard["test"]
    assert len(heard["train"]) > 20


def test_pairs_of_distances_differ_in_nothing_else(
    tmp_path: Path, corpus: Path, asked: Augmentation, bank: Bank
) -> None:
    steps = tuple(
        read_steps(
            [
                {"room": {"share": 0.5, "bank": str(bank.folder), "distances": 2, "level": "inverse"}},
                {"noise": {"share": 1, "colours": ["white"], "snr_db": 5}},
            ]
        )
    )
    out = tmp_path / "pairs.cuts.jsonl.gz"
    augment(Engine(), [(replace(asked, steps=steps), [corpus], out)])
    cuts = {cut.id: cut for cut in read_cuts(out)}
    pairs = [name.removesuffix("-at1") for name in cuts if name.endswith("-at1")]
    assert 15 < len(pairs) < 45
    assert len(cuts) == 60 + len(pairs)
    for name in pairs:
        near, far = cuts[f"{name}-at1"], cuts[f"{name}-at2"]
        one, other = read_facts(near), read_facts(far)
        assert one["original"] == other["original"] == name
        assert one["room_id"] == other["room_id"]
        assert one["distance_m"] < other["distance_m"]
        assert one["distance_level"] == "inverse"
        assert "snr_db" not in one.keys() | other.keys()
        assert one["drr_db"] > other["drr_db"]
        levels = [np.mean(render(cut).samples ** 2) for cut in (near, far)]
        assert levels[0] > levels[1]
        for cut, facts in ((near, one), (far, other)):
            rendered = render(cut)
            level = active_level(rendered.samples, 16_000)
            assert level is not None
            before_db = 10 * np.log10(level.power) - rendered.facts.get("peak_gain_db", 0.0)
            assert facts["speech_level_db"] == pytest.approx(before_db, abs=0.02)


def test_clips_that_cannot_be_used_are_left_to_the_quarantine_of_rendering(
    tmp_path: Path, make_cut: MakeCut, asked: Augmentation
) -> None:
    rng = np.random.default_rng(2)
    stereo = tmp_path / "stereo.wav"
    soundfile.write(stereo, 0.1 * rng.standard_normal((48_000, 2)), 48_000)
    cuts = {
        "silent": make_cut("silent", np.zeros(16_000), text="x"),
        "one-sample": make_cut("one-sample", np.ones(1), text="x"),
        "broken": make_cut("broken", np.ones(16_000), text="x"),
        "nan": make_cut("nan", np.full(16_000, np.nan), text="x"),
        "telephone": make_cut("telephone", 0.1 * rng.standard_normal(12_000), 8_000, text="x"),
        "studio": make_cut("studio", 0.1 * rng.standard_normal(48_000), 48_000, text="x"),
    }
    cuts["studio"].recording.sources[0].source = str(stereo)
    cuts["studio"].recording.sources[0].channels = [0, 1]
    cuts["studio"].recording.channel_ids = [0, 1]
    cuts["studio"].channel = 1
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    manifest, out = tmp_path / "odd.cuts.jsonl.gz", tmp_path / "out.cuts.jsonl.gz"
    for cut in cuts.values():
        cut.custom = {**(cut.custom or {}), "corpus": "librispeech", "split": "test-clean"}
    write_cuts(manifest, cuts.values())
    every = [
        {next(iter(step)): {**step[next(iter(step))], "share": 1}}
        for step in (
            {"room": {"bank": str(asked.steps[1].bank)}},  # type: ignore[union-attr]
            {"noise": {"colours": ["white"], "snr_db": 5}},
            {"channel": {"telephone": {"share": 1}}},
        )
    ]
    augment(Engine(), [(replace(asked, steps=tuple(read_steps(every))), [manifest], out)], max_bad=1.0)
    reasons = {}
    for cut in read_cuts(out):
        try:
            rendered = render(cut)
            assert cut.id in ("telephone", "studio")
            # What sounds without a pause may be noise of its own, for all that one can hear: there is no SNR.
            assert read_facts(cut).keys() >= {"rt60_s", "noise_type", "bandwidth_hz"}
            assert why_unlabelled(cut)
            assert rendered.seconds == pytest.approx(1.5 if cut.id == "telephone" else 1.0)
        except BadAudio as bad:
            reasons[cut.id] = str(bad)
    assert reasons.keys() == {"silent", "one-sample", "broken", "nan"}
    assert "is silent" in reasons["silent"]
    assert "too short" in reasons["one-sample"]
    assert "can't be read" in reasons["broken"]
    assert "NaN" in reasons["nan"]


def test_a_page_of_what_the_steps_would_do(tmp_path: Path, corpus: Path, asked: Augmentation) -> None:
    assert preview_page(asked, [corpus], tmp_path / "look.html", 3) == 3
    page = (tmp_path / "look.html").read_text()
    assert page.count("<audio") == 6
    nothing = replace(asked, steps=tuple(read_steps([{"channel": {"share": 0, "telephone": {"share": 1}}}])))
    with pytest.raises(InputError, match="none of its clips is changed"):
        preview_page(nothing, [corpus], tmp_path / "none.html", 3)
    assert not (tmp_path / "none.html").exists()


def test_noise_of_a_corpus_that_is_not_prepared(tmp_path: Path, corpus: Path, asked: Augmentation) -> None:
    with pytest.raises(InputError, match=r"field 'from' names 'musan', which isn't prepared; known: \[\]"):
        augment(Engine(), [(replace(asked, noise={}), [corpus], tmp_path / "x.cuts.jsonl.gz")])
