"""What `cryfish download` makes of a publisher's archives is what the recipe reads: packed as published, no network.

The archives lie in `.downloads` already, as after the fetch itself.
"""

import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cryfish.pipeline.prepare.download.download import _place, fetch
from cryfish.recipes.kit.corpus import Clip
from cryfish.recipes.kit.registry import recipe

Miniature = Callable[[str], Path]
Archives = dict[str, Path]
"""The end of a URL -> the file that the publisher's server has there."""


def tar(path: Path, folder: Path, *names: str) -> Path:
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
        for name in names or [entry.name for entry in sorted(folder.iterdir())]:
            archive.add(folder / name, name)
    return path


def zipped(path: Path, folder: Path, *names: str, split: str = "") -> Path:
    options = ["-s", split] if split else []
    subprocess.run(["zip", "-q", "-r", "-1", *options, str(path), *(names or ["."])], cwd=folder, check=True)
    return path


def aishell(folder: Path, out: Path) -> Archives:
    """An archive for every speaker in the archive, beginning with the split."""
    inner = out / "inner"
    shutil.copytree(folder / "data_aishell", inner / "data_aishell")
    wav = inner / "data_aishell" / "wav"
    for speaker in sorted(wav.glob("*/*/")):
        tar(wav / f"{speaker.name}.tar.gz", wav, f"{speaker.parent.name}/{speaker.name}")
    for split in ("train", "dev", "test"):
        shutil.rmtree(wav / split, ignore_errors=True)
    return {
        "data_aishell.tgz": tar(out / "data_aishell.tgz", inner),
        "resource_aishell.tgz": tar(out / "resource_aishell.tgz", folder, "resource_aishell"),
    }


def cnceleb(folder: Path, out: Path) -> Archives:
    """The second corpus in three parts, cut anywhere."""
    names = [entry.name for entry in sorted(folder.iterdir())]
    second = [name for name in names if name.startswith("CN-Celeb2")]
    assert second
    whole = tar(out / "whole.tar.gz", folder, *second).read_bytes()
    archives = {
        "cn-celeb_v2.tar.gz": tar(out / "first.tar.gz", folder, *(set(names) - set(second))),
    }
    for number, part in enumerate(("aa", "ab", "ac")):
        path = archives[f"cn-celeb2_v2.tar.gz{part}"] = out / part
        path.write_bytes(whole[number * len(whole) // 3 : (number + 1) * len(whole) // 3])
    return archives


def esc50(folder: Path, out: Path) -> Archives:
    """A snapshot of a repository, in a folder of its own."""
    shutil.copytree(folder, out / "in" / "ESC-50-master")
    return {"master.zip": zipped(out / "m.zip", out / "in")}


def fsd50k(folder: Path, out: Path) -> Archives:
    """Split by the zip's own rules, in as many parts as published."""
    archives = {"FSD50K.ground_truth.zip": zipped(out / "g.zip", folder, "FSD50K.ground_truth")}
    for name, parts in (("FSD50K.dev_audio", 6), ("FSD50K.eval_audio", 2)):
        made = out / name
        made.mkdir()
        # To have so many parts of 64 kB, the smallest that there are; no table names it.
        there = sum(path.stat().st_size for path in (folder / name).iterdir())
        (folder / name / "filler").write_bytes(bytes(max(0, (2 * parts - 1) * 32_768 - there)))
        subprocess.run(
            ["zip", "-q", "-0", "-r", "-s", "64k", str(made / f"{name}.zip"), name], cwd=folder, check=True
        )
        files = sorted(made.iterdir())
        archives |= {file.name: file for file in files}
    return archives


def meld(folder: Path, out: Path) -> Archives:
    """Three archives in the archive."""
    inner = out / "in" / "MELD.Raw"
    shutil.copytree(folder / "MELD.Raw", inner)
    for split, videos in {
        "train": "train_splits",
        "dev": "dev_splits_complete",
        "test": "output_repeated_splits_test",
    }.items():
        if (inner / videos).is_dir():
            tar(inner / f"{split}.tar.gz", inner, videos)
            shutil.rmtree(inner / videos)
    return {"MELD.Raw.tar.gz": tar(out / "m.tar.gz", out / "in")}


def ravdess(folder: Path, out: Path) -> Archives:
    inner = folder / "Audio_Speech_Actors_01-24"
    return {"Audio_Speech_Actors_01-24.zip": zipped(out / "r.zip", inner if inner.is_dir() else folder)}


@pytest.mark.skipif(shutil.which("zip") is None, reason="needs the program zip, which packs the archives")
@pytest.mark.parametrize("pack", [aishell, cnceleb, esc50, fsd50k, meld, ravdess])
def test_archives_as_published_become_the_corpus(
    pack: Callable[[Path, Path], Archives],
    miniature: Miniature,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The checksums are those of the real files.
    monkeypatch.setattr("cryfish.pipeline.prepare.download.download.published_checksum", lambda *_: "")
    name = pack.__name__
    folder = miniature(name)
    before = {clip.id: clip for clip in recipe(name).clips(folder) if isinstance(clip, Clip)}
    (tmp_path / "packed").mkdir()
    archives = pack(folder, tmp_path / "packed")
    target = tmp_path / "corpus"
    (target / ".downloads").mkdir(parents=True)
    for item in recipe(name).corpus.downloads:
        for url in [part.url for part in item.parts] or [item.url]:
            shutil.copy(archives.pop(url.rpartition("/")[2]), _place(target / ".downloads", url))
        fetch(item, target)
    assert not archives
    after = {clip.id: clip for clip in recipe(name).clips(target) if isinstance(clip, Clip)}
    assert after.keys() == before.keys()
    for clip in after.values():
        assert clip.facts == before[clip.id].facts
        assert (target / clip.audio).is_file()
