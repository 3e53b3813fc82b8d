"""Remote shards over a network that fails: real clients (s3fs, aiohttp), a real server, real faults on the way."""

from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from torch.utils.data import DataLoader

from cryfish.errors import InputError
from cryfish.shards import Index, MicroBatches, open_index, rebuild_index, write_shard
from cryfish.shards.reader import ShardReader

from .conftest import before_digests, make_samples
from .faulty_server import PASSING, FaultyServer, serving
from .test_dataset import planned, summarise

pytest.importorskip("s3fs")
pytest.importorskip("aiohttp")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultyServer]:
    """One for all tests: a new S3 client takes a second."""
    with serving(tmp_path_factory.mktemp("nothing")) as server:
        yield server


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two shards of two samples."""
    out = tmp_path / "shards"
    for number in range(2):
        write_shard(out / f"clips1-{number:06d}.tar", make_samples(2, first=2 * number))
    return out


@pytest.fixture
def server(running: FaultyServer, folder: Path) -> FaultyServer:
    running.serve(folder)
    return running


@pytest.fixture(params=["s3", "http"])
def remote(server: FaultyServer, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    return address(server, request.param, monkeypatch)


def address(server: FaultyServer, kind: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of the shards. The clients' own attempts are few, so that it is ours that are tested."""
    if kind == "http":
        return f"{server.url}/bucket/{server.folder.name}"
    import s3fs

    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    options = {
        "endpoint_url": server.url,
        "key": "x",
        "secret": "y",
        "config_kwargs": {"retries": {"max_attempts": 0}, "s3": {"addressing_style": "path"}},
        "client_kwargs": {"region_name": "us-east-1"},
    }
    monkeypatch.setitem(fsspec.config.conf, "s3", options)
    return f"s3://bucket/{server.folder.name}"


def cached(way: str, tmp_path: Path) -> Path | None:
    return tmp_path / "cache" if way == "cache" else None


def read_all(index: Index, cache: Path | None = None) -> list[bytes]:
    with ShardReader(index.shards, cache) as reader:
        return [
            member
            for row in range(0, len(index), 3)
            for member in reader.read_members(
                int(index.shard_of()[row]),
                [index.clip_spans(row)[0][0], index.json_span(row)],
                index.key(row),
            )
        ]


@pytest.mark.parametrize("way", ["range", "cache"])
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_on_the_way_is_gone_over(
    server: FaultyServer, remote: str, tmp_path: Path, fault: str, way: str
) -> None:
    """What is read is what was written, whatever happens to the first two requests."""
    wanted = read_all(open_index([server.folder]))
    index = open_index([remote])
    server.faults.extend([fault, fault])
    assert read_all(index, cached(way, tmp_path)) == wanted
    assert not server.faults
    assert not list(tmp_path.glob("cache/*.partial"))


@pytest.mark.parametrize(
    ("fault", "digests"), [*((fault, True) for fault in PASSING), ("cut", False), ("short", False)]
)
def test_a_fault_on_the_way_of_an_index_is_gone_over(
    server: FaultyServer, remote: str, fault: str, digests: bool
) -> None:
    if not digests:
        before_digests(server.folder)
    server.hits = ".idx.jsonl"
    server.faults.extend([fault, fault])
    index = open_index([remote])
    wanted = open_index([server.folder])
    assert not server.faults
    assert [index.json_span(row) for row in range(12)] == [wanted.json_span(row) for row in range(12)]
    assert [index.key(row) for row in range(12)] == [wanted.key(row) for row in range(12)]


@pytest.mark.parametrize("way", ["range", "cache"])
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_stays_is_one_sentence_and_leaves_nothing(
    server: FaultyServer, remote: str, tmp_path: Path, fault: str, way: str
) -> None:
    index = open_index([remote])
    server.always = fault
    with pytest.raises(InputError) as caught:
        read_all(index, cached(way, tmp_path))
    assert "clips1-000000.tar: " in str(caught.value)
    assert str(caught.value).endswith("(tried 4 times)")
    assert "\n" not in str(caught.value)
    assert len(server.requests) >= 4
    assert not [path for path in tmp_path.glob("cache/[!.]*") if path.suffix != ".lock"]
    server.always = ""
    assert read_all(index, cached(way, tmp_path)) == read_all(open_index([server.folder]))


@pytest.mark.parametrize("way", ["range", "cache"])
@pytest.mark.parametrize("status", ["403", "404"])
def test_what_is_refused_is_asked_for_once(
    server: FaultyServer, remote: str, tmp_path: Path, status: str, way: str
) -> None:
    index = open_index([remote])
    server.always = status
    with pytest.raises(InputError, match=r"clips1-000000\.tar: not found, or not readable"):
        read_all(index, cached(way, tmp_path))
    assert len(server.requests) == 1


@pytest.mark.parametrize(("damage", "digests"), [("flip", True), ("cut", True), ("cut", False)])
def test_a_copy_that_is_damaged_in_the_cache_is_fetched_again(
    server: FaultyServer, remote: str, tmp_path: Path, damage: str, digests: bool
) -> None:
    if not digests:
        before_digests(server.folder)
    wanted = read_all(open_index([server.folder]))
    index = open_index([remote])
    cache = tmp_path / "cache"
    assert read_all(index, cache) == wanted
    fetched = len(server.requests)
    for copy in cache.glob("*.tar"):
        data = bytearray(copy.read_bytes())
        data[data.index(b"Nothing.")] ^= 1
        copy.write_bytes(data if damage == "flip" else data[:-2000])
    assert read_all(index, cache) == wanted
    assert len(server.requests) > fetched
    again = len(server.requests)
    assert read_all(index, cache) == wanted
    assert len(server.requests) == again


def test_another_shard_of_the_same_name_and_size_is_not_taken_from_the_cache(
    server: FaultyServer, remote: str, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    before = read_all(open_index([remote]), cache)
    for tar in server.folder.glob("*.tar"):
        tar.write_bytes(tar.read_bytes().replace(b'"answer":"Nothing."', b'"answer":"Anything"'))
        tar.with_suffix(".idx.jsonl").unlink()
        rebuild_index(tar)
    after = read_all(open_index([remote]), cache)
    assert after == read_all(open_index([server.folder]))
    assert after != before


@pytest.mark.parametrize(("kind", "way"), [("s3", "range"), ("http", "cache")])
def test_workers_read_through_faults_and_tell_what_stays(
    server: FaultyServer, tmp_path: Path, kind: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    index, plan = planned(server.folder)
    wanted = [MicroBatches(index, plan, summarise)[i] for i in range(len(plan))]
    index, plan = planned(address(server, kind, monkeypatch))
    server.faults.extend(["flip", "503", "drop"])
    dataset = MicroBatches(index, plan, summarise, cache_dir=cached(way, tmp_path))
    assert list(DataLoader(dataset, batch_size=None, num_workers=1)) == wanted
    server.always = "drop"
    dataset = MicroBatches(index, plan, summarise, cache_dir=cached(way, tmp_path / "other"))
    batches = iter(DataLoader(dataset, batch_size=None, num_workers=1))
    with pytest.raises(InputError) as caught:
        next(batches)
    batches._shutdown_workers()  # type: ignore[attr-defined]
    assert "(tried 4 times)" in str(caught.value)
    assert "\n" not in str(caught.value)
    server.always = ""
    assert len(read_all(index)) == 8  # the connections of a process outlive the workers it forked


def test_a_server_without_ranges_serves_the_cache_alone(
    server: FaultyServer, remote: str, tmp_path: Path
) -> None:
    index = open_index([remote])
    server.ranges = False
    with pytest.raises(InputError, match=r"clips1-000000\.tar: the server sends whole files .*cache_dir"):
        read_all(index)
    assert read_all(index, tmp_path / "cache") == read_all(open_index([server.folder]))


@pytest.mark.parametrize("kind", ["s3", "http"])
def test_a_server_that_is_gone_is_one_sentence(
    folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(folder) as server:
        index = open_index([address(server, kind, monkeypatch)])
    with pytest.raises(InputError, match=r"clips1-000000\.tar: cannot read it .*\(tried 4 times\)"):
        read_all(index)
