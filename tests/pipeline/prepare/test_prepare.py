"""prepare: every clip is in a manifest or in the quarantine, whatever the number of workers."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import CutSet, validate

from cryfish.errors import InputError
from cryfish.files import read_json, read_jsonl, sha256_of
from cryfish.pipeline.audio.levels import active_level, noted
from cryfish.pipeline.audio.manifests import read_cuts
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.prepare import prepare, probe, resumable
from cryfish.pipeline.prepare.prepare import prepare_corpus
from cryfish.pipeline.prepare.probe import Probed
from cryfish.pipeline.prepare.resumable import ResumableFolder
from cryfish.pipeline.prepare.selection import Selection
from cryfish.recipes.kit.registry import recipe


def test_a_corpus_becomes_manifests_with_facts(corpora: Path, tmp_path: Path) -> None:
    summary = prepare_corpus("fsdd", corpora / "digits", tmp_path / "out", engine=Engine())
    assert (summary["clips"], summary["speakers"], summary["languages"]) == (48, 4, {"en": 48})
    assert {name: split["clips"] for name, split in summary["splits"].items()} == {"test": 24, "train": 24}
    cuts = list(read_cuts(tmp_path / "out" / "test.cuts.jsonl.gz"))
    assert cuts[0].supervisions[0].speaker in ("anna", "bea", "carl", "dan")
    assert cuts[0].load_audio().shape == (1, cuts[0].num_samples)


def test_manifests_are_plain_lhotse_with_relative_paths(corpora: Path, tmp_path: Path) -> None:
    prepare_corpus("esc50", corpora / "sounds", tmp_path / "out", engine=Engine())
    cuts = CutSet.from_file(tmp_path / "out" / "fold1.cuts.jsonl.gz")
    sources = [cut.recording.sources[0].source for cut in cuts]
    assert all(source.startswith("audio/") for source in sources)
    moved = cuts.with_recording_path_prefix(str(corpora / "sounds"))
    assert all(cut.load_audio().size > 0 for cut in moved)


def test_a_corpus_is_prepared_anew_when_a_table_of_its_facts_changes(corpora: Path, tmp_path: Path) -> None:
    read = {
        name: [
            path.name for path in prepare.prepare_partition(name, corpora / folder, tmp_path / name).inputs
        ]
        for name, folder in (("esc50", "sounds"), ("fsdd", "digits"))
    }
    assert read == {"esc50": ["instruments.tsv", "sounds.tsv"], "fsdd": ["accents.tsv", "languages.tsv"]}


def test_workers_change_nothing(corpora: Path, tmp_path: Path) -> None:
    for jobs in (1, 2):
        with Engine(jobs) as engine:
            prepare_corpus("fsdd", corpora / "digits", tmp_path / str(jobs), engine=engine)
    assert sha256_of(tmp_path / "1") == sha256_of(tmp_path / "2")


@pytest.mark.parametrize("name", ["ravdess", "esc50", "librispeech"])
def test_what_is_heard_while_decoding_is_noted(shared: Path, tmp_path: Path, name: str) -> None:
    """The notes are what Lhotse's samples at 16 kHz say, whatever the file's rate."""
    folder = {"ravdess": "RAVDESS", "esc50": "ESC-50-master", "librispeech": "LibriSpeech"}[name]
    if not (shared / "corpora" / folder).is_dir():
        pytest.skip(f"no {folder} in {shared / 'corpora'}")
    for headers_only in (False, True):
        prepare_corpus(
            name,
            shared / "corpora" / folder,
            tmp_path / str(headers_only),
            engine=Engine(),
            max_bad=1.0,
            selection=Selection(limit=12),
            headers_only=headers_only,
        )
    for path in sorted((tmp_path / "False").glob("*.cuts.jsonl.gz")):
        for cut, unheard in zip(
            read_cuts(path, shared / "corpora" / folder),
            read_cuts(tmp_path / "True" / path.name, shared / "corpora" / folder),
            strict=True,
        ):
            assert noted(unheard) is None
            there, here = noted(cut), active_level(cut.resample(16_000).load_audio()[0], 16_000)
            assert there is not None
            assert here is not None
            assert 10 * np.log10(there.power / here.power) == pytest.approx(0, abs=0.05)
            assert 10 * np.log10(there.full_power / here.full_power) == pytest.approx(0, abs=0.05)
            assert sum(there.sounds) == pytest.approx(sum(here.sounds), abs=1)


def test_a_clip_on_another_channel_is_heard_there(own_corpora: Path, tmp_path: Path) -> None:
    path = own_corpora / "digits" / "recordings" / "0_anna_3.wav"
    soundfile.write(path, np.stack([np.zeros(4000), 0.1 * np.sin(np.arange(4000))], axis=1), 8000)
    prepare_corpus("fsdd", own_corpora / "digits", tmp_path / "out", engine=Engine())
    cuts = [cut for path in (tmp_path / "out").glob("*.cuts.jsonl.gz") for cut in read_cuts(path)]
    [moved] = [cut for cut in cuts if cut.id == "fsdd-0_anna_3"]
    heard = noted(moved)
    assert moved.channel == 1
    assert heard is not None
    assert heard.full_power == pytest.approx(0.005, rel=0.02)  # a sine of 0.1


def test_bad_clips_go_to_the_quarantine_with_their_reason(own_corpora: Path, tmp_path: Path) -> None:
    recordings = own_corpora / "digits" / "recordings"
    (recordings / "0_anna_3.wav").write_bytes(b"")
    (recordings / "1_bea_4.wav").write_bytes(b"RIFF....")
    soundfile.write(recordings / "2_carl_5.wav", [0.0] * 4000, 8000)
    summary = prepare_corpus("fsdd", own_corpora / "digits", tmp_path / "out", engine=Engine())
    assert summary["clips"] == 45
    bad = {record["id"]: record["reason"] for record in read_jsonl(tmp_path / "out" / "quarantine.jsonl")}
    assert set(bad) == {"fsdd-0_anna_3", "fsdd-1_bea_4", "fsdd-2_carl_5"}
    assert "empty" in bad["fsdd-0_anna_3"]
    assert "silence" in bad["fsdd-2_carl_5"]
    assert sum(summary["quarantined"].values()) == 3


def test_too_many_bad_clips_end_the_corpus_and_leave_nothing(own_corpora: Path, tmp_path: Path) -> None:
    for path in sorted((own_corpora / "digits" / "recordings").iterdir())[:10]:
        path.write_bytes(b"")
    with pytest.raises(InputError, match=r"10 of 48 clips .* are bad .*empty.*--max-bad"):
        prepare_corpus("fsdd", own_corpora / "digits", tmp_path / "out", engine=Engine())
    assert not (tmp_path / "out").exists()
    summary = prepare_corpus("fsdd", own_corpora / "digits", tmp_path / "out", engine=Engine(), max_bad=0.5)
    assert summary["clips"] == 38


def test_it_is_done_once_and_again_when_the_corpus_changed(own_corpora: Path, tmp_path: Path) -> None:
    digits, out = own_corpora / "digits", tmp_path / "out"
    prepare_corpus("fsdd", digits, out, engine=Engine())
    mark = (out / "summary.json").stat().st_mtime_ns
    prepare_corpus("fsdd", digits, out, engine=Engine())
    assert (out / "summary.json").stat().st_mtime_ns == mark
    (digits / "recordings" / "0_anna_3.wav").unlink()
    assert prepare_corpus("fsdd", digits, out, engine=Engine())["clips"] == 47


@pytest.mark.parametrize(
    ("name", "folder", "message"),
    [
        ("fsdd", "nothing", "no such folder"),
        ("fsdd", "sounds", "metadata.py"),
        ("fsd", "digits", r"no recipe 'fsd' \(did you mean 'fsdd'\?\)"),
    ],
)
def test_mistakes_are_one_sentence(
    corpora: Path, tmp_path: Path, name: str, folder: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        prepare_corpus(name, corpora / folder, tmp_path / "out", engine=Engine())


def test_the_summary_counts_facts(corpora: Path, tmp_path: Path) -> None:
    prepare_corpus("esc50", corpora / "sounds", tmp_path / "out", engine=Engine())
    summary = read_json(tmp_path / "out" / "summary.json")
    assert summary["facts"] == {"sound_events": 6, "source": 6}
    assert json.loads((tmp_path / "out" / "corpus.json").read_text())["corpus"] == "esc50"


def test_a_chunk_is_a_member_and_the_cuts_are_as_lhotse_writes_them(corpora: Path, tmp_path: Path) -> None:
    prepare_corpus("fsdd", corpora / "digits", tmp_path / "out", engine=Engine())
    records = list(read_jsonl(tmp_path / "out" / "test.cuts.jsonl.gz"))
    cuts = CutSet.from_file(tmp_path / "out" / "test.cuts.jsonl.gz")
    assert [cut.to_dict() for cut in cuts] == records
    for cut in cuts:
        validate(cut)


@pytest.mark.parametrize(
    ("selection", "clips"),
    [
        (Selection(splits=("test",)), 24),
        (Selection(languages=("en",)), 48),
        (Selection(limit=5), 5),
        (Selection(splits=("train",), limit=100), 24),
    ],
)
def test_a_selection(corpora: Path, tmp_path: Path, selection: Selection, clips: int) -> None:
    summary = prepare_corpus(
        "fsdd", corpora / "digits", tmp_path / "out", engine=Engine(), selection=selection
    )
    assert summary["clips"] == clips


def test_more_hours_add_clips_and_keep_those_there(corpora: Path, tmp_path: Path) -> None:
    ids = []
    published = recipe("fsdd").corpus.hours
    for share in (0.3, 0.6):
        out = tmp_path / str(share)
        selection = Selection(hours=share * published)
        prepare_corpus("fsdd", corpora / "digits", out, engine=Engine(), selection=selection)
        ids.append({cut.id for path in out.glob("*.gz") for cut in read_cuts(path)})
    assert ids[0] < ids[1]
    assert 5 < len(ids[0]) < 24 < len(ids[1]) < 40


def test_a_selection_of_nothing_known_is_one_sentence(corpora: Path, tmp_path: Path) -> None:
    for selection, message in (
        (Selection(splits=("dev",)), r"--split dev: Free Spoken Digit Dataset has no such split; there are"),
        (
            Selection(languages=("de",)),
            r"--language de: Free Spoken Digit Dataset doesn't have it; it has en",
        ),
    ):
        with pytest.raises(InputError, match=message):
            prepare_corpus("fsdd", corpora / "digits", tmp_path / "o", engine=Engine(), selection=selection)


def test_headers_only_takes_what_decoding_refuses(own_corpora: Path, tmp_path: Path) -> None:
    soundfile.write(own_corpora / "digits" / "recordings" / "2_carl_5.wav", [0.0] * 4000, 8000)
    for headers_only, clips in ((True, 48), (False, 47)):
        summary = prepare_corpus(
            "fsdd",
            own_corpora / "digits",
            tmp_path / str(headers_only),
            engine=Engine(),
            headers_only=headers_only,
        )
        assert summary["clips"] == clips


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stopped_run_goes_on_and_ends_in_the_same_bytes(
    corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(probe, "CHUNK", 5)
    monkeypatch.setattr(resumable, "NOTE_EVERY_S", 0.0)
    prepare_corpus("fsdd", corpora / "digits", tmp_path / "whole", engine=Engine())
    probed, real = 0, ResumableFolder.add

    def interrupted(self: ResumableFolder, chunk: Probed) -> None:
        nonlocal probed
        probed += chunk.clips
        if probed == 30:
            # As a killed process leaves it: a chunk is written, its note isn't.
            self._append("test.cuts.jsonl.gz", b"half a member")
            raise RuntimeError("killed")
        real(self, chunk)

    monkeypatch.setattr(ResumableFolder, "add", interrupted)
    with pytest.raises(RuntimeError), Engine(jobs) as engine:
        prepare_corpus("fsdd", corpora / "digits", tmp_path / "out", engine=engine)
    assert not (tmp_path / "out").exists()
    seen: list[int] = []

    def counted(self: ResumableFolder, chunk: Probed) -> None:
        seen.append(chunk.clips)
        real(self, chunk)

    monkeypatch.setattr(ResumableFolder, "add", counted)
    with Engine(jobs) as engine:
        prepare_corpus("fsdd", corpora / "digits", tmp_path / "out", engine=engine)
    assert sum(seen) == 48 - 25
    assert sha256_of(tmp_path / "out") == sha256_of(tmp_path / "whole")


def test_one_in_a_hundred_broken_five_ways(tmp_path: Path) -> None:
    """The issue's own check: all found, none lost, the rest prepared."""
    folder = tmp_path / "digits"
    (folder / "recordings").mkdir(parents=True)
    (folder / "metadata.py").write_text(
        "metadata = {'ann': {'gender': 'female', 'accent': 'DEU/German', 'language': 'english'}}\n"
    )
    noise = np.random.default_rng(0).normal(0, 0.1, 1000)
    names = [f"{number % 10}_ann_{number // 10}" for number in range(1000)]
    for name in names:
        soundfile.write(folder / "recordings" / f"{name}.wav", noise, 8000)
    whole = (folder / "recordings" / f"{names[0]}.wav").read_bytes()
    nan = np.where(np.arange(1000) == 500, np.nan, noise)
    broken: dict[str, str] = {}
    for number in range(0, 1000, 100):
        name, way = names[number], (number // 100) % 5
        path = folder / "recordings" / f"{name}.wav"
        if way == 0:
            path.write_bytes(b"")
        elif way == 1:
            path.write_bytes(b"<html>not found</html>")
        elif way == 2:
            path.write_bytes(whole[:900])
        elif way == 3:
            soundfile.write(path, np.zeros(1000), 8000)
        else:
            soundfile.write(path, nan, 8000, subtype="FLOAT")
        broken[f"fsdd-{name}"] = ("is empty", "header", "cut short", "silence", "NaN")[way]
    with Engine(2) as engine:
        summary = prepare_corpus("fsdd", folder, tmp_path / "out", engine=engine)
    told = {record["id"]: record["reason"] for record in read_jsonl(tmp_path / "out" / "quarantine.jsonl")}
    assert told.keys() == broken.keys()
    assert all(broken[name] in reason for name, reason in told.items())
    prepared = {cut.id for path in (tmp_path / "out").glob("*.gz") for cut in read_cuts(path)}
    assert prepared == {f"fsdd-{name}" for name in names} - broken.keys()
    assert summary["clips"] == 990


def test_speakers_in_two_roles_are_counted(corpora: Path, tmp_path: Path) -> None:
    summary = prepare_corpus("fsdd", corpora / "digits", tmp_path / "out", engine=Engine())
    # The digits' published test set has the speakers of its training set.
    assert summary["speakers_across_roles"] == 4
