"""Conversations cut where nobody speaks."""

import itertools

import pytest

from cryfish.recipes.turns import Stretch, Turn, stretches


def test_overlapping_turns_stay_together_and_long_ones_are_left_out() -> None:
    turns = [
        Turn(95, 96, "x"),
        Turn(4, 9, "y", "yo"),
        Turn(1, 5, "x", "hi"),
        Turn(10, 20, "x"),
        Turn(25, 33, "z"),
        Turn(40, 90, "q"),
        Turn(50, 50, "nobody"),
    ]
    made = list(stretches(turns, limit=30))
    assert [(stretch.start, stretch.end) for stretch in made] == [(0.75, 20.25), (24.75, 33.25), (94.75, 96)]
    assert made[0].facts() == {
        "speaker_count": 2,
        "speaker_turns": ["0.25-4.25 A: hi", "3.25-8.25 B: yo", "9.25-19.25 A"],
    }


@pytest.mark.parametrize("limit", [5.0, 10.0, 30.0])
def test_every_turn_is_whole_in_one_stretch(limit: float) -> None:
    turns = [Turn(n * 1.3, n * 1.3 + 0.9 + (n % 4) * 0.2, f"s{n % 3}") for n in range(200)]
    made = list(stretches(turns, limit=limit))
    assert [turn for stretch in made for turn in stretch.turns] == turns
    for before, after in itertools.pairwise(made):
        assert before.end <= after.start
    for stretch in made:
        assert 0 <= stretch.start <= stretch.turns[0].start
        assert stretch.end - stretch.start <= limit


def test_more_people_than_letters() -> None:
    people = Stretch(0, 30, tuple(Turn(n, n + 0.5, str(n)) for n in range(28)))
    assert str(people.facts()["speaker_turns"]).endswith("'26.00-26.50 AA', '27.00-27.50 AB']")
