"""Facts that are texts: what is said, sung or described in a clip, whatever they are called, and quotes of them.

Words of such a text may look like an excuse, a label or another language; in an answer that repeats them they are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from .leaves import leaves
from .words import fold, texts

_NAMED_SO = re.compile(
    r"(?:^|_)(?:text|transcript\w*|transcription|translat\w+|caption\w*|description\w*|lyrics?|summary|title|"
    r"sentences?|utterances?|words?|prompt|phrases?|quote|message|greeting|announcement|command|"
    r"instruction|request|"
    r"reply|line|verse|chorus|story|statement|speech_content|spoken|said|says|content)(?:_|$)"
)
_NOT_NAMED_SO = re.compile(
    r"(?:_|^)(?:count|number|num|n|id|length|language|lang|type|s|ms|role|gender|per_minute)$"
)
_LEAST_WORDS, _LEAST_CHARACTERS = 4, 8
_CJK = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]")


def is_text(key: str) -> bool:
    """Whether the name of a fact says that it is a text."""
    return _NAMED_SO.search(key) is not None and _NOT_NAMED_SO.search(key) is None


def texts_in(facts: Mapping[str, Any]) -> Iterator[str]:
    """The texts: values whose name says so, and those too long for a name or a class."""
    for key, value in leaves(facts):
        if not isinstance(value, str) or not value.strip():
            continue
        if (
            is_text(key)
            or len(value.split()) >= _LEAST_WORDS
            or len(_CJK.findall(value)) >= _LEAST_CHARACTERS
        ):
            yield value


_MOST = 0.8


def repeats(part: str, spoken: str) -> bool:
    """Whether a part is made of the words of such a text, but for a few."""
    if not spoken:
        return False
    if _CJK.search(part):
        bare = re.sub(r"\W", "", fold(part))
        return bool(bare) and bare in re.sub(r"\W", "", fold(spoken))
    known, found = set(texts(spoken)), texts(part)
    return bool(found) and sum(word in known for word in found) >= _MOST * len(found)


_QUOTATION = re.compile(r"[\"“”„«「『‘][^\"“”»」』’]*[\"“”»」』’]|(?<!\w)'[^']+'(?!\w)")


def without_quotations(part: str, spoken: str) -> str:
    """A part without what stands in quotation marks, and without stretches of words of the clip."""
    rest = _QUOTATION.sub(" ", part)
    if not spoken:
        return rest
    bare = re.sub(r"\W", "", fold(spoken))
    for run in re.findall(r"[぀-ヿ㐀-鿿]{2,}", rest):
        if fold(run) in bare:
            rest = rest.replace(run, " ")
    said, found = texts(spoken), list(re.finditer(r"[^\W_]+", rest))
    pairs = set(pairwise(said))
    own = [fold(match[0]) for match in found]
    quoted = {i for i, pair in enumerate(pairwise(own)) if pair in pairs}
    quoted |= {i + 1 for i in quoted}
    if len(said) == 1 or len(own) == 1:
        quoted |= {i for i, word in enumerate(own) if word in said}
    kept, end = [], 0
    for i, match in enumerate(found):
        kept.append(rest[end : match.start()] + ("" if i in quoted else match[0]))
        end = match.end()
    return "".join(kept) + rest[end:]
