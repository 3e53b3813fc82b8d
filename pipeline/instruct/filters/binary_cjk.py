"""How Chinese and Japanese ask whether something is so, and which of two."""

from __future__ import annotations

import re

from . import patterns
from .grammar import Grammar


def alternatives(sentence: str, language: str | None) -> list[tuple[int, int]]:
    """Chinese and Japanese offer without a conjunction: 是男是女, 男性ですか、女性ですか."""
    if language == "zh":
        match = patterns.search(
            r"是([^\W是]{1,4})(?:[,、,]\s*)?是([^\W是]{1,4}?)[的呢]?\s*[??]?\s*$", sentence
        )
        return [match.span(1), match.span(2)] if match and not patterns.match("否|不", match[1]) else []
    if language != "ja":
        return []
    asked = [
        match.span()
        for match in re.finditer(r"[^、,。??か]{1,12}(?:です|ます|でしょう)か(?=[、,??]|\s*$)", sentence)
    ]
    if len(asked) > 1:
        return asked
    match = patterns.search(
        r"([^、,はがを]{1,8})(?:と|か)([^、,はがを]{1,8})(?:、|,|の|では)?(?:どちら|どっち)", sentence
    )
    return [match.span(1), match.span(2)] if match else []


def asks_whether_zh(sentence: str, grammar: Grammar, asking: re.Match[str] | None) -> bool:
    """Whether a Chinese question is one of yes or no."""
    wh = patterns.search(grammar.wh, sentence)
    if asking:
        return wh is None and patterns.search(r"是否|是不是|有没有", sentence) is not None
    if patterns.search(r"能不能(?:请你?|帮我?|把|按)|(?:能否|可否)(?:帮|把)", sentence):
        return False
    if patterns.search(r"吗\s*[??]?\s*$|有没有|是否|是不是|对吗", sentence) and not patterns.match(
        r"请|描述|说出|列出", sentence
    ):
        return True  # also with a question word, which then means `any`
    if patterns.match(r"请|描述|说出|列出", sentence):
        return patterns.search(r"是否|是不是", sentence) is not None
    if patterns.search(r"是否|是不是|有没有|(.)不\1|对吗|吗\s*[??]?\s*$|吧\s*[??]?\s*$", sentence):
        return wh is None
    return wh is None and patterns.search(r"[??]", sentence) is not None and "还是" in sentence


def asks_whether_ja(sentence: str, grammar: Grammar) -> bool:
    """Whether a Japanese question is one of yes or no."""
    if patterns.search(grammar.whether, sentence) or patterns.search(grammar.tag, sentence):
        return True
    if patterns.search(grammar.wh, sentence) or patterns.search(r"どちら|どっち", sentence):
        return False
    asked = patterns.search(r"[かのい]\s*[??。]?\s*$|[??]\s*$", sentence) is not None
    return asked and not patterns.search(r"(?:教えて|説明して|述べて|言って|答えて)", sentence)
