"""judge: an LLM rates how the facts bear an answer out."""

from pathlib import Path
from typing import Any

import pytest

from cryfish.files import read_jsonl, write_jsonl
from cryfish.pipeline.instruct.filters import Llm, filter_file
from cryfish.pipeline.instruct.filters.judge import read_rating


def record(number: int, answer: str) -> dict[str, Any]:
    return {
        "id": f"{number}",
        "corpus_description": "Actors speak.",
        "facts": {"emotion": "fear"},
        "question": "How does the speaker feel?",
        "answer": answer,
    }


def test_candidates_with_a_low_rating_are_dropped(tmp_path: Path, scripted_llm: Any) -> None:
    ratings = {"Afraid.": 5, "Uneasy.": 3, "Afraid of dogs.": 2, "Happy.": 1, "Hm.": "hard to say"}
    scripted_llm.reply = lambda asked, seed: {"rating": ratings[asked.rpartition("Answer: ")[2]]}
    write_jsonl(tmp_path / "in.jsonl", [record(i, answer) for i, answer in enumerate(ratings)])

    def dropped(least: int) -> list[str]:
        filter_file(
            tmp_path / "in.jsonl",
            tmp_path / "kept.jsonl",
            tmp_path / "dropped.jsonl",
            [
                {
                    "judge": {
                        "min_rating": least,
                        "engine": "openai",
                        "url": scripted_llm.url,
                        "llm": "some/llm",
                    }
                }
            ],
            seed=0,
        )
        return [r["answer"] for r in read_jsonl(tmp_path / "dropped.jsonl")]

    assert dropped(3) == ["Afraid of dogs.", "Happy."]
    [worse, _] = read_jsonl(tmp_path / "dropped.jsonl")
    assert worse["reasons"] == ["judge"]
    assert worse["details"] == ["some/llm rates how the facts bear it out as 2 of 5"]
    assert '"emotion": "fear"' in scripted_llm.asked[0]
    assert dropped(4) == ["Uneasy.", "Afraid of dogs.", "Happy."]
    assert len(scripted_llm.asked) == 5, "another threshold asks nothing again"


def test_a_real_small_llm_gives_ratings(tmp_path: Path, tiny_llm: Path) -> None:
    write_jsonl(tmp_path / "in.jsonl", [record(i, "Afraid.") for i in range(3)])
    counts = filter_file(
        tmp_path / "in.jsonl",
        tmp_path / "kept.jsonl",
        tmp_path / "dropped.jsonl",
        ["judge"],
        seed=0,
        llm=Llm(str(tiny_llm)),
    )
    assert counts["kept"] + counts["dropped"] == 3, "one that rates nothing drops nothing, and it is counted"
    assert counts["kept"] == counts.get("not answered for judge", 0)


@pytest.mark.parametrize(
    ("reply", "rating"), [("5", 5), ("4 of 5", 4), ("3.5", None), ("12", None), ("0", None), ("good", None)]
)
def test_reading_a_rating(reply: str, rating: int | None) -> None:
    assert read_rating(reply) == rating
