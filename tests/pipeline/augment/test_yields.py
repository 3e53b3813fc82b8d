"""The facts that a step says it may leave are those that it leaves; the plan reckons with them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lhotse import MonoCut

from cryfish.pipeline.augment.settings import read_steps
from cryfish.pipeline.augment.steps import augment_cuts, prepare_steps
from cryfish.pipeline.config import load_config
from cryfish.pipeline.plan import plan
from cryfish.pipeline.rirs.rirs import Bank
from cryfish.recipes.kit.facts import read_facts

from ..conftest import speech_like

ALWAYS = {"share": 1, "factor": {"uniform": [0.8, 1.25]}}
STEPS: dict[str, dict[str, Any]] = {
    "speed": {"voice": {"speed": ALWAYS}},
    "voice": {
        "voice": {
            "tempo": {**ALWAYS, "share": 0.5},
            "pitch": {"share": 0.5, "semitones": 2},
            "padding": {"share": 0.5, "start_s": 0.2},
        }
    },
    "room": {"room": {"bank": "rirs"}},
    "far": {"room": {"bank": "rirs", "distances": 2, "level": "inverse"}},
    "near": {"room": {"bank": "rirs", "distances": 2}},
    "noise": {"noise": {"from": ["esc50"], "snr_db": {"uniform": [0, 20]}}},
    "gain": {"channel": {"gain": {"share": 1, "db": -6}}},
    "channel": {
        "channel": {
            "low_pass": {"share": 0.5, "hz": 3000},
            "clipping": {"share": 0.5, "clipped": 0.01},
            "codec": {"share": 0.5, "of": ["gsm", "mp3"]},
        }
    },
}


@pytest.mark.parametrize("given", STEPS.values(), ids=STEPS)
def test_a_step_leaves_what_it_says(
    given: dict[str, Any], make_cut: Callable[..., MonoCut], noises: list[MonoCut], bank: Bank
) -> None:
    [(name, content)] = given.items()
    content = {**content, "share": 1, **({"bank": str(bank.folder)} if name == "room" else {})}
    [settings] = read_steps([{name: content}])
    steps = prepare_steps([settings], "train", Path(), lambda _: noises)
    # A hiss 50 dB down: a gate wouldn't tell how noisy the clip is.
    rng = np.random.default_rng(0)
    audio = speech_like(rng, 1.0, 16_000) + 1e-4 * rng.standard_normal(16_000)
    clip = make_cut("clip", audio, text="hello")
    left: set[str] = set()
    for seed in range(30):
        for cut in augment_cuts([clip], steps, seed):
            left |= read_facts(cut).keys() - read_facts(clip).keys()
    assert left == settings.yields


@pytest.mark.parametrize(
    ("steps", "served"),
    [
        ("- room: {share: 1, bank: rirs, distances: 2, level: inverse}", {"louder", "nearer"}),
        ("- room: {share: 1, bank: rirs, distances: 2}", {"nearer"}),
        ("- room: {share: 1, bank: rirs}", set()),
        ("- channel: {share: 1, telephone: {share: 1}}", {"bandwidth"}),
        ("- channel: {share: 1, gain: {share: 1, db: -6}}", set()),
    ],
)
def test_the_plan_reckons_with_what_the_steps_leave(
    write_config: Callable[..., Path], steps: str, served: set[str]
) -> None:
    path = write_config(
        old="tasks: {asr: 20, gender: 20, snr: all, speaker_verification: 8}",
        new="tasks: {asr: 20, louder: 4, nearer: 4, bandwidth: 4}",
    )
    text = path.read_text()
    before, rest = text.split("augment:\n")
    path.write_text(f"{before}augment:\n  {steps}\ninstruct:{rest.partition('instruct:')[2]}")
    page = plan(load_config(path), path.parent)
    told = {line.split()[0]: line for line in page.splitlines() if line.startswith("    ")}
    for task in ("louder", "nearer", "bandwidth"):
        assert ("fsdd" in told[task]) == (task in served), told[task]
