"""What every engine does, also from elsewhere (CRYFISH_PLUGINS), and one added by docs/adding-an-engine.md."""

import re
from pathlib import Path
from typing import Any

import pytest

from cryfish.errors import InputError
from cryfish.files import read_jsonl
from cryfish.pipeline.instruct.generate.prompts import SCHEMA
from cryfish.pipeline.instruct.llm.llm import (
    ENGINES,
    Request,
    Sampling,
    engine_faults,
    engine_named,
    open_backend,
)

from ....pages import follow
from ...conftest import make_fsdd
from ..conftest import ScriptedLlm


@pytest.mark.parametrize("name", ENGINES.all())
def test_every_request_gets_one_reply(
    name: str, tiny_llm: Path, checkpoint: Path, scripted_llm: ScriptedLlm
) -> None:
    engine = engine_named(name)
    if missing := engine.missing():
        pytest.skip(missing)
    scripted_llm.reply = lambda asked, seed: {"question": "Who speaks?", "answer": "A woman."}
    ready: dict[Any, str] = {
        "LLM": str(tiny_llm),
        "CHECKPOINT": str(checkpoint),
        "SERVER": scripted_llm.url,
    }
    tried = engine.miniature
    llm = ready.get(tried.llm, tried.llm)
    options = {option: ready.get(value, value) for option, value in tried.options.items()}
    url = options.pop("url", None)
    assert list(engine_faults(name, llm, url, options, "here")) == []
    backend = open_backend(name, llm, url, **options)
    requests = [Request(f"r{n}", [{"role": "user", "content": "Ask."}], n) for n in range(5)]
    replies = list(backend.write(iter(requests), Sampling(max_tokens=24), SCHEMA))
    backend.close()
    assert sorted(request.key for request, _ in replies) == [request.key for request in requests]
    for _, reply in replies:
        assert reply.error is None
        assert reply.finish_reason in ("stop", "length")
        assert re.match(tried.reply, reply.text)
    assert backend.model


@pytest.mark.parametrize("name", ENGINES.all())
def test_an_option_that_isnt_one_is_told(name: str) -> None:
    if engine_named(name).options.model_config.get("extra") == "allow":
        pytest.skip("it takes any")
    with pytest.raises(InputError, match=rf"engine '{name}': field 'no_such_option' is unknown"):
        open_backend(name, "llm", no_such_option=1)


def test_options_are_bounded_as_a_configs_are() -> None:
    [fault] = engine_faults("openai", "llm", "http://127.0.0.1:1/v1", {"retries": -1}, "--llm")
    assert fault == "--llm: field 'retries': must be between 0 and 1000, found -1"


def test_an_address_may_be_given_as_an_option_too() -> None:
    open_backend("openai", "llm", **{"url": "http://127.0.0.1:1/v1"}).close()


def test_an_engine_is_added_by_the_page_alone(tmp_path: Path) -> None:
    make_fsdd(tmp_path / "free-spoken-digit-dataset")
    follow("adding-an-engine.md", tmp_path)
    for record in read_jsonl(tmp_path / "candidates.jsonl"):
        assert record["model"] == "rule-gender"
        assert record["question"] == "What is the gender?"
        assert record["answer"] == record["facts"]["gender"].upper()
