"""`re`'s functions for patterns that are put together at run time: there are more of them than `re` keeps compiled.

Only for patterns of which there is a fixed number; those with a fact's value in them would fill the memory.
"""

from __future__ import annotations

import re
from functools import cache


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def search(pattern: str, text: str) -> re.Match[str] | None:
    return _compiled(pattern).search(text)


def match(pattern: str, text: str) -> re.Match[str] | None:
    return _compiled(pattern).match(text)


def fullmatch(pattern: str, text: str) -> re.Match[str] | None:
    return _compiled(pattern).fullmatch(text)
