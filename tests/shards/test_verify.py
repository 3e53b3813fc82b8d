import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.errors import InputError
from cryfish.shards import open_index, read_example, rebuild_index, salvage, verify, write_shard
from cryfish.shards.verify import Note

from .conftest import MakeSamples, before_digests, make_samples, signed


def test_sound_shards_have_no_problem(folder: Path) -> None:
    report = verify(folder)
    assert report.problems == []
    assert (report.shards, report.samples, report.examples) == (4, 24, 72)
    assert report.seconds == pytest.approx(open_index([folder]).seconds().sum() / 3)
    assert str(report).startswith("4 shards, 24 samples, 72 examples")


def only_problem(folder: Path) -> str:
    report = verify(folder)
    assert len(report.problems) == 1, report.problems
    return report.problems[0]


def flip(tar: Path, offset: int) -> None:
    data = bytearray(tar.read_bytes())
    data[offset] ^= 0x10
    tar.write_bytes(data)


def places(tar: Path) -> dict[str, list[int]]:
    """Offsets in every kind of bytes that a tar has."""
    found: dict[str, list[int]] = {"header": [], "flac": [], "json": [], "padding": []}
    data = tar.read_bytes()
    with tarfile.open(tar) as archive:
        for member in archive:
            end = member.offset_data + member.size
            found["header"] += [member.offset, *range(member.offset + 100, member.offset + 512, 37)]
            found[member.name.rsplit(".", 1)[-1]] += [
                *range(member.offset_data, end, max(1, member.size // 40)),
                end - 1,
            ]
            found["padding"] += {end, (end + 511) // 512 * 512 - 1} - {end - 1, (end + 511) // 512 * 512}
    found["end"] = [end + 511, len(data) - 1024, len(data) - 1]
    return found


@pytest.mark.parametrize("kind", ["header", "flac", "json", "padding", "end"])
def test_any_flipped_bit_of_a_tar_is_found(tmp_path: Path, samples: MakeSamples, kind: str) -> None:
    tar = tmp_path / "a.tar"
    write_shard(tar, samples(2, clips=2))
    sound = tar.read_bytes()
    offsets = places(tar)[kind]
    assert offsets
    for number, offset in enumerate(offsets):
        data = bytearray(sound)
        data[offset] ^= 1 << number % 8
        tar.write_bytes(data)
        problems = verify(tmp_path).problems
        assert problems, offset
        assert all(problem.startswith(f"{tar}: ") for problem in problems)
        with pytest.raises(InputError, match=r"a\.tar: .*--salvage"):
            rebuild_index(tar)
    tar.write_bytes(sound)
    assert verify(tmp_path).ok


def test_any_flipped_bit_of_an_index_is_found_and_mended(tmp_path: Path, samples: MakeSamples) -> None:
    """By verify, by reading it, and a new one is as the old was."""
    write_shard(tmp_path / "a.tar", samples(1, instructions=2))
    path = tmp_path / "a.idx.jsonl"
    sound = path.read_bytes()
    for offset in range(len(sound)):
        data = bytearray(sound)
        data[offset] ^= 1 << offset % 8
        path.write_bytes(data)
        assert str(path) in only_problem(tmp_path), offset
        with pytest.raises(InputError, match=r"a\.idx\.jsonl: "):
            open_index([tmp_path])
    at = sound.index(b'"origin"')
    path.write_bytes(sound[:at] + b"'" + sound[at + 1 :])
    rebuild_index(tmp_path / "a.tar")
    assert path.read_bytes() == sound


def test_the_damaged_member_is_named(folder: Path) -> None:
    tar = folder / "clips1-000001.tar"
    tar.write_bytes(tar.read_bytes().replace(b'"answer":"Nothing."', b'"answer":"Something"'[:19], 1))
    assert f"{tar}: 'sample-0006' is damaged: member 'sample-0006.json' isn't what" in only_problem(folder)


def test_wrong_indexes_are_found_and_rebuilt(folder: Path) -> None:
    tar = folder / "clips1-000000.tar"
    path = folder / "clips1-000000.idx.jsonl"
    right = path.read_text()
    lines = right.splitlines(keepends=True)
    for wrong, words in (
        ("", "not an index header"),
        ("".join(lines[:-1]), "17 examples, the first line says 18"),
        (right.replace('"row": 1', '"row": 2', 1), "not what was written"),
        (signed(right.replace('"row": 1', '"row": 2', 1).splitlines()), "line 3 doesn't agree"),
        (signed(right.replace('"samples": 6', '"samples": 7', 1).splitlines()), "line 1 doesn't agree"),
        ("not json\n", "not an index header"),
    ):
        path.write_text(wrong)
        assert words in only_problem(folder)
        assert rebuild_index(tar) == path
        assert path.read_text() == right
    path.unlink()
    assert "no index" in only_problem(folder)
    rebuild_index(tar)
    assert path.read_text() == right


def test_a_damaged_tar_gets_no_new_index_before_its_owner_says_so(folder: Path) -> None:
    """The bit lies in an answer: the JSON stays good JSON, and the structure is all right."""
    tar, path = folder / "clips1-000000.tar", folder / "clips1-000000.idx.jsonl"
    note = Note(folder / "clips1-000000.made.json", hashlib.sha256(tar.read_bytes()).hexdigest())
    flip(tar, tar.read_bytes().index(b"Nothing.") + 2)
    before = path.read_bytes()
    with pytest.raises(
        InputError, match=r"isn't what was written .*delete clips1-000000\.idx\.jsonl and rebuild"
    ):
        rebuild_index(tar)
    assert path.read_bytes() == before
    before_digests(folder)
    with pytest.raises(InputError, match=r"isn't what was written .*delete clips1-000000\.made\.json and"):
        rebuild_index(tar, note)
    assert any("isn't what was made" in problem for problem in verify(folder, {tar.name: note}).problems)
    path.unlink()
    rebuild_index(tar)
    assert verify(folder).ok


def test_indexes_from_before_digests_are_no_problem_but_a_note(folder: Path) -> None:
    right = {path.name: path.read_bytes() for path in folder.iterdir()}
    before_digests(folder)
    report = verify(folder)
    assert report.problems == []
    (note,) = report.notes
    assert note.startswith(f"{folder}: 4 of 4 indexes were made before digests, only structure was checked")
    for tar in folder.glob("*.tar"):
        rebuild_index(tar)
    assert verify(folder).notes == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == right


def test_a_shard_that_is_gone_is_missed(folder: Path) -> None:
    noted = {
        tar.name: Note(tar.with_suffix(".made.json"), hashlib.sha256(tar.read_bytes()).hexdigest())
        for tar in folder.glob("*.tar")
    }
    assert verify(folder, noted).ok
    (folder / "clips1-000002.tar").unlink()
    (folder / "clips1-000002.idx.jsonl").unlink()
    (problem,) = verify(folder, noted).problems
    assert problem.startswith(
        f"{folder}/clips1-000002.tar: it was made (clips1-000002.made.json says so) but"
    )


def test_leftovers_and_lone_indexes_are_named(folder: Path) -> None:
    (folder / "clips1-000003.tar").unlink()
    (folder / ".cryfish-clips1-000009.tar.tmp").write_bytes(b"")
    first, second = verify(folder).problems
    assert "clips1-000003.idx.jsonl: an index without its tar" in first
    assert ".cryfish-clips1-000009.tar.tmp: a writer is at work or was stopped" in second


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.85, 0.99])
@pytest.mark.parametrize("clips", [1, 2])
def test_a_truncated_tar_is_salvaged_up_to_its_last_whole_sample(
    tmp_path: Path, samples: MakeSamples, share: float, clips: int
) -> None:
    tar = tmp_path / "broken" / "a.tar"
    summary = write_shard(tar, samples(12, clips=clips))
    index = open_index([tar.parent])
    cut = int(summary.bytes * share)
    with tar.open("r+b") as file:
        file.truncate(cut)
    before = tar.read_bytes()
    whole = sum(
        index.json_span(row).offset + index.json_span(row).size <= cut for row in range(0, len(index), 3)
    )
    assert any("truncated" in problem for problem in verify(tar.parent).problems)
    with pytest.raises(InputError, match="--salvage"):
        rebuild_index(tar)
    saved, lost = salvage(tar, tmp_path / "saved" / "a.tar")
    assert saved.samples == whole
    assert lost
    assert tar.read_bytes() == before
    assert verify(tmp_path / "saved").ok
    assert read_example(open_index([tmp_path / "saved"]), 0) is not None
    with pytest.raises(InputError, match="exists already"):
        salvage(tar, tmp_path / "saved" / "a.tar")


def test_an_answer_that_changed_is_left_out_of_what_is_salvaged(folder: Path, tmp_path: Path) -> None:
    tar = folder / "clips1-000000.tar"
    flip(tar, tar.read_bytes().index(b"Nothing.") + 2)
    summary, lost = salvage(tar, tmp_path / "new" / "a.tar")
    assert summary.samples == 5
    assert "member 'sample-0000.json' isn't what was written" in lost[0]


def test_a_damaged_sample_is_left_out_of_what_is_salvaged(folder: Path, tmp_path: Path) -> None:
    index = open_index([folder])
    tar = folder / "clips1-000000.tar"
    span = index.clip_spans(3)[0][0]
    flip(tar, span.offset + span.size // 2)
    summary, lost = salvage(tar, tmp_path / "new.tar")
    assert summary.samples == 5
    assert len(lost) == 1
    assert "'sample-0001' is damaged" in lost[0]
    for hopeless in (b"", b"no tar at all" * 100):
        (tmp_path / "bad.tar").write_bytes(hopeless)
        with pytest.raises(InputError, match="no sample is whole"):
            salvage(tmp_path / "bad.tar", tmp_path / "other.tar")


def hostile(name: str, **fields: object) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    for field, value in fields.items():
        setattr(member, field, value)
    return member


@pytest.mark.parametrize(
    ("member", "words"),
    [
        (hostile("/etc/k.json"), "points outside"),
        (hostile("../k.json"), "points outside"),
        (hostile("a/../../k.json"), "points outside"),
        (hostile("..\\k.json"), "points outside"),
        (hostile("k.json", type=tarfile.SYMTYPE, linkname="/etc/passwd"), "is a link"),
        (hostile("k.json", type=tarfile.LNKTYPE, linkname="x"), "is a link"),
        (hostile("k.json", type=tarfile.CHRTYPE), "is a link, a device"),
        (hostile("k.json", type=tarfile.DIRTYPE), "is a link, a device or a folder"),
        (hostile("k.pkl"), "pickled"),
        (hostile("k.pyd"), "pickled"),
        (hostile("k.PTH"), "pickled"),
        (hostile("k.wav"), "neither"),
        (hostile("k.7.flac"), "out of order"),
        (hostile("k.json"), "no FLAC member"),
        (hostile("k.flac"), "the last sample, is not whole"),
    ],
)
def test_a_strangers_members_are_named(
    tmp_path: Path, samples: MakeSamples, member: tarfile.TarInfo, words: str
) -> None:
    write_shard(tmp_path / "a.tar", samples(2))
    with tarfile.open(tmp_path / "a.tar", "a") as tar:
        tar.addfile(member, io.BytesIO())
    problems = verify(tmp_path).problems
    assert any(words in problem for problem in problems), problems


def rewritten(tar: Path, change: Callable[[dict[str, object]], object]) -> None:
    (item,) = make_samples(1)
    members = {
        "k.flac": item.flac[0],
        "k.json": json.dumps(change(item.sample.to_json())).encode(),
    }
    with tarfile.open(tar, "w") as out:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda record: [record], "not an object"),
        (lambda record: {**record, "format": 2}, "field 'format' is 2"),
        (lambda record: {**record, "clips": []}, "has no clips"),
        (lambda record: {**record, "clips": record["clips"] * 2}, "1 FLAC members for 2 clips"),
        (lambda record: {**record, "clips": 7}, "lacks or misspells"),
        (lambda record: {**record, "clips": [{**record["clips"][0], "seconds": 9}]}, "stated as 9"),
        (lambda record: {**record, "clips": [{**record["clips"][0], "facts": float("nan")}]}, "NaN"),
        (lambda record: {**record, "instructions": [7]}, "lacks or misspells"),
        (lambda record: {**record, "provenance": 7}, "lacks or misspells"),
        (lambda record: {**record, "instructions": [{**record["instructions"][0], "kind": "x"}]}, "'kind'"),
        (lambda record: {**record, "x": "\ud800"}, ""),
        (
            lambda record: {**record, "instructions": [{**record["instructions"][0], "answer": "\ud800"}]},
            "surrogates",
        ),
    ],
)
def test_a_strangers_json_is_checked(tmp_path: Path, change: Callable[..., object], words: str) -> None:
    rewritten(tmp_path / "a.tar", change)
    problems = [problem for problem in verify(tmp_path).problems if "no index" not in problem]
    assert bool(problems) == bool(words)
    assert all(words in problem and f"{tmp_path / 'a.tar'}: 'k'" in problem for problem in problems), problems


def test_deeply_nested_json_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    (item,) = make_samples(1)
    text = b"[" * 200_000
    with tarfile.open(tmp_path / "a.tar", "w") as out:
        for name, data in (("k.flac", item.flac[0]), ("k.json", text)):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            out.addfile(member, io.BytesIO(data))
    assert any("'k' is damaged" in problem for problem in verify(tmp_path).problems)


def test_a_missing_folder_or_shard_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        verify(tmp_path / "nowhere")
    assert "no shards" in only_problem(tmp_path)
    with pytest.raises(InputError, match="no such shard"):
        rebuild_index(tmp_path / "a.tar")
