"""Copies of a corpus that differ from the published one in ways that mean nothing, or in one file: for every recipe."""

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest

from cryfish.errors import InputError
from cryfish.recipes.kit.corpus import BadClip
from cryfish.recipes.kit.cuts import MISSING, check_audio, cut_from_clip
from cryfish.recipes.kit.facts import read_facts
from cryfish.recipes.kit.registry import corpora, recipe
from cryfish.recipes.kit.spelling import find, on_disk, spelled, walk

NAMES = sorted(corpora())
AUDIO = {".wav", ".flac", ".mp3", ".m4a", ".mp4", ".ogg", ".opus", ".sph"}
NOBODY = 65534

Miniature = Callable[[str], Path]
Form = Literal["NFC", "NFD"]
Outcome = tuple[dict[str, tuple[str, dict[str, Any]]], dict[str, str]]


def outcome(name: str, folder: Path, decode: bool = False) -> Outcome:
    """Clip -> split and facts, and bad clip -> reason: all that a user sees of a corpus but the paths."""
    found = recipe(name)
    good: dict[str, tuple[str, dict[str, Any]]] = {}
    bad: dict[str, str] = {}
    for clip in found.clips(folder):
        try:
            if isinstance(clip, BadClip):
                raise clip
            cut = cut_from_clip(clip, found.corpus, folder)
            if decode:
                cut = check_audio(cut, folder)
            assert (folder / cut.recording.sources[0].source).is_file()
            good[clip.id] = clip.split, read_facts(cut)
        except BadClip as problem:
            bad[problem.clip_id] = problem.reason
    return good, bad


def audio_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in AUDIO and path.is_file())


def copy_of(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(folder, folder.with_name(name), symlinks=True))


RENAMINGS: dict[str, Callable[[Path], str]] = {
    "large suffix": lambda path: path.stem + path.suffix.upper(),
    "leading blank": lambda path: f" {path.name}",
    "blank at the end": lambda path: f"{path.name} ",
}


@pytest.mark.parametrize("way", RENAMINGS)
@pytest.mark.parametrize("name", NAMES)
def test_another_spelling_of_the_audio_files_changes_nothing(
    name: str, way: str, miniature: Miniature
) -> None:
    folder = miniature(name)
    before = outcome(name, folder)
    for path in audio_files(folder):
        path.rename(path.with_name(RENAMINGS[way](path)))
    assert outcome(name, folder) == before


@pytest.mark.parametrize("name", NAMES)
def test_what_macos_leaves_behind_changes_nothing(name: str, miniature: Miniature) -> None:
    folder = miniature(name)
    before = outcome(name, folder)
    for path in sorted(folder.rglob("*")):
        beside = path.with_name(f"._{path.name}")
        beside.write_bytes(b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")
        (path.parent / ".DS_Store").write_bytes(b"\x00\x00\x00\x01Bud1")
        archived = folder / "__MACOSX" / beside.relative_to(folder)
        archived.parent.mkdir(parents=True, exist_ok=True)
        archived.write_bytes(beside.read_bytes())
    assert outcome(name, folder) == before


def _accented(folder: Path, word: str, on_the_disk: Form, in_tables: Form) -> None:
    """Gives a name an accent, in names of files and in what stands in tables."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path.suffix.lower() not in AUDIO:
            path.write_bytes(
                path.read_bytes().replace(
                    word.encode(), unicodedata.normalize(in_tables, f"{word}é").encode()
                )
            )
        if word in path.name:
            accented = path.name.replace(word, unicodedata.normalize(on_the_disk, f"{word}é"))
            path.rename(path.with_name(accented))


@pytest.mark.parametrize("name", NAMES)
def test_both_forms_of_an_accented_letter_are_one_name(name: str, miniature: Miniature) -> None:
    folder = miniature(name)
    word = audio_files(folder)[0].name.partition(".")[0]
    outcomes: list[Outcome | str] = []
    forms: tuple[Form, Form] = ("NFC", "NFD")
    for on_the_disk, in_tables in product(forms, forms):
        variant = copy_of(folder, f"{name}-{on_the_disk}-{in_tables}")
        _accented(variant, word, on_the_disk, in_tables)
        try:
            outcomes.append(outcome(name, variant))
        except InputError as error:
            # A folder's name in which an accent makes it another one.
            outcomes.append(str(error).replace(str(variant), ""))
    assert outcomes[1:] == outcomes[:1] * 3


@pytest.mark.parametrize("kind", ["dangling", "to itself"])
@pytest.mark.parametrize("name", NAMES)
def test_a_link_that_leads_nowhere_is_a_bad_clip(name: str, kind: str, miniature: Miniature) -> None:
    folder = miniature(name)
    before, bad_before = outcome(name, folder)
    found = recipe(name)
    path = next(
        folder / cut_from_clip(clip, found.corpus, folder).recording.sources[0].source
        for clip in found.clips(folder)
        if not isinstance(clip, BadClip) and clip.id in before
    )
    path.unlink()
    path.symlink_to("gone" if kind == "dangling" else path.name)
    after, bad = outcome(name, folder)
    assert before.keys() - after.keys()
    told = {clip: reason for clip, reason in bad.items() if clip not in bad_before}
    assert set(told.values()) <= {MISSING, "the file can't be opened (Too many levels of symbolic links)"}
    # A long recording whose length can't be known is one clip.
    assert len(told) == len(before) - len(after) or len(told) == 1
    assert {clip: after[clip] for clip in after} == {clip: before[clip] for clip in after}


@pytest.mark.parametrize("name", NAMES)
def test_folders_linked_in_a_circle_change_nothing(name: str, miniature: Miniature) -> None:
    folder = miniature(name)
    before = outcome(name, folder)
    for place in [folder, *(path for path in sorted(folder.rglob("*")) if path.is_dir())]:
        (place / "~up").symlink_to("..", target_is_directory=True)
        (place / "~here").symlink_to(".", target_is_directory=True)
    assert outcome(name, folder) == before


@pytest.fixture
def nobody() -> Iterator[Callable[[Path], Path]]:
    """Gives a copy of a folder to a user who may not read everything, and is that user until the test ends."""
    place = Path(tempfile.mkdtemp())
    root = os.geteuid() == 0

    def give(folder: Path) -> Path:
        mine = Path(shutil.copytree(folder, place / folder.name))
        if root:
            for path in (place, mine, *mine.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        return mine

    yield give
    if root:
        os.seteuid(0)
    for path in place.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(place)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_cannot_be_read_is_told(
    name: str, miniature: Miniature, nobody: Callable[[Path], Path]
) -> None:
    folder = miniature(name)
    before, bad_before = outcome(name, folder)
    mine = nobody(folder)
    locked = audio_files(mine)[0].parent
    if locked == mine:
        pytest.skip("all of it lies in the corpus folder")
    locked.chmod(0)
    complaint = ""
    try:
        after, bad = outcome(name, mine)
    except InputError as error:
        complaint = str(error)
    if complaint:
        assert re.search(rf"{mine}.* (can't be read \(Permission denied\)|has no )", complaint)
        return
    told = bad.keys() - bad_before.keys()
    # Of a recording that makes several clips, one tells it.
    assert 0 < len(told) <= max(1, len(before.keys() - after.keys()))
    assert all("Permission denied" in bad[clip] or bad[clip] == MISSING for clip in told)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_nearby_that_cannot_be_read_is_not_what_was_meant(
    name: str, tmp_path: Path, nobody: Callable[[Path], Path]
) -> None:
    wrong = tmp_path / "around" / "wrong"
    for folder in (wrong, wrong.parent / "locked"):
        folder.mkdir(parents=True)
        (folder / "a.wav").touch()
    around = nobody(wrong.parent)
    (around / "locked").chmod(0)
    with pytest.raises(InputError, match=f"^{re.escape(recipe(name).corpus.title)}: {around}/wrong has no "):
        next(recipe(name).found(around / "wrong"), None)


OWN_TEXTS = {
    "but_reverbdb": "*_meta.txt",
    "iemocap": "Ses*.txt",
    "irmas": "*.txt",
    "l2_arctic": "arctic_*.txt",
    "librispeech": "*.trans.txt",
    "libritts_r": "*.normalized.txt",
    "librosa_examples": "*.txt",
    "tedlium3": "*.stm",
    "timit": "SA1.*",
    "tuxpaint": "*.txt",
    "vctk": "p*_*.txt",
    "voicebank_demand": "p*_*.txt",
    "voxconverse": "*.rttm",
}
"""Recipes whose clips (or few of them) have a text file of their own."""


@pytest.mark.parametrize("name", NAMES)
def test_a_text_in_latin_1_costs_its_clips_or_is_told(name: str, miniature: Miniature) -> None:
    folder = miniature(name)
    before, bad_before = outcome(name, folder)
    texts = [path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() not in AUDIO]
    for path in texts:
        content = path.read_bytes()
        path.write_bytes(content + "garçon\n".encode("latin-1"))
        own, complaint = path.match(OWN_TEXTS.get(name, "-")), ""
        try:
            after, bad = outcome(name, folder)
        except InputError as error:
            complaint = str(error)
        if complaint:
            assert not own, complaint
            assert str(folder) in complaint
        else:
            told = [reason for clip, reason in bad.items() if clip not in bad_before]
            # Of a recording that makes several clips, one tells it.
            assert told or after.keys() == before.keys()
            assert not own or after == before or all(path.name in reason for reason in told)
        path.write_bytes(content)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_cut_short_is_told(name: str, miniature: Miniature) -> None:
    folder = miniature(name)
    before, bad_before = outcome(name, folder, decode=True)
    found = recipe(name)
    clips = [clip for clip in found.clips(folder) if not isinstance(clip, BadClip) and clip.id in before]
    path = on_disk(folder / clips[0].audio)
    theirs = {clip.id for clip in clips if on_disk(folder / clip.audio) == path}
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 5])
    after, bad = outcome(name, folder, decode=True)
    told = {clip: reason for clip, reason in bad.items() if clip not in bad_before}
    assert set(after) == set(before) - theirs
    assert told
    assert all(
        re.search("cut short|can't be decoded|header can't be read|isn't within the recording", reason)
        for reason in told.values()
    ), told


def test_a_name_is_found_in_whatever_spelling(tmp_path: Path) -> None:
    folder = tmp_path / unicodedata.normalize("NFD", "Rés")
    folder.mkdir()
    for name in (" é.WAV", "b.txt", "b.TXT", ".hidden.wav", "._x.wav", "c.Mp3", "d.WAV.bak"):
        (folder / unicodedata.normalize("NFD", name)).write_bytes(b"")
    assert spelled(unicodedata.normalize("NFD", " é.WAV ")) == "é.wav"
    assert [path.name for path in find(tmp_path, "R*/*")] == ["b.txt", "c.mp3", "d.WAV.bak", "é.wav"]
    assert [path.name for path in walk(tmp_path, (".wav", ".mp3"))] == ["c.mp3", "é.wav"]
    found = on_disk(tmp_path / "Rés" / "é.wav")
    assert found.is_file()
    assert found.name == unicodedata.normalize("NFD", " é.WAV")
    assert on_disk(tmp_path / "Rés" / "b.txt").name == "b.txt"
    assert on_disk(tmp_path / "no" / "such.wav") == tmp_path / "no" / "such.wav"


def test_recipes_list_files_in_one_way_only() -> None:
    """What this module holds for the miniatures is true of what isn't in them: nobody lists files by hand."""
    here = Path(__file__).parents[2] / "recipes"
    allowed = {"spelling.py", "corpus.py", "_youtube.py", "registry.py"}
    by_hand = [
        f"{path.name}: {line.strip()}"
        for path in sorted(here.glob("*.py"))
        if path.name not in allowed
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\.r?glob\(|\.iterdir\(|os\.(scandir|listdir|walk)\(", line)
    ]
    assert by_hand == []
