"""contradicts_facts and ungrounded by principle: arithmetic, pairs, order, opposites, absences, near misses."""

import math
from pathlib import Path
from typing import Any

import pytest

from cryfish.files import read_jsonl
from cryfish.pipeline.instruct.filters import FILTERS, Candidate
from cryfish.pipeline.instruct.filters.fractions import shares
from cryfish.pipeline.instruct.filters.intervals import interval_sizes, relations
from cryfish.pipeline.instruct.filters.numbers import quantities

PAIRS = list(read_jsonl(Path(__file__).parent / "facts.jsonl"))


def against(facts: dict[str, Any], question: str, answer: str, description: str = "") -> set[str]:
    candidate = Candidate(question, answer, facts, description)
    return {name for name in ("contradicts_facts", "ungrounded") if not FILTERS[name](candidate).keep}


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{pair['question']} {pair['answer']}" for pair in PAIRS])
def test_what_follows_from_the_facts_is_kept_and_what_they_exclude_is_dropped(pair: dict[str, Any]) -> None:
    found = against(pair["facts"], pair["question"], pair["answer"], pair["corpus_description"])
    assert (not found) is pair["keep"], found


@pytest.mark.parametrize(
    ("text", "low", "high", "measure"),
    [
        ("чуть меньше ста километров в час", 75, 100, "km/h"),
        ("just over two minutes", 120, 185, "s"),
        ("a little over half of it", 45, 65, "%"),
        ("a tenth of a second", 0.07, 0.13, "s"),
        ("for several seconds", 1.5, 20, "s"),
        ("三分之一", 20, 45, "%"),
        ("drei Viertel der Zeit", 55, 95, "%"),
        ("twelve metres per second", 40, 47, "km/h"),
        ("au moins 3 m", 3, math.inf, "m"),
    ],
)
def test_rounding_shares_and_speeds_are_read(text: str, low: float, high: float, measure: str) -> None:
    (found,) = quantities(text)
    assert low <= found.low
    assert found.high <= high
    assert found.measure == measure


@pytest.mark.parametrize("text", ["a third voice joins", "five and a half", "half past nine", "a second dog"])
def test_what_is_no_share(text: str) -> None:
    assert not [part for part in shares(text) if part.share]


def test_relations_to_middle_c() -> None:
    assert [r[:2] for r in relations("an octave below middle c")] == [(-1, 1)]
    assert [r[:2] for r in relations("zwei oktaven uber dem mittleren c")] == [(1, 2)]
    assert not list(relations("it is middle c"))


def test_intervals_by_name() -> None:
    assert interval_sizes("a perfect fifth") == {7}
    assert interval_sizes("eine terz") == {3, 4}
    assert interval_sizes("a minor third") == {3}
    assert interval_sizes("an augmented fourth") is None


@pytest.mark.parametrize(
    ("facts", "question", "answer", "description"),
    [
        (
            {"effect": "chorus"},
            "Which effect is on the guitar?",
            "A chorus pedal.",
            "Guitar phrases with effects.",
        ),
        ({"surface": "sand"}, "What is the person walking on?", "On sand.", "Footsteps of a walker."),
        (
            {"canton": "Bern"},
            "Which part of Switzerland is it?",
            "The canton of Bern.",
            "Swiss German stories.",
        ),
        ({"pickup": "火车站"}, "打电话的人要去哪里接?", "火车站。", "Calls to taxi dispatchers."),
        ({"goods": "figs"}, "What is the vendor shouting about?", "Figs.", "Street cries."),
        (
            {"first_language": "Thai", "cefr": "B2"},
            "How good is the English?",
            "Fairly advanced.",
            "Learners of English.",
        ),
    ],
)
def test_what_the_corpus_says_is_no_claim(
    facts: dict[str, Any], question: str, answer: str, description: str
) -> None:
    assert against(facts, question, answer, description) == set()


@pytest.mark.parametrize(
    ("question", "answer", "claims"),
    [
        ("Что делает птица?", "Это дятел, он стучит.", False),
        ("Comment est la voix ?", "Elle est rauque.", False),
        ("¿Cómo es la grabación?", "Ella suena clara.", False),
        ("Wie klingt die Person?", "Sie klingt heiser.", False),
        ("What is the voice like?", "She is hoarse.", True),
        ("Comment se sent-on ?", "Elle est enrouée.", True),
        ("Что чувствуется?", "Она охрипла.", True),
    ],
)
def test_a_pronoun_that_agrees_with_a_noun_tells_no_gender(question: str, answer: str, claims: bool) -> None:
    facts = {"voice_quality": "hoarse", "language": "Polish"}
    assert ("ungrounded" in against(facts, question, answer)) is claims
