"""contradicts_facts and ungrounded: right answers that look wrong; names, ends and sides turned round."""

from typing import Any

import pytest

from cryfish.pipeline.instruct.filters import FILTERS, Candidate


def against(facts: dict[str, Any], question: str, answer: str, description: str = "") -> set[str]:
    candidate = Candidate(question, answer, facts, description)
    return {name for name in ("contradicts_facts", "ungrounded") if not FILTERS[name](candidate).keep}


RATED = "Podcast speech rated for arousal and valence from 1 to 7."


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"technique": "falsetto", "pitch_midi": 72}, "¿Canta en falsete?", "Sí, la voz suena fina."),
        ({"note": "A3"}, "¿Qué nota se canta?", "La nota que canta la voz es un la."),
        ({"note": "E4"}, "Che nota si sente?", "Si sente un mi."),
        ({"note": "G4"}, "Que nota é?", "É um sol, e a voz fá-la durar."),
        ({"rt60_s": 0.2}, "Is it dry in there?", "Yes, the reverberation is gone after a fifth of a second."),
        ({"rt60_s": 6.2}, "Wie klingt der Raum?", "Sehr hallig, der Nachhall dauert mehr als sechs Sekunden."),
        ({"distance_m": 4.1}, "How far off is the source?", "Close to four metres."),
        ({"distance_m": 4.1}, "¿A qué distancia está?", "Cerca de cuatro metros."),
        (
            {"standard_german": "Ich habe verschlafen, weil der Wecker nicht geklingelt hat."},
            "Was ist passiert?",
            "Sie hat verschlafen, denn der Wecker hat nicht geläutet.",
        ),
        ({"caption": "no birds are singing, only wind"}, "Are there birds?", "No, only wind can be heard."),
        ({"caption": "rain falls on a tin roof"}, "Is it dry weather?", "No, it's raining."),
        ({"caption": "a woman laughs and a man answers"}, "Who is there?", "Two people."),
        ({"caption": "a foal trots across cobblestones"}, "What is on the move?", "A young horse."),
        ({"cry_reason": "hunger"}, "Why is the baby crying?", "It wants to be fed."),
        (
            {"transcript": "the ferry will not run because of high waves"},
            "Is the ferry operating?",
            "No, due to rough seas.",
        ),
        ({"transcript": "two hundred grams of flour"}, "How much flour is it?", "A fifth of a kilo."),
        ({"transcript": "the show starts at quarter to eight"}, "When is it?", "At 7:45 p.m."),
        ({"transcript": "they lead by three goals to one"}, "By how many goals do they lead?", "By two."),
        ({"rotor_rpm": 15, "blades": 3}, "How often does a blade pass?", "45 times a minute."),
        ({"num_speakers": 6, "female_speakers": 4}, "Are there more men than women?", "No, two against four."),
        ({"caller_mood": "anger", "agent_mood": "calm"}, "How is the agent?", "Calm, unlike the angry caller."),
    ],
)  # fmt: skip
def test_a_right_answer_in_other_words_is_kept(facts: dict[str, Any], question: str, answer: str) -> None:
    assert against(facts, question, answer) == set()


@pytest.mark.parametrize(
    ("facts", "question", "answer", "wrong"),
    [
        ({"direction": "left to right"}, "Which way does it go?", "From right to left.", True),
        ({"direction": "right to left"}, "¿Hacia dónde va?", "De izquierda a derecha.", True),
        ({"direction": "left to right"}, "电车往哪边开?", "从右往左。", True),
        ({"direction": "left_to_right"}, "Куда едет трамвай?", "Справа налево.", True),
        ({"direction": "eastbound"}, "Which way is it going?", "It is heading west.", True),
        ({"direction": "left to right"}, "Does it go from right to left?", "Yes, it does.", True),
        ({"direction": "left to right"}, "Does it go from right to left?", "No, from left to right.", False),
        ({"direction": "left to right"}, "Where does it end up?", "On the right, coming from the left.", False),
        ({"direction": "eastbound"}, "Where did it come from?", "From the west.", False),
        ({"path": "right to left and back"}, "How does it move?", "From right to left and back.", False),
        ({"text": "on the fifteenth of may"}, "On which day?", "On the fifth of May.", True),
        ({"text": "le spa est au quatrième étage"}, "À quel étage est-il ?", "Au quatorzième étage.", True),
        ({"text": "Frühstück im fünften Stock"}, "In welchem Stock?", "Im fünfzehnten Stock.", True),
        ({"text": "third floor, hats and gloves"}, "Which floor comes next?", "The fourth.", False),
        ({"text": "on march third the train ran"}, "On which date was it?", "On the third of March.", False),
        ({"text": "on the twenty third of may we met"}, "On which date was it?", "On May 23rd.", False),
    ],
)  # fmt: skip
def test_directions_and_ordinals_turned_round(
    facts: dict[str, Any], question: str, answer: str, *, wrong: bool
) -> None:
    assert against(facts, question, answer) == ({"contradicts_facts"} if wrong else set())


@pytest.mark.parametrize(
    ("facts", "question", "answer", "wrong"),
    [
        ({"vocal_effort": "whispered"}, "Is it loud?", "Yes, quite loud.", True),
        ({"vocal_effort": "shouted"}, "Spricht die Person leise?", "Ja, ziemlich leise.", True),
        ({"vocal_effort": "whispered"}, "Wie laut ist die Stimme?", "Nicht laut, nur geflüstert.", False),
        ({"vocal_effort": "loud"}, "How loud is it?", "Loud, but not a shout.", False),
        ({"cefr": "A1"}, "How fluent is the speaker?", "Very fluent.", True),
        ({"cefr": "A2"}, "How good is the English?", "Basic, far from fluent.", False),
        ({"cefr": "B1"}, "How good is the English?", "Already rather advanced.", False),
        ({"mos": 1.3}, "Is the sound quality good?", "Yes, it is excellent.", True),
        ({"mos": 4.7}, "What about the quality?", "There is hardly anything bad about it.", False),
        ({"arousal": 1.3}, "¿Suena alterada la persona?", "Sí, se nota mucha agitación.", True),
        ({"arousal": 6.8}, "Does the person sound calm?", "No, worked up.", False),
        ({"arousal": 4.0}, "Does the person sound calm?", "Yes, fairly calm.", False),
        ({"load_level": "full"}, "Under what load does it run?", "It is idling.", True),
        ({"load_level": "full"}, "Is it idling?", "No, it is under full load.", False),
    ],
)  # fmt: skip
def test_the_other_end_of_a_scale(facts: dict[str, Any], question: str, answer: str, *, wrong: bool) -> None:
    assert against(facts, question, answer, RATED) == ({"contradicts_facts"} if wrong else set())


@pytest.mark.parametrize(
    ("facts", "question", "answer", "wrong"),
    [
        ({"species": "common swift"}, "Which bird is it?", "A swallow.", True),
        ({"animal": "otter"}, "Which animal makes that sound?", "A beaver.", True),
        ({"text": "a wren sang in the hedge"}, "Which bird is mentioned?", "The robin.", True),
        ({"instrument": "banjo"}, "Which instrument is played?", "A mandolin.", True),
        ({"species": "herring gull"}, "Which bird is it?", "A seagull.", False),
        ({"species": "sparrowhawk"}, "Which bird is it?", "A small hawk.", False),
        ({"species": "crane fly"}, "Which insect is it?", "A fly.", False),
        ({"animal": "sea lion"}, "Which animal is it?", "A seal.", False),
        ({"vehicle": "lorry"}, "Which vehicle passes?", "A truck.", False),
        ({"species": ["great tit", "robin"]}, "Which bird sings with the tit?", "A robin.", False),
        ({"text": "the wolf ate the lamb"}, "Which animal was eaten?", "The lamb.", False),
    ],
)
def test_another_name_of_the_same_class(
    facts: dict[str, Any], question: str, answer: str, *, wrong: bool
) -> None:
    assert against(facts, question, answer) == ({"contradicts_facts"} if wrong else set())


@pytest.mark.parametrize(
    ("facts", "description", "answer", "wrong"),
    [
        ({"species": "robin", "month": "May"}, "Recordings of birds.", "In a churchyard.", True),
        ({"cough_type": "dry", "age": 51}, "Coughs.", "In the waiting room of a clinic.", True),
        ({"species": "robin"}, "Recordings of birds.", "Perhaps on a hillside.", False),
        ({"species": "robin", "habitat": "wood"}, "Recordings of birds.", "In the middle of a forest.", False),
        ({"species": "robin"}, "Recordings from churchyards.", "In a churchyard.", False),
        ({"caption": "a robin sings, water laps"}, "Recordings of birds.", "At the edge of a pond.", False),
    ],
)  # fmt: skip
def test_a_place_that_no_fact_could_tell(
    facts: dict[str, Any], description: str, answer: str, *, wrong: bool
) -> None:
    found = against(facts, "Where was this recorded?", answer, description)
    assert found == ({"ungrounded"} if wrong else set())
