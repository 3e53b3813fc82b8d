"""Where something was recorded, told by an answer although no fact could tell it."""

from __future__ import annotations

import re

from .binary import form_of
from .candidate import Candidate
from .context import in_family
from .known import kind_of
from .words import content_words, fold, language_of, words

_WHERE = re.compile(
    r"^\W*(?:so |and |any idea )?where(?:abouts)?\b(?!.*\b(?:from|come|comes|stress|pause|accent|turn|"
    r"go|goes|heading|headed|"
    r"born|grew)\b)(?:'s|\W+(?:was|were|is|are|did|does|do|might|could|would)\b)"
)
_UNTELLING = re.compile(
    r"gender|(?:^|_)sex$|(?:^|_)age(?:_|$)|emotion|mood|arousal|valence|species|animal|bird|call|"
    r"vocali[sz]|song|month|season|"
    r"year|cough|breath|disease|symptom|diagnosis|date|time|hour|temperature|count|num|duration|length|"
    r"bpm|tempo|pitch|(?:^|_)key$|note|condition|speaking_rate|rate|"
    r"snr|sample|quality|intensity|effort|individuals|health|instrument"
)
_HEDGED = re.compile(
    r"\b(?:perhaps|maybe|might|may|could|probably|likely|possibly|suggests?|seems?|sounds?|guess|"
    r"presumably|appears?|unknown|"
    r"not|no|can't|cannot|hard|judging|somewhere|unclear|n't)\b"
)
_PLACED = re.compile(
    r"\b(?:in|at|on|near|by|beside|inside|outside|under|along|behind|among|next to)\s+(?:an?|the|some|"
    r"his|her|their)\b"
)


def untold_place(candidate: Candidate) -> str | None:
    """The place that an English answer gives, where every fact is of a kind that has nothing to do with places."""
    asked, answer = candidate.asked, fold(candidate.answer)
    if not _WHERE.search(asked) or form_of(candidate.question).binary or not candidate.facts:
        return None
    if language_of(candidate.answer) not in ("en", None) or candidate.spoken:
        return None
    if any(
        not _UNTELLING.search(key) or kind_of(key) == "room"
        for key in map(str.lower, map(str, candidate.facts))
    ):
        return None
    place = _PLACED.search(answer)
    if place is None or _HEDGED.search(answer):
        return None
    told = " ".join([candidate.corpus_description, *(str(value) for value in candidate.facts.values())])
    known = tuple(word.text for word in words(told))
    if any(in_family(word.text, known) for word in content_words(candidate.answer[place.start() :], "en")):
        return None
    return answer[place.start() :].strip(" .")
