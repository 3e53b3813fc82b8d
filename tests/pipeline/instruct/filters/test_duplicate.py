"""duplicate: near-duplicate questions, capped per corpus."""

from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.files import read_jsonl, write_jsonl
from cryfish.pipeline.instruct.filters import filter_file
from cryfish.pipeline.instruct.filters.duplicate import signature

ALIKE = [
    "What does the speaker in the recording ask for?",
    "what does the speaker in the recording ask for",
    "What does the speaker, in the recording, ask for?!",
    "So what does the speaker in the recording ask for?",
    "What does the speaker in this recording ask for?",
]
ALIKE_ZH = [
    "说话人在这段录音里问了什么问题?",
    "说话人在这段录音里问了什么问题",
    "说话人在这段录音里都问了什么问题?",
]
DIFFERENT = [
    "Which instrument plays the melody?",
    "How far from the microphone is the voice?",
    "说话人表达了什么情绪?",
    "Что говорит диктор о погоде на завтра?",
    "Which language is spoken in the background?",
]


def record(number: int, question: str, corpus: str = "one") -> dict[str, Any]:
    return {
        "id": f"{number}",
        "corpus_description": corpus,
        "facts": {},
        "question": question,
        "answer": "A cello.",
    }


def kept(folder: Path, records: list[dict[str, Any]], *, seed: int = 0, **options: Any) -> set[str]:
    write_jsonl(folder / "in.jsonl", records)
    filter_file(
        folder / "in.jsonl",
        folder / "kept.jsonl",
        folder / "dropped.jsonl",
        [{"duplicate": options}],
        seed=seed,
    )
    assert all(r["reasons"] == ["duplicate"] for r in read_jsonl(folder / "dropped.jsonl"))
    return {r["id"] for r in read_jsonl(folder / "kept.jsonl")}


def test_near_duplicates_are_capped_per_corpus_and_others_stay(tmp_path: Path) -> None:
    questions = ALIKE + ALIKE_ZH + DIFFERENT
    records = [record(i, question) for i, question in enumerate(questions)]
    left = kept(tmp_path, records, max_per_corpus=1)
    assert sum(i in left for i in map(str, range(5))) == 1
    assert sum(i in left for i in map(str, range(5, 8))) == 1
    assert all(str(i) in left for i in range(8, 13))
    assert len(kept(tmp_path, records, max_per_corpus=2)) == 2 + 2 + 5
    two = records + [record(100 + i, question, "two") for i, question in enumerate(questions)]
    assert len(kept(tmp_path, two, max_per_corpus=1)) == 2 * 7


def test_numbers_in_words_and_digits_are_the_same() -> None:
    one, other = signature("Who speaks after twelve seconds?"), signature("who speaks after 12 seconds")
    assert (one == other).all()


def test_the_choice_depends_on_seed_and_id_alone(tmp_path: Path) -> None:
    records = [record(i, ALIKE[i % len(ALIKE)]) for i in range(60)]
    first = kept(tmp_path, records, max_per_corpus=5)
    assert len(first) == 5
    assert kept(tmp_path, records[::-1], max_per_corpus=5) == first
    assert kept(tmp_path, records, max_per_corpus=5, seed=1) != first


def test_by_default_one_wording_is_a_twentieth_of_a_corpus_but_a_few_always_stay(tmp_path: Path) -> None:
    assert len(kept(tmp_path, [record(i, ALIKE[0]) for i in range(30)])) == 10
    letters = "abcdefghijklmnopqrst"
    unlike = [record(1000 + i, f"{letters[i // 20] * 6} {letters[i % 20] * 9}?") for i in range(400)]
    assert len(kept(tmp_path, unlike)) == 400
    assert len(kept(tmp_path, [*unlike, *(record(i, ALIKE[0]) for i in range(100))])) == 400 + 25
    half = [*unlike[:50], *(record(i, ALIKE[0]) for i in range(50))]
    assert len(kept(tmp_path, half, max_per_corpus=0.3)) == 50 + 30


@pytest.mark.parametrize("value", [0, 1.5, -2, True, "few"])
def test_a_wrong_cap_is_told(tmp_path: Path, value: Any) -> None:
    with pytest.raises(InputError, match="max_per_corpus of 'duplicate' should be a number of questions"):
        kept(tmp_path, [record(0, "Who?")], max_per_corpus=value)
