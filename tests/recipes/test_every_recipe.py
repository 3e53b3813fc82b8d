"""What holds for every recipe, on the miniature of its corpus: promises kept, broken audio told, plain Lhotse."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import astuple
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import soundfile
from lhotse import CutSet, MonoCut

from cryfish.errors import InputError
from cryfish.pipeline.audio.manifests import find_manifests
from cryfish.pipeline.engine.processes import Engine
from cryfish.pipeline.prepare.download.first_seen import file_name
from cryfish.pipeline.prepare.download.unpack import is_archive
from cryfish.pipeline.prepare.prepare import prepare_corpus
from cryfish.recipes.kit.corpus import Clip, is_inside
from cryfish.recipes.kit.facts import FACTS, SUPERVISION_FACTS, read_facts
from cryfish.recipes.kit.registry import corpora, recipe

NAMES = sorted(corpora())

SPEAKERS_CROSS = {"esd", "fsdd", "meld"}
"""Published splits that share speakers: told in the summary, not an error."""

TASKS = {
    "accent",
    "age",
    "asr",
    "caption",
    "codec",
    "cry_reason",
    "distance",
    "emotion",
    "gender",
    "instrument",
    "intent",
    "keyword",
    "language",
    "music_genre",
    "music_tags",
    "nationality",
    "native_language",
    "noise_class",
    "phones",
    "pitch",
    "pronunciation",
    "reverberation",
    "scene",
    "snr",
    "sound_event",
    "speaker_count",
    "speaker_turns",
    "speaker_verification",
    "spoof",
    "topic",
    "translation",
}

Miniature = Callable[[str], Path]


@pytest.mark.parametrize("name", NAMES)
def test_what_may_be_fetched_is_declared_whole(name: str) -> None:
    files = [(item, part) for item in recipe(name).corpus.downloads for part in item.parts or (item,)]
    assert len({part.url for _, part in files}) == len(files)
    places = [(item.folder, file_name(item.url)) for item, _ in files if not is_archive(file_name(item.url))]
    assert len(set(places)) == len(places)
    for item, part in files:
        assert re.fullmatch(r"https?://\S+", part.url)
        assert re.fullmatch(r"|md5:[0-9a-f]{32}|sha256:[0-9a-f]{64}", part.checksum)
        assert is_inside(item.folder or ".")
        assert is_archive(file_name(item.url)) or not (item.strip or item.nested or item.parts)


@pytest.mark.parametrize("name", NAMES)
def test_the_declaration_is_complete(name: str) -> None:
    corpus = recipe(name).corpus
    assert corpus.name == name
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert len(re.findall(r"[.!?](?:\s|$)", corpus.description.replace("e.g.", "eg"))) == 2, (
        corpus.description
    )
    assert corpus.hours > 0
    assert corpus.sampling_rate in (8000, 16000, 22050, 24000, 32000, 44100, 48000)
    if not name.startswith("cryfish_"):
        assert corpus.homepage.startswith(("https://", "http://"))
        assert re.search(r"\d{4}", corpus.citation)
    assert corpus.layout
    assert corpus.splits
    assert set(corpus.facts) <= set(FACTS)
    assert set(corpus.tasks) <= TASKS
    for item in corpus.downloads:
        assert re.fullmatch(r"(md5:[0-9a-f]{32}|sha256:[0-9a-f]{64})?", item.checksum), item
        assert item.url.startswith(("https://", "http://"))


@pytest.mark.parametrize("name", NAMES)
def test_the_miniature_keeps_the_promises(name: str, miniature: Miniature, tmp_path: Path) -> None:
    corpus, folder = recipe(name).corpus, miniature(name)
    summary = prepare_corpus(name, folder, tmp_path / "out", engine=Engine(), max_bad=1)
    assert summary["clips"] > 0
    assert name in SPEAKERS_CROSS or summary["speakers_across_roles"] == 0
    assert set(summary["facts"]) <= set(corpus.facts)
    if corpus.languages:
        spoken = {code.partition("-")[0] for code in corpus.languages}
        assert {code.partition("-")[0] for code in summary["languages"]} <= spoken
    for path in find_manifests(tmp_path / "out"):
        for cut in CutSet.from_file(path):
            assert not Path(cut.recording.sources[0].source).is_absolute()
            assert read_facts(cut).keys() <= set(corpus.facts)
            assert not {*SUPERVISION_FACTS} & set(cut.custom["facts"])


@pytest.mark.parametrize("name", NAMES)
def test_the_miniature_is_understood(
    name: str,
    miniature: Miniature,
    miniature_module: Callable[[str], ModuleType],
    prepare: Callable[..., Any],
) -> None:
    cuts, bad = prepare(name, miniature(name))
    expected = miniature_module(name)
    found = {
        cut_id.removeprefix(f"{name}-"): (cut.custom["split"], read_facts(cut))
        for cut_id, cut in cuts.items()
    }
    assert found == expected.CLIPS
    assert {clip: problem.reason for clip, problem in bad.items()} == getattr(expected, "BAD", {})
    trials = [(part, *astuple(trial)) for part, trial in recipe(name).trials(miniature(name))]
    assert trials == getattr(expected, "TRIALS", [])


@pytest.mark.parametrize("name", NAMES)
def test_ids_and_order_are_the_same_elsewhere(name: str, miniature: Miniature, tmp_path: Path) -> None:
    folder = miniature(name)
    moved = tmp_path / "else where"
    shutil.copytree(folder, moved)
    assert list(map(str, recipe(name).clips(moved))) == list(map(str, recipe(name).clips(folder)))
    assert list(recipe(name).trials(moved)) == list(recipe(name).trials(folder))


@pytest.mark.parametrize("name", NAMES)
def test_every_trial_is_about_clips(name: str, miniature: Miniature) -> None:
    folder = miniature(name)
    ids = {clip.id for clip in recipe(name).clips(folder) if isinstance(clip, Clip)}
    for _, trial in recipe(name).trials(folder):
        assert {trial.first, trial.second} <= ids


def _broken(folder: Path, cuts: dict[str, MonoCut]) -> tuple[set[str], Path]:
    """The first cut's file, and the ids of the cuts that share it."""
    source = next(iter(cuts.values())).recording.sources[0].source
    return {name for name, cut in cuts.items() if cut.recording.sources[0].source == source}, folder / source


def _silent(path: Path) -> None:
    with soundfile.SoundFile(str(path)) as audio:
        shape, rate, kind = (audio.frames, audio.channels), audio.samplerate, (audio.format, audio.subtype)
    soundfile.write(path, np.zeros(shape), rate, format=kind[0], subtype=kind[1])


WAYS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "empty": (lambda path: path.write_bytes(b""), "the file is empty"),
    "not audio": (
        lambda path: path.write_bytes(b"<html>gone</html>" * 9),
        "header can't be read|holds no samples",
    ),
    "silent": (_silent, "digital silence"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_a_broken_file_is_told_and_the_rest_prepared(
    name: str, way: str, miniature: Miniature, prepare: Callable[..., Any]
) -> None:
    folder = miniature(name)
    before, bad_before = prepare(name, folder)
    ids, path = _broken(folder, before)
    if way == "silent" and path.suffix in (".m4a", ".mp4", ".mp3", ".opus", ".ogg"):
        pytest.skip("lossy coding of silence isn't exactly zero")
    breaking, reason = WAYS[way]
    breaking(path)
    after, bad = prepare(name, folder)
    told = [bad[clip] for clip in bad.keys() - bad_before.keys()]
    assert {folder / problem.path for problem in told} == {path}
    assert all(re.search(reason, problem.reason) for problem in told)
    assert set(after) == set(before) - ids


@pytest.mark.parametrize("name", NAMES)
def test_another_folder_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with pytest.raises(InputError, match=r"has no .* as published at (http|`cryfish demo`)") as problem:
        next(recipe(name).clips(tmp_path / "other"))
    assert recipe(name).corpus.title in str(problem.value)


def test_no_miniature_is_taken_for_another_corpus(miniature: Miniature) -> None:
    taken: list[tuple[str, str]] = []
    for name in NAMES:
        folder = miniature(name)
        for other in NAMES:
            if other == name:
                continue
            try:
                next(recipe(other).clips(folder), None)
            except InputError:
                continue
            taken.append((name, other))
    assert taken == []


PLAIN = """
import sys
from lhotse import CutSet, validate
for path in sys.argv[1:]:
    cuts = CutSet.from_file(path)
    validate(cuts.to_eager(), read_data=False)
    assert len(cuts.to_eager()) > 0
assert not [name for name in sys.modules if name.startswith("cryfish")]
"""


def test_manifests_load_in_plain_lhotse(miniature: Miniature, tmp_path: Path) -> None:
    paths: list[str] = []
    for name in NAMES:
        out = tmp_path / "manifests" / name
        prepare_corpus(name, miniature(name), out, engine=Engine(), max_bad=1, headers_only=True)
        paths += map(str, find_manifests(out))
    done = subprocess.run([sys.executable, "-c", PLAIN, *paths], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
