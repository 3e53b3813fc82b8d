"""The hold-out divides speakers, never clips, and every stratum of two keeps one on each side."""

from cryfish.pipeline.prepare.holdout import group_of, held_out

GROUPS = [
    ("speech/en", f"speech/en/{gender}", f"libri/speaker/{gender}{number}")
    for gender in ("male", "female")
    for number in range(8)
]


def test_each_stratum_gives_its_share() -> None:
    chosen = held_out(GROUPS, seed=7, share=0.25)
    assert len(chosen) == 4
    assert sum("female" in group for group in chosen) == 2


def test_it_depends_on_the_seed_and_not_on_the_order() -> None:
    assert held_out(GROUPS, 7, 0.25) == held_out(reversed(GROUPS), 7, 0.25)
    assert any(held_out(GROUPS, 7, 0.25) != held_out(GROUPS, seed, 0.25) for seed in range(5))


def test_two_readers_of_a_language_in_two_corpora_are_divided() -> None:
    groups = [
        ("speech/es", "speech/es/", "tux/speaker/es"),
        ("speech/es", "speech/es/female", "asterisk/speaker/Allison"),
    ]
    assert len(held_out(groups, 1, 0.25)) == 1


def test_a_lone_group_stays_in_training() -> None:
    assert held_out([("speech/ru", "speech/ru/male", "a")], 1, 0.9) == set()


def test_a_speaker_of_two_languages_is_on_one_side() -> None:
    groups = [
        ("speech/en", "speech/en/female", "Allison"),
        ("speech/es", "speech/es/female", "Allison"),
        ("speech/en", "speech/en/female", "other"),
        ("speech/es", "speech/es/", "reader"),
    ]
    chosen = held_out(groups, 3, 0.5)
    assert chosen in ({"Allison"}, {"other", "reader"})


def test_a_group_is_a_speaker_else_a_source_else_the_clip() -> None:
    assert group_of("c", "x", {"speaker": "1", "source": "s"}) == "c/speaker/1"
    assert group_of("c", "x", {"source": "s"}) == "c/source/s"
    assert group_of("c", "x", {}) == "c/clip/x"
