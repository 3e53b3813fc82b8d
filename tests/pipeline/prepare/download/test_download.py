"""download: a real HTTP server on this machine that breaks connections; archives that want out of their folder."""

import hashlib
import io
import json
import random
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.prepare.download import fetching as module
from cryfish.pipeline.prepare.download.download import _move_into, download, fetch
from cryfish.pipeline.prepare.download.first_seen import read_lock
from cryfish.pipeline.prepare.download.unpack import unpacked
from cryfish.recipes.kit.corpus import ArchivePart, Corpus, Download
from cryfish.recipes.kit.registry import Recipe, corpora, recipe


@dataclass
class Server:
    """Files by name; `breaks` counts how often a connection is to be cut after half of what was asked for."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    breaks: int = 0
    etag: str = '"one"'
    ranges: bool = True
    minds_if_range: bool = True
    tells_truth: bool = True
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
            same = self.headers.get("If-Range") == state.etag or not state.minds_if_range
            if asked and state.ranges and same:
                first = int(asked.removeprefix("bytes=").rstrip("-"))
                if first >= len(data):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            body = data[first:]
            self.send_header("Content-Length", str(len(body)))
            if state.etag:
                self.send_header("ETag", state.etag)
            self.end_headers()
            if state.breaks:
                state.breaks -= 1
                body = body[: len(body) // 2]
            self.wfile.write(body)
            self.close_connection = True

        def do_HEAD(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{state.url}/elsewhere")
            digest = hashlib.sha256(state.files[self.path.lstrip("/")]).hexdigest()
            self.send_header("X-Linked-ETag", f'"{digest if state.tells_truth else "0" * 64}"')
            self.end_headers()

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


def unpack(archive: Path, target: Path, strip: str = "", nested: str = "") -> None:
    with unpacked([archive], archive.name, strip, nested) as source:
        target.mkdir(parents=True, exist_ok=True)
        _move_into(source, target, archive.with_name("replaced"))


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


@pytest.mark.parametrize("kind", [tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE])
def test_no_member_is_a_device(tmp_path: Path, kind: bytes) -> None:
    (tmp_path / "a.tar.gz").write_bytes(tar(("x", None), kind=kind))
    with pytest.raises(InputError, match="is a device or the like"):
        unpack(tmp_path / "a.tar.gz", tmp_path / "target")
    assert not (tmp_path / "target").exists()


Links = tuple[tuple[str, bytes, str], ...]
SYM, HARD = tarfile.SYMTYPE, tarfile.LNKTYPE


def archive_of(path: Path, files: dict[str, bytes], links: Links) -> Path:
    """A tar or, where no link is hard, a zip."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as packed:
            for name, _, target in links:
                link = zipfile.ZipInfo(name)
                link.external_attr = 0o120777 << 16
                packed.writestr(link, target)
            for name, content in files.items():
                packed.writestr(name, content)
        return path
    with tarfile.open(path, "w:gz") as archive:
        for name, kind, target in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


HARMLESS: dict[str, Links] = {
    "beside": (("C/b.wav", SYM, "a.wav"),),
    "a folder": (("C/other", SYM, "sub/deep"),),
    "up and down": (("C/sub/b.wav", SYM, "../a.wav"),),
    "through a link": (("C/other", SYM, "sub"), ("C/b.wav", SYM, "other/deep/c.wav")),
    "nowhere, but inside": (("C/b.wav", SYM, "lost.wav"),),
    "in a circle": (("C/x", SYM, "y"), ("C/y", SYM, "x")),
    "hard": (("C/b.wav", HARD, "C/sub/deep/c.wav"),),
}
DANGEROUS: dict[str, Links] = {
    "absolute": (("C/b", SYM, "/etc/passwd"),),
    "up": (("C/b", SYM, "../../outside"),),
    "out of the corpus' folder": (("C/b", SYM, ".."), ("C/c", SYM, "b/../../outside")),
    "windows": (("C/b", SYM, "C:\\outside"),),
    "backslash": (("C/b", SYM, "\\outside"),),
    "another link leads it out": (("C/b", SYM, "c/../../outside"), ("C/c", SYM, "."), ("C/b/x", SYM, "y")),
    "later leads it out": (("C/b", SYM, "d/c/../../../outside"), ("C/d/c", SYM, "../..")),
    "through a folder that is a link": (("C/b", SYM, "."), ("C/b/x", SYM, "../../outside")),
    "hard, absolute": (("C/b", HARD, "/etc/passwd"),),
    "hard, up": (("C/b", HARD, "../outside"),),
    "hard, to what isn't there": (("C/b", HARD, "C/lost"),),
    "hard, to a link": (("C/b", HARD, "C/c"), ("C/c", SYM, "../../outside")),
    "in a folder's place": (("C/sub", SYM, "."),),
}
FILES = {"C/a.wav": b"a", "C/sub/deep/c.wav": b"c"}


@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
@pytest.mark.parametrize("name", HARMLESS)
def test_links_that_stay_inside_are_unpacked(tmp_path: Path, name: str, suffix: str) -> None:
    links = HARMLESS[name]
    if suffix == ".zip" and any(kind == HARD for _, kind, _ in links):
        pytest.skip("a zip has no hard links")
    unpack(archive_of(tmp_path / f"a{suffix}", FILES, links), tmp_path / "target", "C")
    for path, kind, target in links:
        place = tmp_path / "target" / path.removeprefix("C/")
        if kind == SYM:
            assert place.is_symlink()
            assert str(place.readlink()) == target
        else:
            assert place.read_bytes() == b"c"
    if name in ("beside", "up and down"):
        assert (tmp_path / "target" / links[0][0].removeprefix("C/")).read_bytes() == b"a"
    if name == "through a link":
        assert (tmp_path / "target/b.wav").read_bytes() == b"c"
    # Once more: nothing is in its own way.
    unpack(tmp_path / f"a{suffix}", tmp_path / "target", "C")
    assert not (tmp_path / "replaced").exists()


@pytest.mark.parametrize("suffix", [".tar.gz", ".zip"])
@pytest.mark.parametrize("name", DANGEROUS)
def test_links_that_lead_out_are_refused(tmp_path: Path, name: str, suffix: str) -> None:
    links = DANGEROUS[name]
    if suffix == ".zip" and any(kind == HARD for _, kind, _ in links):
        pytest.skip("a zip has no hard links")
    (tmp_path / "in").mkdir()
    archive = archive_of(tmp_path / "in" / f"a{suffix}", FILES, links)
    with pytest.raises(InputError, match=r"isn't a file or folder inside|lies outside the folder"):
        unpack(archive, tmp_path / "target", "C")
    assert sorted(path.name for path in tmp_path.rglob("*")) == [archive.name, "in"]


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


def test_a_server_without_ranges_begins_anew(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    server.ranges, server.breaks = False, 2
    server.files["f.bin"] = bytes(range(256)) * 64
    fetch(Download(f"{server.url}/f.bin"), tmp_path)
    assert (tmp_path / "f.bin").read_bytes() == server.files["f.bin"]
    assert server.asked == ["", "bytes=8192-", "bytes=8192-"]


def test_a_server_that_names_no_version_begins_anew(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It can't say whether the file is still the same."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    server.etag, server.breaks, server.minds_if_range = "", 1, False
    server.files["f.bin"] = bytes(range(256)) * 64
    fetch(Download(f"{server.url}/f.bin"), tmp_path)
    assert (tmp_path / "f.bin").read_bytes() == server.files["f.bin"]
    assert server.asked == ["", ""]


@pytest.mark.parametrize("minds", [True, False])
@pytest.mark.parametrize("size", [400, 900, 2000])
def test_two_versions_are_never_joined(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minds: bool, size: int
) -> None:
    """Neither by a server that goes on with the new file as if it were the old one, nor with a shorter one."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    server.minds_if_range = minds
    server.files["f.bin"] = b"x" * 1000
    server.breaks = 1
    item = Download(f"{server.url}/f.bin")
    with monkeypatch.context() as once:
        once.setattr(module, "TRIES", 1)
        with pytest.raises(InputError, match="the connection broke"):
            fetch(item, tmp_path)
    server.etag, server.files["f.bin"] = '"two"', b"y" * size
    fetch(item, tmp_path)
    assert (tmp_path / "f.bin").read_bytes() == b"y" * size
    assert not list(tmp_path.rglob("*.part"))


def test_a_beginning_of_which_no_version_is_known_is_begun_anew(server: Server, tmp_path: Path) -> None:
    """As a kill leaves it between the end of one version and the beginning of the next."""
    server.files["f.bin"] = b"y" * 1000
    item = Download(f"{server.url}/f.bin")
    fetch(item, tmp_path)
    name = next((tmp_path / ".downloads").glob("*.done.json")).name.removesuffix(".done.json")
    (tmp_path / "f.bin").unlink()
    part = tmp_path / ".downloads" / f"{name}.part"
    part.write_bytes(b"x" * 500)
    fetch(item, tmp_path)
    assert (tmp_path / "f.bin").read_bytes() == b"y" * 1000


def test_an_archive_in_parts_is_joined(server: Server, tmp_path: Path) -> None:
    data = tar(("C/a.wav", bytes(range(256)) * 400), ("C/b.wav", b"b"))
    cuts = [data[:100], data[100:101], data[101:]]
    for number, cut in enumerate(cuts):
        server.files[f"c.tar.gza{number}"] = cut
    parts = tuple(
        ArchivePart(f"{server.url}/c.tar.gza{number}", f"md5:{hashlib.md5(cut).hexdigest()}")
        for number, cut in enumerate(cuts)
    )
    item = Download(f"{server.url}/c.tar.gz", strip="C", parts=parts)
    for _ in range(2):
        seen = fetch(item, tmp_path)
    assert (tmp_path / "a.wav").read_bytes() == bytes(range(256)) * 400
    assert (tmp_path / "b.wav").read_bytes() == b"b"
    assert [seen[part.url].size for part in parts] == [100, 1, len(data) - 101]
    assert len(server.asked) == 3


@pytest.mark.skipif(shutil.which("zip") is None, reason="needs the program zip, which splits archives")
@pytest.mark.parametrize("wide", [False, True])
def test_a_split_zip_is_joined(server: Server, tmp_path: Path, wide: bool) -> None:
    """`.z01`, `.z02`, ..., `.zip` as FSD50K is published; in the wide format too, as above 4 GB."""
    folder = tmp_path / "made" / "FSD"
    folder.mkdir(parents=True)
    for number in range(12):
        (folder / f"{number}.wav").write_bytes(random.Random(number).randbytes(30_000))
    command = ["zip", "-q", "-r", "-s", "64k", *(["-fz"] if wide else []), "a.zip", "FSD"]
    subprocess.run(command, cwd=tmp_path / "made", check=True)
    names = [*sorted(path.name for path in (tmp_path / "made").glob("a.z[0-9]*")), "a.zip"]
    assert len(names) > 4
    for name in names:
        server.files[name] = (tmp_path / "made" / name).read_bytes()
    item = Download(f"{server.url}/a.zip", parts=tuple(ArchivePart(f"{server.url}/{name}") for name in names))
    fetch(item, tmp_path / "corpus")
    for number in range(12):
        assert (tmp_path / f"corpus/FSD/{number}.wav").read_bytes() == (folder / f"{number}.wav").read_bytes()
    short = Download(f"{server.url}/a.zip", parts=item.parts[1:])
    with pytest.raises(InputError, match="split into"):
        fetch(short, tmp_path / "other")
    assert not (tmp_path / "other/FSD").exists()


def test_archives_within_are_unpacked_where_they_lie(server: Server, tmp_path: Path) -> None:
    """As AISHELL-1 has one for every speaker; one that wants out is refused as any other."""
    inner = tar(("train/S1/a.wav", b"a"))
    other = tar(("dev/S2/b.wav", b"b"))
    members = (("C/wav/S1.tar.gz", inner), ("C/wav/S2.tar.gz", other), ("C/wav/._S3.tar.gz", b"of macOS"))
    server.files["c.tgz"] = tar(*members)
    fetch(Download(f"{server.url}/c.tgz", nested="C/wav/*.tar.gz"), tmp_path)
    assert (tmp_path / "C/wav/train/S1/a.wav").read_bytes() == b"a"
    assert (tmp_path / "C/wav/dev/S2/b.wav").read_bytes() == b"b"
    assert not list(tmp_path.rglob("[!.]*S?.tar.gz"))
    assert (tmp_path / "C/wav/._S3.tar.gz").read_bytes() == b"of macOS"
    server.files["d.tgz"] = tar(("D/wav/S1.tar.gz", tar(("../../../out", b"evil"))))
    with pytest.raises(InputError, match="lies outside the folder"):
        fetch(Download(f"{server.url}/d.tgz", nested="D/wav/*.tar.gz"), tmp_path)
    assert not (tmp_path / "D").exists()


def test_the_publishers_own_list_is_asked(server: Server, tmp_path: Path) -> None:
    server.files["good.bin"], server.files["bad.bin"] = b"good", b"bad"
    lines = [
        f"{hashlib.md5(b'good').hexdigest()}  ./good.bin",
        f"{hashlib.sha256(b'else').hexdigest()} *bad.bin",
    ]
    server.files["md5sum.txt"] = "\n".join(lines).encode()
    record = {"files": [{"key": "bad.bin", "checksum": f"md5:{hashlib.md5(b'else').hexdigest()}"}]}
    server.files["record"] = json.dumps(record).encode()
    fetch(Download(f"{server.url}/good.bin", sums=f"{server.url}/md5sum.txt"), tmp_path)
    for sums in ("md5sum.txt", "record"):
        with pytest.raises(InputError, match=r"its (md5|sha256) is .*, but .* was published"):
            fetch(Download(f"{server.url}/bad.bin", sums=f"{server.url}/{sums}"), tmp_path)
    # A list that is gone isn't the end: then the first time counts.
    fetch(Download(f"{server.url}/bad.bin", sums=f"{server.url}/gone.txt"), tmp_path)


def test_the_hub_tells_checksums_of_large_files(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "cryfish.pipeline.prepare.download.first_seen._HUB", re.compile(re.escape(server.url))
    )
    server.files["a.bin"], server.files["b.bin"] = b"a", b"b"
    fetch(Download(f"{server.url}/a.bin"), tmp_path)
    server.tells_truth = False
    with pytest.raises(InputError, match=r"its sha256 is [0-9a-f]{64}, but 0{64} was published"):
        fetch(Download(f"{server.url}/b.bin"), tmp_path)


def own(server: Server, *names: str) -> Corpus:
    return replace(recipe("fsdd").corpus, downloads=tuple(Download(f"{server.url}/{name}") for name in names))


def test_what_was_first_seen_is_compared(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On this machine, when a file is fetched again; and on others, by a lock file that is kept with the project."""
    monkeypatch.setitem(
        corpora(), "fsdd", Recipe(own(server, "a.bin", "b.bin"), lambda _: iter(()), None, "none")
    )
    server.files["a.bin"], server.files["b.bin"] = b"a1", b"b1"
    lock = tmp_path / "downloads.lock"
    download("fsdd", tmp_path / "one", lock=lock)
    assert {url.rpartition("/")[2]: seen.size for url, seen in read_lock(lock).items()} == {
        "a.bin": 2,
        "b.bin": 2,
    }
    before = lock.read_bytes()
    download("fsdd", tmp_path / "two", lock=lock)
    assert lock.read_bytes() == before
    server.files["b.bin"] = b"b2"
    with pytest.raises(InputError, match=r"b\.bin: its sha256 is .*, but was .* when it was first fetched"):
        download("fsdd", tmp_path / "three", lock=lock)
    assert not (tmp_path / "three/b.bin").exists()
    assert lock.read_bytes() == before
    # Gone from its place, it is fetched again.
    (tmp_path / "one/b.bin").unlink()
    with pytest.raises(InputError, match="when it was first fetched"):
        download("fsdd", tmp_path / "one")
    server.files["b.bin"] = b"b1"
    download("fsdd", tmp_path / "one")
    assert (tmp_path / "one/b.bin").read_bytes() == b"b1"
    # What was fetched without a lock file is noted in one that comes later, or compared with it.
    lock.unlink()
    download("fsdd", tmp_path / "one", lock=lock)
    assert lock.read_bytes() == before
    lock.write_bytes(before.replace(hashlib.sha256(b"a1").hexdigest().encode(), b"0" * 64))
    with pytest.raises(InputError, match=r"a\.bin: its sha256 is"):
        download("fsdd", tmp_path / "one", lock=lock)


@pytest.mark.parametrize("text", ["", "no table\n", "sha256\tbytes\turl\nabc\t1\thttp://x\n"])
def test_another_file_is_no_lock_file(server: Server, tmp_path: Path, text: str) -> None:
    lock = tmp_path / "mine.txt"
    lock.write_text(text or "\n")
    with pytest.raises(InputError, match=r"--lock .*mine\.txt, line [12]: isn't"):
        download("yesno", tmp_path / "corpus", lock=lock)
    assert lock.read_text() == text or "\n"
    assert not (tmp_path / "corpus").exists()


def test_a_7z_is_unpacked_as_any_other(tmp_path: Path) -> None:
    """As Clotho is published."""
    py7zr = pytest.importorskip("py7zr", reason="needs the extra 7z")
    with py7zr.SevenZipFile(tmp_path / "good.7z", "w") as packed:
        for name in ("C/a.wav", "C/b.wav"):
            packed.writestr(b"a", name)
    unpack(tmp_path / "good.7z", tmp_path / "target", "C")
    assert sorted(path.name for path in (tmp_path / "target").iterdir()) == ["a.wav", "b.wav"]
    (tmp_path / "link").symlink_to("/etc/passwd")
    with py7zr.SevenZipFile(tmp_path / "bad.7z", "w") as packed:
        packed.write(tmp_path / "link", "C/link")
    with pytest.raises(InputError, match="is a device or the like"):
        unpack(tmp_path / "bad.7z", tmp_path / "other")
    (tmp_path / "cut.7z").write_bytes((tmp_path / "good.7z").read_bytes()[:-20])
    with pytest.raises(InputError, match=r"cut\.7z: can't be unpacked"):
        unpack(tmp_path / "cut.7z", tmp_path / "other")


def test_a_7z_without_its_package_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py7zr", None)
    (tmp_path / "a.7z").write_bytes(b"7z")
    with pytest.raises(InputError, match=r"needs the package py7zr"):
        unpack(tmp_path / "a.7z", tmp_path / "target")
    assert (tmp_path / "a.7z").is_file()


def test_a_kill_after_unpacking_costs_no_other_fetch(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.files["c.tar.gz"] = tar(("a.wav", b"a"))
    item = Download(f"{server.url}/c.tar.gz")
    with monkeypatch.context() as once:
        once.setattr(
            "cryfish.pipeline.prepare.download.download.write_json",
            lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
        )
        with pytest.raises(KeyboardInterrupt):
            fetch(item, tmp_path)
    fetch(item, tmp_path)
    assert (tmp_path / "a.wav").read_bytes() == b"a"
    assert len(server.asked) == 1
    assert not list((tmp_path / ".downloads").glob("*.tar.gz"))
    fetch(item, tmp_path, keep=True)
    assert len(server.asked) == 1
