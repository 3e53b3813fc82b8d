import errno
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.ownership import LEDGER
from cryfish.shards import EncodedSample, Sample, encode_flac, open_index, read_example, verify, write_shard

from .conftest import MakeSamples, make_samples, tone


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != LEDGER)


@pytest.mark.parametrize("clips", [1, 2])
def test_what_is_written_is_read(tmp_path: Path, samples: MakeSamples, clips: int) -> None:
    summary = write_shard(tmp_path / "a.tar", samples(5, clips=clips))
    assert (summary.samples, summary.examples, summary.clips) == (5, 15, clips)
    assert summary.bytes == (tmp_path / "a.tar").stat().st_size
    index = open_index([tmp_path])
    assert len(index) == 15
    assert index.seconds().reshape(5, 3)[:, 0].sum() == pytest.approx(summary.seconds)
    for row, (item, number) in enumerate((item, n) for item in samples(5, clips=clips) for n in range(3)):
        example = read_example(index, row)
        assert example.key == item.sample.key
        assert example.clips == item.sample.clips
        assert example.instruction == item.sample.instructions[number]
        assert [encode_flac(audio) for audio in example.audio] == list(item.flac)


def test_members_are_named_and_ordered_as_documented(tmp_path: Path, samples: MakeSamples) -> None:
    write_shard(tmp_path / "a.tar", samples(1, clips=2))
    write_shard(tmp_path / "b.tar", samples(1))
    with tarfile.open(tmp_path / "a.tar") as tar:
        assert tar.getnames() == ["sample-0000.0.flac", "sample-0000.1.flac", "sample-0000.json"]
        assert {(member.mtime, member.uid, member.gid, member.uname) for member in tar} == {(0, 0, 0, "")}
    with tarfile.open(tmp_path / "b.tar") as tar:
        assert tar.getnames() == ["sample-0000.flac", "sample-0000.json"]


def test_the_same_samples_give_the_same_bytes_over_an_older_shard(
    tmp_path: Path, samples: MakeSamples
) -> None:
    first = write_shard(tmp_path / "a.tar", samples(4))
    before = (first.tar.read_bytes(), first.index.read_bytes())
    write_shard(tmp_path / "a.tar", samples(2))
    assert verify(tmp_path).ok
    again = write_shard(tmp_path / "a.tar", samples(4))
    assert (again.tar.read_bytes(), again.index.read_bytes()) == before
    assert names(tmp_path) == ["a.idx.jsonl", "a.tar"]


def test_facts_in_another_order_give_the_same_bytes(tmp_path: Path, samples: MakeSamples) -> None:
    (item,) = samples(1)
    clip = item.sample.clips[0]
    turned = replace(clip, facts=dict(reversed(list(clip.facts.items()))))
    for name, record in (("a", clip), ("b", turned)):
        write_shard(tmp_path / f"{name}.tar", [replace(item, sample=replace(item.sample, clips=(record,)))])
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


def broken_items() -> dict[str, list[EncodedSample]]:
    one, two = make_samples(2)
    (double,) = make_samples(1, clips=2, first=9)
    clip = one.sample.clips[0]

    def changed(**fields: object) -> list[EncodedSample]:
        return [two, replace(one, sample=replace(one.sample, **fields))]  # type: ignore[arg-type]

    return {
        "comes twice": [one, two, one],
        "the samples before it 1": [one, double],
        "letters, digits": changed(key="a.b"),
        "stated as 99": changed(clips=(replace(clip, seconds=99.0),)),
        "stated as nan": changed(clips=(replace(clip, seconds=float("nan")),)),
        "about other clips": changed(instructions=(replace(one.sample.instructions[0], clips=("x",)),)),
        "JSON compliant": changed(clips=(replace(clip, facts={"snr_db": float("nan")}),)),
        "not a FLAC file": [replace(one, flac=(b"RIFF" * 20,))],
        "1 clips but 2 FLAC files": [replace(one, flac=one.flac * 2)],
        "at least one sample": [],
    }


@pytest.mark.parametrize("words", broken_items())
def test_a_mistake_of_the_caller_leaves_nothing(tmp_path: Path, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        write_shard(tmp_path / "a.tar", broken_items()[words])
    assert names(tmp_path) == []


def test_a_failed_attempt_keeps_the_older_shard(tmp_path: Path, samples: MakeSamples) -> None:
    write_shard(tmp_path / "a.tar", samples(3))
    with pytest.raises(ValueError, match="comes twice"):
        write_shard(tmp_path / "a.tar", [*samples(1), *samples(1)])
    assert verify(tmp_path).samples == 3


def test_a_full_disk_is_one_sentence(tmp_path: Path, samples: MakeSamples) -> None:
    """A file-size limit stands in for a full disk where no small file system can be mounted."""
    script = (
        "import resource, signal, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from conftest import make_samples; from cryfish.shards import write_shard\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "write_shard(Path(sys.argv[1]), make_samples(100))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "a.tar", Path(__file__).parent],
        capture_output=True,
        text=True,
    )
    assert f"InputError: {tmp_path}/a.tar: cannot write it" in done.stderr
    assert names(tmp_path) == []


def test_no_space_left_names_the_path(
    tmp_path: Path, samples: MakeSamples, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"a\.tar: the disk is full"):
        write_shard(tmp_path / "a.tar", samples(2))
    assert names(tmp_path) == []


def test_errors_of_the_source_pass_unchanged(tmp_path: Path) -> None:
    def source() -> object:
        yield from make_samples(1)
        raise FileNotFoundError("some recording")

    with pytest.raises(FileNotFoundError, match="some recording"):
        write_shard(tmp_path / "a.tar", source())  # type: ignore[arg-type]
    assert names(tmp_path) == []


def test_two_writers_of_one_shard_do_not_mix(tmp_path: Path, samples: MakeSamples) -> None:
    def source() -> object:
        yield from samples(1)
        with pytest.raises(InputError, match="another process"):
            write_shard(tmp_path / "a.tar", samples(3))
        yield from samples(1, first=1)

    write_shard(tmp_path / "a.tar", source())  # type: ignore[arg-type]
    assert verify(tmp_path).ok
    assert verify(tmp_path).samples == 2


@pytest.mark.parametrize("call", ["write", "unlink", "replace-1", "replace-2"])
def test_a_killed_writer_leaves_no_wrong_pair(tmp_path: Path, samples: MakeSamples, call: str) -> None:
    """The writer kills itself at the worst moments: within the tar, and around each step of the exchange."""
    write_shard(tmp_path / "a.tar", samples(4))
    script = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from conftest import make_samples
from cryfish.shards import write_shard

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

moment, calls, replace = sys.argv[3], [], Path.replace
def counted(self, target):
    replace(self, target)
    calls.append(target)
    if moment == f"replace-{len(calls)}":
        die()
Path.replace = counted
if moment == "unlink":
    Path.unlink = die

def source():
    for number, item in enumerate(make_samples(50)):
        if moment == "write" and number == 40:
            die()
        yield item
write_shard(Path(sys.argv[1]), source())
"""
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "a.tar", Path(__file__).parent, call])
    assert done.returncode == -signal.SIGKILL
    if call == "replace-1":
        with pytest.raises(InputError, match=r"a\.tar: no index"):
            open_index([tmp_path])
    else:
        assert len(open_index([tmp_path])) == (150 if call == "replace-2" else 12)
    write_shard(tmp_path / "a.tar", samples(50))
    assert names(tmp_path) == ["a.idx.jsonl", "a.tar"]
    assert verify(tmp_path).samples == 50


def test_a_tar_holds_plain_json(tmp_path: Path) -> None:
    sample = Sample("k", (), (), {})
    (item,) = make_samples(1)
    write_shard(tmp_path / "a.tar", [replace(item, sample=replace(item.sample, key=sample.key))])
    with tarfile.open(tmp_path / "a.tar") as tar:
        member = tar.extractfile("k.json")
        assert isinstance(member, io.BufferedReader)
        record = json.load(member)
    assert record["format"] == 1
    assert record["clips"][0]["facts"] == {"language": "en", "snr_db": 3.5}
    assert "clips" not in record["instructions"][0]
    assert len(tone(0, 0.1)) == 1600
