"""A trained model as the one that writes: it must really hear the clip."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from lhotse import MonoCut, Recording, SupervisionSegment

from cryfish.errors import InputError
from cryfish.pipeline.instruct.generate.generate import generate_candidates
from cryfish.pipeline.instruct.generate.prompts import SCHEMA
from cryfish.pipeline.instruct.llm.llm import Backend, Request, Sampling, open_backend

GREEDY = Sampling(temperature=0, max_tokens=24)


@pytest.fixture(scope="module")
def backend(checkpoint: Path) -> Backend:
    return open_backend("cryfish", str(checkpoint), batch_size=2, device="cpu")


def cut_of(path: Path, samples: np.ndarray) -> MonoCut:
    soundfile.write(path, samples, 16_000)
    recording = Recording.from_file(path, recording_id=path.stem)
    said = SupervisionSegment(path.stem, path.stem, 0.0, 0.5, text="we leave at nine", gender="female")
    return MonoCut(
        path.stem, 0.0, 0.5, 0, [said], recording=recording, custom={"corpus": "demo", "facts": {}}
    )


@pytest.fixture
def cuts(tmp_path: Path) -> list[MonoCut]:
    time = np.arange(8000) / 16_000
    noise = np.random.default_rng(0).normal(0, 0.2, 8000)
    return [
        cut_of(tmp_path / "tone.wav", 0.5 * np.sin(2 * np.pi * 440 * time)),
        cut_of(tmp_path / "noise.wav", noise),
    ]


def asked(cut: MonoCut | None, text: str = "Ask.") -> Request:
    return Request(cut.id if cut else "", [{"role": "user", "content": text}], 1, cut)


def test_the_reply_depends_on_what_is_heard(backend: Backend, cuts: list[MonoCut]) -> None:
    heard = [reply.text for cut in cuts for _, reply in backend.write([asked(cut)], GREEDY, SCHEMA)]
    assert heard[0] != heard[1]
    assert all(text.startswith('{"question": "') for text in heard)
    [(_, again)] = backend.write([asked(cuts[0])], GREEDY, SCHEMA)
    assert again.text == heard[0]


def test_without_a_clip_or_a_schema_it_is_an_engine_like_others(backend: Backend) -> None:
    [(_, reply)] = backend.write([asked(None)], GREEDY, {})
    assert reply.error is None
    assert not reply.text.startswith("{")


def test_what_data_says_adds_no_clip(backend: Backend, cuts: list[MonoCut]) -> None:
    [(_, reply)] = backend.write([asked(cuts[0], "Facts: <audio> <audio>")], GREEDY, SCHEMA)
    assert reply.error is None


def test_a_clip_that_cannot_be_heard_fails_alone(
    backend: Backend, cuts: list[MonoCut], tmp_path: Path
) -> None:
    gone = cut_of(tmp_path / "gone.wav", np.full(8000, 0.1))
    (tmp_path / "gone.wav").unlink()
    replies = {r.key: reply for r, reply in backend.write([asked(gone), asked(cuts[0])], GREEDY, SCHEMA)}
    assert "the clip can't be read" in str(replies["gone"].error)
    assert not replies["gone"].retry
    assert replies["tone"].error is None


def test_it_writes_candidates_like_any_engine(backend: Backend, cuts: list[MonoCut], tmp_path: Path) -> None:
    out = tmp_path / "c.jsonl"

    def run(out: Path) -> int:
        return generate_candidates(
            cuts,
            out,
            backend,
            per_clip=2,
            sampling=Sampling(max_tokens=16),
            descriptions={"demo": "Read speech."},
            progress=False,
        ).new

    assert run(out) == 4
    records = [json.loads(line) for line in out.read_text().splitlines()]
    assert {record["model"] for record in records} == {backend.model}
    assert all("error" not in record for record in records)
    assert run(out) == 0
    run(tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == out.read_bytes()


def test_a_folder_without_a_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a checkpoint"):
        open_backend("cryfish", str(tmp_path))
