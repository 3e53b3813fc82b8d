"""An engine that dies takes no request along: it is started again, what was under way is asked again, and a request
that kills it whenever it is asked is found by halving."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator
from typing import Protocol

from ....errors import InputError
from .llm import Completion, Request

log = logging.getLogger(__name__)

_MOST_GUILTY = 4
"""So many requests in a row that each kill the engine are the engine's fault."""


class EngineDied(Exception):
    """The engine ended unasked; the message says what is known of why."""


class Mortal(Protocol):
    """An engine that works on many requests at once and may die of one."""

    capacity: int
    """How many requests it should have at a time, so that it is never idle."""

    def submit(self, request: Request) -> None:
        """Takes a request. May raise EngineDied."""
        ...

    def receive(self) -> list[tuple[str, Completion]]:
        """Waits for replies, and gives the keys of their requests. Raises EngineDied."""
        ...

    def restart(self) -> None:
        """A fresh engine that has no requests."""
        ...


def write_through_deaths(engine: Mortal, requests: Iterable[Request]) -> Iterator[tuple[Request, Completion]]:
    """Each request with its completion, as soon as it is there; an error for each that kills the engine on its own.

    After a death all that was under way is asked once more (something else may have killed the engine). If it dies
    again, it is the half of them, and so on, until a culprit stands alone. Nothing new is taken meanwhile.

    Raises:
        InputError: the engine dies again and again without answering anything.
    """
    # One culprit kills the engine twice among all, then once per halving, before another half gives an answer.
    patience = math.ceil(math.log2(max(engine.capacity, 2))) + 4
    in_a_row = guilty = 0
    waiting = iter(requests)
    groups: list[list[Request]] = []
    while True:
        group = groups.pop() if groups else None
        under_way: dict[str, Request] = {}
        left = {request.key: request for request in group or ()}
        try:
            for request, completion in _run(engine, waiting if group is None else group, under_way):
                in_a_row = guilty = 0
                left.pop(request.key, None)
                yield request, completion
        except EngineDied as death:
            in_a_row += 1
            suspects = list((under_way if group is None else left).values())
            log.warning("the engine died with %d requests under way (%s)", len(suspects), death)
            if in_a_row > patience or guilty == _MOST_GUILTY:
                raise InputError(
                    f"the engine dies whatever it is given ({death}); its own messages above say why; "
                    "what is done is kept, so mend it and run again"
                ) from death
            engine.restart()
            if group is None:
                groups.append(suspects)
            elif len(group) == 1:
                in_a_row, guilty = 0, guilty + 1
                yield suspects[0], Completion(error=f"the engine dies of this prompt ({death})")
            else:
                middle = len(suspects) // 2
                groups += [half for half in (suspects[middle:], suspects[:middle]) if half]
        else:
            if group is None:
                return


def _run(
    engine: Mortal, requests: Iterable[Request], under_way: dict[str, Request]
) -> Iterator[tuple[Request, Completion]]:
    """Keeps the engine fed; `under_way` tells what it has, even after it died."""
    source = iter(requests)
    more = True
    while True:
        while more and len(under_way) < engine.capacity:
            request = next(source, None)
            if request is None:
                more = False
                break
            under_way[request.key] = request
            engine.submit(request)
        if not under_way:
            return
        for key, completion in engine.receive():
            yield under_way.pop(key), completion
