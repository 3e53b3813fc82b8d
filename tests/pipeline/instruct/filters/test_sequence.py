"""The order of what a caption tells, thousands, temperatures, rates of bits."""

from typing import Any

import pytest

from cryfish.pipeline.instruct.filters import FILTERS, Candidate

Facts = dict[str, Any]


def contradicts(facts: Facts, question: str, answer: str) -> str:
    return FILTERS["contradicts_facts"](Candidate(question, answer, facts, "")).detail


KETTLE: Facts = {"caption": "a kettle whistles and then a door slams"}


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("First a door slams, then a kettle whistles.", True),
        ("A door slams before a kettle whistles.", True),
        ("First a kettle whistles, then a door slams.", False),
        ("A kettle whistles, followed by a slamming door.", False),
        ("A door slams after a kettle has whistled.", False),
        ("The kettle whistles and then somebody shuts a door.", False),
        ("A door slams.", False),
    ],
)
def test_the_order_of_a_caption(answer: str, wrong: bool) -> None:
    assert bool(contradicts(KETTLE, "What happens, and in what order?", answer)) == wrong


@pytest.mark.parametrize(
    ("facts", "question", "answer", "wrong"),
    [
        ({"text": "we are late", "noise": ["siren"]}, "Is there a siren?", "No, there is no siren.", True),
        ({"text": "we are late", "noise": ["siren"]}, "Is there a siren?", "Yes, there is.", False),
        ({"text": "hear the dog", "noise": ["dog"]}, "Does the text mention a cat?", "No.", False),
        ({"dynamic": "ff"}, "Is it played loudly or softly?", "Softly.", True),
        ({"dynamic": "ff"}, "Is it played loudly or softly?", "Loudly.", False),
        ({"dynamic": "ff"}, "How loud is the passage?", "It is played fortissimo.", False),
        ({"dynamic": "mp"}, "How loud is the passage?", "Rather softly.", False),
        ({"dynamics": "pp"}, "Wie laut ist das?", "Sehr laut.", True),
        ({"dynamics": "crescendo"}, "How loud does it begin?", "Softly.", False),
        ({"pump_state": "normal"}, "Does the pump work as it should?", "No, it is broken.", False),
        ({"condition": "normal"}, "Is the pump in good order?", "No, it sounds defective.", True),
        ({"condition": "normal"}, "Is the pump defective?", "No, it runs smoothly.", False),
        ({"condition": "anomalous"}, "Is the pump defective?", "No, it is in perfect order.", True),
        ({"condition": "anomalous"}, "In what condition is the pump?", "It seems damaged.", False),
        ({"condition": "dysarthria"}, "In what condition is the voice?", "Not normal.", False),
        ({"distance_km": 2.4}, "How far off is the ship?", "Some twenty-four hundred metres.", False),
        ({"f0_hz": 3000}, "What is the frequency of the tone?", "Three thousand hertz.", False),
        ({"f0_hz": 3000}, "What is the frequency of the tone?", "Tres mil hercios.", False),
        ({"f0_hz": 3000}, "What is the frequency of the tone?", "Five thousand hertz.", True),
        ({"water_temperature_c": 14.5}, "How cold is the water?", "About 14 degrees Celsius.", False),
        ({"water_temperature_c": 14.5}, "How cold is the water?", "About 41 degrees Celsius.", True),
        ({"water_temperature_c": 14.5}, "How cold is the water?", "About 58 degrees Fahrenheit.", False),
        ({"bitrate_kbps": 32}, "What is the bit rate?", "32 kilobits per second.", False),
        ({"bitrate_kbps": 32}, "What is the bit rate?", "32 megabits per second.", True),
    ],
)
def test_sizes_in_other_units(facts: Facts, question: str, answer: str, wrong: bool) -> None:
    assert bool(contradicts(facts, question, answer)) == wrong
