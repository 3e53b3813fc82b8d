import pickle
from pathlib import Path

import fsspec
import numpy as np
import pytest
from torch.utils.data import DataLoader

from cryfish.errors import InputError
from cryfish.ownership import begin_folder
from cryfish.shards import Budget, Example, Index, MicroBatches, Plan, make_plan, open_index, read_example
from cryfish.shards.reader import ShardReader

BUDGET = Budget(audio_seconds=4, tokens=200)


def summarise(examples: list[Example]) -> list[list[object]]:
    return [
        [item.key, item.instruction.id, len(item.audio[0]), float(np.abs(item.audio[0]).sum())]
        for item in examples
    ]


def planned(folder: Path | str) -> tuple[Index, Plan]:
    index = open_index([folder])
    return index, make_plan(index, BUDGET, seed=3, epoch=0)


@pytest.mark.parametrize(("method", "workers"), [("fork", 2), ("spawn", 1)])
def test_the_order_does_not_depend_on_workers_and_resumes_anywhere(
    folder: Path, method: str, workers: int
) -> None:
    index, plan = planned(folder)
    whole = list(DataLoader(MicroBatches(index, plan, summarise), batch_size=None, num_workers=0))
    assert len(whole) == len(plan)
    assert sorted(item[1] for batch in whole for item in batch) == sorted(
        f"{sample:08x}{row:08x}" for sample in range(24) for row in range(3)
    )
    for start in (0, 5, len(plan)):
        rest = MicroBatches(index, plan, summarise, start=start)
        assert len(rest) == len(plan) - start
        assert [rest[i] for i in range(len(rest))] == whole[start:]
    loader = DataLoader(
        MicroBatches(index, plan, summarise, start=5),
        batch_size=None,
        num_workers=workers,
        multiprocessing_context=method,
    )
    assert list(loader) == whole[5:]


def test_a_dataset_in_use_can_be_sent_to_a_worker(folder: Path) -> None:
    index, plan = planned(folder)
    dataset = MicroBatches(index, plan, summarise)
    first = dataset[0]
    assert pickle.loads(pickle.dumps(dataset))[0] == first
    with pytest.raises(IndexError):
        dataset[len(plan)]
    with pytest.raises(ValueError, match="outside the plan"):
        MicroBatches(index, plan, summarise, start=len(plan) + 1)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to count open files")
def test_open_files_are_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cryfish.shards.reader._OPEN_FILES", 2)
    index, plan = planned(folder)
    dataset = MicroBatches(index, plan, summarise)
    for i in range(len(dataset)):
        dataset[i]
    assert len(open_tars(folder)) == 2
    dataset.reader.close()
    assert open_tars(folder) == []


def open_tars(folder: Path) -> list[str]:
    links = [path.readlink() for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return [link.name for link in links if link.parent == folder]


def damage(folder: Path, row: int, index: Index, *, flac: bool) -> None:
    span = index.clip_spans(row)[0][0] if flac else index.json_span(row)
    tar = Path(index.shards[index.shard_of()[row]].location)
    data = bytearray(tar.read_bytes())
    data[span.offset + span.size // 2 : span.offset + span.size // 2 + 8] = b"\xff" * 8
    tar.write_bytes(data)


@pytest.mark.parametrize("flac", [True, False])
def test_damage_names_the_shard_and_the_key(folder: Path, flac: bool) -> None:
    index = open_index([folder])
    damage(folder, 20, index, flac=flac)
    with pytest.raises(InputError, match=r"clips1-000001\.tar: 'sample-0006' is damaged: .*cryfish verify"):
        read_example(index, 20)
    read_example(index, 17)


def test_a_changed_answer_is_not_trained_on(folder: Path) -> None:
    """One bit, and the JSON is as good as before."""
    index = open_index([folder])
    tar = folder / "clips1-000001.tar"
    data = bytearray(tar.read_bytes())
    data[data.index(b"Nothing.")] ^= 1
    tar.write_bytes(data)
    with pytest.raises(InputError, match=r"clips1-000001\.tar: 'sample-0006' is damaged: .*cryfish verify"):
        read_example(index, 18)


def test_damage_is_one_sentence_through_workers(folder: Path) -> None:
    index, plan = planned(folder)
    damage(folder, 20, index, flac=True)
    batches = iter(DataLoader(MicroBatches(index, plan, summarise), batch_size=None, num_workers=2))
    with pytest.raises(InputError) as caught:
        list(batches)
    # Left to the garbage collector, this takes torch ten seconds.
    batches._shutdown_workers()  # type: ignore[attr-defined]
    assert str(caught.value).startswith(f"{folder}/clips1-000001.tar: 'sample-0006' is damaged")
    assert "\n" not in str(caught.value)


def test_a_shard_cut_or_removed_during_a_run_is_named(folder: Path) -> None:
    index = open_index([folder])
    tar = folder / "clips1-000003.tar"
    tar.write_bytes(tar.read_bytes()[:3000])
    with pytest.raises(InputError, match=r"clips1-000003\.tar: the shard ends before byte"):
        read_example(index, 71)
    tar.unlink()
    with pytest.raises(InputError, match=r"clips1-000003\.tar: cannot read the shard"):
        read_example(index, 71)


def test_an_index_that_disagrees_about_the_length_is_noticed(folder: Path) -> None:
    index = open_index([folder])
    index.clip_frames[3] += 16
    with pytest.raises(InputError, match=r"'sample-0003' is damaged: .* where the index says"):
        read_example(index, 9)


@pytest.fixture
def remote(folder: Path) -> str:
    filesystem = fsspec.filesystem("memory")
    filesystem.put(f"{folder}/", f"{folder}-remote/", recursive=True)
    return f"memory://{folder}-remote"


def test_remote_shards_read_the_same_by_range_and_by_cache(folder: Path, remote: str, tmp_path: Path) -> None:
    index, plan = planned(folder)
    local = [MicroBatches(index, plan, summarise)[i] for i in range(len(plan))]
    index, far_plan = planned(remote)
    assert far_plan.fingerprint() == plan.fingerprint()
    by_range = MicroBatches(index, plan, summarise)
    assert [by_range[i] for i in range(len(plan))] == local
    cached = MicroBatches(index, plan, summarise, cache_dir=tmp_path / "cache")
    assert list(DataLoader(cached, batch_size=None, num_workers=2)) == local
    assert len(list((tmp_path / "cache").glob("*.tar"))) == 4


def test_the_cache_stays_below_its_bound(remote: str, tmp_path: Path) -> None:
    index, _ = planned(remote)
    sizes = [shard.bytes for shard in index.shards]
    limit = sizes[0] + sizes[1] + sizes[2] // 2
    cache = tmp_path / "cache"
    reader = ShardReader(index.shards, cache, limit)
    for row in (0, 20, 0, 40, 0, 60, 20):
        shard = int(index.shard_of()[row])
        (data,) = reader.read_members(shard, [index.json_span(row)])
        assert data.startswith(b"{")
        assert sum(path.stat().st_size for path in cache.iterdir()) <= limit
    assert not list(cache.glob("*.partial"))
    tiny = ShardReader(index.shards, tmp_path / "tiny", 10)
    assert tiny.read_members(0, [index.json_span(0)])[0].startswith(b"{")
    assert not (tmp_path / "tiny").exists()


def test_an_abandoned_download_is_put_out(remote: str, tmp_path: Path) -> None:
    index, _ = planned(remote)
    cache = tmp_path / "cache"
    begin_folder(cache, "cache")
    dead = cache / f"{'0' * 32}.partial"
    (cache / "theirs.tar").write_bytes(bytes(index.shards[0].bytes))
    dead.write_bytes(bytes(index.shards[0].bytes))
    reader = ShardReader(index.shards, cache, max(shard.bytes for shard in index.shards))
    reader.read_members(0, [index.json_span(0)])
    assert not dead.exists()
    assert (cache / "theirs.tar").exists()


def test_a_folder_that_holds_other_things_is_no_cache(remote: str, tmp_path: Path) -> None:
    """Copies are put out to make room: in a folder of somebody's shards that would be their end."""
    index, _ = planned(remote)
    place = tmp_path / "place"
    place.mkdir()
    (place / "theirs.tar").write_bytes(bytes(1000))
    reader = ShardReader(index.shards, place, 1000 + max(shard.bytes for shard in index.shards))
    with pytest.raises(InputError, match=r"cache_dir: .* holds what isn't the output of `cryfish cache`"):
        reader.read_members(0, [index.json_span(0)])
    assert [path.name for path in place.iterdir()] == ["theirs.tar"]


def test_a_remote_shard_that_changed_is_named(folder: Path, remote: str, tmp_path: Path) -> None:
    index, _ = planned(remote)
    filesystem = fsspec.filesystem("memory")
    filesystem.pipe_file(f"{folder}-remote/clips1-000000.tar", b"short")
    reader = ShardReader(index.shards, tmp_path / "cache", 10**9)
    with pytest.raises(InputError, match=r"clips1-000000\.tar: 5 bytes, but its index was made for"):
        reader.read_members(0, [index.json_span(0)])
    filesystem.rm(f"{folder}-remote/clips1-000000.tar")
    with pytest.raises(InputError, match="not found"):
        ShardReader(index.shards).read_members(0, [index.json_span(0)])
