"""A small web app on this machine: look at the samples of shards and listen to their clips.

Shards may come from strangers. Every text is escaped, the pages hold no script and forbid any, and a request names
samples and clips by number only: bytes come from where the index says, never from a path in a URL.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from ...errors import InputError
from ...shards import Index, open_index
from ...shards.index import ORIGINS
from ...shards.index_file import Span
from ...shards.reader import ShardReader
from .browse_page import BrowseFilters, Page, SampleBrowser

_PAGES = Path(__file__).with_name("pages")
_BLOCK = 1 << 20
# Several ranges, or anything else, is ignored and answered with the whole clip, as a server may.
_ONE_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))")
_LOOPBACK = ("127.0.0.1", "localhost")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; media-src 'self'; img-src data:; form-action 'self'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def browse(
    shards: Sequence[str | Path], host: str, port: int, started: Callable[[str], None] = lambda address: None
) -> None:
    """Serves the shards of some folders until interrupted.

    Args:
        host: an address of this machine; other machines can reach the app only if it isn't a loopback address.
        port: 0 takes any free one.
        started: is told the app's address once it can be opened.

    Raises:
        InputError: a folder without shards, or an address that can't be listened on.
    """
    # The Host header is checked on loopback, so that no page in the user's browser can reach in by renaming itself.
    app = make_app(open_index(shards), allowed_hosts=_LOOPBACK if host in _LOOPBACK else ("*",))
    with _listen(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        started(f"http://{name}:{listener.getsockname()[1]}/")
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def make_app(
    index: Index, *, search_seconds: float = 2.0, allowed_hosts: Sequence[str] = ("*",)
) -> Starlette:
    """The app over a whole index."""
    shelf = SampleBrowser(index, search_seconds)
    environment = Environment(
        loader=FileSystemLoader(_PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("browse.html")
    style = (_PAGES / "browse.css").read_text(encoding="utf-8")

    def page(request: Request) -> Response:
        filters, start = _read_query(request)
        found, problem = Page([], 0, 0, 0, None), ""
        try:
            found = shelf.page(filters, start)
        except InputError as error:
            problem = str(error)
        html = template.render(
            page=found,
            problem=problem,
            filters=filters,
            totals=shelf.totals,
            sources=list(shelf.sources.values()),
            origins=ORIGINS,
            link=lambda start: _link(filters, start),
            task_link=lambda task: _link(replace(filters, task=task)),
        )
        # JSON may hold half of a surrogate pair, which no UTF-8 can.
        return HTMLResponse(
            html.encode("utf-8", "replace"), status_code=400 if problem else 200, headers=_HEADERS
        )

    def css(request: Request) -> Response:
        return PlainTextResponse(style, media_type="text/css", headers=_HEADERS)

    def audio(request: Request) -> Response:
        number, clip = request.path_params["sample"], request.path_params["clip"]
        if number >= len(shelf.rows):
            return PlainTextResponse("no such sample", 404)
        clips = index.clip_spans(int(shelf.rows[number]))
        if clip >= len(clips):
            return PlainTextResponse("no such clip", 404)
        return _serve(index, int(index.shard[number]), clips[clip][0], request)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/browse.css", css),
            Route("/audio/{sample:int}/{clip:int}.flac", audio),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts))],
    )


def _read_query(request: Request) -> tuple[BrowseFilters, int]:
    values = {field.name: request.query_params.get(field.name, "").strip() for field in fields(BrowseFilters)}
    start = request.query_params.get("start", "")
    return BrowseFilters(**values), int(start) if re.fullmatch("[0-9]{1,15}", start) else 0


def _link(filters: BrowseFilters, start: int = 0) -> str:
    """Relative, so that it also works behind a proxy that adds a prefix."""
    query: dict[str, Any] = {name: value for name, value in vars(filters).items() if value}
    return "./?" + urlencode(query | ({"start": start} if start else {}))


def _serve(index: Index, shard: int, member: Span, request: Request) -> Response:
    """A clip's bytes, or the range of them that a browser asks for in order to seek (RFC 9110, section 14)."""
    headers = {**_HEADERS, "Accept-Ranges": "bytes", "Cache-Control": "no-store"}
    # `If-Range` asks whether a part fetched earlier is of the same clip; without an ETag only the whole is right.
    asked = "" if "if-range" in request.headers else request.headers.get("range", "")
    start, stop, status = 0, member.size, 200
    if found := _ONE_RANGE.fullmatch(asked):
        first, last, suffix = found.groups()
        start = int(first) if first else max(0, member.size - int(suffix))
        stop = min(int(last) + 1, member.size) if last else member.size
        if start >= stop:
            headers["Content-Range"] = f"bytes */{member.size}"
            return PlainTextResponse("no such range", 416, headers=headers)
        status = 206
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{member.size}"
    headers["Content-Length"] = str(stop - start)
    blocks = _blocks(index, shard, Span(member.offset + start, stop - start))
    try:
        first_block = next(blocks)
    except InputError as error:
        return PlainTextResponse(str(error), 404)
    return StreamingResponse(chain([first_block], blocks), status, headers=headers, media_type="audio/flac")


def _blocks(index: Index, shard: int, span: Span) -> Iterator[bytes]:
    with ShardReader(index.shards) as reader:
        for offset in range(span.offset, span.offset + span.size, _BLOCK):
            size = min(_BLOCK, span.offset + span.size - offset)
            yield reader.read_members(shard, [Span(offset, size)])[0]


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise InputError(f"--host {host}: not an address of this machine ({error.strerror})") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        listener.close()
        raise InputError(
            f"--host {host} --port {port}: can't listen there ({error.strerror}); choose another port, or --port 0 for "
            "any that is free"
        ) from error
    return listener
