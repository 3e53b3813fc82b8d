"""Effects that don't keep to what they declare: told with their names, and nothing false is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lhotse import MonoCut
from lhotse.augmentation import AudioTransform
from lhotse.utils import fastcopy

from cryfish.errors import InputError
from cryfish.pipeline.audio.load import load_samples
from cryfish.pipeline.audio.transforms import InPlace
from cryfish.pipeline.augment.shares import draw_effects, settings_of
from cryfish.pipeline.engine.code import code_of
from cryfish.seams import PLUGINS, use_plugins

EFFECT = """
from cryfish.pipeline.audio.effects import Drawn, Effect, EffectOptions, Miniature

class Options(EffectOptions):
    pass

def draw(asked, rng, earlier):
    {draw}

EFFECT = Effect(
    name="odd", step="channel", place=50, options=Options, draw=draw, facts=("bandwidth_hz",),
    miniature=Miniature({{}}, {{}}),
)
"""


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        ("return Drawn({'gender': 'female'}, ())", "leaves the fact 'gender', which its `facts` don't name"),
        ("raise KeyError('hz')", "KeyError: 'hz'"),
        ("return None", "AttributeError"),
    ],
)
def test_a_draw_that_goes_wrong_names_the_effect(
    draw: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PLUGINS, "")
    path = tmp_path / "odd.py"
    path.write_text(EFFECT.format(draw=draw))
    use_plugins([path])
    settings = settings_of("channel").model_validate({"share": 1.0, "odd": {"share": 1.0}})
    with pytest.raises(InputError) as error:
        draw_effects(settings, np.random.default_rng(0))
    assert f"effect 'odd' (file:{path}): " in str(error.value)
    assert told in str(error.value)


@dataclass
class HalfOfIt(InPlace, AudioTransform):
    """Says that samples stay at their places, and drops half of them."""

    def __call__(self, samples: Any, sampling_rate: int) -> Any:
        return samples[:, : samples.shape[1] // 2]


def test_a_transform_that_changes_the_length_is_refused(make_cut: Callable[..., MonoCut]) -> None:
    cut = make_cut("a", 0.1 * np.ones(8_000))
    cut = fastcopy(cut, recording=fastcopy(cut.recording, transforms=[HalfOfIt()]))
    with pytest.raises(ValueError, match=r"HalfOfIt made \(1, 4000\) of \(1, 8000\)"):
        load_samples(cut)


def test_two_plugins_of_one_name_have_a_digest_each(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "fx.py").write_text(f"NAME = '{folder}'\n")
    roots = [f"file:{tmp_path}/{folder}/fx.py" for folder in ("a", "b")]
    assert len({str(code_of(*given)) for given in (roots, roots[:1], roots[1:])}) == 3
