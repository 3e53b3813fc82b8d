"""What an output was made by: code that decides it makes it stale, anything else doesn't."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.pipeline.audio.effects import EFFECTS
from cryfish.pipeline.augment.augment import _augment, augment_partition
from cryfish.pipeline.engine import code
from cryfish.pipeline.engine.code import code_of
from cryfish.pipeline.instruct.filters.stage import _filter
from cryfish.pipeline.instruct.generate.stage import _generate
from cryfish.pipeline.instruct.template.stage import _template
from cryfish.pipeline.prepare.prepare import _prepare
from cryfish.pipeline.shard.reuse import RENDERING, render_hash
from cryfish.pipeline.shard.shard import _shard
from cryfish.recipes.kit.registry import corpora

from ..conftest import forget_code

ROOT = Path(__file__).resolve().parents[3]
CLIPPED, CODED = EFFECTS.home("clipping"), EFFECTS.home("codec")
STAGES: dict[str, tuple[code.Root, ...]] = {
    "augment": (_augment, CLIPPED),
    "augment otherwise": (_augment, CODED),
    "template": (_template,),
    "generate": (_generate,),
    "filter": (_filter, "pipeline.instruct.filters"),
    "shard": (_shard, *RENDERING, CLIPPED),
}
STAGES |= {f"prepare {name}": (_prepare, found.home) for name, found in corpora().items()}


Digests = dict[str, dict[str, str]]


@pytest.fixture
def changed(tree: Path) -> Callable[[str, str, str], set[str]]:
    """Exchanges a text of a file; returns the stages that are stale by it."""
    before: Digests = {name: code_of(*roots) for name, roots in STAGES.items()}

    def change(path: str, old: str, new: str) -> set[str]:
        text = (tree / path).read_text(encoding="utf-8")
        assert old in text
        module = path.removesuffix(".py").replace("/", ".")
        (tree / path).write_text(text.replace(old, new, 1), encoding="utf-8")
        forget_code(module)
        now = {name: code_of(*roots) for name, roots in STAGES.items()}
        (tree / path).write_text(text, encoding="utf-8")
        forget_code(module)
        return {name for name in STAGES if before[name] != now[name]}

    return change


def test_a_mended_recipe_is_stale_and_no_other(changed: Callable[[str, str, str], set[str]]) -> None:
    for name in ("esc50", "ravdess", "librispeech"):
        assert changed(f"recipes/{name}.py", "def clips(", "MENDED = 1\n\n\ndef clips(") == {
            f"prepare {name}"
        }
    assert changed("recipes/kit/voxceleb.py", "def ", "MENDED = 1\n\n\ndef ") <= {
        "prepare voxceleb1",
        "prepare voxceleb2",
    }


def test_every_recipe_is_what_its_clips_are_made_by() -> None:
    for name, found in corpora().items():
        own = f"{found.home.replace('.', '/')}.py"
        made_by = code_of(_prepare, found.home)
        assert own in made_by
        others = {f"{other.home.replace('.', '/')}.py" for other in corpora().values()} - {own}
        assert not others & made_by.keys(), name


CLIPPING = "class CryfishClip(InPlace, AudioTransform):\n"
FADING = "class CryfishFade(InPlace, AudioTransform):\n"
CASES = (
    ("pipeline/augment/effects/clipping.py", CLIPPING, f"{CLIPPING}    mended = 1\n", {"augment", "shard"}),
    (
        "pipeline/audio/transforms.py",
        FADING,
        f"{FADING}    mended = 1\n",
        {"augment", "augment otherwise", "shard"},
    ),
    ("pipeline/audio/render.py", "_SAFE_PEAK = 0.99", "_SAFE_PEAK = 0.9", {"shard"}),
    ("pipeline/instruct/template/template.py", "BINARY_SHARE = 0.2", "BINARY_SHARE = 0.3", {"template"}),
    ("pipeline/instruct/filters/leak.py", "def leak(", "@staticmethod\ndef leak(", {"filter"}),
    ("shards/writer.py", "def write_shard(", "@staticmethod\ndef write_shard(", {"shard"}),
)


def test_code_makes_stale_what_it_makes(changed: Callable[[str, str, str], set[str]]) -> None:
    for path, old, new, stale in CASES:
        assert changed(path, old, new) == stale, path


def test_what_decides_nothing_makes_nothing_stale(
    tree: Path, changed: Callable[[str, str, str], set[str]]
) -> None:
    """Comments, docstrings, blank lines, line breaks, other words of an error; locks, bars and the command line."""
    for path in (
        "recipes/esc50.py",
        "pipeline/audio/render.py",
        "pipeline/prepare/prepare.py",
        "pipeline/augment/steps.py",
    ):
        text = (tree / path).read_text(encoding="utf-8")
        first = ast.get_docstring(ast.parse(text))
        assert first
        assert not changed(path, '"""', '"""Other words. ')
        assert not changed(path, "\n\n\n", "\n\n\n\n\n# A remark.\n\n\n")
    assert not changed("recipes/kit/tables.py", "raise InputError(", "raise InputError('other ' ")
    for path, function in (
        ("pipeline/engine/partitions.py", "run_partition"),
        ("pipeline/engine/processes.py", "_start_worker"),
        ("pipeline/engine/ray_engine.py", "_connect"),
        ("files.py", "replace"),
    ):
        text = (tree / path).read_text(encoding="utf-8")
        head = re.search(rf"def {function}\(.*?:\n(?=    )", text, re.DOTALL)
        assert head is not None
        assert not changed(path, head[0], f"{head[0]}    locked = 1\n")
    assert not changed("progress.py", "class Bar:", "class Bar:\n    other = 1\n")
    assert not changed("pipeline/cli/cli.py", "BAD_INPUT = 2", "BAD_INPUT = 3")


def test_only_clips_with_a_mended_effect_are_rendered_again(tree: Path) -> None:
    clipping = tree / "pipeline" / "augment" / "effects" / "clipping.py"

    def cut(effect: str) -> dict[str, object]:
        return {"id": "a", "recording": {"transforms": [{"name": effect, "kwargs": {}}]}}

    before = {name: render_hash(cut(name)) for name in ("CryfishClip", "CryfishCodec", "Resample")}
    text = clipping.read_text(encoding="utf-8")
    clipping.write_text(text.replace(CLIPPING, f"{CLIPPING}    mended = 1\n"))
    forget_code()
    after = {name: render_hash(cut(name)) for name in before}
    assert {name for name in before if before[name] != after[name]} == {"CryfishClip"}
    render = tree / "pipeline" / "audio" / "render.py"
    render.write_text(render.read_text().replace("_SAFE_PEAK = 0.99", "_SAFE_PEAK = 0.98"))
    forget_code()
    assert all(render_hash(cut(name)) != after[name] for name in after)


def test_data_files_of_the_package_are_inputs_where_a_stage_reads_them() -> None:
    """Code digests don't hold text files: what a stage reads beside its code must be an input of its partition."""
    reached = {path for roots in STAGES.values() for path in code_of(*roots)}
    readers = {path for path in reached if "__file__" in (ROOT / path).read_text(encoding="utf-8")}
    # The tables of values are inputs of what makes facts (prepare) and of what offers options (template).
    assert readers <= {"pipeline/instruct/template/phrasings.py", "recipes/kit/values.py"}


def test_the_joined_manifest_is_made_by_what_made_its_parts(tmp_path: Path) -> None:
    from cryfish.pipeline.augment.augmentation import Augmentation

    whole = augment_partition(Augmentation((), {}, "train", 0, tmp_path), [], tmp_path / "out.jsonl.gz")
    assert code_of(_augment).keys() <= whole.code.keys()
