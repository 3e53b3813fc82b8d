"""The stage-2 filters, in several languages, and the files they divide."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.files import read_jsonl, write_jsonl
from cryfish.pipeline.instruct.filters import (
    FILTERS,
    Candidate,
    Verdict,
    filter_file,
    is_binary,
    kept_instructions,
    read_filters,
)

ROOT = Path(__file__).resolve().parents[4]
EVERY = list(FILTERS)


def reasons(facts: dict[str, Any], question: str, answer: str, finish_reason: str = "stop") -> list[str]:
    candidate = Candidate(question, answer, facts, finish_reason=finish_reason)
    return [verdict.reason for verdict in read_filters(EVERY).judge(candidate)]


@pytest.mark.parametrize(
    ("facts", "question"),
    [
        ({"gender": "female"}, "How old does the lady sound?"),
        ({"gender": "female"}, "What is her accent?"),
        ({"gender": "female"}, "Welchen Akzent hat die Sprecherin?"),
        ({"gender": "female"}, "这位女士在哪里?"),
        ({"gender": "female"}, "说话的是女士,对吗?"),
        ({"gender": "male"}, "Quel âge a cet homme ?"),
        ({"gender": "male", "emotion": "calm"}, "Is the man calm?"),
        ({"emotion": "happy"}, "Warum ist die Person so froh?"),
        ({"emotion": "sad"}, "Doesn't the speaker sound sad?"),
        ({"emotion": "sad"}, "Диктор грустит, не так ли?"),
        ({"emotion": "angry"}, "El hablante está enfadado, ¿verdad?"),
        ({"language": "es"}, "Welchen Akzent hat der spanische Sprecher?"),
        ({"language": "Italian", "emotion": "happy"}, "¿El hablante italiano está contento?"),
        ({"accent": "Nigerian"}, "What does the person from Nigeria say?"),
        ({"sound_events": ["dog barking", "rain"]}, "What is heard besides the hound?"),
        ({"instrument": "piano"}, "What does the pianist play?"),
        ({"room": "small office"}, "Who speaks in the office?"),
        ({"age": 34}, "What does the thirty-four-year-old feel?"),
        ({"age": "sixties"}, "What does the speaker in their 60s say?"),
        ({"distance_m": 3.5}, "Who speaks 3.5 m away?"),
        ({"snr_db": 5.0}, "Was ist fünf Dezibel leiser?"),
        ({"spoofed": True}, "What gives away that the voice is synthetic?"),
        ({"caption": ["A man speaks while birds chirp."]}, "What do the birds do?"),
        ({"text": "we leave for Oslo at nine on Friday"}, "Who leaves for Oslo on Friday?"),
        ({"text": "明天下午三点在学校门口见面"}, "为什么明天下午三点见面?"),
    ],
)
def test_a_value_that_the_question_takes_for_granted_is_a_leak(facts: dict[str, Any], question: str) -> None:
    assert "leak" in reasons(facts, question, "Forty-two of them, probably.")


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"gender": "female"}, "Is the speaker a woman?", "Yes, a woman is speaking."),
        ({"gender": "female"}, "¿Habla una mujer?", "Sí, es una mujer."),
        ({"emotion": "angry"}, "说话人生气吗?", "是的,很生气。"),
        ({"emotion": "angry"}, "Which emotion is it: joy, anger or fear?", "It is anger."),
        ({"emotion": "angry"}, "Klingt die Stimme wütend, traurig oder fröhlich?", "Sie klingt wütend."),
        ({"emotion": "sad"}, "Where did the ambassador travel?", "There, in a sad voice."),
        ({"emotion_intensity": "strong"}, "How strongly is it expressed?", "The intensity is strong."),
        ({"sound_events": ["dog barking"]}, "What animal can be heard?", "A dog is barking."),
        ({"sound_events": ["can opening"]}, "What can be heard?", "A can is opened."),
        ({"noise_type": ["white noise"]}, "What kind of noise is there?", "White noise."),
        ({"room": "meeting room"}, "In what kind of room is it?", "In a meeting room."),
        ({"instrument": "electric guitar"}, "What kind of guitar is it?", "An electric guitar."),
        ({"distance_m": 2.0, "gender": "male"}, "Who speaks in the two-minute clip?", "A man."),
        ({"pitch": "A4"}, "What is a name for the note?", "A4."),
        ({"text": "dogs are sitting by the door"}, "What is said about dogs?", "They sit by the door."),
        (
            {"text": "hello my friend", "language": "English"},
            "Summarise it in English.",
            "A friend is greeted.",
        ),
    ],
)
def test_what_is_tested_offered_or_more_general_is_kept(
    facts: dict[str, Any], question: str, answer: str
) -> None:
    assert reasons(facts, question, answer) == []


@pytest.mark.parametrize(
    ("reason", "facts", "question", "answer"),
    [
        ("unparseable", {"gender": "male"}, "", "A man."),
        ("unparseable", {"gender": "male"}, "Who speaks?", " … "),
        ("unparseable", {"gender": "male"}, "Who speaks? And how?", "A man, calmly."),
        ("unparseable", {"gender": "male"}, "谁在说话?他怎么样?", "一个男人。"),
        ("unparseable", {"gender": "male"}, "Frage: Wer spricht?", "Ein Mann."),
        ("unparseable", {"gender": "male"}, "Who speaks?", '{"answer": "A man."}'),
        ("unparseable", {"gender": "male"}, "Who speaks?", "A man. What is he like? He is calm."),
        ("unparseable", {"gender": "male"}, "The speaker is a person.", "A man."),
        ("truncated", {"emotion": "happy"}, "How does it sound?", "The speaker is happy and"),
        ("truncated", {"emotion": "happy"}, "Wie klingt es?", "Es klingt fröhlich, weil die"),
        ("truncated", {"emotion": "happy"}, "Что слышно?", "Слышна радость, которая"),
        ("truncated", {"distance_m": 2.0}, "How far is it?", "The source is at a distance of tw"),
        ("mentions_metadata", {"emotion": "happy"}, "What does the label say?", "Happy."),
        ("mentions_metadata", {"emotion": "happy"}, "Laut den Metadaten, welche Emotion ist es?", "Freude."),
        ("mentions_metadata", {"emotion": "happy"}, "根据标签,情绪是什么?", "高兴。"),
        (
            "mentions_metadata",
            {"emotion": "happy"},
            "How does it sound?",
            "Happy, by the provided information.",
        ),
        ("mentions_metadata", {"sound_events": ["vacuum_cleaner"]}, "What is heard?", "A vacuum_cleaner."),
        ("refusal", {"emotion": "happy"}, "How does it sound?", "I'm sorry, I cannot hear it."),
        ("refusal", {"emotion": "happy"}, "情绪是什么?", "抱歉,我无法听到音频。"),
        (
            "refusal",
            {"emotion": "happy"},
            "Quelle est l’émotion ?",
            "Je suis désolé, je ne peux pas écouter.",
        ),
        ("wrong_language", {"emotion": "happy"}, "How does the speaker feel?", "Die Person ist glücklich."),
        ("wrong_language", {"emotion": "happy"}, "¿Cómo se siente?", "He is very happy."),
        ("wrong_language", {"emotion": "happy"}, "情绪是什么?", "Happiness."),
        (
            "wrong_language",
            {"text": "ich habe keine Zeit"},
            "Translate it into English.",
            "Ich habe keine Zeit.",
        ),
        ("trivial", {"sound_events": ["dog"]}, "What is in the recording?", "A recording of something."),
        ("trivial", {"sound_events": ["dog"]}, "¿Qué se oye?", "Se oye un sonido."),
        ("trivial", {"sound_events": ["dog"]}, "Что слышно на записи?", "Слышен звук."),
        ("trivial", {"sound_events": ["dog"]}, "录音里有什么?", "有一种声音。"),
        ("trivial", {"sound_events": ["dog"]}, "Is anything audible?", "Yes, something is audible."),
    ],
)
def test_each_filter_finds_its_own(reason: str, facts: dict[str, Any], question: str, answer: str) -> None:
    assert reasons(facts, question, answer) == [reason]


@pytest.mark.parametrize(
    ("facts", "question", "answer"),
    [
        ({"text": "where is the station"}, "What does the speaker ask?", "Where is the station?"),
        ({"text": "he went to the"}, "What are the exact words?", "He went to the"),
        ({"text": "look it up in the dictionary"}, "Where should one look?", "In the dictionary."),
        ({"text": "bitte schlag es im Wörterbuch nach"}, "Where should one look?", "In the dictionary."),
        ({"text": "я не могу прийти"}, "Что говорит диктор?", "Я не могу прийти."),
        ({"text": "ich habe keine Zeit"}, "What does the speaker say?", "Ich habe keine Zeit."),
        ({"text": "ich habe keine Zeit"}, "Übersetze es ins Englische.", "I have no time."),
        ({"tts_model": "VITS"}, "哪个模型合成了这个声音?", "VITS。"),
        ({"num_speakers": 2}, "How many people speak?", "Two."),
        ({"sound_events": ["music"]}, "What is heard?", "Music."),
        ({"text": "no"}, "Which word is spoken?", "No."),
        ({"sound_events": ["rain", "wind"]}, "Which sounds are present?", "Rain and wind"),
    ],
)
def test_what_only_looks_bad_is_kept(facts: dict[str, Any], question: str, answer: str) -> None:
    assert reasons(facts, question, answer) == []


def test_a_reply_that_ran_out_of_tokens_is_truncated() -> None:
    assert reasons({"gender": "male"}, "Who speaks?", "A man.", "length") == ["truncated"]


@pytest.mark.parametrize(
    "question",
    [
        "Does the voice belong to a man?", "Which is louder, the voice or the noise?", "Who speaks, a man or a woman?",
        "Can you tell whether it rains?", "Tell me if a dog barks.", "There is a dog barking, right?",
        "Ist das Stück schnell oder langsam?", "Kann man Regen hören?", "Die Stimme ist echt, oder?",
        "¿Hay música de fondo?", "¿Se puede oír un perro?", "Y a-t-il de la musique ?", "La voix est-elle réelle ?",
        "Есть ли музыка на фоне?", "Голос настоящий или синтетический?", "背景里有音乐吗?", "是真人还是合成的声音?",
        "Si sente un cane?", "È un uomo o una donna?", "Há música de fundo?",
    ],
)  # fmt: skip
def test_yes_no_and_either_or_questions_are_binary(question: str) -> None:
    assert is_binary(question)


@pytest.mark.parametrize(
    "question",
    [
        "What, if anything, can be heard?", "Can you tell which emotion it is?", "Is it a dog, a cat or a bird?",
        "Are you able to identify the instrument?", "Name the key, including whether it is major or minor.",
        "Können Sie beschreiben, was zu hören ist?", "Laut wem spricht die Stimme?", "Ist es Freude, Wut oder Angst?",
        "¿Puedes identificar el instrumento?", "¿Es un piano, una guitarra o un violín?", "Qu'entend-on ici ?",
        "Pouvez-vous décrire le son ?", "Можно ли определить, кто говорит?", "Какой или какие звуки слышны?",
        "你能听出是什么情绪吗?", "这是钢琴、吉他还是小提琴?", "Che lingua si parla?", "Quem está falando?",
    ],
)  # fmt: skip
def test_open_questions_are_not_binary(question: str) -> None:
    assert not is_binary(question)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (["leek"], "unknown filter 'leek'; did you mean 'leak'"),
        (
            [{"binary": {"max_shere": 0.2}}],
            "unknown option 'max_shere' of 'binary'; did you mean 'max_share'",
        ),
        ([{"leak": {"strict": True}}], "'leak'; it has no options"),
        ([{"binary": {"max_share": 20}}], "from 0 to 1, not 20"),
        (["leak", "leak"], "named twice"),
        ([{"leak": 3}], "{option: value}"),
        ([["leak"]], "should hold names"),
        ("leak", "should be a list"),
    ],
)
def test_bad_settings_are_told_in_one_sentence(settings: Any, message: str) -> None:
    with pytest.raises(InputError) as error:
        read_filters(settings)
    assert message in str(error.value)


def record(
    number: int, question: str = "Who speaks?", answer: str = "A woman.", **more: Any
) -> dict[str, Any]:
    return {
        "id": f"{number:016x}",
        "clips": [f"clip-{number}"],
        "corpus": "phrases",
        "corpus_description": "People speak.",
        "facts": {"gender": "female"},
        "question": question,
        "answer": answer,
        "model": "tiny",
        "prompt_version": "1",
        "style": "what",
        **more,
    }


def filtered(
    folder: Path, records: list[dict[str, Any]], settings: list[Any], seed: int = 7
) -> dict[str, int]:
    write_jsonl(folder / "in.jsonl", records)
    return filter_file(
        folder / "in.jsonl", folder / "kept.jsonl", folder / "dropped.jsonl", settings, seed=seed
    )


def test_a_file_is_divided_with_reasons(tmp_path: Path) -> None:
    records = [
        record(0),
        record(1, "How old is she?", "As an AI, I cannot hear it."),
        record(2, "", "", error="the server said no"),
        record(3, "Is it a woman?", "Yes, a woman."),
    ]
    counts = filtered(tmp_path, records, EVERY)
    assert counts == {
        "dropped": 2, "dropped: error": 1, "dropped: leak": 1, "dropped: refusal": 1, "kept": 2,
    }  # fmt: skip
    kept, dropped = list(read_jsonl(tmp_path / "kept.jsonl")), list(read_jsonl(tmp_path / "dropped.jsonl"))
    assert kept == [{**records[0], "binary": False}, {**records[3], "binary": True}]
    assert [r["reasons"] for r in dropped] == [["leak", "refusal"], ["error"]]
    assert "'she' in the question gives away gender = female" in dropped[0]["details"][0]
    assert dropped[1]["details"] == ["the server said no"]


def test_the_surplus_of_yes_no_questions_is_dropped_per_corpus(tmp_path: Path) -> None:
    def mixed(corpus: str, start: int) -> list[dict[str, Any]]:
        yes_no = [record(start + i, "Is it a woman?", "Yes, a woman.", corpus=corpus) for i in range(20)]
        return [*yes_no, *(record(start + 20 + i, corpus=corpus) for i in range(8))]

    records = mixed("one", 0) + mixed("two", 100)
    counts = filtered(tmp_path, records, ["leak", {"binary": {"max_share": 0.2}}])
    assert counts == {"dropped": 36, "dropped: binary": 36, "kept": 20}
    first = (tmp_path / "kept.jsonl").read_bytes()
    kept = list(read_jsonl(tmp_path / "kept.jsonl"))
    assert [sum(r["binary"] for r in kept if r["corpus"] == corpus) for corpus in ("one", "two")] == [2, 2]

    filtered(tmp_path, records, ["leak", {"binary": {"max_share": 0.2}}])
    assert (tmp_path / "kept.jsonl").read_bytes() == first
    filtered(tmp_path, records[::-1], ["leak", {"binary": {"max_share": 0.2}}])
    assert {r["id"] for r in read_jsonl(tmp_path / "kept.jsonl")} == {r["id"] for r in kept}
    filtered(tmp_path, records, ["leak", {"binary": {"max_share": 0.2}}], seed=8)
    assert (tmp_path / "kept.jsonl").read_bytes() != first
    assert filtered(tmp_path, records, [{"binary": {"max_share": 1}}])["kept"] == 56


def test_filtering_what_was_dropped_gives_fresh_reasons(tmp_path: Path) -> None:
    filtered(tmp_path, [record(0, "How old is she?", "Old, I'd say.")], ["leak"])
    again = list(read_jsonl(tmp_path / "dropped.jsonl"))
    assert filtered(tmp_path, again, ["refusal"]) == {"dropped": 0, "kept": 1}
    assert "reasons" not in next(read_jsonl(tmp_path / "kept.jsonl"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "a"', "line 2 isn't valid JSON"),
        (
            json.dumps({k: v for k, v in record(1).items() if k != "facts"}),
            "line 2: field 'facts' is missing",
        ),
        (json.dumps(record(1) | {"question": 3}), "line 2: field 'question' should be text"),
        (json.dumps(record(1) | {"facts": []}), "line 2: field 'facts' should be an object"),
    ],
)
def test_a_malformed_line_is_named_and_nothing_is_left(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "in.jsonl").write_text(f"{json.dumps(record(0))}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        filter_file(tmp_path / "in.jsonl", tmp_path / "kept", tmp_path / "dropped", EVERY, seed=0)
    assert message in str(error.value)
    assert "in.jsonl" in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_kept_candidates_become_instructions(tmp_path: Path) -> None:
    filtered(tmp_path, [record(0), record(1, "¿Quién habla?", "Una mujer.")], EVERY)
    first, second = kept_instructions(tmp_path / "kept.jsonl")
    assert (first.id, first.clips, first.task, first.kind) == (f"{0:016x}", ("clip-0",), "open_qa", "text")
    assert (first.question, first.answer, first.label) == ("Who speaks?", "A woman.", "A woman.")
    assert (first.origin, first.language, second.language) == ("generated", "en", "es")
    assert first.provenance == {"model": "tiny", "prompt_version": "1", "style": "what"}


def test_a_filter_is_one_function(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_shouting(candidate: Candidate) -> Verdict:
        return Verdict("no_shouting", not candidate.answer.endswith("!"), "it shouts")

    monkeypatch.setitem(FILTERS, "no_shouting", no_shouting)
    judged = read_filters(["no_shouting"]).judge(Candidate("Who?", "A man!", {}))
    assert judged == [Verdict("no_shouting", False, "it shouts")]


def test_agreement_with_the_labelled_set(shared: Path) -> None:
    measure = runpy.run_path(str(ROOT / "benchmarks" / "filters.py"))["measure"]
    table, _ = measure(shared / "qa-gold" / "public.jsonl")
    for reason in EVERY:
        assert table[reason]["hit"] >= 0.85 * table[reason]["labelled"], reason
    assert table["dropped"]["hit"] >= 0.9 * table["dropped"]["found"]
    binary = table["binary"]
    assert 2 * binary["hit"] >= 0.95 * (binary["found"] + binary["labelled"])
