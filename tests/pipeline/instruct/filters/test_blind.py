"""blind: questions that need no listening, by rules, over a set, and by an LLM that guesses."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from cryfish.errors import InputError
from cryfish.files import read_jsonl, write_jsonl
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.instruct.filters import FILTERS, Candidate, Llm, filter_file
from cryfish.pipeline.instruct.filters.agreement import agrees
from cryfish.pipeline.instruct.filters.stage import filter_partition
from cryfish.pipeline.instruct.jsonl import read_instructions
from cryfish.pipeline.instruct.template.phrasings import FOLDER

ASKING = [{"blind": {"tries": 5}}]


def by_rules(question: str, answer: str, facts: dict[str, Any]) -> str:
    return FILTERS["blind"](Candidate(question, answer, facts)).detail


def record(number: int, question: str, answer: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"{number}",
        "corpus_description": "People speak.",
        "facts": {"language": "Polish"},
        "question": question,
        "answer": answer,
        **more,
    }


def divided(folder: Path, records: list[dict[str, Any]], settings: list[Any], **more: Any) -> dict[str, str]:
    """The ids of what was dropped, with what is said of them."""
    write_jsonl(folder / "in.jsonl", records)
    filter_file(
        folder / "in.jsonl", folder / "kept.jsonl", folder / "dropped.jsonl", settings, seed=3, **more
    )
    return {r["id"]: "; ".join(r["details"]) for r in read_jsonl(folder / "dropped.jsonl")}


@pytest.mark.parametrize(
    ("question", "answer", "facts"),
    [
        ("What sound does a dog make?", "It barks.", {"sound_events": ["dog"]}),
        ("Welches Geräusch macht ein Hund?", "Er bellt.", {"sound_events": ["dog"]}),
        ("¿Qué sonido hace un perro?", "Ladra.", {"sound_events": ["dog"]}),
        ("Quel bruit fait un chien ?", "Il aboie.", {"sound_events": ["dog"]}),
        ("狗会发出什么声音?", "汪汪。", {"sound_events": ["dog"]}),
        ("What is a violin?", "A string instrument.", {"instrument": "violin"}),
        ("Was ist eine Geige?", "Ein Instrument mit Saiten.", {"instrument": "violin"}),
        ("O que é um violino?", "Um instrumento de cordas.", {"instrument": "violin"}),
        ("Что такое скрипка?", "Струнный инструмент.", {"instrument": "violin"}),
        ("什么是小提琴?", "一种弦乐器。", {"instrument": "violin"}),
        ("How many strings does a violin have?", "Four.", {"instrument": "violin"}),
        ("What language is spoken in Brazil?", "Portuguese.", {"language": "Portuguese"}),
        ("Welche Sprache spricht man in Österreich?", "Deutsch.", {"language": "German"}),
        ("巴西人说什么语言?", "葡萄牙语。", {"language": "Portuguese"}),
        ("Which bird is known for waking people?", "The rooster.", {"sound_events": ["rooster"]}),
        (
            "What is the capital of Portugal?",
            "Lisbon.",
            {"text": "bom dia a todos", "language": "Portuguese"},
        ),
        ("Which animal barks?", "A dog.", {"sound_events": ["dog_bark"]}),
        ("Welches Tier miaut?", "Eine Katze.", {"sound_events": ["cat"]}),
        ("¿Qué idioma usa el hablante italiano?", "Italiano.", {"language": "Italian"}),
        ("What is her gender?", "Female.", {"gender": "female"}),
        ("The speaker says 'wo ist der Bahnhof'. Which language is it?", "German.", {"language": "German"}),
    ],
)
def test_rules_see_quiz_questions_and_those_that_hold_their_answer(
    question: str, answer: str, facts: dict[str, Any]
) -> None:
    assert by_rules(question, answer, facts)


@pytest.mark.parametrize(
    ("question", "answer", "facts"),
    [
        ("What sound does the dog make?", "It growls.", {"sound_events": ["dog"]}),
        ("Is a dog barking?", "Yes.", {"sound_events": ["dog"]}),
        ("How many times does a dog bark?", "Twice.", {"sound_events": ["dog"]}),
        ("What does a man say?", "Hello.", {"text": "hello"}),
        ("What is a likely emotion?", "Joy.", {"emotion": "happy"}),
        ("What language is spoken?", "Portuguese.", {"language": "Portuguese"}),
        ("Is Portuguese spoken?", "Yes.", {"language": "Portuguese"}),
        ("What colour is named?", "Green.", {"text": "ich nehme den grünen Mantel"}),
        ("In which country was this recorded, going by the language spoken in it?", "Brazil.", {}),
        ("Which mood is it: tense, calm or happy?", "Calm.", {"mood": "calm"}),
        ("Choose one: rock, jazz, blues.", "Jazz.", {"music_genre": "jazz"}),
        ("Wer hat eine tiefe Stimme?", "Ein Mann.", {"gender": "male"}),
        ("¿Quién tiene un acento italiano?", "Nadie.", {"accent": "Irish"}),
        ("What is the capital of the country about?", "Paris.", {"text": "the capital of the country is Paris"}),
        ("When do they leave at dawn?", "At five.", {"text": "we leave at dawn, at five"}),
        ("What was the winner known for?", "His speed.", {"text": "the champion was famous for being fast"}),
        ("What does the speaker usually drink?", "Tea.", {"text": "i usually drink tea"}),
        ("情绪是什么?", "高兴。", {"emotion": "happy"}),
    ],
)  # fmt: skip
def test_rules_leave_questions_about_the_clip_alone(
    question: str, answer: str, facts: dict[str, Any]
) -> None:
    assert by_rules(question, answer, facts) == ""


def test_no_question_of_the_templates_is_a_quiz_question() -> None:
    def texts(content: Any) -> list[str]:
        if isinstance(content, str):
            return [content] if content.rstrip().endswith(("?", "?")) else []
        parts = (
            content.values() if isinstance(content, dict) else content if isinstance(content, list) else []
        )
        return [text for part in parts for text in texts(part)]

    questions = [
        text
        for path in sorted(FOLDER.rglob("*.yaml"))
        for text in texts(yaml.safe_load(path.read_text("utf-8")))
    ]
    assert len(questions) > 100
    assert [question for question in questions if by_rules(question, "Zzz.", {})] == []


@pytest.mark.parametrize(
    ("reply", "answer", "question", "alike"),
    [
        ("The speaker is furious.", "Anger.", "Which emotion is it?", True),
        ("Wut.", "The speaker sounds angry.", "Which emotion is it?", True),
        ("Joy, anger, fear, or sadness.", "Anger.", "Which emotion is it?", False),
        ("Three", "There are 3 speakers.", "How many speakers are there?", True),
        ("Two", "There are 3 speakers.", "How many speakers are there?", False),
        ("Yes.", "Yes, a woman is speaking.", "Is a woman speaking?", True),
        ("No.", "Yes, a woman is speaking.", "Is a woman speaking?", False),
        ("是的", "是的,是一位女性。", "这是女声吗?", True),
        ("A man.", "Male.", "Is it a man or a woman?", True),
        ("A woman.", "Male.", "Is it a man or a woman?", False),
        ("古筝", "这是古筝。", "这是什么乐器在演奏?", True),
        ("钢琴", "这是古筝。", "这是什么乐器在演奏?", False),
        ("", "Anger.", "Which emotion is it?", False),
    ],
)
def test_answers_agree_by_what_they_say(reply: str, answer: str, question: str, alike: bool) -> None:
    assert agrees(reply, answer, question) == alike


def test_a_question_with_one_answer_for_all_clips_needs_no_listening(tmp_path: Path) -> None:
    same = [record(i, "What language is spoken?", "It is Polish.") for i in range(25)]
    few = [record(100 + i, "Who speaks?", "A man.") for i in range(19)]
    varied = [record(200 + i, "How does it sound?", "Happy." if i else "Sad.") for i in range(25)]
    one_clip = [record(300 + i, "What is said?", "Hello.", clips=["a"]) for i in range(25)]
    records = same + few + varied + one_clip
    assert set(divided(tmp_path, records, ["blind"])) == {r["id"] for r in same}
    assert "all 25 clips" in (tmp_path / "dropped.jsonl").read_text()
    assert set(divided(tmp_path, records, [{"blind": {"same_answer": 26}}])) == set()
    other = record(400, "what language is spoken", "French.")
    assert divided(tmp_path, [*records, other], ["blind"]) == {}


def test_what_an_llm_guesses_is_dropped_and_asked_once(tmp_path: Path, scripted_llm: Any) -> None:
    def guess(question: str, seed: int) -> dict[str, Any]:
        if "colour" in question:
            return {"answer": ["Red.", "Green."][scripted_llm.asked.count(question) % 2]}
        return {"answer": "A dog." if "animal" in question else "It is calm."}

    scripted_llm.reply = guess
    llm = Llm("some/llm", "openai", scripted_llm.url)
    records = [
        record(0, "Which animal guards the house?", "It is a dog."),
        record(1, "What does the voice convey?", "Anger."),
        record(2, "What colour is named?", "Green."),
        record(3, "Which emotion is heard?", "Calm."),
        record(4, "Which emotion is heard?", "Anger."),
        record(5, "Which emotion is heard?", "Fear."),
    ]
    dropped = divided(tmp_path, records, ASKING, llm=llm)
    assert list(dropped) == ["0"], "a guess that is luck for one of three clips isn't knowledge"
    assert dropped["0"] == "some/llm answers it without the clip in 5 of 5 tries"
    assert len(scripted_llm.asked) == 4 * 5, "the same question is asked for all its clips at once"

    first = (tmp_path / "kept.jsonl").read_bytes()
    assert list(divided(tmp_path, records, ASKING, llm=llm)) == ["0"]
    assert (tmp_path / "kept.jsonl").read_bytes() == first
    divided(tmp_path, [*records, record(6, "Which animal is near?", "A cow.")], ASKING, llm=llm)
    assert len(scripted_llm.asked) == 5 * 5, "only what is new is asked"


def test_questions_that_rules_drop_are_not_put_to_the_llm(tmp_path: Path, scripted_llm: Any) -> None:
    llm = Llm("some/llm", "openai", scripted_llm.url)
    dropped = divided(tmp_path, [record(0, "What is a violin?", "An instrument.")], ASKING, llm=llm)
    assert "the world in general" in dropped["0"]
    assert scripted_llm.asked == []
    assert not (tmp_path / "in.replies.jsonl").exists()


def test_a_prompt_that_fails_harms_no_other_and_is_asked_again(tmp_path: Path, scripted_llm: Any) -> None:
    down = True
    scripted_llm.reply = lambda question, seed: (
        None if down and "animal" in question else {"answer": "A dog."}
    )
    llm = Llm("some/llm", "openai", scripted_llm.url)
    records = [record(0, "Which animal is it?", "A dog."), record(1, "What guards a house?", "A dog.")]
    assert list(divided(tmp_path, records, ASKING, llm=llm)) == ["1"]
    down = False
    assert list(divided(tmp_path, records, ASKING, llm=llm)) == ["0", "1"]


def test_an_llm_that_only_fails_ends_in_one_sentence(tmp_path: Path, scripted_llm: Any) -> None:
    scripted_llm.reply = lambda question, seed: None
    with pytest.raises(InputError, match=r"requests in a row failed: .*what is done is kept"):
        divided(tmp_path, [record(0, "Who?", "A man.")], ASKING, llm=Llm("m", "openai", scripted_llm.url))
    assert not (tmp_path / "kept.jsonl").exists()


def test_a_killed_run_goes_on_to_the_same_replies(tmp_path: Path, tiny_llm: Path) -> None:
    """With the transformers engine, where a reply depends on its batch."""
    records = [record(i, f"What happens in part {i}?", "Nothing.") for i in range(12)]
    llm = Llm(str(tiny_llm), batch_size=4)
    settings = [{"blind": {"tries": 3}}]
    (tmp_path / "whole").mkdir()
    divided(tmp_path / "whole", records, settings, llm=llm)

    killed = tmp_path / "killed"
    killed.mkdir()
    write_jsonl(killed / "in.jsonl", records)
    (killed / "f.yaml").write_text(json.dumps(settings))
    command = [
        sys.executable, "-m", "cryfish", "instruct", "filter", "in.jsonl", "--kept", "kept.jsonl",
        "--dropped", "dropped.jsonl", "--filters", "f.yaml", "--llm", str(tiny_llm), "--batch-size", "4", "--seed", "3",
    ]  # fmt: skip
    replies = killed / "in.replies.jsonl"
    for lines in (1, 6):
        process = subprocess.Popen(command, cwd=killed, env={**os.environ, "HF_HUB_OFFLINE": "1"})
        while process.poll() is None and not (
            replies.exists() and replies.read_bytes().count(b"\n") >= lines
        ):
            time.sleep(0.005)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
    with replies.open("ab") as stream:
        stream.write(b'{"key": "half')
    divided(killed, records, settings, llm=llm)

    def by_key(folder: Path) -> dict[str, Any]:
        lines = list(read_jsonl(folder / "in.replies.jsonl"))
        assert len({line["key"] for line in lines}) == len(lines) == 12
        return {line["key"]: line["replies"] for line in lines}

    assert by_key(killed) == by_key(tmp_path / "whole")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ([{"blind": {"tries": 5}}], "'blind' asks an LLM, but none is given"),
        (["judge"], "'judge' asks an LLM, but none is given"),
        ([{"blind": {"tries": 0}}], "tries of 'blind' should be a whole number from 1 on, not 0"),
        ([{"blind": {"agree": 4}}], "agree of 'blind' should be a number from 0 to 1"),
        ([{"blind": {"llm": "a", "engine": "vlm"}}], "engine of 'blind' is 'vlm'"),
        ([{"blind": {"tris": 3}}], "unknown option 'tris' of 'blind'; did you mean 'tries'"),
    ],
)
def test_bad_settings_are_told_in_one_sentence(tmp_path: Path, settings: list[Any], message: str) -> None:
    with pytest.raises(InputError) as error:
        divided(tmp_path, [record(0, "Who?", "A man.")], settings)
    assert message in str(error.value)


def test_a_run_asks_its_generator_and_keeps_the_replies_beside_the_result(
    tmp_path: Path, scripted_llm: Any
) -> None:
    scripted_llm.reply = lambda question, seed: {"answer": "A dog."}
    records = [
        record(0, "Which animal is it?", "A dog.", clips=["a"]),
        record(1, "Which animal is near?", "A cow.", clips=["b"]),
    ]
    write_jsonl(tmp_path / "candidates.jsonl", records)
    llm = Llm("some/llm", "openai", scripted_llm.url)

    def run(filters: list[Any]) -> dict[str, Any]:
        out = tmp_path / "train"
        partition = filter_partition(tmp_path / "candidates.jsonl", out, filters=filters, seed=1, llm=llm)
        [counts] = Engine().run("filter", [partition])
        return counts

    assert run([{"blind": {"tries": 3}}]) == {"dropped": 1, "dropped: blind": 1, "kept": 1}
    assert [i.id for i in read_instructions(tmp_path / "train" / "instructions.jsonl")] == ["1"]
    assert len(scripted_llm.asked) == 6
    assert run([{"blind": {"tries": 3, "agree": 1.0}}])["kept"] == 1
    assert len(scripted_llm.asked) == 6
    assert run(["blind"]) == {"dropped": 0, "kept": 2}, "without options the rules alone decide"
