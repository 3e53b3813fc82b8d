"""contradicts_facts, ungrounded and no_answer: what answers claim, against the facts, in eight languages."""

import math
from pathlib import Path
from typing import Any

import pytest

from cryfish.files import read_jsonl
from cryfish.pipeline.instruct.filters import FILTERS, Candidate
from cryfish.pipeline.instruct.filters.numbers import quantities
from cryfish.pipeline.instruct.filters.pitch import note_names

OURS = ("contradicts_facts", "ungrounded", "no_answer")
PAIRS = list(read_jsonl(Path(__file__).parent / "grounding.jsonl"))
ALL_SOUNDS = "Short recordings; the list of sounds is exhaustive."


def against(facts: dict[str, Any], question: str, answer: str, description: str = "") -> dict[str, str]:
    candidate = Candidate(question, answer, facts, description)
    verdicts = [FILTERS[name](candidate) for name in OURS]
    return {verdict.reason: verdict.detail for verdict in verdicts if not verdict.keep}


def test_of_the_labelled_pairs_almost_all_and_almost_only_the_bad_ones_are_found() -> None:
    labelled, found, hit = 0, 0, 0
    contradictions: list[bool] = []
    for pair in PAIRS:
        reasons = against(pair["facts"], pair["question"], pair["answer"], pair["corpus_description"])
        if set(pair["reasons"]) - set(OURS):
            continue
        labelled += not pair["keep"]
        found += bool(reasons)
        hit += bool(reasons) and not pair["keep"]
        if "contradicts_facts" in pair["reasons"]:
            contradictions.append("contradicts_facts" in reasons)
    assert len(PAIRS) > 150
    assert hit / found >= 0.97
    assert hit / labelled >= 0.95
    assert sum(contradictions) / len(contradictions) >= 0.9


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"distance_m": 3.0}, "How far away is the talker?", "About ten feet."),
        ({"distance_cm": 80}, "Wie weit weg ist die Person?", "Knapp einen Meter, etwa 80 Zentimeter."),
        ({"pitch_midi": 69}, "Which note is it?", "A4, which is 440 Hz."),
        ({"age": "sixties"}, "How old is the speaker?", "Between sixty and seventy."),
        ({"gender": "female"}, "Is it a man?", "It is not a man; a woman is speaking."),
        ({"emotion": "neutral"}, "How does the voice sound?", "Neither sad nor happy."),
        ({"sound_events": ["dog_bark"]}, "Is any animal audible?", "Yes, a dog."),
        ({"instrument": "french horn"}, "Which instrument is it?", "A French horn."),
        ({"language": "fr", "text": "il a deux chiens"}, "What does the speaker own?", "Two dogs."),
        ({"text": "my brother came home"}, "Who came home?", "The brother; he came home."),
        ({"language": "Welsh", "vibe": {"x": [1, None]}}, "Which language is it?", "It is Welsh."),
        ({"rt60_s": 0.5, "duration_s": 12}, "How long is the reverberation?", "Half a second."),
    ],
)
def test_conversion_negation_hypernyms_and_paraphrase_are_grounded(
    facts: dict[str, Any], question: str, answer: str
) -> None:
    assert against(facts, question, answer) == {}


@pytest.mark.parametrize(
    ("reason", "facts", "question", "answer"),
    [
        (
            "contradicts_facts",
            {"rt60_s": 0.5, "duration_s": 12},
            "How long is the recording?",
            "Half a second.",
        ),
        ("contradicts_facts", {"clipping": True}, "Is there clipping?", "No."),
        ("contradicts_facts", {"sound_events": ["rain"]}, "¿Se oye lluvia?", "No, no se oye lluvia."),
        ("contradicts_facts", {"text": "come on Monday"}, "When should one come?", "On Friday."),
        ("contradicts_facts", {"snr_db": -5}, "Is the voice louder than the noise?", "Yes."),
        ("contradicts_facts", {"tempo_bpm": 170}, "Ist das Tempo langsam?", "Ja, sehr langsam."),
        ("ungrounded", {"gender": "male"}, "How old is the speaker?", "In his forties."),
        ("ungrounded", {"emotion": "anger"}, "How is the mood?", "Angry, because of a lost match."),
        ("ungrounded", {"caption": "wind blows"}, "Why does the dog bark?", "The wind blows."),
        ("ungrounded", {"language": "Thai"}, "Quelle langue parle-t-elle ?", "Le thaï."),
        ("no_answer", {"emotion": "joy", "gender": "male"}, "Which emotion is it?", "It is a man."),
        ("no_answer", {"language": "Thai"}, "Kannst du sagen, welche Sprache es ist?", "Ja, das kann ich."),
    ],
)
def test_each_filter_finds_its_own(reason: str, facts: dict[str, Any], question: str, answer: str) -> None:
    assert reason in against(facts, question, answer)


def test_an_absence_is_grounded_only_where_the_list_is_exhaustive() -> None:
    facts = {"sound_events": ["rain"]}
    question, answer = "Is there birdsong?", "No, there are no birds."
    assert against(facts, question, answer, ALL_SOUNDS) == {}
    assert set(against(facts, question, answer, "Recordings with some sounds noted.")) == {"ungrounded"}
    assert set(against(facts, question, answer, "The lists aren't exhaustive.")) == {"ungrounded"}


def test_the_reason_names_what_was_said_and_what_is_known() -> None:
    detail = against({"emotion": "fear"}, "Which emotion is it?", "Pure joy.")["contradicts_facts"]
    assert "joy" in detail
    assert "fear" in detail


@pytest.mark.parametrize(
    ("text", "value", "measure"),
    [
        ("about one and a half metres", 1.5, "m"),
        ("etwa zweieinhalb Meter", 2.5, "m"),
        ("deux mètres et demi", 2.5, "m"),
        ("около двадцати пяти лет", 25, "years"),
        ("大约三十五岁", 35, "years"),
        ("cento venti battiti al minuto", 120, "bpm"),
        ("uns trinta e dois anos", 32, "years"),
        ("setenta y cinco decibelios", 75, "dB"),
        ("450 ms", 0.45, "s"),
        ("minus five dB", -5, "dB"),
        ("five different people", 5, "people"),
    ],
)
def test_numbers_are_read_in_words_and_units(text: str, value: float, measure: str) -> None:
    (found,) = quantities(text)
    assert math.isclose(found.value, value)
    assert found.measure == measure


def test_bounds_and_ranges() -> None:
    over, between = quantities("over thirty years")[0], quantities("between sixty and seventy years")[0]
    assert over.holds(40, 49) is True
    assert over.holds(20, 29) is False
    assert over.holds(25, 35) is None
    assert between.covers(64, 64)
    assert not between.covers(40, 40)


def test_notes_are_read_as_each_language_writes_them() -> None:
    assert note_names("Ein B.", syllables=False, german=True) == [(10, None)]
    assert note_names("B flat", syllables=False) == [(10, None)]
    assert note_names("un si bémol", syllables=True) == [(10, None)]
    assert note_names("middle C", syllables=False)[0] == (0, 4)
    assert note_names("A man speaks. Es ist still.", syllables=False, german=True) == []
