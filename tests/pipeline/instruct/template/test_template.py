"""Stage 1, from cuts to instructions."""

import itertools
import random
import re
from collections import Counter
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lhotse import MonoCut, Recording
from lhotse.cut import Cut

from cryfish.errors import InputError
from cryfish.pipeline.audio.manifests import write_cuts
from cryfish.pipeline.instruct.clips import clip_of, read_clips
from cryfish.pipeline.instruct.jsonl import read_instructions, write_instructions
from cryfish.pipeline.instruct.tasks.task import Task
from cryfish.pipeline.instruct.tasks.tasks import TASKS
from cryfish.pipeline.instruct.template.collect import Count
from cryfish.pipeline.instruct.template.phrasings import FOLDER, phrasings_of, read_phrasings
from cryfish.pipeline.instruct.template.template import TemplateStats, template_instructions
from cryfish.recipes.kit.facts import with_facts
from cryfish.seeding import Draw
from cryfish.shards.sample import Instruction

EXAMPLES = {
    "number": ["-3.25", "12"],
    "text": ["Hello, world.", "{answer}"],
    "list": ["dog, rain", "a {brace}, b"],
}


def labels_of(name: str) -> list[str]:
    """Labels that a task may meet: all of a closed set, else those that another language has words for."""
    task = TASKS.all()[name]
    if task.options:
        return list(task.options)
    if task.kind != "label":
        return EXAMPLES[task.kind]
    worded: set[str] = set()
    for language, questions in phrasings_of(task).questions.items():
        if language != "en":
            worded |= {label for question in questions for label in question.form.words}
    return sorted(worded) or ["dog", "glass breaking", "rain", "a {brace}"]


SPEECH_TASKS = (
    "asr",
    "asr_normalised",
    "asr_punctuated",
    "asr_other_languages",
    "translation",
    "word_count",
    "spoken_word",
    "gender",
    "speaker_verification",
    "speaker_identification",
    "speaker_count",
    "language",
    "emotion",
    "age",
    "sentiment",
    "pronunciation",
    "fluency",
    "speaker_turns",
    "turn_start",
    "spoof",
    "snr",
    "distance",
    "reverberation",
    "nearer",
    "noisier",
)
ASKED = (
    "asr",
    "gender",
    "speaker_verification",
    "language",
    "emotion",
    "sound_event",
    "noise_class",
    "snr",
    "distance",
)
"""Tasks that the clips of `speech` serve."""
ALL: dict[str, Count] = dict.fromkeys(ASKED, "all")


def cut(number: int, corpus: str = "made", **facts: Any) -> Cut:
    name = f"{corpus}-{number:05d}"
    recording = Recording(id=name, sources=[], sampling_rate=16000, num_samples=16000, duration=1.0)
    empty = MonoCut(id=name, start=0, duration=1.0, channel=0, recording=recording, custom={"corpus": corpus})
    return with_facts(empty, **facts)


def speech(count: int, seed: int = 0) -> list[Cut]:
    """Clips of 20 speakers that carry every fact."""
    draws = random.Random(seed)
    cuts = []
    for number in range(count):
        speaker = draws.randrange(20)
        cuts.append(
            cut(
                number,
                text=f"This is number {number}.",
                speaker=f"s{speaker}",
                gender="male" if speaker % 4 else "female",
                language=draws.choice(["en", "es-mx", "de", "zh"]),
                emotion=draws.choice(["happy", "sad", "angry"]),
                sound_events=[draws.choice(["dog", "rain", "siren"])],
                noise_type=[draws.choice(["wind", "rain", "traffic"])],
                snr_db=draws.uniform(-5, 25),
                distance_m=draws.uniform(0.3, 5),
                source=f"book {draws.randrange(3)} of s{speaker}",
            )
        )
    return cuts


class Made(list[Instruction]):
    """Instructions, and what became of the tasks."""

    stats: TemplateStats


def made(
    cuts: Iterable[Cut], tasks: dict[str, Count], seed: int = 7, languages: tuple[str, ...] = ("en",)
) -> Made:
    clips = [clip_of(cut.to_dict()) for cut in cuts]
    chosen = template_instructions(lambda again: clips, tasks, seed, languages)
    instructions = Made(chosen)
    instructions.stats = chosen.stats
    return instructions


def test_numbers_are_exact_where_clips_suffice() -> None:
    chosen = made(speech(400), {"asr": 100, "gender": 50, "speaker_verification": 40, "snr": 60})
    assert Counter(item.task for item in chosen) == {
        "asr": 100,
        "gender": 50,
        "speaker_verification": 40,
        "snr": 60,
    }
    assert Counter(item.label for item in chosen if item.task == "gender") == {"female": 25, "male": 25}
    assert Counter(item.label for item in chosen if item.task == "speaker_verification") == {
        "same": 20,
        "different": 20,
    }
    assert len({item.id for item in chosen}) == len(chosen) == 250
    assert chosen.stats.warnings == []


def test_a_clip_is_asked_once_per_task() -> None:
    asked = Counter((item.task, clip) for item in made(speech(300), ALL) for clip in item.clips)
    assert set(asked.values()) == {1}


def test_bytes_depend_on_the_seed_alone(tmp_path: Path) -> None:
    cuts = speech(300)
    tasks: dict[str, Count] = dict.fromkeys(ASKED, 40)
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl", tmp_path / "c.jsonl"]
    for path, seed in zip(files, (7, 7, 8), strict=True):
        assert write_instructions(path, made(cuts, tasks, seed, ("en", "de"))) == 40 * len(ASKED)
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].read_bytes() != files[2].read_bytes()
    assert list(read_instructions(files[0])) == made(cuts, tasks, 7, ("en", "de"))


def test_manifests_and_cuts_say_the_same(tmp_path: Path) -> None:
    cuts = speech(100)
    write_cuts(tmp_path / "made.cuts.jsonl.gz", cuts)
    chosen = template_instructions(
        partial(read_clips, [tmp_path / "made.cuts.jsonl.gz"]), {"asr": 20, "snr": 20}, 7
    )
    assert list(chosen) == made(cuts, {"asr": 20, "snr": 20})


def test_a_task_does_not_change_what_another_gets() -> None:
    cuts = speech(200)
    alone = list(made(cuts, {"gender": 40}))
    assert [item for item in made(cuts, {"asr": 30, "gender": 40}) if item.task == "gender"] == alone


@pytest.mark.parametrize("name", sorted(TASKS.all()))
def test_every_phrasing_renders_for_every_label(name: str) -> None:
    task = TASKS.all()[name]
    labels = labels_of(name)
    wordings = phrasings_of(task).with_options(dict.fromkeys(labels, 1))
    assert len({question.segments for question in wordings.questions["en"]}) >= 15
    asked = set()
    for language, label in itertools.product(wordings.questions, labels):
        for question in wordings.fitting(language, label):
            asked.add(question.id)
            for number in range(12):
                rendered = wordings.render(question, label, Draw(number, question.id))
                if rendered is None:  # what was drawn doesn't exclude each other
                    assert question.lists_options
                    assert not task.options
                    continue
                text, answer = rendered
                word = wordings.word(question, label) or ""
                assert text.strip() == text
                assert answer
                assert text.count("<audio>") in (0, task.clips)
                if question.lists_options:
                    assert word
                    assert word in text
                    assert word.lower() in answer.lower()
                if task.kind in ("number", "text"):
                    assert word in answer
                if task.kind == "list":
                    assert all(item.lower() in answer.lower() for item in task.items(label, language))
    assert asked == {question.id for several in wordings.questions.values() for question in several}
    for language, label in itertools.product(wordings.questions, labels):
        # Else the language of a question would tell something of its answer.
        assert len(wordings.fitting(language, label)) == len(wordings.questions[language]), (language, label)


def test_speech_tasks_are_asked_in_six_languages() -> None:
    for name in SPEECH_TASKS:
        questions = phrasings_of(TASKS.all()[name]).questions
        assert set(questions) == {"en", "de", "es", "fr", "ru", "zh"}
        assert all(len(several) >= 15 for several in questions.values()), name
    cuts = speech(300)
    items = list(made(cuts, {"gender": "all", "asr": "all"}, languages=("de", "ru")))
    assert {item.language for item in items} == {"de", "ru"}
    assert all(
        re.search("[а-я]", item.answer) for item in items if item.language == "ru" and item.task == "gender"
    )
    assert all(item.answer == item.label for item in items if item.task == "asr")


def test_every_template_file_belongs_to_a_task() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(TASKS.all())


def test_yes_and_no_do_not_give_speaker_verification_away() -> None:
    answers = Counter(
        (item.answer.split(",")[0].rstrip("."), item.label)
        for item in made(speech(2000), {"speaker_verification": "all"})
        if item.answer.startswith(("Yes", "No"))
    )
    assert set(answers) == {("Yes", "same"), ("Yes", "different"), ("No", "same"), ("No", "different")}


def test_options_come_in_drawn_order_from_the_labels_there_are() -> None:
    questions = [item for item in made(speech(800), {"sound_event": "all"}) if " or " in item.question]
    first = Counter(found[0] for item in questions if (found := re.search("dog|rain|siren", item.question)))
    assert all(first[label] > len(questions) / 4 for label in ("dog", "rain", "siren"))
    assert all(item.label in item.question for item in questions)


def test_words_to_choose_from_are_of_the_clips_language_and_only_one_is_said() -> None:
    english = "the silver river follows quiet mountains beyond distant villages".split()
    german = "kleine silberne Fische schwimmen zwischen dunklen Steinen hindurch".split()
    draws = random.Random(1)
    cuts = []
    for number in range(300):
        words, language = (english, "en") if number % 2 else (german, "de")
        cuts.append(cut(number, text=" ".join(draws.sample(words, 5)), language=language))
    said = {one.id: clip_of(one.to_dict()).facts for one in cuts}
    # In a Chinese question nothing but the options is written in our letters.
    items = made(cuts, {"spoken_word": "all"}, languages=("zh",))
    assert len(items) > 100
    for item in items:
        facts = said[item.clips[0]]
        own, other = (english, german) if facts["language"] == "en" else (german, english)
        offered = {word.lower() for word in re.findall(r"[A-Za-zäöüß]+", item.question)}
        assert item.label in offered
        assert not offered & {word.lower() for word in other}
        right = [word for word in own if word.lower() in offered and word in facts["text"].split()]
        assert [word.lower() for word in right if len(word) >= 5] == [item.label]


def test_nothing_is_listed_where_there_is_one_label() -> None:
    chosen = made([cut(n, sound_events=["dog"]) for n in range(50)], {"sound_event": "all"})
    assert not any("dog" in item.question for item in chosen)
    assert "constant answer" in chosen.stats.warnings[0]


def test_facts_cannot_break_the_prompt() -> None:
    cuts = [
        cut(n, text=f"<audio> {{answer}} {n} {{0}} %s. <audio>", noise_type=[f"{{x}} <audio>{n % 5}"])
        for n in range(60)
    ]
    for item in made(cuts, {"asr": "all", "noise_class": "all"}):
        assert item.question.count("<audio>") <= 1
        assert "<audio>" not in item.answer + item.label
        assert re.fullmatch(r"\{answer\} \d+ \{0\} %s\." if item.task == "asr" else r"\{x\} \d", item.label)
        assert item.label in item.answer or item.label.capitalize() in item.answer


def test_clips_of_two_corpora_are_never_compared() -> None:
    """They would be told apart by how they were recorded; and speaker 1 of one isn't speaker 1 of the other."""
    cuts = [
        cut(n, corpus, speaker=str(n % 2), snr_db=float(n)) for corpus in ("one", "two") for n in range(40)
    ]
    items = made(cuts, {"speaker_verification": "all", "noisier": "all"})
    assert {item.task for item in items} == {"speaker_verification", "noisier"}
    for item in items:
        assert len({clip[:3] for clip in item.clips}) == 1
        if item.task == "speaker_verification":
            assert (item.label == "same") == (int(item.clips[0][-1]) % 2 == int(item.clips[1][-1]) % 2)
    with pytest.raises(InputError, match="2 different values of 'speaker' of one corpus don't make one"):
        made(
            [cut(n, c, speaker="1") for c in ("one", "two") for n in range(20)],
            {"speaker_verification": "all"},
        )


def test_it_says_why_there_are_fewer() -> None:
    cuts = [cut(n, gender="male" if n else "female", text="One.") for n in range(30)]
    stats = made(cuts, {"asr": 50, "gender": 20, "snr": 5, "speaker_verification": "all"}).stats
    assert stats.tasks["gender"].labels == {"female": 1, "male": 1}
    assert stats.warnings == [
        "task 'asr': asked for 50, wrote 30: no more clips can serve it",
        "task 'gender': kept 2 of 30 clips to balance them: "
        "the most frequent label 'male' has 29, the rarest 'female' 1",
        "task 'snr': none of 30 clips can serve it (30 lack the fact 'snr_db')",
        "task 'speaker_verification': none of 30 clips can serve it (30 lack the fact 'speaker')",
    ]


def test_a_clip_with_bad_facts_is_left_out_and_named() -> None:
    bad = cut(1, text="Two.")
    bad.custom["facts"] = {"snr": 3.0}
    chosen = made([cut(0, text="One."), bad], {"asr": "all"})
    assert [item.label for item in chosen] == ["One."]
    assert "1 clips left out" in chosen.stats.warnings[0]
    assert "made-00001" in chosen.stats.bad[0]


@pytest.mark.parametrize(
    ("tasks", "languages", "message"),
    [
        ({"gendr": 5}, ("en",), "did you mean 'gender'"),
        ({"asr": 0}, ("en",), "task 'asr': the count must be a number from 1 or 'all', found 0"),
        ({"asr": True}, ("en",), "found True"),
        ({"asr": "some"}, ("en",), "found 'some'"),
        ({"asr": 5}, ("english",), "'english' isn't a language code"),
        ({"scene": 5}, ("de",), "task 'scene' has no templates in de; it has en"),
        ({"snr": 5}, ("en",), "no clip can serve any of the tasks.*lack the fact 'snr_db'"),
        ({}, ("en",), "no task was asked for"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    tasks: Any, languages: tuple[str, ...], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        made([cut(0, text="One.")], tasks, languages=languages)


def test_two_cuts_of_one_id_are_refused() -> None:
    with pytest.raises(InputError, match="two cuts have the id 'made-00001'"):
        made([cut(1, text="One."), cut(1, text="Two.")], {"asr": "all"})


def test_labels_without_a_word_in_the_language_are_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "language.yaml").write_text(
        'en:\n  forms: [{questions: ["Which language?"], answers: ["{answer}"]}]\n'
        'de:\n  words: {German: Deutsch}\n  forms: [{questions: ["Welche Sprache?"], answers: ["{answer}"]}]\n'
    )
    monkeypatch.setattr("cryfish.pipeline.instruct.template.phrasings.FOLDER", tmp_path)
    phrasings_of.cache_clear()
    cuts = [cut(n, language=["de", "cy"][n % 2]) for n in range(20)]
    assert {item.answer for item in made(cuts, {"language": "all"}, languages=("de",))} == {"Deutsch"}
    both = made(cuts, {"language": "all"}, languages=("de", "en"))
    assert {item.language for item in both if item.label == "Welsh"} == {"en"}
    phrasings_of.cache_clear()


GOOD = """
en:
  join: [", ", " or "]
  words: {female: female, male: male}
  forms:
    - questions: ["Is the speaker {options}?"]
      answers: ["{Answer}."]
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "{options}?",
            "{choices}?",
            r"line 6: field 'en.forms\[1\].questions' has the unknown placeholder {choices}",
        ),
        ("{options}?", "{options!r}?", "unknown placeholder"),
        ("{options}?", "{?", "stray brace"),
        ("Is the", "<audio> <audio> Is the", "holds 2 <audio>; give none, or 1"),
        ('["{Answer}."]', '["Yes."]', "each answer of its form must then hold {answer}"),
        ('["{Answer}."]', "Yes", r"line 7: field 'en.forms\[1\].answers' must be a list of texts"),
        ('  join: [", ", " or "]', '  join: [" or "]', "must be two texts"),
        ("  words:", "  units: {metres: {one: '# m', other: '# m'}}\n  words:", "whose answers are numbers"),
        ('"{Answer}."', '"{metres}."', "unknown placeholder {metres}"),
        ("{female: female, male: male}", "{female: female}", "line 4: .* must have the labels female, male"),
        ("answers:", "answer:", "lacks the field 'answers'"),
        ("  words:", "  word:", r"line 4: field 'en.word' is unknown"),
        ("en:", "de:", "'en' among them"),
        ('[", ", " or "]', "[", "isn't valid YAML"),
        ("  words:", "  join: [a, b]\n  words:", "twice"),
    ],
)
def test_a_malformed_template_file_is_named_with_line_and_field(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    path = tmp_path / "gender.yaml"
    path.write_text(GOOD)
    assert read_phrasings(path, TASKS.all()["gender"]).questions["en"]
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(InputError, match=message) as caught:
        read_phrasings(path, TASKS.all()["gender"])
    assert str(path) in str(caught.value)


def test_a_new_task_is_a_declaration_and_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "room.yaml").write_text(
        'en:\n  forms:\n    - questions: ["Which room?"]\n      answers: ["A {answer}."]\n'
    )
    monkeypatch.setattr("cryfish.pipeline.instruct.template.phrasings.FOLDER", tmp_path)
    room = Task(name="room", facts=("room",), kind="label", label=lambda facts: facts["room"])
    monkeypatch.setitem(TASKS.all(), "room", room)
    chosen = made([cut(n, room=["hall", "kitchen"][n % 2]) for n in range(4)], {"room": "all"})
    assert sorted(item.answer for item in chosen) == ["A hall.", "A hall.", "A kitchen.", "A kitchen."]


def test_real_corpora(shared: Path) -> None:
    cuts_module = pytest.importorskip("cryfish.recipes.kit.cuts")
    recipes = (
        pytest.importorskip("cryfish.recipes.librispeech"),
        pytest.importorskip("cryfish.recipes.ravdess"),
    )
    folders = (shared / "corpora" / "LibriSpeech", shared / "corpora" / "RAVDESS")
    cuts = [
        cuts_module.cut_from_clip(clip, recipe.CORPUS, folder)
        for recipe, folder in zip(recipes, folders, strict=True)
        for clip in recipe.clips(folder)
    ]
    chosen = made(cuts, {**dict.fromkeys(TASKS.all(), "all"), "asr": 20})
    counts = Counter(item.task for item in chosen)
    assert counts["asr"] == 20
    assert counts["emotion"] == 32
    assert counts["gender"] > 60
    pairs = Counter(item.label for item in chosen if item.task == "speaker_verification")
    assert pairs["same"] == pairs["different"] >= 10
    assert "snr" not in counts
