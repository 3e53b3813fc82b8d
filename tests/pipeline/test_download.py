"""download: a real HTTP server on this machine that breaks connections; archives that want out of their folder."""

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cryfish.errors import InputError
from cryfish.pipeline import download as module
from cryfish.pipeline.download import download, fetch, unpack
from cryfish.recipes.corpus import Download


@dataclass
class Server:
    """Files by name; `breaks` counts how often a connection is to be cut after half of what was asked for."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    breaks: int = 0
    etag: str = '"one"'
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = state.files.get(self.path.lstrip("/"))
            asked = self.headers.get("Range", "")
            state.asked.append(asked)
            if data is None:
                self.send_error(404)
                return
            first = 0
            if asked and self.headers.get("If-Range") == state.etag:
                first = int(asked.removeprefix("bytes=").rstrip("-"))
                self.send_response(206)
            else:
                self.send_response(200)
            body = data[first:]
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", state.etag)
            self.end_headers()
            if state.breaks:
                state.breaks -= 1
                body = body[: len(body) // 2]
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{http.server_port}"
    thread = Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield state
    http.shutdown()
    http.server_close()


def tar(*members: tuple[str, bytes | None], kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, link, len(content or b"")
            archive.addfile(info, io.BytesIO(content or b""))
    return buffer.getvalue()


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_an_archive_is_fetched_checked_and_unpacked_once(server: Server, tmp_path: Path) -> None:
    data = tar(("Corpus/audio/a.wav", b"sound"), ("Corpus/list.txt", b"a"))
    server.files["corpus.tar.gz"] = data
    item = Download(f"{server.url}/corpus.tar.gz", sha256(data), len(data), strip="Corpus")
    for _ in range(2):
        fetch(item, tmp_path / "corpus")
    assert (tmp_path / "corpus/audio/a.wav").read_bytes() == b"sound"
    assert (tmp_path / "corpus/list.txt").read_bytes() == b"a"
    assert len(server.asked) == 1
    assert [path.suffix for path in (tmp_path / "corpus/.downloads").glob("[!.]*")] == [".json"]


def test_a_broken_connection_goes_on_where_it_was(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    server.files["list.csv"] = bytes(range(256)) * 64
    server.breaks = 3
    fetch(Download(f"{server.url}/list.csv", sha256(server.files["list.csv"]), folder="meta"), tmp_path)
    assert (tmp_path / "meta/list.csv").read_bytes() == server.files["list.csv"]
    assert server.asked == ["", "bytes=8192-", "bytes=12288-", "bytes=14336-"]


def test_a_stopped_download_goes_on_unless_the_file_was_exchanged(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TRIES", 1)
    server.files["f.bin"] = b"x" * 1000
    item = Download(f"{server.url}/f.bin")
    server.breaks = 1
    with pytest.raises(InputError, match=r"the connection broke .* run the same command again"):
        fetch(item, tmp_path)
    server.etag, server.files["f.bin"] = '"two"', b"y" * 800
    fetch(item, tmp_path)
    assert (tmp_path / "f.bin").read_bytes() == b"y" * 800


def test_a_wrong_checksum_is_told_and_nothing_is_kept(server: Server, tmp_path: Path) -> None:
    server.files["f.zip"] = b"not what was published"
    with pytest.raises(InputError, match=r"its md5 is [0-9a-f]{32}, but 00ff was published"):
        fetch(Download(f"{server.url}/f.zip", "md5:00ff"), tmp_path)
    assert not list(tmp_path.rglob("*.zip"))


def test_a_file_that_is_gone_is_one_sentence(server: Server, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere: the server answers 404 Not Found"):
        fetch(Download(f"{server.url}/nowhere"), tmp_path)


@pytest.mark.parametrize(
    "name", ["../out.txt", "/tmp/out.txt", "a/../../out.txt", "C:\\out.txt", "..\\out.txt"]
)
def test_no_member_leaves_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.tgz").write_bytes(tar(("good.txt", b"1"), (name, b"evil")))
    with zipfile.ZipFile(tmp_path / "in/a.zip", "w") as archive:
        archive.writestr("good.txt", b"1")
        archive.writestr(zipfile.ZipInfo(name), b"evil")
    for kind in ("tgz", "zip"):
        with pytest.raises(InputError, match=r"lies outside the folder; nothing was unpacked"):
            unpack(tmp_path / f"in/a.{kind}", tmp_path / "target")
    assert not (tmp_path / "target").exists()
    assert sorted(path.name for path in tmp_path.rglob("*.txt")) == []


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_no_member_is_a_link_or_a_device(tmp_path: Path, kind: bytes) -> None:
    (tmp_path / "a.tar.gz").write_bytes(tar(("x", None), kind=kind, link="/etc/passwd"))
    with pytest.raises(InputError, match="is a link or a device"):
        unpack(tmp_path / "a.tar.gz", tmp_path / "target")


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        link = zipfile.ZipInfo("x")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(InputError, match="is a link or a device"):
        unpack(tmp_path / "a.zip", tmp_path / "target")


@pytest.mark.parametrize("name", ["a.tar.gz", "a.zip"])
def test_a_damaged_archive_is_one_sentence(tmp_path: Path, name: str) -> None:
    data = tar(("x", bytes(100_000)))
    (tmp_path / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(InputError, match=rf"{name}: (can't be unpacked|is damaged)"):
        unpack(tmp_path / name, tmp_path / "target")
    assert not (tmp_path / "target").exists()


def test_unpacking_joins_folders_that_are_there(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"{number}.tar.gz").write_bytes(tar((f"L/dev/{number}/a.flac", b"a"), ("L/S.TXT", b"s")))
        unpack(tmp_path / f"{number}.tar.gz", tmp_path / "corpus", "L")
    assert sorted(path.parent.name for path in (tmp_path / "corpus/dev").rglob("*.flac")) == ["1", "2"]


def test_what_needs_a_form_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"can't be fetched without a form.*cryfish prepare asterisk"):
        download("asterisk", tmp_path)
