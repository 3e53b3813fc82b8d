"""Nothing is offered beside the right answer that means the same, is a kind of it, or is true of the clip as well."""

import importlib.util
import random
import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from cryfish.pipeline.instruct.clips import ClipFacts, clip_of
from cryfish.pipeline.instruct.filters import FILTERS, Candidate
from cryfish.pipeline.instruct.tasks.tasks import TASKS, label_named
from cryfish.pipeline.instruct.template.options import true_of
from cryfish.pipeline.instruct.template.phrasings import phrasings_of
from cryfish.pipeline.instruct.template.template import template_instructions
from cryfish.recipes.kit.cuts import cut_from_clip
from cryfish.recipes.kit.facts import check_fact
from cryfish.recipes.kit.languages import LANGUAGES
from cryfish.recipes.kit.registry import corpora, recipe
from cryfish.recipes.kit.values import TABLES, alike, vocabulary
from cryfish.seeding import Draw
from cryfish.shards.sample import Instruction

MINIATURES = Path(__file__).parents[3] / "recipes" / "miniatures"
_OR = r",? (?:(?:or|oder|o|u|ou|или) )?|，|、|还是|或"
OPEN = [
    name
    for name, task in TASKS.all().items()
    if task.kind == "label" and not task.options and task.clips == 1
]
"""The tasks whose options are drawn from the labels that there are."""


def facts_of_miniatures() -> Iterator[dict[str, Any]]:
    for name in corpora():
        spec = importlib.util.spec_from_file_location(f"miniature_{name}", MINIATURES / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield from (facts for _, facts in module.CLIPS.values())


@pytest.fixture(scope="module")
def labels() -> dict[str, list[str]]:
    """Task -> all labels: those of the miniatures and all that the tables know."""
    found: dict[str, set[str]] = {name: set() for name in OPEN}
    for facts in facts_of_miniatures():
        for name in OPEN:
            if facts.keys() >= set(TASKS.all()[name].facts) and (label := TASKS.all()[name].label(facts)):
                found[name].add(label)
    for name in OPEN:
        fact = TASKS.all()[name].facts[0]
        if fact in ("language", "native_language"):
            found[name] |= set(LANGUAGES.values())
        elif fact in TABLES:
            found[name] |= set(vocabulary(*TABLES[fact]).listed)
    return {name: sorted(several) for name, several in found.items() if len(several) > 1}


def offered(question: str, template: str, words: dict[str, str]) -> list[str]:
    """The labels that a question lists; `words` are the words of its language for all labels."""
    task, language, _ = template.split("/")
    phrasing = next(q for q in phrasings_of(TASKS.all()[task]).questions[language] if q.id == template)
    if not phrasing.lists_options:
        return []
    before = phrasing.segments[0][0]
    after = "".join(text for text, field in phrasing.segments[1:] if field is None)
    rest, found = question[len(before) : len(question) - len(after)], []
    by_word = {word: label for label, word in words.items()}
    joints = sorted(map(re.escape, phrasing.form.join), key=len, reverse=True)
    joint_of = re.compile("|".join([*joints, _OR]))
    while rest:
        known = [
            word
            for word in by_word
            if rest == word or (rest.startswith(word) and joint_of.match(rest, len(word)))
        ]
        assert known, f"'{rest}' begins with no label"
        word = max(known, key=len)
        found.append(by_word[word])
        joint = joint_of.match(rest, len(word))
        rest = rest[joint.end() :] if joint else ""
    return found


def check(task: str, options: Sequence[str], label: str) -> None:
    assert options.count(label) == 1
    assert 2 <= len(options) <= 5
    fact = TASKS.all()[task].facts[0]
    both = [pair for pair in combinations(options, 2) if alike(fact, *pair)]
    assert not both, f"{task}: {both}"


def test_no_question_of_any_template_offers_two_that_are_alike(labels: dict[str, list[str]]) -> None:
    drawn = random.Random(5)
    asked = 0
    assert len(labels) > 12
    for task, known in labels.items():
        phrasings = phrasings_of(TASKS.all()[task]).with_options(dict.fromkeys(known, 1))
        for language in phrasings.questions:
            for label in drawn.sample(known, min(12, len(known))):
                for question in phrasings.fitting(language, label):
                    words = {one: word for one in known if (word := phrasings.word(question, one))}
                    if not question.lists_options or len(words) < 2:
                        continue
                    rendered = phrasings.render(question, label, Draw(task, label, question.id))
                    if rendered is not None:
                        check(task, offered(rendered[0], question.id, words), label)
                        asked += 1
    assert asked > 800


def clips(fact: str, values: Sequence[str], **more: Any) -> list[ClipFacts]:
    found = []
    for number, value in enumerate(values):
        given = check_fact(fact, [value] if fact in ("sound_events", "noise_type") else value, "clip")
        found.append(ClipFacts(f"x-{number}", "x", {fact: given, **more}))
    return found


def drawn(task: str, of: Sequence[ClipFacts], count: int = 300, seed: int = 0) -> list[Instruction]:
    return list(template_instructions(lambda again: of, {task: count}, seed, binary_share=0.0))


@pytest.mark.parametrize(
    ("task", "fact"), [("accent", "accent"), ("sound_event", "sound_events"), ("noise_class", "noise_type")]
)
def test_of_300_drawn_questions_none_offers_two_that_are_alike(task: str, fact: str) -> None:
    """With every name of every corpus; before, 61 of 300 offered American and North American."""
    known = vocabulary(*TABLES[fact])
    names = [name for value, others in known.listed.items() for name in (value, *others)] * 2
    names += ["American", "North American"] * 90 if fact == "accent" else ["crying baby", "baby crying"] * 90
    # Speech to be asked about has words; that it is speech makes "speech" no option beside its noise.
    more = {"text": "hello"} if fact == "noise_type" else {}
    items = drawn(task, clips(fact, names, **more))
    words = {value: value for value in known.listed}
    listing = 0
    for item in items:
        options = offered(item.question, str(item.provenance["template"]), words)
        if options:
            listing += 1
            check(task, options, item.label)
            if more and item.label != "speech" and not alike(fact, item.label, "speech"):
                assert not any(alike(fact, option, "speech") for option in options)
    assert len(items) == 300
    assert listing > 60


def test_real_accents(shared: Path) -> None:
    """LJ Speech is American, RAVDESS North American."""
    found = []
    folders = {"ljspeech": "LJSpeech-1.1", "ravdess": "RAVDESS", "fsdd": "free-spoken-digit-dataset"}
    for name, folder in folders.items():
        corpus_dir = shared / "corpora" / folder
        for clip in recipe(name).clips(corpus_dir):
            cut = cut_from_clip(clip, recipe(name).corpus, corpus_dir)  # type: ignore[arg-type]
            found.append(clip_of(cut.to_dict()))
    items = drawn("accent", found)
    assert len(items) > 250
    for item in items:
        assert not ("North American" in item.question and "American" in item.question.replace("North A", ""))


@pytest.mark.parametrize(
    ("task", "facts", "true"),
    [
        ("sound_event", {"sound_events": ["dog"], "noise_type": ["rain"]}, {"dog", "rain"}),
        ("noise_class", {"noise_type": ["rain"], "text": "hello"}, {"rain", "speech"}),
        ("noise_class", {"noise_type": ["rain"], "music_genre": "jazz"}, {"rain", "music"}),
        (
            "sound_event",
            {"sound_events": ["fire"], "scene": "kitchen"},
            {"fire", "ambience of a kitchen"},
        ),
        ("music_genre", {"music_genre": "rock", "music_tags": ["pop", "slow"]}, {"rock", "pop", "slow"}),
        ("accent", {"accent": "Mandarin", "native_language": "zh"}, {"Mandarin", "Chinese"}),
        ("spoken_word", {"text": "Two houses", "language": "en"}, {"two", "houses"}),
        ("gender", {"gender": "male"}, set()),
    ],
)
def test_what_other_facts_tell_is_true_as_well(task: str, facts: dict[str, Any], true: set[str]) -> None:
    assert set(true_of(TASKS.all()[task], facts)) == true


def test_what_is_mixed_in_is_no_wrong_answer() -> None:
    """Some dogs bark in the rain, and some clips are of rain."""
    found = clips("sound_events", ["dog", "cat", "rain", "wind", "siren", "church bell"] * 40)
    found = [
        clip._replace(facts={**clip.facts, "noise_type": ["raining"]}) if number % 6 == 0 else clip
        for number, clip in enumerate(found)
    ]
    wet = {clip.id for clip in found if "noise_type" in clip.facts}
    items = [item for item in drawn("sound_event", found, 240) if item.clips[0] in wet]
    listing = [item for item in items if " or " in item.question]
    assert len(listing) > 4
    assert not any("rain" in item.question for item in listing)


def test_options_do_not_tell_which_is_right() -> None:
    """German excludes both of the others, American only one: it is offered as often as it is right."""
    accents = ["American", "North American", "German"]
    found = clips("accent", accents * 500)
    beside: dict[str, list[str]] = {"American": [], "North American": []}
    for item in drawn("accent", found, 1500):
        options = offered(
            item.question, str(item.provenance["template"]), dict(zip(accents, accents, strict=True))
        )
        for other in set(options) - {"German"}:
            beside[other].append(item.label)
    for other, right in beside.items():
        assert len(right) > 70
        assert 0.35 < right.count(other) / len(right) < 0.65


def test_a_question_without_options_where_all_there_are_would_be_true() -> None:
    found = clips("sound_events", ["dog", "rain"] * 40, noise_type=["rain"])
    for item in drawn("sound_event", found):
        assert item.label == "rain" or "rain" not in item.question


def test_manifests_by_hand_are_read_in_canonical_values_both_times() -> None:
    record = {
        "id": "a",
        "custom": {"facts": {"sound_events": ["Bark", "dog bark"], "accent": "USA", "age_group": "20-29"}},
        "supervisions": [{"language": "EN"}],
    }
    for checked in (True, False):
        assert clip_of(record, checked).facts == {
            "sound_events": ["dog barking"],
            "accent": "American",
            "age_group": "twenties",
            "language": "en",
        }


def test_what_is_no_text_is_told_at_the_first_reading_and_harmless_at_the_second() -> None:
    record = {"id": "a", "custom": {"facts": {"accent": 5, "sound_events": [["dog"], 3], "scene": None}}}
    assert "should be str, not int" in clip_of(record).trouble
    assert clip_of(record, False).facts == record["custom"]["facts"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("facts", "question", "kept"),
    [
        ({"accent": "American"}, "Is the accent American, North American or British?", False),
        ({"accent": "American"}, "Is the accent American, Scottish or Irish?", True),
        ({"instrument": "electric guitar"}, "Do you hear a guitar or an electric guitar?", False),
        ({"instrument": "electric guitar"}, "Do you hear a piano or an electric guitar?", True),
        ({"sound_events": ["dog barking"]}, "Is it a dog, a bark or a cat?", False),
    ],
)
def test_what_an_llm_offers_is_held_to_it_too(facts: dict[str, Any], question: str, kept: bool) -> None:
    answer = next(str(value[0] if isinstance(value, list) else value) for value in facts.values())
    verdict = FILTERS["ungrounded"](Candidate(question, f"{answer}.", facts))
    assert ("may both be so" not in verdict.detail) is kept


@pytest.mark.parametrize(
    ("task", "name", "label"),
    [
        ("sound_event", "a crying baby", "baby crying"),
        ("accent", "USA", "American"),
        ("language", "mandarin", "Chinese"),
        ("gender", "man", "man"),
        ("nothing", "man", "man"),
    ],
)
def test_a_label_is_known_by_its_names(task: str, name: str, label: str) -> None:
    assert label_named(task, name) == label
