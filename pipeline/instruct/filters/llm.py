"""What an LLM says to the filters that ask one, committed to a file so that nothing is asked twice.

A line of the file holds all replies to one ask under a key: the hash of all that they depend on (the filter's prompt,
its text, the model's content, the number of tries, the seed). It is written as soon as it is complete, and fsynced
each second. So a killed run goes on where it stopped, and filtering again asks only what is new.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ....errors import InputError
from ....files import disk_errors, json_line
from ....model.identity import identity
from ....ownership import note
from ....seeding import digest
from ..llm.llm import (
    ENGINES,
    Backend,
    Completion,
    Messages,
    Request,
    Sampling,
    engine_options,
    open_backend,
)

log = logging.getLogger(__name__)

MAX_TOKENS = 48
"""Of one reply: a short answer."""

PATIENCE = 50
"""So many failures in a row that may pass mean that the engine is down."""


@dataclass(frozen=True)
class Llm:
    """An LLM and the engine that runs it, as for `instruct generate`. Without `batch_size` the engine chooses."""

    llm: str
    engine: str = "transformers"
    url: str | None = None
    batch_size: int | None = None
    device: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The engine's own."""

    @cached_property
    def identity(self) -> str:
        """Which model it is (model/identity.py)."""
        return identity(self.llm)

    def open(self) -> Backend:
        """Loads it. Raises InputError where that can't be."""
        return open_backend(
            self.engine,
            self.llm,
            self.url,
            **engine_options(self.engine, self.batch_size, self.device, self.options),
        )

    def changed(self, given: Mapping[str, Any], filter_name: str) -> Llm:
        """With the options that a filter names.

        Raises:
            InputError: no such engine, or a batch size that isn't a positive number.
        """
        made = replace(Llm(given["llm"]) if "llm" in given else self, **given)
        if made.engine not in ENGINES.all():
            raise InputError(
                f"filter: engine of '{filter_name}' is {made.engine!r}, not one of {', '.join(ENGINES.all())}"
            )
        for option in ("llm", "url", "device"):
            if not isinstance(value := getattr(made, option), str) and (option == "llm" or value is not None):
                raise InputError(f"filter: {option} of '{filter_name}' should be text, not {value!r}")
        if not isinstance(made.options, Mapping):
            raise InputError(
                f"filter: options of '{filter_name}' should be {{name: value}}, not {made.options!r}"
            )
        size = made.batch_size
        if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
            raise InputError(
                f"filter: batch_size of '{filter_name}' should be a positive number, not {size!r}"
            )
        return made


@dataclass(frozen=True)
class Ask:
    """A prompt that is put to an LLM `tries` times, and the key of its replies (16 bytes)."""

    key: bytes
    prompt: Messages
    tries: int


def ask_key(llm: Llm, prompt: str, text: str, tries: int, seed: int) -> bytes:
    """The key of the replies to a text (16 bytes): a hash of all that they depend on. `prompt`: a digest of what stands
    around the text (`prompt_digest`)."""
    return digest("filter", prompt, llm.identity, tries, seed, text)[:16]


def prompt_digest(rules: str, examples: Sequence[tuple[str, Mapping[str, Any]]], *drawn: object) -> str:
    """A digest of a prompt without its request, and of what else decides a reply (schema, temperature)."""
    return digest(json.dumps(dialogue(rules, examples, "")), *drawn, MAX_TOKENS).hex()[:16]


def dialogue(rules: str, examples: Sequence[tuple[str, Mapping[str, Any]]], request: str) -> Messages:
    """A chat of rules, examples (request, reply as JSON) and the request, alike up to the last message."""
    chat: list[dict[str, str]] = []
    for asked, reply in examples:
        chat.append({"role": "user", "content": asked})
        chat.append({"role": "assistant", "content": json.dumps(reply, ensure_ascii=False)})
    chat.append({"role": "user", "content": request})
    # Not a system message: some chat templates refuse one.
    chat[0]["content"] = f"{rules}\n\n{chat[0]['content']}"
    return chat


def read_field(text: str, name: str) -> str | None:
    """The field of a reply's first JSON object that has it, as text, whatever stands around or behind it.

    Only the field has to be whole: small models write `{"answer": "No.",}`.
    """
    match = re.search(rf'"{re.escape(name)}"\s*:\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?))', text)
    if match is None:
        return None
    if match[2]:
        return match[2]
    try:
        return str(json.loads(match[1], strict=False)).strip()
    except ValueError:
        return match[1].strip('" ')


class Replies:
    """The replies in a file, by key: JSON with one `field` of a `kind` (JSON schema). Memory holds a key and a place
    for each ask, not the texts."""

    def __init__(self, path: Path, field: str, kind: Mapping[str, Any]) -> None:
        self.path = path
        self._field = field
        self._schema = {
            "type": "object",
            "properties": {field: dict(kind)},
            "required": [field],
            "additionalProperties": False,
        }
        self._places: dict[bytes, int] = {}
        self._read_from(0)

    def _read_from(self, start: int) -> int:
        """Takes note of the lines from a byte on; returns where the last whole one ends."""
        if not self.path.exists():
            return start
        with self.path.open("rb") as lines:
            lines.seek(start)
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                try:
                    self._places[bytes.fromhex(json.loads(line)["key"])] = start
                except (ValueError, KeyError, TypeError) as error:
                    raise InputError(
                        f"{self.path}: byte {start}: the line isn't an LLM's replies ({error}); "
                        "remove it, what it held is asked again"
                    ) from error
                start += len(line)
        return start

    def __contains__(self, key: bytes) -> bool:
        return key in self._places

    @contextmanager
    def reading(self) -> Iterator[Callable[[bytes], list[str] | None]]:
        """A function from a key to the fields of the replies, empty for one that can't be read; tries that failed are
        left out. None where nothing was answered."""
        if not self._places:
            yield lambda key: None
            return
        with self.path.open("rb") as lines:

            def answers(key: bytes) -> list[str] | None:
                if key not in self._places:
                    return None
                lines.seek(self._places[key])
                replies = json.loads(lines.readline())["replies"]
                found = [read_field(reply, self._field) or "" for reply in replies if reply is not None]
                return found or None

            yield answers

    def complete(
        self,
        asks: Callable[[], Iterable[Ask]],
        llm: Llm,
        *,
        temperature: float,
        seed: int,
    ) -> None:
        """Asks what isn't there yet; where all is there, the LLM isn't loaded.

        An ask that fails for good (a prompt longer than the model's context) is kept as such; one whose error may
        pass is left out, to be asked by the next run.

        Raises:
            InputError: the LLM can't be loaded, or only fails; what was answered is kept.
        """
        if all(ask.key in self for ask in asks()):
            return
        sampling = Sampling(temperature=temperature, top_p=1.0, max_tokens=MAX_TOKENS)
        synced = time.monotonic()
        with disk_errors(self.path), self._journal() as journal:
            backend = llm.open()
            try:
                for ask, completions in _answered(
                    backend, self._missing(asks, backend, seed), sampling, self._schema
                ):
                    if ask.key in self:
                        continue  # again, for the sake of another in its batch
                    replies = [None if c.error is not None else c.text for c in completions]
                    self._append(journal, {"key": ask.key.hex(), "replies": replies})
                    if time.monotonic() - synced > 1:
                        os.fsync(journal)
                        synced = time.monotonic()
            finally:
                os.fsync(journal)
                backend.close()

    def _missing(
        self, asks: Callable[[], Iterable[Ask]], backend: Backend, seed: int
    ) -> Iterator[tuple[Ask, Request]]:
        """The requests that have to be made. Where replies depend on their batch, batches are cut from all requests, so
        that none ever changes."""
        size = backend.batch_size if backend.whole_batches else 1
        there = set(self._places)  # what is answered meanwhile doesn't change the batches
        batch: list[tuple[Ask, Request]] = []
        for ask in asks():
            for turn in range(ask.tries):
                number = int.from_bytes(digest(seed, ask.key.hex(), turn)[:4], "big") >> 1
                batch.append((ask, Request(f"{ask.key.hex()}-{turn}", ask.prompt, number)))
                if len(batch) == size:
                    if any(one.key not in there for one, _ in batch):
                        yield from batch
                    batch = []
        if any(one.key not in there for one, _ in batch):
            yield from batch

    @contextmanager
    def _journal(self) -> Iterator[int]:
        note([self.path])
        self.path.parent.mkdir(parents=True, exist_ok=True)
        journal = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            try:
                fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InputError(
                    f"{self.path}: another run is writing this file; wait until it ends"
                ) from error
            # Another run may have written meanwhile; a killed one may have left half a line.
            os.ftruncate(journal, self._read_from(0))
            yield journal
        finally:
            os.close(journal)

    def _append(self, journal: int, line: Mapping[str, Any]) -> None:
        start = os.fstat(journal).st_size
        text = json_line(line)
        rest = text.encode("utf-8", "replace")  # a reply may hold half characters
        while rest:
            rest = rest[os.write(journal, rest) :]
        self._places[bytes.fromhex(line["key"])] = start


def _answered(
    backend: Backend, missing: Iterator[tuple[Ask, Request]], sampling: Sampling, schema: Mapping[str, Any]
) -> Iterator[tuple[Ask, list[Completion]]]:
    """Each ask with all its replies, in the order of the tries, as soon as they are there. One that fails in a way that
    may pass is left out.

    Raises:
        InputError: so many failed in a row, or all, that the engine must be down.
    """
    waiting: dict[bytes, dict[int, Completion]] = {}
    asks: dict[bytes, Ask] = {}

    def requests() -> Iterator[Request]:
        for ask, request in missing:
            asks[ask.key] = ask
            waiting.setdefault(ask.key, {})
            yield request

    failed, in_a_row, any_success, why = 0, 0, False, None
    for request, completion in backend.write(requests(), sampling, schema):
        name, _, turn = request.key.partition("-")
        key = bytes.fromhex(name)
        if completion.error is not None and completion.retry:
            failed, in_a_row, why = failed + 1, in_a_row + 1, completion.error
            if in_a_row >= PATIENCE:
                break
        else:
            in_a_row, any_success = 0, True
        waiting[key][int(turn)] = completion
        if len(waiting[key]) < asks[key].tries:
            continue
        ask, replies = asks.pop(key), waiting.pop(key)
        if not any(reply.error is not None and reply.retry for reply in replies.values()):
            yield ask, [replies[turn] for turn in range(ask.tries)]
    if failed and (not any_success or in_a_row >= PATIENCE):
        raise InputError(
            f"{in_a_row} requests in a row failed: {why}; "
            "mend it and run the same command again, what is done is kept"
        )
    if failed:
        log.warning("%d requests of a filter failed (%s); run again to ask them again", failed, why)
