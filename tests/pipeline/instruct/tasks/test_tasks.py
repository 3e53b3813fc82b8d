"""The registry: what each task makes of a clip's facts."""

import pytest
from lhotse.testing.dummies import dummy_cut, dummy_recording

from cryfish.errors import InputError
from cryfish.pipeline.instruct.clips import clip_of
from cryfish.pipeline.instruct.tasks.task import decimal, plain
from cryfish.pipeline.instruct.tasks.tasks import TASKS, task_named
from cryfish.pipeline.instruct.template.phrasings import phrasings_of
from cryfish.recipes.kit.facts import FACTS


def test_every_task_reads_facts_of_the_vocabulary() -> None:
    for name, task in TASKS.all().items():
        assert name == task.name
        assert set(task.facts) | set(task.match_on) | set(task.differ_on) <= set(FACTS)


@pytest.mark.parametrize(
    ("task", "facts", "label", "word"),
    [
        ("asr", {"text": "Hello,  world"}, "Hello world", "Hello world"),
        ("asr", {"text": "Hello,  world."}, "Hello, world.", "Hello, world."),
        ("gender", {"gender": "female"}, "female", "female"),
        ("language", {"language": "es-mx"}, "Spanish", "Spanish"),
        ("emotion", {"emotion": "happy"}, "happy", "happy"),
        ("sound_event", {"sound_events": ["dog barking"]}, "dog barking", "dog barking"),
        ("noise_class", {"noise_type": ["rain"]}, "rain", "rain"),
        ("snr", {"snr_db": 12.34567}, "12.346", "12"),
        ("snr", {"snr_db": -0.2}, "-0.2", "0"),
        ("distance", {"distance_m": 2.0}, "2", "2.0"),
    ],
)
def test_label_and_its_wording(task: str, facts: dict[str, object], label: str, word: str) -> None:
    assert TASKS.all()[task].label(facts) == label
    phrasings = phrasings_of(TASKS.all()[task])
    assert phrasings.word(phrasings.questions["en"][0], label) == word


@pytest.mark.parametrize(
    ("task", "facts"),
    [
        ("gender", {"gender": "other"}),
        ("sound_event", {"sound_events": ["dog", "rain"]}),
        ("noise_class", {"noise_type": ["dog", "rain"]}),
    ],
)
def test_a_clip_without_one_right_answer_does_not_serve(task: str, facts: dict[str, object]) -> None:
    assert TASKS.all()[task].label(facts) is None


def test_text_cannot_bring_in_markers_or_broken_characters() -> None:
    assert plain("say <audio> now") == "say now"
    assert "<audio>" not in plain("<au<audio>dio>")
    assert plain("<audio>") == ""
    assert plain("a\tb\n c") == "a b c"
    assert plain("half \ud800 a character") == "half ? a character"
    assert plain("{answer} {0}") == "{answer} {0}"


def test_no_task_fails_for_half_a_character_in_a_transcript() -> None:
    facts = {"text": "seven \ud800ships sail \ud800", "language": "en"}
    tasks = [task for task in TASKS.all().values() if set(task.facts) <= facts.keys()]
    labels = {task.name: task.label(facts) for task in tasks}
    assert labels["spoken_word"] in ("seven", "ships")
    assert all(label is None or label.encode() for label in labels.values())


def test_decimal_has_no_exponent_no_trailing_zero_no_negative_zero() -> None:
    assert [decimal(value) for value in (1e-9, -1e-9, 1e7, 100.0, 0.125)] == [
        "0",
        "0",
        "10000000",
        "100",
        "0.125",
    ]


def test_a_misspelt_task_is_corrected() -> None:
    with pytest.raises(InputError, match=r"unknown task 'gendre'.*did you mean 'gender'"):
        task_named("gendre")


def test_noise_of_unknown_level_may_be_what_spoils_a_recording_or_not() -> None:
    quality = task_named("quality")
    assert quality.label({"clipped_share": 0.02}) == "clipping"
    assert quality.label({"clipped_share": 0.02, "noise_type": ["rain"]}) is None
    assert quality.label({"noise_type": ["rain"], "snr_db": 3.0}) == "noise"


def test_a_clip_is_as_long_as_lhotse_says() -> None:
    """A mix ends where the last of its parts does, and a part may be a mix."""
    cut = dummy_cut(0, duration=1.1, recording=dummy_recording(0, duration=1.1))
    noise = cut.with_id("b").append(cut.with_id("c"))
    for one in (cut, noise, cut.mix(noise, offset_other_by=0.25), cut.pad(3.0)):
        assert clip_of(one.to_dict()).seconds == one.duration
