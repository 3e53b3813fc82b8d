"""Each question gets the form of words that it asks for, whatever corpus the clip is from."""

import importlib.util
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from cryfish.pipeline.instruct.clips import ClipFacts
from cryfish.pipeline.instruct.generate.prompts import facts_for_prompt
from cryfish.pipeline.instruct.tasks.tasks import TASKS
from cryfish.pipeline.instruct.tasks.written import (
    form_of,
    lowered,
    sentence,
    unpunctuated,
    with_request,
    written,
    written_alike,
)
from cryfish.pipeline.instruct.template.phrasings import REQUESTS
from cryfish.pipeline.instruct.template.template import template_instructions
from cryfish.recipes.kit.corpus import Clip as CorpusClip
from cryfish.recipes.kit.registry import recipe
from cryfish.shards.sample import Instruction

LANGUAGES = ("en", "de", "es", "fr", "ru", "zh")
WORDS = (
    "asr",
    "asr_normalised",
    "asr_punctuated",
    "asr_other_languages",
    "translation",
    "overlapped_speech",
    "speaker_transcript",
)
REAL = {
    "librispeech": "LibriSpeech",
    "ljspeech": "LJSpeech-1.1",
    "asterisk": "asterisk-core-sounds",
    "ravdess": "RAVDESS",
    "fsdd": "free-spoken-digit-dataset",
    "clotho": "clotho",
    "tuxpaint": "tuxpaint-stamps",
    "yesno": "waves_yesno",
}


def look(text: str) -> str:
    """How a text looks to a reader, told by other means than the project's: capitals, and marks at its end."""
    letters = [c for c in text if unicodedata.category(c) in ("Lu", "Ll")]
    capitals = [c for c in letters if unicodedata.category(c) == "Lu"]
    case = (
        "none"
        if not letters
        else "small"
        if not capitals
        else "ALL"
        if len(capitals) == len(letters)
        else "As usual"
    )
    marks = sum(
        unicodedata.category(c) == "Po" and c not in "'’%&@#"
        for c in re.sub(r"(?<=\d)[.,:/](?=\d)", "", text)
    )
    last = text.rstrip("\"'”’»)]」")[-1:]
    return f"{case}/{'ended' if last in '.!?…。！？' else 'marks' if marks else 'bare'}"


def asked(clips: list[ClipFacts], *tasks: str) -> list[Instruction]:
    return list(
        template_instructions(lambda again: iter(clips), dict.fromkeys(tasks, "all"), 7, languages=LANGUAGES)
    )


def wanted(item: Instruction, requests: dict[str, dict[str, list[str]]]) -> str:
    """The form of words that a question names; none is as usual."""
    return next(
        (
            form
            for form, several in requests[item.language].items()
            if any(one in item.question for one in several)
        ),
        "",
    )


ALLOWED = {
    "": {"As usual/ended", "none/ended"},
    "unpunctuated": {"As usual/bare"},
    "small": {"small/ended"},
    "small_unpunctuated": {"small/bare"},
    "caseless_unpunctuated": {"none/bare"},
}


def check(items: list[Instruction]) -> dict[str, set[str]]:
    """Of each task and form of question the looks of its answers; fails where an answer isn't in the form asked for."""
    requests = yaml.safe_load(REQUESTS.read_text(encoding="utf-8"))
    looks: dict[str, set[str]] = defaultdict(set)
    for item in items:
        answer = re.sub(r"\b(Speaker \d|First speaker|Second speaker): ", "", item.answer)
        own = "small_unpunctuated" if item.task == "asr_normalised" else ""
        form = wanted(item, requests) if TASKS.all()[item.task].written else own
        seen = look(answer)
        if item.task == "asr_normalised" and seen == "none/bare":
            continue  # small letters are asked of a script that has none
        assert seen in ALLOWED[form], (item.task, form, item.question, item.answer)
        looks[f"{item.task}/{form}"].add(seen)
    return looks


@pytest.fixture(scope="module")
def miniature_clips() -> list[ClipFacts]:
    """What the miniature of every corpus tells of its clips."""
    clips = []
    for script in sorted((Path(__file__).parents[3] / "recipes" / "miniatures").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"miniature_{script.stem}", script)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        clips += [
            ClipFacts(f"{script.stem}-{clip}", script.stem, facts)
            for clip, (_, facts) in module.CLIPS.items()
        ]
    return clips


def test_every_answer_of_every_corpus_is_written_as_its_question_asks(
    miniature_clips: list[ClipFacts],
) -> None:
    items = asked(miniature_clips, *WORDS)
    assert len(items) > 100
    looks = check(items)
    assert set(looks) >= {f"asr/{form}" for form in ALLOWED}


def test_sentences_about_clips_have_one_form(miniature_clips: list[ClipFacts]) -> None:
    items = asked(miniature_clips, "caption", "music_description")
    assert {look(item.answer) for item in items} == {"As usual/ended"}
    assert {item.task for item in items} == {"caption", "music_description"}
    assert {"Ducks quack.", "A woman talks nearby, as water pours.", "A radio."} <= {
        item.answer for item in items
    }


def test_real_corpora_are_written_as_their_questions_ask(shared: Path) -> None:
    clips = [
        ClipFacts(clip.id, name, clip.facts)
        for name, folder in REAL.items()
        if (shared / "corpora" / folder).is_dir()
        for clip in recipe(name).clips(shared / "corpora" / folder)
        if isinstance(clip, CorpusClip)
    ]
    known = {clip.id: clip for clip in clips}
    items = asked(clips, "asr", "asr_normalised", "asr_punctuated")
    looks = check(items)
    assert len(items) > 300
    assert looks["asr/small_unpunctuated"] == {"small/bare"}
    corpora = {known[item.clips[0]].corpus for item in items if item.task == "asr"}
    assert {"librispeech", "ljspeech"} <= corpora
    assert not any(item.answer.isupper() for item in items if item.task == "asr" and len(item.answer) > 5)
    # The fact stays as it was published.
    assert any(known[item.clips[0]].facts["text"].isupper() for item in items if item.task == "asr")


@pytest.mark.parametrize(
    ("published", "language", "answer", "form"),
    [
        ("HE SAID", "en", "he said", "small_unpunctuated"),
        ("HELLO, AGAIN.", "en", "hello, again.", "small"),
        ("He said.", "en", "He said.", ""),
        ("He said", "en", "He said", "unpunctuated"),
        ("In 1465,", "en", "In 1465", "unpunctuated"),
        ('"Well, said he.', "en", '"Well, said he.', ""),
        ("he said", "en", "he said", "small_unpunctuated"),
        ("and then, to London", "en", "and then to london", "small_unpunctuated"),
        ("and then to London.", "en", "and then to london.", "small"),
        ("DER SCHÖNE TAG", "de", "der schöne tag", "small_unpunctuated"),
        ("DIE STRAßE", "de", "die straße", "small_unpunctuated"),
        ("Der schöne Tag", "de", "Der schöne Tag", "unpunctuated"),
        ("ISPARTA ILI IŞIK İÇİN", "tr", "ısparta ılı ışık için", "small_unpunctuated"),
        ("IN IT", "en", "in it", "small_unpunctuated"),
        ("ΟΔΟΣ", "el", "οδος", "small_unpunctuated"),
        ("广州市", "zh", "广州市", "caseless_unpunctuated"),
        ("你好。", "zh", "你好。", ""),
        ("我用 APP 买", "zh", "我用 app 买", "small_unpunctuated"),
        ("क्या है?", "hi", "क्या है?", ""),
        ("यह घर है", "hi", "यह घर है", "caseless_unpunctuated"),
        ("Rs. 10,000 - and 3.5% at 7:30", "en", "Rs 10,000 and 3.5% at 7:30", "unpunctuated"),
        ("¿Vuoto? Sì.", "it", "¿Vuoto? Sì.", ""),
        ("don't 'go'", "en", "don't go", "small_unpunctuated"),
    ],
)  # fmt: skip
def test_a_text_is_brought_to_a_form_by_hand(published: str, language: str, answer: str, form: str) -> None:
    assert written(published, language) == answer
    assert form_of(published) == form
    assert form_of(answer) == form, "the form can be told from the answer alone"
    assert written(answer, language) == answer
    assert TASKS.all()["asr"].label({"text": published, "language": language}) == answer


def test_nothing_but_marks_is_no_transcript() -> None:
    assert TASKS.all()["asr"].label({"text": '"'}) is None
    assert TASKS.all()["asr_normalised"].label({"text": "..."}) is None


def test_words_of_several_speakers_are_written_alike() -> None:
    assert written_alike(["Hello, all.", "Mm-hmm."]) == ["Hello, all.", "Mm-hmm."]
    assert written_alike(["Hello, all.", "Mm-hmm"]) == ["Hello all", "Mm-hmm"]
    assert written_alike(["HELLO ALL", "I see."]) == ["hello all", "i see"]
    assert written_alike(["hello.", "Yes."]) == ["hello.", "yes."]
    assert written_alike(["你好。", "好"], "zh") == ["你好", "好"]
    facts: dict[str, Any] = {"speaker_turns": ["0.00-1.00 A: HELLO ALL", "0.50-2.00 B: OH."]}
    assert TASKS.all()["speaker_transcript"].label(facts) == "Speaker 1: hello all Speaker 2: oh"
    assert TASKS.all()["overlapped_speech"].label(facts) == "First speaker: hello all Second speaker: oh"


def test_every_language_has_all_requests_and_none_holds_another() -> None:
    requests = yaml.safe_load(REQUESTS.read_text(encoding="utf-8"))
    assert set(requests) == set(LANGUAGES)
    for code, by_form in requests.items():
        assert set(by_form) == set(ALLOWED) - {""}
        texts = [text for several in by_form.values() for text in several]
        assert len(texts) >= 12
        assert len(set(texts)) == len(texts), code
        assert not any(one in other for one in texts for other in texts if one != other), code


def test_a_request_stands_where_it_can_be_read() -> None:
    assert with_request("Say it.", "In small letters.") == "Say it. In small letters."
    assert with_request("Note it: <audio>", "In small letters.") == "In small letters. Note it: <audio>"
    assert with_request("Text:", "In small letters.") == "In small letters. Text:"
    assert with_request("请听写。", "文字不加标点。") == "请听写。文字不加标点。"


def test_a_sentence_has_a_capital_and_a_stop() -> None:
    assert sentence("a dog barks") == "A dog barks."
    assert sentence("A dog barks .") == "A dog barks."
    assert sentence("A DOG BARKS") == "A dog barks."
    assert sentence("A dog barks,") == "A dog barks."
    assert sentence("Is it a dog?") == "Is it a dog?"
    assert sentence('It says "go."') == 'It says "go."'
    assert sentence(" , ") == ""


def test_small_letters_of_turkish() -> None:
    assert lowered("IŞIK İLE", "tr") == "ışık ile"
    assert lowered("IŞIK", "tr-tr") == "ışık"
    assert lowered("I SEE", "en") == "i see"
    assert unpunctuated("(so), the “well-known” 'tis") == "so the well-known tis"


def test_an_llm_reads_capitals_in_small_letters() -> None:
    assert facts_for_prompt({"text": "IŞIK VAR", "language": "tr"})["text"] == "ışık var"
    assert facts_for_prompt({"text": "He said."})["text"] == "He said."


@pytest.mark.parametrize(
    ("language", "addressed"),
    [
        ("fr", r"\b(te|toi|tu|vous|\w+ez|écris|laisse|n'emploie|garde|mets|donne)\b"),
        ("es", r"\b(tú|usted|escribe|escriba|usa|use|omite|omita|conserva|conserve)\b"),
        ("ru", r"\b(ты|вы|\w+ите|запиши|опусти|сохрани|пиши|используй)\b"),
    ],
)
def test_requests_fit_questions_that_say_tu_and_those_that_say_vous(language: str, addressed: str) -> None:
    requests = yaml.safe_load(REQUESTS.read_text(encoding="utf-8"))
    for told in requests[language].values():
        for request in told:
            assert re.search(addressed, request, re.IGNORECASE) is None, request


def test_signs_stay_only_within_numbers_and_where_they_are_spoken() -> None:
    assert unpunctuated("1. 3.5, 10,000 at 7:30; a.b 2²,½ ,5 5,") == "1 3.5 10,000 at 7:30 a b 2² ½ 5 5"
    assert unpunctuated("50% — 3€, c# & snake_case!") == "50% 3€ c# & snake case"
    assert unpunctuated("'tis rock'n'roll- \ud800 हिन्दी।") == "tis rock'n'roll हिन्दी"
    assert unpunctuated("") == unpunctuated(" , ") == ""
