"""Every effect, of the package and of plugins (CRYFISH_PLUGINS): what its miniature says is what comes out."""

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lhotse import MonoCut
from lhotse.cut import Cut

from cryfish.pipeline.audio.effects import EFFECTS, Effect, StepName, effects_of
from cryfish.pipeline.audio.load import load_samples
from cryfish.pipeline.audio.manifests import cut_from_json, cut_to_json
from cryfish.pipeline.augment.augmentation import Augmentation
from cryfish.pipeline.augment.channel import CHANNEL_FACTS
from cryfish.pipeline.augment.settings import StepSettings, read_steps
from cryfish.pipeline.augment.steps import prepare_steps
from cryfish.pipeline.augment.voice import VOICE_FACTS
from cryfish.pipeline.engine.code import code_of
from cryfish.recipes.kit.facts import FACTS, read_facts
from cryfish.seeding import generator

RATE = 16_000
MakeCut = Callable[..., MonoCut]

every_effect = pytest.mark.parametrize("effect", EFFECTS.all().values(), ids=lambda effect: effect.name)


def asked(effect: Effect) -> StepSettings:
    options = {"share": 1, **effect.miniature.options}
    [settings] = read_steps([{effect.step: {"share": 1, effect.name: options}}])
    return settings


def tone(effect: Effect) -> np.ndarray:
    return 0.1 * np.sin(2 * np.pi * effect.miniature.tone_hz * np.arange(2 * RATE) / RATE)


def made(effect: Effect, cut: MonoCut) -> Cut:
    [step] = prepare_steps([asked(effect)], "train", Path(), lambda _: [])
    [changed] = step.apply(cut, generator("miniature"))
    return changed


@every_effect
def test_what_comes_out_is_what_the_miniature_says(effect: Effect, make_cut: MakeCut) -> None:
    cut = make_cut("tone", tone(effect), RATE, text="aah")
    changed = made(effect, cut)
    before, facts = read_facts(cut), read_facts(changed)
    assert {name: value for name, value in facts.items() if name not in before} == effect.miniature.facts
    assert effect.miniature.facts.keys() <= set(effect.facts)
    assert changed.id == cut.id
    assert changed.duration == pytest.approx(effect.miniature.seconds, abs=2 / RATE)
    [audio] = load_samples(changed)
    assert audio.dtype == np.float32
    assert len(audio) == changed.num_samples
    change_db = 20 * np.log10(max(np.std(audio), 1e-9) / np.std(tone(effect)))
    if effect.miniature.level_db < -20:
        assert change_db < effect.miniature.level_db
    else:
        assert change_db == pytest.approx(effect.miniature.level_db, abs=1)
        heard = np.abs(np.fft.rfft(audio * np.hanning(len(audio)))).argmax() * RATE / len(audio)
        assert heard == pytest.approx(effect.miniature.heard_hz or effect.miniature.tone_hz, rel=0.01)


@every_effect
def test_a_manifest_replays_it(effect: Effect, make_cut: MakeCut) -> None:
    changed = made(effect, make_cut("tone", tone(effect), RATE, text="aah"))
    again = cut_from_json(json.loads(str_of(changed)))
    assert (
        str_of(again)
        == str_of(changed)
        == str_of(made(effect, make_cut("tone", tone(effect), RATE, text="aah")))
    )
    for _ in range(2):
        # As we load it, and as plain Lhotse does: it finds the classes by their names.
        np.testing.assert_array_equal(load_samples(again), load_samples(changed))
        np.testing.assert_allclose(again.load_audio(), load_samples(changed), atol=1e-6)


def str_of(cut: Cut) -> str:
    return json.dumps(cut_to_json(cut))


@every_effect
def test_what_it_makes_false_is_gone(effect: Effect, make_cut: MakeCut) -> None:
    known = {name: some_value(name) for name in effect.untrue}
    cut = make_cut("tone", tone(effect), RATE, text="aah", microphone="headset", **known)
    assert read_facts(cut).keys() >= known.keys()
    facts = read_facts(made(effect, cut))
    assert facts["microphone"] == "headset"
    assert not facts.keys() & (known.keys() - effect.miniature.facts.keys())


def some_value(name: str) -> Any:
    fact = FACTS[name]
    if fact.type in (int, float):
        return fact.type(1)
    text = fact.values[0] if fact.values else "twenties" if name == "age_group" else "some"
    return [text] if fact.type is list else text


@every_effect
def test_its_code_is_that_of_what_is_made_with_it(effect: Effect, tmp_path: Path) -> None:
    augmentation = Augmentation((asked(effect),), {}, "train", 0, tmp_path)
    home = EFFECTS.home(effect.name)
    assert augmentation.code() == (home,)
    file = Path(home).name if home.startswith("file:") else f"{home.replace('.', '/')}.py"
    assert file in code_of(home)
    # Other processes get it in this form.
    assert pickle.loads(pickle.dumps(augmentation)) == augmentation


def test_a_clip_that_had_such_an_effect_is_known_by_all_facts_of_the_package() -> None:
    steps: dict[StepName, tuple[str, ...]] = {"voice": VOICE_FACTS, "channel": CHANNEL_FACTS}
    for step, facts in steps.items():
        ours = [effect for effect in effects_of(step) if not EFFECTS.home(effect.name).startswith("file:")]
        assert {fact for effect in ours for fact in effect.facts} >= set(facts)
