"""The inputs of a command, looked at before anything is written, so that all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from os import PathLike, fspath
from pathlib import Path

from ..errors import InputError, faults_of
from ..local_path import local_path


def file_faults(paths: Iterable[Path], what: str) -> Iterator[str]:
    """Files that aren't there or can't be read; `what` says what each should be."""
    for path in paths:
        if path.is_dir():
            yield f"{path}: is a folder; name {what}"
        elif not path.exists():
            yield f"{path}: no such file; name {what}"


def lines_faults(paths: Iterable[Path], what: str) -> Iterator[str]:
    """Files of JSON lines that aren't there, or whose first line shows that they are something else."""
    from ..files import read_jsonl

    for path in paths:
        missing = list(file_faults([path], what))
        yield from missing or faults_of(lambda path=path: next(read_jsonl(path), None))


def manifest_faults(
    manifests: Iterable[Path],
    audio_roots: Mapping[str, Path] | None = None,
    audio: bool = False,
    plain: bool = False,
) -> Iterator[str]:
    """Cut manifests that can't be read; with `audio` also those whose audio isn't where they say, without `plain` also
    those that `prepare` hasn't seen."""
    from .audio.manifests import check_first, existing_audio_root

    for path in manifests:
        bad = list(lines_faults([path], "a cut manifest that `cryfish prepare` or `augment` wrote"))
        bad = bad or ([] if plain else list(faults_of(check_first, path)))
        if audio and not bad:
            bad += faults_of(existing_audio_root, path, audio_roots or {})
        yield from bad


def prepared_faults(folders: Mapping[str, Path], audio_roots: Mapping[str, Path]) -> Iterator[str]:
    """Prepared corpora (name -> folder) that can't be read, or whose audio isn't where they say."""
    from ..recipes.kit.registry import corpora, recipe
    from .audio.manifests import corpus_in, find_manifests

    for corpus, folder in folders.items():
        unknown = corpus not in corpora() and corpus_in(folder) != corpus
        bad = list(faults_of(recipe, corpus)) if unknown else list(faults_of(find_manifests, folder))
        yield from bad or manifest_faults(find_manifests(folder), audio_roots, audio=True)


def shard_faults(sources: Iterable[str]) -> Iterator[str]:
    """Local folders of shards that aren't there or hold none; what lies elsewhere is told when it is opened."""
    from ..shards.storage import is_remote, none_here

    for source in sources:
        if is_remote(source):
            continue
        if not Path(source).is_dir():
            yield f"{source}: no such folder of shards; give a folder that `cryfish shard` wrote"
        elif next(Path(source).glob("*.tar"), None) is None:
            yield none_here(source)


def source_faults(path: Path) -> Iterator[str]:
    """A source of instructions (a file, or a folder of files or of shards) that can't be read."""
    from .instruct.sources import find_sources, is_shards

    if path.is_dir():
        yield from faults_of(find_sources, [path])
        if is_shards(path):
            yield from shard_faults([str(path)])
    else:
        yield from lines_faults([path], "a file that `cryfish instruct` wrote, or a folder of shards")


def without_faults(path: Path | None) -> Iterator[str]:
    """What `--without` names and isn't a list of dropped clips."""
    from .prepare.contamination.dropped import dropped_clips

    yield from faults_of(dropped_clips, path)


def root_faults(given: Mapping[str, str | PathLike[str]]) -> Iterator[str]:
    """What is said of where the audio of corpora lies (corpus -> folder; "" for every corpus), and isn't so."""
    for corpus, folder in given.items():
        yield from faults_of(_read_root, corpus, folder)


def existing_roots(given: Mapping[str, str | PathLike[str]]) -> dict[str, Path]:
    """Those folders that are there; `root_faults` tells the rest."""
    return {
        corpus: _read_root(corpus, folder)
        for corpus, folder in given.items()
        if not any(faults_of(_read_root, corpus, folder))
    }


def _read_root(corpus: str, folder: str | PathLike[str]) -> Path:
    root = local_path(fspath(folder), "--audio-root").expanduser()
    if not root.is_dir():
        said = f"{corpus}={folder}" if corpus else folder
        raise InputError(f"--audio-root {said}: no folder {root}; name the folder that holds the audio")
    return root.resolve()


def named_folders(option: str, items: Iterable[str], example: str) -> tuple[dict[str, Path], list[str]]:
    """What a repeated `CORPUS=FOLDER` option says, and what is wrong with it."""
    folders, faults = {}, []
    for item in items:
        corpus, equals, folder = item.partition("=")
        if equals and corpus and folder:
            folders[corpus] = Path(folder)
        else:
            faults.append(f"{option} {item}: must be CORPUS=FOLDER, such as {example}")
    return folders, faults
