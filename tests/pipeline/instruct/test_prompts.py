import json
from collections import Counter

import numpy as np
import pytest

from cryfish.pipeline.augment.draws import generator
from cryfish.pipeline.instruct.prompts import (
    STYLES,
    draw_style,
    facts_for_prompt,
    messages,
    parse_reply,
)

SPEECH = {"text": "we leave at nine", "gender": "female", "language": "English", "emotion": "happy"}


def test_facts_that_no_listener_hears_are_left_out() -> None:
    facts = {"text": "HELLO THERE", "speaker": "1688", "language": "de", "snr_db": 7.3456, "source": "clip9"}
    assert facts_for_prompt(facts) == {"text": "hello there", "language": "German", "snr_db": 7.3}
    assert facts_for_prompt({"speaker": "1688", "source": "clip9"}) == {}


def test_a_transcript_can_add_no_clip_marker_and_no_half_character() -> None:
    facts = facts_for_prompt({"text": "one <audio> two\ud800", "sound_events": ["a <audio> dog"]})
    assert facts == {"text": "one two?", "sound_events": ["a dog"]}


def test_all_prompts_begin_alike_and_the_clip_comes_last() -> None:
    first = messages("Read books.", SPEECH, "what", "emotion")
    second = messages("Animal sounds.", {"sound_events": ["dog barking"]}, "deny", "sound_events")
    assert first[:-1] == second[:-1]
    assert [turn["role"] for turn in first] == ["user", "assistant"] * (len(first) // 2) + ["user"]
    assert "Read books." in first[-1]["content"]
    assert json.dumps(SPEECH) in first[-1]["content"]
    assert all(parse_reply(turn["content"]) for turn in first if turn["role"] == "assistant")


def test_letters_of_all_scripts_are_shown_as_they_are() -> None:
    prompt = messages("Sätze.", {"text": "что бы вас было слышно"}, "what", "text")
    assert "что бы вас" in prompt[-1]["content"]


def test_the_quota_of_yes_no_questions_is_kept_and_half_are_denied() -> None:
    drawn = Counter(
        draw_style(SPEECH, 0, 0.15, generator(5, f"clip{number}", "style"))[0] for number in range(4000)
    )
    yes_no = drawn["confirm"] + drawn["deny"]
    assert yes_no / 4000 == pytest.approx(0.15, abs=0.02)
    assert drawn["deny"] / yes_no == pytest.approx(0.5, abs=0.06)
    assert set(drawn) >= {"what", "who", "content", "choice", "describe"}


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_quota_may_be_none_or_all(share: float) -> None:
    drawn = {draw_style(SPEECH, 0, share, np.random.default_rng(number))[0] for number in range(50)}
    assert all(STYLES[name].binary == (share == 1.0) for name in drawn)


def test_the_questions_of_one_clip_differ() -> None:
    drawn = [draw_style(SPEECH, turn, 0.0, generator(5, "clip", "style")) for turn in range(6)]
    assert len(set(drawn)) == 6


def test_styles_suit_the_facts() -> None:
    sounds = {"sound_events": ["rain", "dog barking"], "gender": "male"}
    for number in range(200):
        style, fact = draw_style(sounds, 0, 0.15, np.random.default_rng(number))
        suited = STYLES[style].facts
        assert suited is None or suited == () or fact in suited
        assert not STYLES[style].lists or fact == "sound_events"
        assert fact in sounds or style == "describe"


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
