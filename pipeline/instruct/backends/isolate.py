"""One prompt that kills the engine must not take its batch along: restart, try again, then split."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from typing import TypeVar

from ....errors import InputError

log = logging.getLogger(__name__)

Request = TypeVar("Request")
Reply = TypeVar("Reply")


def run_isolated(
    run: Callable[[Sequence[Request]], Sequence[Reply]],
    restart: Callable[[], None],
    requests: Sequence[Request],
) -> list[Reply | Exception]:
    """The replies to all requests; the exception in the place of each request that fails even on its own.

    After a failure the engine is restarted and the batch tried once more; then it is halved until the
    culprits stand alone.

    Raises:
        InputError: the engine fails whatever it is given.
    """
    # One culprit fails at most once per halving, after two tries of the whole, before another half succeeds.
    patience = math.ceil(math.log2(max(len(requests), 2))) + 3
    in_a_row = 0

    def attempt(part: Sequence[Request], tries: int) -> list[Reply | Exception]:
        nonlocal in_a_row
        for left in reversed(range(tries)):
            try:
                replies = run(part)
                in_a_row = 0
                return [*replies]
            except InputError:
                raise
            except Exception as error:
                in_a_row += 1
                log.warning("the engine failed on %d requests (%r); restarting it", len(part), error)
                if in_a_row > patience:
                    raise InputError(
                        f"the engine failed {in_a_row} times in a row ({error!r}); its own messages above say why; "
                        "what is done is kept, so mend it and run again"
                    ) from error
                restart()
                if not left and len(part) == 1:
                    return [error]
        middle = len(part) // 2
        return attempt(part[:middle], 1) + attempt(part[middle:], 1)

    return attempt(requests, 2) if requests else []
