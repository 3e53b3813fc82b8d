"""The list of corpora as a table and as the page in docs/."""

from pathlib import Path

from cryfish.pipeline.prepare.catalogue import fits, page, table
from cryfish.recipes.kit.registry import corpora

ALL = [found.corpus for found in corpora().values()]


def test_there_are_enough_and_each_is_listed_once() -> None:
    assert len(ALL) >= 45
    text = page(ALL)
    for corpus in ALL:
        assert text.count(f"| `{corpus.name}` |") == 1
        assert corpus.name in table(ALL)


def test_docs_corpora_md_is_what_the_recipes_declare() -> None:
    written = Path(__file__).parents[3] / "docs" / "corpora.md"
    assert written.read_text(encoding="utf-8") == page(ALL), "run `make docs`"


def test_corpora_are_chosen_by_task_licence_and_language() -> None:
    emotional = [corpus.name for corpus in ALL if fits(corpus, "emotion", None, None)]
    assert {"ravdess", "iemocap", "esd"} <= set(emotional)
    assert "librispeech" not in emotional
    free = {corpus.name for corpus in ALL if fits(corpus, None, "commercial", None)}
    assert "librispeech" in free
    assert "ravdess" not in free
    assert {corpus.name for corpus in ALL if fits(corpus, None, "cc by-nc", None)} >= {"ravdess", "wham"}
    german = {corpus.name for corpus in ALL if fits(corpus, "asr", None, "de")}
    assert {"commonvoice", "emodb", "mls"} <= german
    assert "aishell" not in german
    assert "asterisk" in {corpus.name for corpus in ALL if fits(corpus, None, None, "es")}
