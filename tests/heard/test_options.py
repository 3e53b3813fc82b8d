"""The options of one question never mean the same, over all templates and corpora."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lhotse import CutSet
from lhotse.cut import Cut

import cryfish
from cryfish.pipeline.instruct.tasks.tasks import task_named
from cryfish.recipes.kit.corpus import BadClip
from cryfish.recipes.kit.cuts import cut_from_clip
from cryfish.recipes.kit.facts import FACTS, read_facts, with_facts
from cryfish.recipes.kit.registry import corpora, recipe

from ..recipes.conftest import load_miniature, write
from .harness import command
from .options import alike, clashes, offered

TEMPLATES = Path(str(cryfish.__file__)).parent / "pipeline" / "instruct" / "tasks" / "templates"
SEEDS = range(4)

PUBLISHED = {
    "accent": "English|Scottish|Irish|Northern Irish|Indian|Welsh|Canadian|South African|Australian"
    "|New Zealand|American|North American|British|US|United States English|England English|German"
    "|French|Spanish|Mexican|Chinese|Mandarin|Russian|Italian|Polish|Nigerian|Filipino|African"
    "|South Asian",
    "sound_events": "dog|dog bark|barking|crying baby|baby crying|baby cry|infant cry|rooster|rain|sea waves"
    "|ocean waves|sneezing|sneeze|clock tick|tick-tock|helicopter|chainsaw|crackling fire|car horn"
    "|vehicle horn|siren|jackhammer|drilling|gun shot|gunshot, gunfire|air conditioner"
    "|children playing|street music|engine idling|engine|footsteps|walk, footsteps|laughing|laughter"
    "|clapping|applause|cat|meow|church bells|bell|bird|chirping birds|speech"
    "|male speech, man speaking|animal|vehicle|car|train|airplane|aircraft|thunderstorm|thunder",
    "music_genre": "rock|punk rock|punk|metal|pop|hip hop|hip-hop|rap|jazz|blues|country|classical|electronic"
    "|techno|disco",
    "instrument": "guitar|electric guitar|acoustic guitar|bass guitar|violin|fiddle|cello|viola|double bass|piano"
    "|organ|flute|clarinet|bass clarinet|oboe|drum|snare drum|strings|percussion|saxophone|trumpet",
    "emotion": "angry|happy|sad|neutral|calm|fearful|disgusted|surprised",
    "scene": "metro|metro station|underground station|bus|tram|airport|park|street|street with traffic"
    "|shopping mall",
    "native_language": "zh|zh-cn|zh-tw|en|en-us|en-gb|de|fr|es|es-mx|hi|ar|ko|vi",
    "nationality": "United States|USA|United Kingdom|UK|England|Germany|France|India|China|Canada|Ireland",
    "age_group": "twenties|thirties|forties|fifties|sixties|20-29|teens|seventies|young adult",
}
"""Names as corpora publish them, typed off their pages: every set holds some that mean the same."""


def miniatures(folder: Path) -> Iterator[Cut]:
    """Every clip of every corpus' miniature, as a cut with facts."""
    for name in sorted(corpora()):
        target = folder / name
        load_miniature(name).make(
            lambda path, seconds=0.4, rate=16000, target=target, **options: write(
                target / path, seconds, rate, **options
            ),
            lambda path, *lines, end="\n", target=target: _write_lines(target / path, lines, end),
        )
        found = recipe(name)
        for clip in found.clips(target):
            if not isinstance(clip, BadClip) and hasattr(clip, "facts"):
                try:
                    cut = cut_from_clip(clip, found.corpus, target)
                except BadClip:
                    continue
                yield cut.with_recording_path_prefix(str(target))


def _write_lines(path: Path, lines: tuple[str, ...], end: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}{end}" for line in lines).encode())


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, object], dict[str, object]]]:
    """Questions of every task with options, about clips of all corpora and under all published names; and the facts."""
    folder = tmp_path_factory.mktemp("options")
    cuts = list(miniatures(folder))
    for fact, names in PUBLISHED.items():
        plain = next(cut for cut in cuts if cut.has_recording and cut.sampling_rate == 16000)
        for number, name in enumerate(names.split("|")):
            cut = plain.with_id(f"published-{fact}-{number}")
            value = [name] if FACTS[fact].type is list else name
            bare = cut.map_supervisions(lambda said: said)
            bare.custom = {"facts": {}, "corpus": "own", "split": "train"}
            cuts.append(with_facts(bare, **{fact: value}))
    manifest = folder / "all.cuts.jsonl.gz"
    CutSet.from_cuts(cuts).to_file(manifest)
    known = {cut.id: dict(read_facts(cut)) for cut in cuts}
    tasks = [
        path.stem
        for path in sorted(TEMPLATES.glob("*.yaml"))
        if "{options}" in path.read_text(encoding="utf-8")
    ]
    named = [part for task in tasks if _is_task(task) for part in ("--task", task)]
    found = []
    for seed in SEEDS:
        out = folder / f"asked-{seed}.jsonl"
        command("instruct", "template", manifest, *named, "--out", out, "--seed", seed)
        for line in out.read_text(encoding="utf-8").splitlines():
            instruction = json.loads(line)
            found.append((instruction, known[instruction["clips"][0]]))
    return found


def _is_task(name: str) -> bool:
    try:
        task_named(name)
    except Exception:
        return False
    return True


def test_no_two_options_mean_the_same(asked: list[tuple[dict[str, object], dict[str, object]]]) -> None:
    listed, complaints = 0, {}
    for instruction, _ in asked:
        options = offered(instruction, TEMPLATES)
        listed += len(options) > 1
        for one, other, why in clashes(options):
            complaints[f"{instruction['task']}: {one} / {other} ({why})"] = str(instruction["question"])
    assert not complaints, f"{len(complaints)} of {listed}:\n" + "\n".join(sorted(complaints))
    assert listed > 500


def test_no_other_option_is_true_of_the_clip(
    asked: list[tuple[dict[str, object], dict[str, object]]],
) -> None:
    """Not another of the clip's own sounds, nor a word for it."""
    complaints = set()
    for instruction, facts in asked:
        task = str(instruction["task"])
        true = [value for fact in task_named(task).facts for value in _texts(facts.get(fact))]
        for option in offered(instruction, TEMPLATES):
            if alike(option, str(instruction["label"])) is None:
                complaints |= {
                    f"{task}: {option} beside {instruction['label']} of {true}"
                    for value in true
                    if alike(option, value) is not None
                }
    assert not complaints, "\n".join(sorted(complaints))


def _texts(value: object) -> list[str]:
    return (
        [value] if isinstance(value, str) else [str(one) for one in value] if isinstance(value, list) else []
    )


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("American", "North American", True),
        ("crying baby", "baby crying", True),
        ("Baby cry, infant cry", "crying baby", True),
        ("English", "British", True),
        ("rock", "punk rock", True),
        ("dogs", "dog bark", True),
        ("sneezing", "sneeze", True),
        ("rain", "sea waves", False),
        ("German", "French", False),
        ("male", "female", False),
        ("twenties", "thirties", False),
        ("electric guitar", "acoustic guitar", False),
    ],
)
def test_the_judge_knows_what_people_know(one: str, other: str, clash: bool) -> None:
    assert (alike(one, other) is not None) == clash
    assert (alike(other, one) is not None) == clash
