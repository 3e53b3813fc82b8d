"""Which of three is the first one's speaker; which of two has more."""

import random
from collections import Counter

import pytest

from cryfish.pipeline.instruct.template.balance import EligibleClip
from cryfish.pipeline.instruct.template.sets import make_choices, make_comparisons
from cryfish.seeding import rank


def voices(clips: int, speakers: int, seed: int = 0) -> list[EligibleClip]:
    draws = random.Random(seed)
    made = []
    for number in range(clips):
        speaker = draws.randrange(speakers)
        alike = ("corpus", ("female", "male")[speaker % 2])
        made.append(
            EligibleClip(rank(number), f"clip{number}", f"s{speaker}", alike, f"book {draws.randrange(3)}")
        )
    return made


def test_one_of_three_is_the_first_ones_speaker_in_any_place() -> None:
    clips = voices(2000, 100)
    of = {clip.clip: clip for clip in clips}
    made = make_choices(clips, None, seed=1)
    assert len(made) >= 90
    for chosen in made:
        query, *heard = (of[name] for name in chosen.clips)
        same = [str(place) for place, clip in enumerate(heard, 1) if clip.label == query.label]
        assert same == [chosen.label]
        assert len({clip.label for clip in heard}) == 3
        # Hard: of the same gender, and heard in another recording.
        assert {clip.match for clip in heard} == {query.match}
        assert heard[int(chosen.label) - 1].differ != query.differ
    places = Counter(chosen.label for chosen in made)
    assert max(places.values()) - min(places.values()) <= 1
    used = [name for chosen in made for name in chosen.clips]
    assert len(used) == len(set(used))
    assert len(make_choices(clips, 12, seed=1)) == 12


@pytest.mark.parametrize(("clips", "speakers"), [(0, 1), (3, 1), (8, 2), (6, 3), (12, 3)])
def test_few_speakers(clips: int, speakers: int) -> None:
    for chosen in make_choices(voices(clips, speakers), None, seed=1):
        assert speakers >= 3
        assert len(set(chosen.clips)) == 4


def numbers(values: list[float], alike: tuple[str, ...] = ()) -> list[EligibleClip]:
    return [
        EligibleClip(rank(n), f"clip{n}", str(value), alike, amounts=(value,))
        for n, value in enumerate(values)
    ]


def test_the_one_that_has_more_comes_first_half_of_the_time() -> None:
    draws = random.Random(3)
    clips = numbers([draws.uniform(-5, 25) for _ in range(400)])
    value = {clip.clip: float(clip.label) for clip in clips}
    made = make_comparisons(clips, None, seed=1, margins=[5.0])
    assert len(made) > 150
    for chosen in made:
        first, second = (value[name] for name in chosen.clips)
        assert abs(first - second) >= 5
        assert chosen.label == ("1" if first > second else "2")
    counts = Counter(chosen.label for chosen in made)
    assert abs(counts["1"] - counts["2"]) <= 1
    assert len({name for chosen in made for name in chosen.clips}) == 2 * len(made)
    assert len(make_comparisons(clips, 10, seed=1, margins=[5.0])) == 10


def test_only_clips_that_share_what_must_be_shared_meet() -> None:
    pairs = [
        EligibleClip(rank(n), f"{n}-{k}", str(k), (f"room {n}",), amounts=(k,))
        for n in range(30)
        for k in (1.0, 3.0)
    ]
    made = make_comparisons(pairs, None, seed=1, margins=[0.5])
    assert len(made) == 30
    assert all(one.partition("-")[0] == other.partition("-")[0] for one, other in (c.clips for c in made))
    assert make_comparisons(pairs, None, seed=1, margins=[2.5]) == []


def test_a_pair_of_which_the_cues_say_different_things_is_not_asked_about() -> None:
    draws = random.Random(5)
    amounts = [(draws.uniform(0.2, 1), draws.uniform(-5, 15), draws.uniform(0, 20)) for _ in range(400)]
    clips = [
        EligibleClip(rank(number), f"clip{number}", str(cues[0]), amounts=cues)
        for number, cues in enumerate(amounts)
    ]
    of = {clip.clip: clip.amounts for clip in clips}
    margins = [0.25, 2.0, 1.0]
    made = make_comparisons(clips, None, seed=1, margins=margins)
    # Three amounts that have nothing to do with each other agree in a quarter of all pairs; partners are looked for.
    assert len(made) > 90
    for chosen in made:
        more, less = chosen.clips if chosen.label == "1" else chosen.clips[::-1]
        assert all(a - b >= margin for a, b, margin in zip(of[more], of[less], margins, strict=True))
    assert len({name for chosen in made for name in chosen.clips}) == 2 * len(made)
    assert make_comparisons(clips[::-1], None, seed=1, margins=margins) == made
    unknown = [clip._replace(amounts=(*clip.amounts[:2], float("nan"))) for clip in clips]
    assert make_comparisons(unknown, None, seed=1, margins=margins) == []
