"""Answers beside the question, cut answers, truisms, and words that only look like a value."""

from typing import Any

import pytest

from cryfish.pipeline.instruct.filters import FILTERS, Candidate, is_binary

Facts = dict[str, Any]


def against(name: str, facts: Facts, question: str, answer: str = "", description: str = "") -> str:
    return FILTERS[name](Candidate(question, answer, facts, description)).detail


BELL: Facts = {"founder": "Carillo", "weight_kg": 640, "strike_note": "A4", "cast_year": 1755}
CROW: Facts = {"species": "hooded crow", "repeats": 5, "month": "May"}
LATHE: Facts = {"machine": "lathe", "operator_age": 44, "duration_s": 12}

BESIDE = [
    (BELL, "Is the bell ringing for a funeral?", "It was cast in 1755."),
    (BELL, "Is the bell ringing for a funeral?", "The bell weighs 640 kilos."),
    (CROW, "Is the bird in flight?", "It's a hooded crow."),
    (CROW, "Is the bird in flight?", "The bird calls five times."),
    (CROW, "Fliegt der Vogel gerade weg?", "Der Vogel ruft fünf Mal."),
    (LATHE, "Is the machine well oiled?", "It runs for twelve seconds."),
    (LATHE, "Läuft da eine Fräse oder eine Säge?", "Die Aufnahme dauert zwölf Sekunden."),
    (
        {"instruments": ["zither"], "occasion": "harvest"},
        "Would this suit a funeral?",
        "A zither is playing.",
    ),
    ({"spoofed": True, "language": "Urdu"}, "Is this a genuine recording?", "The language is Urdu."),
    ({"singers": 9, "piece": "Abendlied"}, "How many people sing?", "They sing the Abendlied."),
    ({"singers": 9, "piece": "Abendlied"}, "Wie viele Leute singen da?", "Gesungen wird das Abendlied."),
    ({"n_speakers": 4, "topic": "férias"}, "Quantas pessoas falam?", "A conversa é sobre férias."),
    ({"device": "walkie-talkie", "age": 51}, "How old is the guard?", "He talks through a walkie-talkie."),
    ({"age": 51, "dialect": "Swabian"}, "Wie alt ist die Person?", "Sie spricht Swabian, also schwäbisch."),
    ({"tempo_bpm": 96, "drums": "brushed"}, "How fast is this?", "The drums are brushed."),
    ({"depth_m": 40, "source": "ferry"}, "At what depth was it recorded?", "The source is a ferry."),
    ({"emotion": "joy"}, "Any clue what the emotion is?", "Yes, I have a pretty good idea."),
    ({"emotion": "joy"}, "Which emotion is it?", "Sure, I can tell."),
]


@pytest.mark.parametrize(("facts", "question", "answer"), BESIDE)
def test_another_fact_is_no_answer(facts: Facts, question: str, answer: str) -> None:
    assert against("no_answer", facts, question, answer)


IMPLIED = [
    (BELL, "Is that a small bell?", "It weighs 640 kilos."),
    (BELL, "Is it a modern bell?", "It was cast in 1755."),
    (CROW, "Does it call just once?", "It calls five times."),
    (CROW, "Is that a raven?", "It's a hooded crow."),
    (CROW, "Is it a raven or a magpie?", "You can hear a hooded crow."),
    (LATHE, "Is it a long clip?", "It lasts twelve seconds."),
    (LATHE, "Is the operator retired?", "The operator is 44."),
    ({"city": "Graz", "age": 30}, "Is the speaker from Vienna?", "The speaker comes from Graz."),
    ({"topic": "bees", "speakers": 2}, "Is this a monologue?", "Two people are talking."),
    ({"bpm": 70, "style": "dub"}, "Is it a lively tune?", "It crawls along at 70 bpm."),
    ({"instruments": ["zither"], "piece": "waltz"}, "Does an orchestra play?", "A zither is playing."),
    ({"vocal_effort": "whispered", "age": 30}, "Are they raising their voice?", "They are whispering."),
    ({"singers": 9, "piece": "Abendlied"}, "How many people sing?", "Just under ten."),
    ({"singers": 1, "piece": "Abendlied"}, "How many people sing?", "It's a solo."),
    ({"singers": 9, "piece": "Abendlied"}, "Combien de personnes chantent ?", "Une petite dizaine, neuf."),
    ({"note": "A3", "f0_hz": 220}, "What note is it?", "It's the note at 220 Hz."),
    ({"age": 51, "role": "guard"}, "How old is the caller?", "The guard sounds middle-aged."),
    ({"age": 9, "role": "pupil"}, "How old is the speaker?", "A pupil, so still a child."),
    ({"tempo_bpm": 96, "style": "polka"}, "How fast is it?", "It's a polka at a walking pace."),
    ({"door": "glass", "action": "open"}, "What does the door do?", "It is opened."),
]


@pytest.mark.parametrize(("facts", "question", "answer"), IMPLIED)
def test_what_implies_the_answer_is_one(facts: Facts, question: str, answer: str) -> None:
    assert against("no_answer", facts, question, answer) == ""


BAND: Facts = {"instruments": ["steel guitar", "double bass", "snare drum"], "venue": "open-air stage"}
CUT = [
    (BAND, "They play a snare drum, a steel guitar and a double"),
    (BAND, "The concert is given on an open-air"),
    ({"text": "collect the parcel from the neighbour"}, "The parcel has to be collected from the neigh"),
    ({"event": "kettle"}, "On entend une bouilloire, puis un petit décl"),
    ({"event": "tram stop"}, "Трамвай останавливается, и на улицу выходят пасса"),
    ({"event": "tram stop"}, "The tram is at a stop, and the doors are opening with a hydrau"),
    ({"price_eur": 14}, "Der Fisch kostet auf dem Markt vierzehn Dol"),
]


@pytest.mark.parametrize(("facts", "answer"), CUT)
def test_a_sentence_cut_inside_a_value_or_word_is_truncated(facts: Facts, answer: str) -> None:
    question = "Что происходит?" if "Трам" in answer else "What can be heard?"
    assert against("truncated", facts, question, answer)


WHOLE = [
    (BAND, "A snare drum, a steel guitar and a double bass"),
    (BAND, "A steel guitar"),
    (BAND, "A lively band on an open-air stage"),
    ({"ensemble": "piano trio"}, "The main instrument is a piano"),
    ({"accent": "Italian accent"}, "The accent is probably Italian"),
    ({"event": "kettle"}, "Une bouilloire et un petit déclic"),
    ({"event": "kettle"}, "A kettle is boiling, and then it clicks."),
    ({"text": "so what I wanted to ask is whether the"}, "So what I wanted to ask is whether the"),
]


@pytest.mark.parametrize(("facts", "answer"), WHOLE)
def test_a_phrase_needs_no_full_stop(facts: Facts, answer: str) -> None:
    assert against("truncated", facts, "What can be heard?", answer) == ""


TRUISMS = [
    ({"species": "stork"}, "What kind of animal is it?", "A living creature.", "Animals at a lake."),
    ({"food": "carrot"}, "What is being eaten?", "Something edible.", "Chewing sounds."),
    ({"subject": "botany"}, "Which subject is taught?", "An academic subject.", "University lectures."),
    ({"exhibit": "sword"}, "What does the guide explain?", "An exhibit in the museum.", "Museum tours."),
    ({"object": "anvil"}, "What is struck?", "An object.", "Percussion on found objects."),
]


@pytest.mark.parametrize(("facts", "question", "answer", "description"), TRUISMS)
def test_what_goes_without_saying_is_trivial(
    facts: Facts, question: str, answer: str, description: str
) -> None:
    assert against("trivial", facts, question, answer, description)


@pytest.mark.parametrize(
    ("facts", "question", "answer", "description"),
    [
        ({"species": "stork"}, "What kind of animal is it?", "A bird.", "Animals at a lake."),
        ({"food": "carrot"}, "What is being eaten?", "Something crunchy.", "Chewing sounds."),
        ({"subject": "botany"}, "Which subject is taught?", "A natural science.", "University lectures."),
        ({"exhibit": "sword"}, "What does the guide explain?", "An old weapon.", "Museum tours."),
        ({"object": "anvil"}, "What is struck?", "Something made of iron.", "Percussion."),
        ({"emotion": "sad"}, "How do they sound?", "They sound let down.", "Acted speech."),
    ],
)
def test_a_hypernym_that_tells_something_is_not_trivial(
    facts: Facts, question: str, answer: str, description: str
) -> None:
    assert against("trivial", facts, question, answer, description) == ""


@pytest.mark.parametrize(
    ("facts", "question"),
    [
        ({"style": "read"}, "How do you read the mood here?"),
        ({"mood": "content"}, "What is the content of the call?"),
        ({"level": "beginner"}, "Which bowing is used to begin with?"),
        ({"overlap_ratio": 0.5}, "Who talks in the first half of the clip?"),
        ({"window": "closed"}, "Is the window shut or open?"),
        ({"opinion": "satisfied"}, "Is the customer happy or disappointed?"),
    ],
)
def test_a_word_of_whoever_listens_is_no_leak(facts: Facts, question: str) -> None:
    assert against("leak", facts, question) == ""


@pytest.mark.parametrize(
    ("facts", "question"),
    [
        ({"window": "closed"}, "What comes through the shut window?"),
        ({"level": "beginner"}, "Which bowing does this novice use?"),
        ({"opinion": "satisfied"}, "What did the happy customer buy?"),
        ({"size": "small"}, "How does the small room sound?"),
        ({"loss_pct": 8}, "Which codec is it, where almost a tenth of the packets are lost?"),
    ],
)
def test_synonyms_and_fractions_are_leaks(facts: Facts, question: str) -> None:
    assert against("leak", facts, question)


@pytest.mark.parametrize(
    ("question", "answer", "blind"),
    [
        ("Which number comes just before one?", "Zero.", True),
        ("Which day comes after Tuesday?", "Wednesday.", True),
        ("Welche Zahl kommt nach zehn?", "Elf.", True),
        ("What do you get when you mix blue and yellow?", "Green.", True),
        ("Which word comes after 'two' in this recording?", "Three.", False),
        ("Which number is spoken here?", "Eleven.", False),
    ],
)
def test_an_order_that_everybody_knows_is_blind(question: str, answer: str, blind: bool) -> None:
    assert bool(against("blind", {"word": answer.strip(".").lower()}, question, answer)) is blind


@pytest.mark.parametrize(
    ("facts", "question", "answer", "wrong"),
    [
        ({"event": "alarm bell"}, "¿Qué suena?", "An alarm bell.", True),
        ({"event": "door chime"}, "Quel son entend-on ?", "A door chime.", True),
        ({"style": "bossa nova"}, "Que gênero é?", "A bossa nova.", False),
        ({"style": "half-time shuffle"}, "¿Qué patrón se oye?", "Un half-time shuffle.", False),
    ],
)
def test_an_english_article_is_of_another_language(
    facts: Facts, question: str, answer: str, wrong: bool
) -> None:
    assert bool(against("wrong_language", facts, question, answer)) is wrong


@pytest.mark.parametrize(
    ("question", "binary"),
    [
        ("In one or two words, what's the mood?", False),
        ("In a word or two, what's the mood?", False),
        ("Any clue what emotion that is?", False),
        ("Any tension in the room?", True),
        ("Tu reconnais cet instrument ?", False),
        ("¿Reconoces este sonido?", False),
        ("Do you recognise a cheerful tone?", True),
        ("Do two or three people talk?", True),
    ],
)
def test_asides_offer_nothing(question: str, binary: bool) -> None:
    assert is_binary(question) is binary


@pytest.mark.parametrize(
    "answer", ["When she breathes out.", "As the tide comes in.", "While they wind down."]
)
def test_what_a_small_word_tells_is_not_trivial(answer: str) -> None:
    question = "When does the sound of her breath, the tide or their winding down occur?"
    assert against("trivial", {"phase": "expiration"}, question, answer) == ""


def test_a_part_of_the_data_is_metadata_unless_it_is_spoken_of() -> None:
    question = "Is this from the training split or the test split?"
    assert against("mentions_metadata", {"split": "test"}, question, "The test split.")
    facts = {"text": "the training set has three rounds"}
    assert against("mentions_metadata", facts, "How many rounds has the training set?", "Three.") == ""
