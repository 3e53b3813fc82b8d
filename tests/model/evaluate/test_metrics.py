"""What counts as right, and how sure a score is."""

import sys

import numpy as np
import pytest

from cryfish.errors import InputError
from cryfish.model.evaluate.intervals import bootstrap_ratio, paired_difference, wilson_interval
from cryfish.model.evaluate.metrics.accuracy import within_tolerance
from cryfish.model.evaluate.metrics.error_rates import text_errors
from cryfish.model.evaluate.metrics.f1 import set_f1
from cryfish.model.evaluate.reading import (
    LabelNames,
    first_number,
    label_wordings,
    list_items,
    words,
    written_without_spaces,
)
from cryfish.model.evaluate.results import majority


def match_label(
    generated: str, label: str, labels: list[str], wordings: dict[str, list[str]] | None = None
) -> bool:
    """Whether a text names `label` and no other label of the set."""
    return LabelNames({*labels, label}, wordings).named(generated) == {label}


@pytest.mark.parametrize(
    ("generated", "label", "labels", "right"),
    [
        ("Female.", "female", ["male", "female"], True),
        ("A female voice", "male", ["male", "female"], False),
        ("male or female?", "male", ["male", "female"], False),
        ("unfemale", "female", ["male", "female"], False),
        ("it is New York", "new york", ["york", "new york"], True),
        ("it is York", "new york", ["york", "new york"], False),
        ("DOG-BARK!", "dog_bark", ["dog_bark", "dog"], True),
        ("a dog", "dog_bark", ["dog_bark", "dog"], False),
        ("这是一个女人的声音", "女", ["男", "女"], True),
        ("यह हिन्दी है", "हिन्दी", ["हिन्द", "हिन्दी"], True),
        ("Straße", "STRASSE", ["STRASSE"], True),
        ("C’est l’homme", "homme", ["homme", "femme"], True),
        ("", "dog", ["dog"], False),
        ("a cat", "dog", ["dog"], False),
    ],
)
def test_a_label_is_right_if_it_alone_is_named(
    generated: str, label: str, labels: list[str], right: bool
) -> None:
    assert match_label(generated, label, labels) is right


def test_wordings_are_learned_from_answers_in_the_same_frame() -> None:
    answers = [
        ("female", "A woman is speaking."),
        ("male", "A man is speaking."),
        ("male", "The voice is male."),
    ]
    wordings = label_wordings(answers)
    assert "woman" in wordings["female"]
    assert {"man", "male"} <= set(wordings["male"])
    assert match_label("I hear a woman", "female", ["female", "male"], wordings)
    assert not match_label("I hear a man", "female", ["female", "male"], wordings)


def test_yes_means_what_this_question_makes_it_mean() -> None:
    labels = ["same", "different"]
    alike = label_wordings([("same", "Yes."), ("different", "No."), ("same", "Yes, it is one and the same.")])
    apart = label_wordings([("same", "No."), ("different", "Yes.")])
    everything = {label: [*alike[label], *apart[label]] for label in labels}
    assert LabelNames(labels, alike, everything).named("Yes, I think so") == {"same"}
    assert LabelNames(labels, apart, everything).named("Yes, I think so") == {"different"}
    assert LabelNames(labels, everything).named("Yes") == frozenset()


def test_a_bare_label_that_no_answer_uses_is_no_wording() -> None:
    wordings = label_wordings([("it", "It is Italian."), ("de", "It is German.")])
    names = LabelNames(["it", "de"], wordings)
    assert names.named("it is German") == {"de"}
    assert names.named("it") == {"it"}


def test_a_label_inside_another_one_keeps_its_name() -> None:
    answers = [("train", "Train."), ("train horn", "Train horn."), ("car horn", "Car horn.")]
    names = LabelNames(["train", "train horn", "car horn"], label_wordings(answers))
    assert names.named("a train horn") == {"train horn"}
    assert names.named("a train") == {"train"}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("about 12.5 dB", 12.5),
        ("12,5 dB", 12.5),
        ("1,234 Hz", 1234),
        ("0,125", 0.125),
        ("-3 dB", -3),
        ("\u22123 dB", -3),
        ("10-20", 10),
        ("SNR-3", 3),
        (".5", 0.5),
        ("٣", 3),
        ("none", None),
    ],
)
def test_the_first_number_of_a_text(text: str, number: float | None) -> None:
    assert first_number(text) == number


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("3,9 Meter", "de", 3.9),
        ("3.9 Meter", "de", 3.9),
        ("1.234 Hz", "de", 1234),
        ("1,234 Hz", "de", 1.234),
        ("1.234,5 Hz", "de", 1234.5),
        ("1,234.5 Hz", "en", 1234.5),
        ("1.000", "es", 1000),
        ("1.000", "en", 1),
        ("1,000", "en", 1000),
        ("1,000", "ru", 1),
        ("1,000 米", "zh", 1000),
        ("1\u202f234,5 m", "fr", 1234.5),
        ("1\u00a0234,5 м", "ru", 1234.5),
        ("около 3,9 м", "ru", 3.9),
        ("0,125", "es-mx", 0.125),
        ("1,234", "no such", 1234),
    ],
)
def test_a_number_is_read_as_the_language_writes_it(text: str, language: str, number: float) -> None:
    assert first_number(text, language) == number


def test_a_number_is_right_within_its_tolerance() -> None:
    assert within_tolerance(11, 10)
    assert not within_tolerance(11.1, 10)
    assert within_tolerance(-2, 1, tolerance=3)
    assert not within_tolerance(None, 1, tolerance=100)


def test_lists() -> None:
    assert list_items("dog, cat; rain") == ["dog", "cat", "rain"]
    assert list_items('["a, b", "c"]') == ["a, b", "c"]
    assert set_f1(["dog", "cat"], ["dog"]) == pytest.approx(2 / 3)
    assert set_f1([], []) == 1


def test_text_errors_ignore_case_and_punctuation() -> None:
    errors = text_errors("the cat sat!", "The cat, sat down.")
    assert (errors.word_errors, errors.words) == (1, 4)
    assert (errors.character_errors, errors.characters) == (5, 16)
    assert text_errors("anything", "").word_errors == 1
    assert text_errors("猫在这里", "猫在那里").word_errors == 1
    assert written_without_spaces(["猫在这里"])
    assert not written_without_spaces(["a cat"])


def test_word_errors_without_jiwer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jiwer", None)
    with pytest.raises(InputError, match=r"pip install 'cryfish\[eval\]'"):
        text_errors("a", "b")


def test_words_split_every_script() -> None:
    assert words("Ein Löwe, 2x!") == ("ein", "löwe", "2x")
    assert words("女人ok") == ("女", "人", "ok")


def test_majority_breaks_ties_by_the_alphabet() -> None:
    assert majority(["b", "a", "b", "a"]) == "a"


def test_wilson_interval_against_published_values() -> None:
    # Newcombe 1998, table I, method 3: 81 of 263, and 0 of 20.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_clips_of_one_speaker_count_as_one_draw() -> None:
    generator = np.random.default_rng(0)
    by_speaker = generator.random(40) < 0.5
    scores = np.repeat(by_speaker, 25).astype(float)
    speakers = [f"s{number // 25}" for number in range(1000)]
    clustered = bootstrap_ratio(scores, np.ones(1000), speakers, seed=1)
    single = bootstrap_ratio(scores, np.ones(1000), [f"c{number}" for number in range(1000)], seed=1)
    assert clustered is not None
    assert single is not None
    assert clustered[1] - clustered[0] > 4 * (single[1] - single[0])
    assert clustered == bootstrap_ratio(scores, np.ones(1000), speakers, seed=1)


def test_too_few_speakers_give_no_interval() -> None:
    assert bootstrap_ratio([1, 0, 1], [1, 1, 1], ["a", "b", "a"], seed=0) is None


def test_paired_difference_is_narrow_where_systems_agree() -> None:
    right = (np.arange(200) % 2).astype(float)
    better = right.copy()
    better[:20] = 1
    interval = paired_difference(better, right, np.ones(200), [str(number) for number in range(200)], seed=0)
    assert interval is not None
    assert 0 < interval[0] < 0.05 < interval[1] < 0.1
