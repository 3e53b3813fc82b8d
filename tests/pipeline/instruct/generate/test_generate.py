import fcntl
import json
import multiprocessing
import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch
from click.testing import CliRunner
from lhotse import CutSet, MonoCut, Recording, SupervisionSegment
from lhotse.audio import AudioSource

from cryfish.errors import InputError
from cryfish.ownership import note
from cryfish.pipeline.audio.manifests import write_cuts
from cryfish.pipeline.cli.instruct import instruct_group
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.instruct.generate.generate import GenerateReport, generate_candidates, record_id
from cryfish.pipeline.instruct.generate.stage import generate_partition
from cryfish.pipeline.instruct.generate.styles import Mixture
from cryfish.pipeline.instruct.llm.engines.transformers import TransformersBackend
from cryfish.pipeline.instruct.llm.llm import Backend, Completion, Request, Sampling, Usage, open_backend
from cryfish.recipes.kit.registry import corpora, recipe

DESCRIPTIONS = {"demo": "Read speech."}


def make_cuts(count: int, first: int = 0) -> list[MonoCut]:
    return [make_cut(f"c{number}", f"the ferry leaves at {number}") for number in range(first, first + count)]


def make_cut(name: str, text: str | None, **facts: Any) -> MonoCut:
    recording = Recording(name, [AudioSource("file", [0], f"{name}.wav")], 16_000, 16_000, 1.0)
    supervision = SupervisionSegment(name, name, 0.0, 1.0, text=text, speaker="s1")
    custom = {"corpus": "demo", "facts": facts}
    return MonoCut(name, 0.0, 1.0, 0, [supervision], recording=recording, custom=custom)


class Writer(Backend):
    """An engine that answers at once, the last first of every two; clips whose text holds a word of `fails` get that
    completion instead."""

    model = "writer"

    def __init__(self, fails: Mapping[str, Completion] | None = None) -> None:
        self.fails = fails or {}
        self.asked = 0

    def write(
        self, requests: Iterable[Request], sampling: Sampling, schema: Mapping[str, Any]
    ) -> Iterator[tuple[Request, Completion]]:
        requests = iter(requests)
        while pair := list(islice(requests, 2)):
            self.asked += len(pair)
            for request in reversed(pair):
                yield request, self._answer(str(request.messages[-1]["content"]), request.seed)

    def _answer(self, prompt: str, seed: int) -> Completion:
        for word, completion in self.fails.items():
            if word in prompt:
                return completion
        text = json.dumps({"question": f"What {seed}?", "answer": "Nine."})
        return Completion(text, "stop", usage=Usage(100, 90, 7))

    def close(self) -> None:
        pass


def write(out: Path, cuts: list[MonoCut], backend: Any, **options: Any) -> GenerateReport:
    options = {"seed": 3, "descriptions": DESCRIPTIONS, "progress": False, **options}
    return generate_candidates(cuts, out, backend, **options)


def records_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_candidates_say_what_made_them(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "candidates.jsonl"
    report = write(out, [*make_cuts(3), make_cut("silent", None)], Writer(), per_clip=2)
    assert (report.records, report.new, report.errors, report.silent_clips) == (6, 6, 0, 1)
    records = records_of(out)
    assert [record["clips"] for record in records] == [[f"c{n}"] for n in (0, 0, 1, 1, 2, 2)]
    assert len({record["id"] for record in records}) == 6
    first = records[0]
    assert first["id"] == record_id(["c0"], "writer", first["seed"])
    assert first["facts"] == {"text": "the ferry leaves at 0"}
    assert (first["corpus"], first["corpus_description"]) == ("demo", "Read speech.")
    assert (first["question"], first["answer"]) == (f"What {first['seed']}?", "Nine.")
    assert [path.name for path in out.parent.glob("[!.]*")] == [out.name]


def test_an_id_depends_on_clips_model_and_seed() -> None:
    made = [(["a"], "m", 1), (["b"], "m", 1), (["a"], "n", 1), (["a"], "m", 2)]
    assert len({record_id(*parts) for parts in made}) == 4
    assert record_id(["a"], "m", 1) == record_id(["a"], "m", 1)


def test_a_second_run_asks_only_for_what_is_missing(tmp_path: Path) -> None:
    out, backend = tmp_path / "c.jsonl", Writer()
    write(out, make_cuts(4), backend)
    before = out.read_bytes()
    assert write(out, make_cuts(4), backend).new == 0
    assert (out.read_bytes(), backend.asked) == (before, 4)
    assert write(out, make_cuts(6), backend).new == 2
    assert backend.asked == 6
    assert out.read_bytes().startswith(before)


def test_records_no_longer_wanted_come_back_without_being_made_again(tmp_path: Path) -> None:
    out, backend = tmp_path / "c.jsonl", Writer()
    write(out, make_cuts(4), backend)
    before = out.read_bytes()
    assert write(out, make_cuts(2), backend).records == 2
    assert write(out, make_cuts(4), backend).new == 0
    assert (out.read_bytes(), backend.asked) == (before, 4)


def test_a_changed_fact_is_asked_about_again(tmp_path: Path) -> None:
    out, backend = tmp_path / "c.jsonl", Writer()
    write(out, make_cuts(3), backend)
    changed = [*make_cuts(2), make_cut("c2", "no ferry today")]
    assert write(out, changed, backend).new == 1
    assert records_of(out)[2]["facts"]["text"] == "no ferry today"


def test_a_failed_prompt_is_a_record_with_its_error(tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"
    backend = Writer(
        {"at 1": Completion(error="prompt too long"), "at 2": Completion(error="HTTP 503", retry=True)}
    )
    assert write(out, make_cuts(4), backend).errors == 2
    assert [record.get("error") for record in records_of(out)] == [None, "prompt too long", "HTTP 503", None]
    backend.fails = {}
    assert write(out, make_cuts(4), backend).new == 1  # only what may pass is tried again
    assert [record.get("error") for record in records_of(out)] == [None, "prompt too long", None, None]


def test_a_reply_that_cannot_be_read_keeps_its_text(tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"
    write(out, make_cuts(2), Writer({"at 1": Completion("I'd rather not \ud83d.", "stop")}))
    record = records_of(out)[1]
    assert (record["question"], record["answer"], record["raw"]) == ("", "", "I'd rather not ?.")


def test_an_engine_that_goes_down_ends_the_run_and_keeps_what_is_done(tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"
    backend = Writer({f"at {number}": Completion(error="no answer", retry=True) for number in range(4, 100)})
    with pytest.raises(InputError, match="32 requests in a row failed: no answer"):
        write(out, make_cuts(100), backend)
    assert not out.exists()
    assert len(records_of(tmp_path / "c.partial.jsonl")) == 4
    backend.fails, backend.asked = {}, 0
    assert write(out, make_cuts(100), backend).records == 100
    assert backend.asked == 96


def test_an_engine_that_never_answers_ends_a_short_run_too(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2 requests in a row failed: no answer"):
        write(tmp_path / "c.jsonl", make_cuts(2), Writer({"at": Completion(error="no answer", retry=True)}))


def test_a_run_tells_what_it_took(tmp_path: Path) -> None:
    assert write(tmp_path / "c.jsonl", make_cuts(5), Writer()).usage == Usage(500, 450, 35)


def test_the_mixture_is_kept_over_many_records(tmp_path: Path) -> None:
    cuts = [make_cut(f"c{n}", f"it is {n} o'clock", emotion="happy", snr_db=float(n)) for n in range(1500)]
    mixture = Mixture(binary_share=0.3, languages={"en": 3, "ru": 1})
    write(tmp_path / "c.jsonl", cuts, Writer(), mixture=mixture)
    records = records_of(tmp_path / "c.jsonl")
    yes_no = [record for record in records if record["style"] in ("confirm", "deny")]
    assert len(yes_no) / len(records) == pytest.approx(0.3, abs=0.04)
    assert sum(r["style"] == "deny" for r in yes_no) / len(yes_no) == pytest.approx(0.5, abs=0.08)
    assert sum(r["language"] == "ru" for r in records) / len(records) == pytest.approx(0.25, abs=0.04)


def test_another_mixture_makes_only_what_it_changes_again(tmp_path: Path) -> None:
    out, backend = tmp_path / "c.jsonl", Writer()
    write(out, make_cuts(50), backend, mixture=Mixture(languages={"en": 3, "de": 1}))
    before = {record["id"]: record["language"] for record in records_of(out)}
    report = write(out, make_cuts(50), backend, mixture=Mixture(languages={"en": 1}))
    assert report.new == sum(language == "de" for language in before.values())
    assert {record["language"] for record in records_of(out)} == {"en"}


def test_facts_that_a_corpus_calls_unhelpful_are_not_told(tmp_path: Path) -> None:
    cut = make_cut("r1", "Kids are talking by the door.", emotion="sad").with_custom("corpus", "ravdess")
    write(tmp_path / "c.jsonl", [cut], Writer())
    [record] = records_of(tmp_path / "c.jsonl")
    assert record["facts"] == {"emotion": "sad"}
    assert record["corpus_description"] == recipe("ravdess").corpus.description


def test_what_corpora_call_unhelpful_are_facts_they_have() -> None:
    for found in corpora().values():
        assert set(found.corpus.unhelpful) <= set(found.corpus.facts), found.corpus.name


@pytest.mark.parametrize(
    ("cuts", "message"),
    [
        ([make_cut("c0", "a"), make_cut("c0", "b")], "cut c0 occurs twice"),
        ([make_cut("c0", "a").with_custom("corpus", None)], "cut c0 doesn't say its corpus"),
    ],
)
def test_bad_cuts_are_named(tmp_path: Path, cuts: list[MonoCut], message: str) -> None:
    with pytest.raises(InputError, match=message):
        write(tmp_path / "c.jsonl", cuts, Writer())


def test_a_damaged_file_is_named_with_its_line(tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"
    note([out])
    out.write_text('{"id": "0123"}\nnot json\n')
    with pytest.raises(InputError, match=r"c\.jsonl: line 2 isn't a candidate"):
        write(out, make_cuts(2), Writer())


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    note([tmp_path / "c.partial.jsonl"])
    with (tmp_path / "c.partial.jsonl").open("ab") as journal:
        fcntl.flock(journal, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="another run is writing this file"):
            write(tmp_path / "c.jsonl", make_cuts(2), Writer())


def run_tiny(llm: Path, out: Path) -> None:
    """Writes the candidates of the kill test; also what the killed process runs."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        backend = open_backend("transformers", str(llm), device="cpu", batch_size=3)
        write(out, make_cuts(90), backend, sampling=Sampling(max_tokens=8))
        backend.close()
    finally:
        torch.set_num_threads(threads)


def whole_lines(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")[:-1] if path.exists() else []


def test_killed_ten_times_no_record_is_lost_and_none_is_there_twice(tmp_path: Path, tiny_llm: Path) -> None:
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"
    run_tiny(tiny_llm, whole)
    # A process that has imported everything and run nothing: what is forked from it starts at once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([run_tiny.__module__, TransformersBackend.__module__])
    journal = tmp_path / "killed.partial.jsonl"
    done: list[bytes] = []
    for kill in range(10):
        process = context.Process(target=run_tiny, args=(tiny_llm, killed))
        process.start()
        deadline = time.monotonic() + 120
        while len(whole_lines(journal)) < len(done) + 1 + kill % 4:
            assert process.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.001 * kill)
        process.kill()
        process.join()
        assert not killed.exists(), "the run ended before it could be killed"
        now = whole_lines(journal)
        assert now[: len(done)] == done
        assert len({json.loads(line)["id"] for line in now}) == len(now)
        done = now
        if kill % 3 == 0:  # as a machine that loses power in the middle of a write leaves it
            with journal.open("ab") as stream:
                stream.write(b'{"id": "half a li')
    assert 10 <= len(done) < 90
    run_tiny(tiny_llm, killed)
    assert killed.read_bytes() == whole.read_bytes()
    assert not journal.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--language", "de=much"], "--language de=much: must be CODE or CODE=WEIGHT"),
        (["--language", "germn"], "unknown language 'germn'"),
        (["--engine", "openai"], "needs the server's address"),
    ],
)
def test_options_that_cannot_be_are_named(tmp_path: Path, options: list[str], message: str) -> None:
    manifest = tmp_path / "cuts.jsonl.gz"
    CutSet.from_cuts(make_cuts(2)).to_file(manifest)
    command = ["generate", str(manifest), "--llm", "llm", "--out", str(tmp_path / "c.jsonl"), *options]
    with pytest.raises(InputError, match=message):
        CliRunner().invoke(instruct_group, command, catch_exceptions=False)


def test_the_command_mixes_languages_and_keeps_to_the_quota(tmp_path: Path, tiny_llm: Path) -> None:
    manifest, out = tmp_path / "cuts.jsonl.gz", tmp_path / "c.jsonl"
    cuts = [make_cut(f"c{n}", "it is late", emotion="happy").with_custom("corpus", "esd") for n in range(40)]
    CutSet.from_cuts(cuts).to_file(manifest)
    mixed = ["--language", "en", "--language", "fr=1", "--binary-share", "0"]
    command = ["generate", str(manifest), "--llm", str(tiny_llm), "--out", str(out), "--clips", "20", *mixed]
    assert CliRunner().invoke(instruct_group, command, catch_exceptions=False).exit_code == 0
    records = records_of(out)
    assert len(records) == 20
    assert {record["language"] for record in records} == {"en", "fr"}
    assert not {record["style"] for record in records} & {"confirm", "deny"}


def test_more_errors_than_the_share_end_it_and_are_asked_again(tmp_path: Path, scripted_llm: Any) -> None:
    manifest, out = tmp_path / "c.cuts.jsonl.gz", tmp_path / "candidates.jsonl"
    cuts = [make_cut(f"clip{n}", f"{'thorny' if n % 4 == 0 else 'plain'} {n}") for n in range(24)]
    for cut in cuts:
        cut.custom["corpus"] = "librispeech"
    write_cuts(manifest, cuts)
    busy = True

    def reply(asked: str, seed: int) -> dict[str, Any] | None:
        return None if busy and "thorny" in asked else {"question": "What is said?", "answer": "Words."}

    def go(max_bad: float, out: Path = out) -> dict[str, Any]:
        options = {"llm": "m", "engine": "openai", "url": scripted_llm.url, "clips": "all", "per_clip": 1}
        partition = generate_partition(
            [manifest],
            out,
            **options,
            batch_size=2,
            seed=0,
            max_bad=max_bad,
        )
        [counts] = Engine().run("generate", [partition])
        return counts

    scripted_llm.reply = reply
    with pytest.raises(InputError, match=r"6 of 24 candidates in .* are bad .*HTTP 418.*--max-bad"):
        go(0.01)
    assert go(0.5, tmp_path / "others.jsonl")["errors"] == 6
    busy = False
    counts = go(0.01)
    assert counts["candidates"] == 24


def test_no_cut_that_an_llm_could_be_told_of_is_an_error(tmp_path: Path, scripted_llm: Any) -> None:
    manifest = tmp_path / "c.cuts.jsonl.gz"
    write_cuts(manifest, [])
    arguments = ["generate", str(manifest), "--llm", "m", "--engine", "openai", "--url", scripted_llm.url]
    result = CliRunner().invoke(instruct_group, [*arguments, "--out", str(tmp_path / "out.jsonl")])
    assert isinstance(result.exception, InputError)
    assert "no cut here has a fact" in str(result.exception)
