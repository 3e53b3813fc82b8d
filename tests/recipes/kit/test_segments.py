"""Conversations cut where nobody speaks, and long ones in pauses: nothing is lost, and what is told is true."""

import itertools
import random
import re
from dataclasses import replace

import pytest

from cryfish.recipes.kit.segments import Stretch, TimedWord, Turn, Unusable, stretches


def _stretches(turns: list[Turn], limit: float = 30.0) -> list[Stretch]:
    made = list(stretches(turns, limit=limit))
    assert all(isinstance(stretch, Stretch) for stretch in made)
    return [stretch for stretch in made if isinstance(stretch, Stretch)]


def test_overlapping_turns_stay_together_and_long_ones_are_cut_evenly() -> None:
    turns = [
        Turn(95, 96, "x"),
        Turn(4, 9, "y", "yo"),
        Turn(1, 5, "x", "hi"),
        Turn(10, 20, "x"),
        Turn(25, 33, "z"),
        Turn(40, 90, "q"),
        Turn(50, 50, "nobody"),
    ]
    made = _stretches(turns)
    ends = [(stretch.start, stretch.end) for stretch in made]
    assert ends == [(0.75, 20.25), (24.75, 33.25), (39.75, 65), (65, 90.25), (94.75, 96)]
    assert made[0].facts() == {
        "speaker_count": 2,
        "speaker_turns": ["0.25-4.25 A: hi", "3.25-8.25 B: yo", "9.25-19.25 A"],
    }
    assert made[3].facts() == {"speaker_count": 1, "speaker_turns": ["0.00-25.00 A"]}


def test_a_long_turn_is_cut_where_others_begin_or_end() -> None:
    made = _stretches([Turn(0, 50, "x"), Turn(10, 18, "y"), Turn(20, 24, "z")])
    assert [(stretch.start, stretch.end) for stretch in made] == [(0, 24), (24, 50)]
    assert [stretch.facts()["speaker_count"] for stretch in made] == [3, 1]


def test_a_long_turn_is_cut_in_its_longest_pause_and_its_text_with_it() -> None:
    words = [TimedWord(n * 0.5, n * 0.5 + (0.4 if n != 50 else 0.1), f" {n}") for n in range(80)]
    turn = Turn(0, 40, "x", "".join(word.text for word in words).strip(), tuple(words))
    other = Turn(30, 31, "y", "hm", (TimedWord(30.0, 30.3, " hm"),))
    before, after = _stretches([turn, other])
    assert (before.end, after.start) == (25.3, 25.3)
    assert before.turns[0].text == " ".join(map(str, range(51)))
    assert after.facts() == {
        "speaker_count": 2,
        "speaker_turns": [
            "0.00-14.70 A: " + " ".join(map(str, range(51, 80))),
            "4.70-5.70 B: hm",
        ],
    }


def test_a_text_whose_pauses_nobody_knows_is_left_out() -> None:
    made = list(stretches([Turn(0, 5, "x", "hi"), Turn(6, 46, "x", "a long story"), Turn(50, 51, "x")]))
    assert made[1] == Unusable(6, 46, "more than 29.5 s of speech without a known pause")
    assert [(kept.start, kept.end) for kept in (made[0], made[2])] == [(0, 5.25), (49.75, 51)]


@pytest.mark.parametrize("limit", [5.0, 10.0, 30.0])
def test_every_short_turn_is_whole_in_one_stretch(limit: float) -> None:
    turns = [Turn(n * 1.3, n * 1.3 + 0.9 + (n % 4) * 0.2, f"s{n % 3}") for n in range(200)]
    made = _stretches(turns, limit)
    assert [turn for stretch in made for turn in stretch.turns] == turns
    for before, after in itertools.pairwise(made):
        assert before.end <= after.start
    for stretch in made:
        assert 0 <= stretch.start <= stretch.turns[0].start
        assert stretch.end - stretch.start <= limit


def _conversation(seed: int) -> list[Turn]:
    """Ten minutes as in broadcasts: most turns last some seconds, a few a minute and more; 4 % of it is overlap."""
    rng = random.Random(seed)
    turns: list[Turn] = []
    now = 0.0
    while now < 600:
        length = round(min(rng.lognormvariate(1.6, 1.1), 120.0), 2) + 0.1
        turns.append(Turn(round(now, 2), round(now + length, 2), f"s{rng.randrange(4)}"))
        while rng.random() < 0.25:
            begin = round(now + rng.random() * length, 2)
            turns.append(Turn(begin, round(begin + rng.random(), 2), f"s{rng.randrange(4, 7)}"))
        now += length + (rng.random() * 2 if rng.random() < 0.6 else 0)
    return turns


def _spoken(turns: list[Turn]) -> dict[str, set[int]]:
    """Person -> the hundredths of a second in which they speak."""
    people: dict[str, set[int]] = {}
    for turn in turns:
        people.setdefault(turn.speaker, set()).update(range(round(turn.start * 100), round(turn.end * 100)))
    return people


def _with_words(turn: Turn, rng: random.Random) -> Turn:
    words: list[TimedWord] = []
    now = turn.start
    while now < turn.end:
        end = min(now + rng.uniform(0.1, 0.5), turn.end)
        words.append(TimedWord(now, end, f" w{len(words)}"))
        now = end + rng.choice((0.0, 0.05, 0.3))
    return Turn(turn.start, turn.end, turn.speaker, "".join(w.text for w in words).strip(), tuple(words))


@pytest.mark.parametrize("limit", [8.0, 30.0])
@pytest.mark.parametrize("seed", range(8))
def test_every_instant_of_speech_is_in_one_clip_and_the_facts_are_true(seed: int, limit: float) -> None:
    """Counted again from the raw turns, in hundredths of a second and without the code that cut them."""
    turns = _conversation(seed)
    people = _spoken(turns)
    made = _stretches(turns, limit)
    heard: list[int] = []
    for stretch in made:
        assert stretch.end - stretch.start <= limit
        # A stretch that begins in the middle of a hundredth of a second begins in a silence.
        instants = range(round(stretch.start * 100), round(stretch.end * 100))
        inside = {name: spoken & set(instants) for name, spoken in people.items()}
        facts = stretch.facts()
        # Less than a hundredth of a second is a matter of rounding.
        assert facts["speaker_count"] == sum(len(spoken) > 0 for spoken in inside.values())
        told: dict[str, set[int]] = {}
        lines = facts["speaker_turns"]
        assert isinstance(lines, list)
        for line in lines:
            found = re.fullmatch(r"([0-9.]+)-([0-9.]+) ([A-Z]+)", line)
            assert found is not None
            first, last = (round((stretch.start + float(time)) * 100) for time in found.groups()[:2])
            told.setdefault(found[3], set()).update(range(first, last))
        # Every person told is one of those heard, to the two hundredths that rounding may cost at an edge.
        for letters, spoken in zip(sorted(told), _by_first(stretch, people), strict=True):
            assert len(told[letters] ^ (spoken & set(instants))) <= 2 * len(lines)
        heard += instants
    assert len(heard) == len(set(heard))
    everything = set().union(*people.values())
    assert len(everything - set(heard)) <= len(made)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_out_and_what_is_kept_are_all_of_the_speech(seed: int) -> None:
    turns = [
        replace(turn, text="words") if turn.end - turn.start > 20 else turn for turn in _conversation(seed)
    ]
    kept: list[int] = []
    lost: list[int] = []
    for made in stretches(turns, 25.0):
        instants = range(round(made.start * 100), round(made.end * 100))
        (lost if isinstance(made, Unusable) else kept).extend(instants)
    assert len([*kept, *lost]) == len({*kept, *lost})
    everything = set().union(*_spoken(turns).values())
    assert len(everything - {*kept, *lost}) <= len(turns)
    assert lost


def _by_first(stretch: Stretch, people: dict[str, set[int]]) -> list[set[int]]:
    order = list(dict.fromkeys(turn.speaker for turn in stretch.turns))
    return [people[name] for name in order]


@pytest.mark.parametrize("seed", range(4))
def test_every_word_is_in_one_clip_whole(seed: int) -> None:
    rng = random.Random(seed)
    turns = [_with_words(turn, rng) for turn in _conversation(seed)]
    said = sorted((word.start, word.text.strip()) for turn in turns for word in turn.words)
    kept, lost = [], 0.0
    for made in stretches(turns):
        if isinstance(made, Unusable):
            lost += made.end - made.start
            said = [word for word in said if not made.start <= word[0] < made.end]
            continue
        for turn in made.turns:
            assert turn.text == "".join(word.text for word in turn.words).strip()
            assert all(made.start <= word.start and word.end <= made.end + 1e-9 for word in turn.words)
            kept += [(word.start, word.text.strip()) for word in turn.words]
    assert sorted(kept) == said
    assert lost == 0


def test_more_people_than_letters() -> None:
    people = Stretch(0, 30, tuple(Turn(n, n + 0.5, str(n)) for n in range(28)))
    assert str(people.facts()["speaker_turns"]).endswith("'26.00-26.50 AA', '27.00-27.50 AB']")
