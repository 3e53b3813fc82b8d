import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.pipeline.instruct.filters import FILTERS, Candidate, is_binary
from cryfish.pipeline.instruct.filters.language import language_of
from cryfish.pipeline.instruct.generate.prompt_examples import EXAMPLES, IN_LANGUAGE, PromptExample
from cryfish.pipeline.instruct.generate.prompts import facts_for_prompt, messages, parse_reply
from cryfish.pipeline.instruct.generate.styles import STYLES, Mixture, QuestionSpec, draw_asked

SPEECH = {"text": "we leave at nine", "gender": "female", "language": "English", "emotion": "happy"}


def test_facts_that_no_listener_hears_are_left_out() -> None:
    facts = {"text": "HELLO THERE", "speaker": "1688", "language": "de", "snr_db": 7.3456, "source": "clip9"}
    assert facts_for_prompt(facts) == {"text": "hello there", "language": "German", "snr_db": 7.3}
    assert facts_for_prompt({"speaker": "1688", "source": "clip9"}) == {}


def test_a_transcript_can_add_no_clip_marker_and_no_half_character() -> None:
    facts = facts_for_prompt({"text": "one <audio> two\ud800", "sound_events": ["a <audio> dog"]})
    assert facts == {"text": "one two?", "sound_events": ["a dog"]}


def test_facts_that_a_corpus_calls_unhelpful_are_left_out() -> None:
    assert facts_for_prompt({"text": "kids are talking", "emotion": "sad"}, ("text",)) == {"emotion": "sad"}


def test_all_prompts_begin_alike_and_the_clip_comes_last() -> None:
    first = messages("Read books.", SPEECH, QuestionSpec("what", ("emotion",)))
    sounds = {"sound_events": ["dog barking"]}
    second = messages("Animal sounds.", sounds, QuestionSpec("deny", ("sound_events",)))
    german = messages("Animal sounds.", sounds, QuestionSpec("what", ("sound_events",), "de"))
    assert first[:-1] == second[:-1]
    assert first[:-1] == german[: len(first) - 1]
    assert [turn["role"] for turn in first] == ["user", "assistant"] * (len(first) // 2) + ["user"]
    assert "Read books." in first[-1]["content"]
    assert json.dumps(SPEECH) in first[-1]["content"]
    assert all(parse_reply(turn["content"]) for turn in german if turn["role"] == "assistant")


def test_most_of_a_prompt_is_what_all_prompts_share() -> None:
    chat = messages("Read books.", SPEECH, QuestionSpec("what", ("emotion",)))
    lengths = [len(turn["content"]) for turn in chat]
    assert sum(lengths[:-1]) > 0.85 * sum(lengths)


def test_a_question_in_another_language_is_asked_for_and_shown() -> None:
    chat = messages("Read books.", SPEECH, QuestionSpec("what", ("emotion",), "ru"))
    assert "in Russian" in chat[-1]["content"]
    pair = parse_reply(chat[-2]["content"])
    assert pair is not None
    assert all(language_of(part) == "ru" for part in pair)
    assert (
        "in Portuguese" in messages("Books.", SPEECH, QuestionSpec("what", ("emotion",), "pt"))[-1]["content"]
    )


@pytest.mark.parametrize(
    "example",
    [*EXAMPLES, *(e for examples in IN_LANGUAGE.values() for e in examples)],
    ids=lambda e: e.question,
)
def test_the_examples_pass_the_filters(example: PromptExample) -> None:
    candidate = Candidate(example.question, example.answer, example.facts, example.description)
    found = {name for name, judge in FILTERS.items() if not judge(candidate).keep}
    assert found <= {"binary"}
    assert is_binary(example.question) == STYLES[example.asked.style].binary


def test_letters_of_all_scripts_are_shown_as_they_are() -> None:
    prompt = messages("Sätze.", {"text": "что бы вас было слышно"}, QuestionSpec("what", ("text",)))
    assert "что бы вас" in prompt[-1]["content"]


def draw(facts: Mapping[str, Any], clip: int | str, mixture: Mixture, turn: int = 0) -> QuestionSpec:
    return draw_asked(facts, turn, mixture, 5, clip)


def test_the_quota_of_yes_no_questions_is_kept_and_half_are_denied() -> None:
    drawn = Counter(draw(SPEECH, number, Mixture(0.15)).style for number in range(4000))
    yes_no = drawn["confirm"] + drawn["deny"]
    assert yes_no / 4000 == pytest.approx(0.15, abs=0.02)
    assert drawn["deny"] / yes_no == pytest.approx(0.5, abs=0.06)
    others = {"what", "who", "why", "how", "content", "choice", "multi", "describe", "story"}
    assert set(drawn) == {"confirm", "deny"} | others
    assert all(drawn[style] / 4000 == pytest.approx(0.85 / 9, abs=0.02) for style in others)


def test_sounds_are_counted_listed_and_compared() -> None:
    sounds = {"sound_events": ["rain", "dog barking"]}
    drawn = {draw(sounds, number, Mixture(0)).style for number in range(100)}
    assert drawn == {"what", "why", "compare", "list", "count"}


def test_languages_are_drawn_by_their_weights() -> None:
    mixture = Mixture(languages={"en": 2, "de": 1, "zh": 1, "fr": 0})
    drawn = Counter(draw(SPEECH, number, mixture).language for number in range(4000))
    assert drawn["en"] / 4000 == pytest.approx(0.5, abs=0.03)
    assert drawn["de"] / 4000 == pytest.approx(0.25, abs=0.03)
    assert set(drawn) == {"en", "de", "zh"}


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_quota_may_be_none_or_all(share: float) -> None:
    drawn = {draw(SPEECH, number, Mixture(share)).style for number in range(50)}
    assert all(STYLES[name].binary == (share == 1.0) for name in drawn)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"binary_share": 1.5}, "field 'binary_share' is 1.5"),
        ({"languages": {"eng": 1}}, "unknown language 'eng'.*such as 'en'"),
        ({"languages": {"en": -1}}, "the weight of 'en' is -1"),
        ({"languages": {"en": 0}}, "no language has a weight"),
    ],
)
def test_a_mixture_that_cannot_be_is_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Mixture(**settings)


def test_the_questions_of_one_clip_differ() -> None:
    drawn = {(asked.style, asked.about) for asked in (draw(SPEECH, "clip", Mixture(0), t) for t in range(12))}
    assert len(drawn) == 12


def test_styles_suit_the_facts() -> None:
    known = {"sound_events": ["rain", "dog barking"], "gender": "male"}
    for number in range(300):
        asked = draw(known, number, Mixture(0.15))
        style = STYLES[asked.style]
        assert all(fact in known and (style.facts is None or fact in style.facts) for fact in asked.about)
        assert len(asked.about) == style.many
        assert not style.lists or asked.about == ("sound_events",)


def test_a_clip_of_which_one_thing_is_known_is_asked_about_that() -> None:
    drawn = [draw({"music_genre": "jazz"}, "clip", Mixture(), turn) for turn in range(6)]
    assert {asked.about for asked in drawn} == {("music_genre",)}


@pytest.mark.parametrize(
    "reply",
    [
        '{"question": "Who speaks?", "answer": "A woman."}',
        'Sure!\n```json\n{"Question": "Who speaks?",\n "Answer": "A  woman.", "why": 1}\n```',
        '{"note": {}} {"question": "Who\nspeaks?", "answer": "A woman."} {"question": "x", "answer": "y"}',
        'a { b {"question": "Who <audio> speaks?", "answer": "A woman."}',
    ],
)
def test_replies_are_read_whatever_stands_around_the_json(reply: str) -> None:
    assert parse_reply(reply) == ("Who speaks?", "A woman.")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "{",
        "Who speaks? A woman.",
        '{"question": "Who speaks?"}',
        '{"question": "Who speaks?", "answer": ["A woman."]}',
        '{"question": "Who speaks?", "answer": "A wom',
        '["question", "answer"]',
        "{" * 3000,
        '{"a":' * 3000,
    ],
)
def test_other_replies_are_none(reply: str) -> None:
    assert parse_reply(reply) is None


def test_half_characters_in_a_reply_do_no_harm() -> None:
    pair = parse_reply('{"question": "Who \\ud83d speaks?", "answer": "A woman."}')
    assert pair == ("Who ? speaks?", "A woman.")
