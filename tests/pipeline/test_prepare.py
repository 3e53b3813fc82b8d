"""prepare: every clip is in a manifest or in the quarantine, whatever the number of workers."""

import json
from pathlib import Path

import pytest
import soundfile
from lhotse import CutSet

from cryfish.errors import InputError
from cryfish.pipeline.files import read_json, read_jsonl, sha256_of
from cryfish.pipeline.manifests import read_cuts
from cryfish.pipeline.partitions import Engine
from cryfish.pipeline.prepare import prepare_corpus


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


def test_workers_change_nothing(corpora: Path, tmp_path: Path) -> None:
    for jobs in (1, 2):
        with Engine(jobs) as engine:
            prepare_corpus("fsdd", corpora / "digits", tmp_path / str(jobs), engine=engine)
    assert sha256_of(tmp_path / "1") == sha256_of(tmp_path / "2")


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
