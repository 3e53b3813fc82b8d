"""Numbers, units and lists are written as each language writes them, over all tasks, languages and many values."""

import re
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from babel.numbers import format_decimal

from cryfish.errors import InputError
from cryfish.model.evaluate.reading import first_number
from cryfish.model.evaluate.results import Scorer
from cryfish.pipeline.instruct import saying
from cryfish.pipeline.instruct.audit.question_only import listed_options
from cryfish.pipeline.instruct.filters.numbers import quantities
from cryfish.pipeline.instruct.generate.styles import QuestionSpec, in_words
from cryfish.pipeline.instruct.tasks.tasks import TASKS
from cryfish.pipeline.instruct.template.phrasings import phrasings_of, read_phrasings
from cryfish.pipeline.instruct.template.wordings import Phrasings, Question
from cryfish.seeding import Draw

SIGNS = {"en": ".", "de": ",", "es": ",", "fr": ",", "ru": ",", "zh": "."}
NUMBERS = [name for name, task in TASKS.all().items() if task.kind == "number"]
LISTS = [name for name, task in TASKS.all().items() if task.kind == "list"]
VALUES = (
    "0 0.04 0.5 1 1.04 1.5 2 2.5 3.9 4 5 10 11 12 14 20 21 22 24 25 31 40 99 100 101 111 112 121 122".split()
)

# By hand, not by the CLDR: one, a few (2 to 4 in Russian), many, and with decimals.
FORMS = {
    ("en", "metr"): ("metre", "metres"),
    ("en", "second"): ("second", "seconds"),
    ("en", "year"): ("year", "years"),
    ("en", "word"): ("word", "words"),
    ("de", "meter"): ("Meter", "Meter"),
    ("de", "sekunde"): ("Sekunde", "Sekunden"),
    ("de", "jahr"): ("Jahr", "Jahre"),
    ("de", "w"): ("Wort", "Wörter"),
    ("es", "metro"): ("metro", "metros"),
    ("es", "segundo"): ("segundo", "segundos"),
    ("es", "año"): ("año", "años"),
    ("es", "palabra"): ("palabra", "palabras"),
    ("fr", "mètre"): ("mètre", "mètres"),
    ("fr", "seconde"): ("seconde", "secondes"),
    ("fr", "an"): ("an", "ans"),
    ("fr", "mot"): ("mot", "mots"),
    ("ru", "метр"): ("метр", "метра", "метров"),
    ("ru", "секунд"): ("секунда", "секунды", "секунд"),
    ("ru", "год"): ("год", "года", "лет"),
    ("ru", "лет"): ("год", "года", "лет"),
    ("ru", "слов"): ("слово", "слова", "слов"),
}
ALIKE = {"m", "s", "dB", "м", "с", "дБ", "out", "von", "sobre", "sur", "из"}
"""What follows numbers and has no plural."""


def _rendered(wordings: Phrasings, question: Question, label: str, draw: Draw) -> tuple[str, str]:
    rendered = wordings.render(question, label, draw)
    assert rendered is not None
    return rendered


def form(language: str, said: str, forms: tuple[str, ...]) -> str:
    """The form that goes with a number as it is written, by the grammar books."""
    whole = int(re.split("[.,]", said.lstrip("-"))[0])
    decimals = not said.lstrip("-").isdigit()
    if language == "ru":
        if decimals:
            return forms[1]
        if whole % 10 == 1 and whole % 100 != 11:
            return forms[0]
        return forms[1] if whole % 10 in (2, 3, 4) and whole % 100 not in (12, 13, 14) else forms[2]
    one = whole < 2 if language == "fr" else whole == 1 and not decimals
    if language == "es" and said == "1,0":
        one = True  # the CLDR's; the academies leave it open
    return forms[0] if one else forms[1]


@pytest.mark.parametrize("name", NUMBERS)
def test_every_number_is_said_as_the_language_says_it(name: str) -> None:
    task = TASKS.all()[name]
    wordings = phrasings_of(task)
    signed = [*VALUES, "-3.25", "-0.2"] if name == "snr" else VALUES
    digits = task.digits
    for label in signed:
        if digits is None and "." in label:
            continue  # ages and counts
        rounded = (Decimal(label) if digits is None else round(Decimal(label), digits)) + 0  # no -0
        for language, questions in wordings.questions.items():
            pattern = "0" if not digits else "0." + "0" * digits
            expected = format_decimal(rounded, pattern, locale=language)
            assert expected == str(rounded).replace(".", SIGNS[language])
            for question in questions:
                _, answer = _rendered(wordings, question, label, Draw(0, question.id))
                numbers = re.findall(r"(?<![\d.,])-?\d+(?:[.,]\d+)*", answer)
                assert numbers[0] == expected, (question.id, answer)
                for number, word in re.findall(r"(?<![\d.,])(-?\d+(?:[.,]\d+)*)\s+([^\W\d_]+)", answer):
                    if word in ALIKE or language == "zh" or (number, word) == ("10", "Punkten"):
                        continue
                    forms = next(
                        forms
                        for (code, stem), forms in FORMS.items()
                        if code == language and word.lower().startswith(stem)
                    )
                    assert word == form(language, number, forms), (question.id, answer)
                assert "\u00a0" not in answer
                assert "\u202f" not in answer
                assert first_number(answer, language) == float(rounded), (question.id, answer)


def test_units_by_hand() -> None:
    cases = [
        ("3.9", 1, "ru", "metres", "3,9 метра"),
        ("21", 0, "ru", "metres", "21 метр"),
        ("22", 0, "ru", "seconds", "22 секунды"),
        ("11", 0, "ru", "years", "11 лет"),
        ("3.9", 1, "de", "metres", "3,9 Meter"),
        ("1", 0, "de", "seconds", "1 Sekunde"),
        ("1", 1, "de", "seconds", "1,0 Sekunden"),
        ("1.5", 1, "fr", "metres", "1,5 mètre"),
        ("2", 1, "fr", "seconds", "2,0 secondes"),
        ("33", 0, "fr", "years", "33 ans"),
        ("0.5", 1, "es", "seconds", "0,5 segundos"),
        ("3.9", 1, "en", "metres", "3.9 metres"),
        ("1", 1, "en", "metres", "1.0 metres"),
        ("1", 0, "en", "metres", "1 metre"),
    ]
    for value, digits, language, unit, said in cases:
        assert saying.amount(value, digits, language, unit) == said
    forms = {"one": "# слово", "few": "# слова", "many": "# слов", "other": "# слова"}
    assert [saying.counted(str(n), None, "ru", forms) for n in (1, 3, 5, 21)] == [
        "1 слово",
        "3 слова",
        "5 слов",
        "21 слово",
    ]
    assert saying.number("1234.5", None, "de") == "1234,5"
    assert saying.number("-0.04", 1, "de") == "0,0"


def test_plural_forms_that_a_template_file_must_have() -> None:
    assert saying.plurals("ru", None) == ("few", "many", "one", "other")
    assert saying.plurals("ru", 1) == ("other",)
    assert saying.plurals("zh", None) == ("other",)
    assert saying.plurals("de", 0) == ("one", "other")


def test_a_template_file_without_a_plural_form_is_named(tmp_path: Path) -> None:
    path = tmp_path / "word_count.yaml"
    path.write_text(
        'en: {forms: [{questions: ["How many?"], answers: ["{answer}"]}]}\n'
        "ru:\n  units: {words: {one: '# слово', other: '# слова'}}\n"
        '  forms: [{questions: ["Сколько?"], answers: ["{words}"]}]\n'
    )
    with pytest.raises(
        InputError, match=r"line 3: field 'ru.units.words' needs a form for each of few, many"
    ):
        read_phrasings(path, TASKS.all()["word_count"])
    path.write_text('en: {forms: [{questions: ["How many?"], answers: ["{answer}"]}]}\nxq: {forms: []}\n')
    with pytest.raises(InputError, match=r"line 2: .*'xq' isn't in the Unicode CLDR"):
        read_phrasings(path, TASKS.all()["word_count"])


def test_lists_by_hand() -> None:
    three = ["dog", "rain", "wind"]
    assert [saying.both(three[:n], "en") for n in (1, 2, 3)] == ["dog", "dog and rain", "dog, rain and wind"]
    assert saying.both(["a", "b", "c"], "de") == "a, b und c"
    assert saying.both(["a", "b", "c"], "fr") == "a, b et c"
    assert saying.both(["a", "b", "c"], "ru") == "a, b и c"
    assert saying.both(["a", "b", "c"], "zh") == "a、b和c"
    assert saying.both(["agua", "iglesia"], "es") == "agua e iglesia"
    assert saying.both(["agua", "hielo"], "es") == "agua y hielo"
    options = {code: saying.listed(["a", "b", "c"], *saying.joints(code, "or"), code) for code in SIGNS}
    assert options == {
        "en": "a, b or c",
        "de": "a, b oder c",
        "es": "a, b o c",
        "fr": "a, b ou c",
        "ru": "a, b или c",
        "zh": "a、b或c",
    }
    assert saying.listed(["inglés", "occitano"], ", ", " o ", "es") == "inglés u occitano"
    assert saying.listed(["mujer", "hombre"], ", ", " o ", "es") == "mujer u hombre"


@pytest.mark.parametrize("language", SIGNS)
def test_options_are_counted_as_they_were_listed(language: str) -> None:
    """The audit reads them back from the question, `u` included."""
    wordings = phrasings_of(TASKS.all()["language"]).with_options({"Occitan": 5, "English": 5, "German": 5})
    listing = [question for question in wordings.questions[language] if question.lists_options]
    assert listing
    for question, seed in product(listing, range(8)):
        text, _ = _rendered(wordings, question, "Occitan", Draw(seed, question.id))
        found = listed_options("language", question.id, text)
        assert found is not None
        assert found[2] in (2, 3)
        assert found[2] == 1 + sum(name in text for name in _words(wordings, question, ["English", "German"]))
        if language == "es":
            assert " o occitano" not in text


def _words(wordings: Phrasings, question: Question, labels: list[str]) -> list[str]:
    return [wordings.word(question, label) or "" for label in labels]


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_written_in_the_languages_way_and_read_back(name: str) -> None:
    task = TASKS.all()[name]
    label = "0.0-3.2 1, 2.9-10.5 2, 10.5-12.0 1" if name == "speaker_turns" else "barking, rain, wind"
    wordings = phrasings_of(task)
    for language, questions in wordings.questions.items():
        for question in questions:
            asked, answer = _rendered(wordings, question, label, Draw(0, question.id))
            assert not re.search(rf"\d[{'.' if SIGNS[language] == ',' else ','}]\d", answer), answer
            scorer = Scorer("list", [(question.id, label, answer)], None)
            assert scorer.points(answer, label, question.id, language) == (1.0, 1), answer
            if re.search("(?i)comma", asked):
                assert answer == label
            if name == "speaker_turns" and SIGNS[language] == ",":
                assert answer == "0,0-3,2 1; 2,9-10,5 2; 10,5-12,0 1"
                assert not re.search(
                    r"(?i)\bkommas|\bcomas|virgules|через запятую", asked.replace("points-virgules", "")
                )
            elif name != "speaker_turns" and not re.search(
                "(?i)comma|events:|instrumentation:|keywords:", asked
            ):
                assert "barking, rain and wind" in answer.lower()


MEASURES = {"distance": "m", "reverberation": "s", "turn_start": "s", "snr": "dB", "age": "years"}


@pytest.mark.parametrize("name", MEASURES)
def test_the_filters_read_the_numbers_that_templates_write(name: str) -> None:
    wordings = phrasings_of(TASKS.all()[name])
    labels = ["1", "2", "21", "35"] if name == "age" else ["1", "2", "3.9", "21", "0.4"]
    for label, questions in product(labels, wordings.questions.values()):
        for question in questions:
            _, answer = _rendered(wordings, question, label, Draw(0, question.id))
            (found,) = quantities(answer, question.language)
            assert found.measure in ("", MEASURES[name]), answer
            assert abs(found.value - float(label)) <= 0.5, answer


def test_an_llm_is_told_how_numbers_are_written() -> None:
    assert in_words(QuestionSpec("what", ("distance_m",)), True).endswith("microphone.")
    assert in_words(QuestionSpec("what", ("distance_m",), "de"), True).endswith(
        "in German. Write 3.9 as 3,9."
    )
    assert in_words(QuestionSpec("what", ("distance_m",), "zh"), True).endswith("in Chinese.")
    assert in_words(QuestionSpec("what", ("gender",), "de"), False).endswith("in German.")
