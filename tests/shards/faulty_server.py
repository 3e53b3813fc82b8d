"""A server on loopback that serves a folder as HTTP and as S3 do, over a network that may fail."""

from __future__ import annotations

import socket
import struct
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

# Faults of the way, and of what a busy server answers: the next request may find all well.
PASSING = ("503", "429", "drop", "reset", "cut", "short", "flip")


class FaultyServer(ThreadingHTTPServer):
    """`faults` are used up, one by each request for a file whose name ends in `hits`; `always` never ends."""

    daemon_threads = True
    block_on_close = False  # a client may keep its connections

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connections: list[socket.socket] = []
        self.serve(folder)

    def serve(self, folder: Path) -> None:
        """From now on this folder, and without faults."""
        self.folder = folder
        self.hits = ".tar"
        self.faults: deque[str] = deque()
        self.always = ""
        self.ranges = True
        self.requests: list[str] = []  # for files that end in `hits`

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def next_fault(self, name: str) -> str:
        if not name.endswith(self.hits):
            return ""
        self.requests.append(name)
        return self.always or (self.faults.popleft() if self.faults else "")

    def get_request(self) -> tuple[socket.socket, object]:
        connection, client = super().get_request()
        self.connections.append(connection)
        return connection, client

    def server_close(self) -> None:
        super().server_close()
        for connection in self.connections:
            with suppress(OSError):  # closed already
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: FaultyServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if "list-type" in parts.query:
            return self._listing("application/xml", _s3_listing(self.server.folder))
        if parts.path.rstrip("/").endswith(f"/{self.server.folder.name}"):
            names = [path.name for path in self.server.folder.iterdir()]
            return self._listing("text/html", "".join(f'<a href="{name}">{name}</a>\n' for name in names))
        name = unquote(parts.path).rsplit("/", 1)[-1]
        path = self.server.folder / name
        fault = self.server.next_fault(name) if self.command == "GET" else ""
        if fault.isdigit() or not path.is_file():
            return self._listing("application/xml", _s3_error(fault or "404"), int(fault or 404))
        if fault == "drop":
            return self._hang_up()
        self._file(path.read_bytes(), fault)

    def _file(self, data: bytes, fault: str) -> None:
        total, first, last = len(data), 0, len(data) - 1
        ranged = self.headers.get("Range", "") if self.server.ranges else ""
        if ranged:
            begin, end = ranged.removeprefix("bytes=").split("-")
            first, last = int(begin), min(int(end or last), last)
        data = data[first : last + 1]
        if fault == "flip":
            middle = len(data) // 2
            data = data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1 :]
        if fault == "short":
            data = data[: len(data) // 2]
        self.send_response(206 if ranged else 200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", '"0"')
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        if ranged:
            self.send_header("Content-Range", f"bytes {first}-{last}/{total}")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data[: len(data) // 2] if fault in ("cut", "reset") else data)
        if fault == "cut":
            self._hang_up()
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._hang_up()

    def _hang_up(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.close()

    def _listing(self, kind: str, text: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def _s3_listing(folder: Path) -> str:
    files = "".join(
        f"<Contents><Key>{folder.name}/{path.name}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
        f'<ETag>"0"</ETag><Size>{path.stat().st_size}</Size><StorageClass>STANDARD</StorageClass></Contents>'
        for path in sorted(folder.iterdir())
    )
    return (
        '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bucket</Name>'
        f"<Prefix>{folder.name}/</Prefix><IsTruncated>false</IsTruncated>{files}</ListBucketResult>"
    )


def _s3_error(status: str) -> str:
    code = {"503": "ServiceUnavailable", "429": "TooManyRequests", "403": "AccessDenied", "404": "NoSuchKey"}[
        status
    ]
    return f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{code}</Message></Error>'


@contextmanager
def serving(folder: Path) -> Iterator[FaultyServer]:
    server = FaultyServer(folder)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
