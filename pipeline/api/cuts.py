"""prepare, augment: from a corpus on disk to augmented cuts."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError, faults_of, refuse
from ...outputs import Output, check_outputs
from ...progress import say
from ...quarantine import MAX_BAD
from ..inputs import existing_roots, manifest_faults, prepared_faults, root_faults, without_faults
from .engines import open_engine
from .given import Cuts, Place, SomeCuts, listed, manifests_of, optional_path, path_of

if TYPE_CHECKING:
    from ...recipes.kit.corpus import Role
    from ..augment.augmentation import Augmentation
    from ..prepare.own.describe import Asked


_OWN = ("folder", "manifest", "dataset", "kaldi", "nemo")


def own_data(
    name: str | None = None,
    *,
    folder: Place | None = None,
    table: Place | None = None,
    manifest: Place | Sequence[Place] = (),
    dataset: str | None = None,
    subset: str | None = None,
    kaldi: Place | Sequence[Place] = (),
    nemo: Place | Sequence[Place] = (),
    map: Mapping[str, Any] | None = None,
    always: Mapping[str, Any] | None = None,
    mapping: Place | None = None,
    audio_root: Place | None = None,
    about: str = "",
) -> Asked:
    """Data without a recipe, for `prepare`; the arguments are the fields of a config's corpus (docs/own-data.md).

    Args:
        name: what it is called from here on; by default as its folder or file.

    Raises:
        InputError: not one of `folder`, `manifest`, `dataset`, `kaldi` and `nemo` says where it lies.
    """
    from ..prepare.own.describe import Asked, default_name

    given = dict(zip(_OWN, (folder or (), manifest, dataset or (), kaldi, nemo), strict=True))
    named = [kind for kind in _OWN if given[kind]]
    if len(named) != 1:
        raise InputError(
            f"own data: one of {', '.join(_OWN)} must say where it lies; found {len(named)} of them"
        )
    places = tuple(path_of(place, named[0]) for place in listed(given[named[0]]))

    return Asked(
        name or default_name(places),
        named[0],
        () if dataset else places,
        optional_path(table, "table"),
        map or {},
        always or {},
        optional_path(mapping, "mapping"),
        optional_path(audio_root, "audio_root"),
        about,
        Path(),
        dataset or "",
        subset,
    )


def prepare(
    corpus: str | Asked,
    corpus_dir: Place | None = None,
    out: Place | None = None,
    *,
    splits: Sequence[str] = (),
    languages: Sequence[str] = (),
    hours: float | None = None,
    limit: int | None = None,
    max_bad: float = MAX_BAD,
    headers_only: bool = False,
    fingerprints: bool = False,
    jobs: int | None = 1,
    engine: str = "local",
) -> Cuts:
    """A corpus on disk -> cut manifests, as `cryfish prepare`; `counts` is its summary.

    Args:
        corpus: a recipe's name, or `own_data(...)`, which needs no `corpus_dir`.
        out: the folder of the manifests, by default `manifests/NAME`.
        splits, languages, hours, limit: which of the clips (docs/corpora.md).
        jobs: processes, of which a script must be guarded by `if __name__ == "__main__"`; None takes all CPUs.
    """
    from ..audio.manifests import find_manifests
    from ..prepare.own.describe import describe, told_of
    from ..prepare.prepare import prepare_corpus
    from ..prepare.selection import Selection

    name = corpus if isinstance(corpus, str) else corpus.name
    folder = path_of(out, "OUT") if out is not None else Path("manifests") / name
    described = None
    if not isinstance(corpus, str):
        described = describe(corpus.fetch(folder))
        name, corpus_dir = described.own.name, described.own.home
        for line in told_of(described):
            say(line)
    elif corpus_dir is None:
        raise InputError(f"{name}: no folder is named; give the one that the corpus lies in")
    with open_engine(engine, jobs) as workers:
        summary = prepare_corpus(
            name,
            path_of(corpus_dir, "CORPUS_DIR"),
            folder,
            engine=workers,
            max_bad=max_bad,
            selection=Selection(tuple(splits), tuple(languages), hours, limit),
            headers_only=headers_only,
            fingerprints=fingerprints,
            own=described,
        )
    return Cuts(tuple(find_manifests(folder)), summary)


def augment(
    cuts: SomeCuts,
    steps: Place | Sequence[Mapping[str, Any]],
    out: Place,
    *,
    noise: Mapping[str, Cuts | Place] | None = None,
    role: Role = "train",
    seed: int = 0,
    without: Place | None = None,
    audio_roots: Mapping[str, Place] | None = None,
    max_bad: float = MAX_BAD,
    jobs: int | None = 1,
    engine: str = "local",
) -> Cuts:
    """Cuts with noise, rooms, distance and channels, lazily, with labels, as `cryfish augment`.

    Args:
        steps: what stands under a config's `augment:`, or a YAML file of it, where its relative paths start.
        out: the manifest to write (.cuts.jsonl.gz).
        noise: each corpus that a step takes noise from: what `prepare` returned, or its folder.
        role: tells which noise clips and rooms the cuts may meet.
        without: a contamination.jsonl whose clips are left out.
        audio_roots: where the audio of corpora lies that was moved since; "" stands for any corpus.
    """
    from ..augment.augment import augment as write

    given, written = manifests_of(cuts), Output(path_of(out, "--out"), "--out", by="augment")
    asked = _augmentation(
        given, steps, written, noise=noise, role=role, seed=seed, without=without, audio_roots=audio_roots
    )
    with open_engine(engine, jobs) as workers:
        counts = write(workers, [(asked, given, written.path)], max_bad=max_bad)
    return Cuts((written.path,), counts)


def preview_augmented(
    cuts: SomeCuts,
    steps: Place | Sequence[Mapping[str, Any]],
    page: Place,
    clips: int = 10,
    *,
    noise: Mapping[str, Cuts | Place] | None = None,
    role: Role = "train",
    seed: int = 0,
    without: Place | None = None,
    audio_roots: Mapping[str, Place] | None = None,
) -> int:
    """A page (.html) to look and listen before `augment`: so many clips before and after. Returns how many."""
    from ..augment.preview import preview_page

    given, written = manifests_of(cuts), Output(path_of(page, "--out"), "--out", by="augment --preview")
    asked = _augmentation(
        given, steps, written, noise=noise, role=role, seed=seed, without=without, audio_roots=audio_roots
    )
    return preview_page(asked, given, written.path, clips)


def _augmentation(
    manifests: Sequence[Path],
    steps: Place | Sequence[Mapping[str, Any]],
    written: Output,
    *,
    noise: Mapping[str, Cuts | Place] | None,
    role: Role,
    seed: int,
    without: Place | None,
    audio_roots: Mapping[str, Place] | None,
) -> Augmentation:
    """What is asked of `augment`, once nothing is wrong with it."""
    from ..augment.augmentation import Augmentation, read_steps_file, steps_faults
    from ..augment.settings import read_steps

    folders = {
        corpus: prepared.manifests[0].parent if isinstance(prepared, Cuts) else path_of(prepared, "--noise")
        for corpus, prepared in (noise or {}).items()
    }
    roots, dropped = existing_roots(audio_roots or {}), optional_path(without, "--without")
    file = Path(steps) if isinstance(steps, str | os.PathLike) else None
    refuse(
        [
            *root_faults(audio_roots or {}),
            *manifest_faults(manifests, roots, audio=True),
            *prepared_faults(folders, roots),
            *(faults_of(read_steps, steps) if file is None else steps_faults(file, folders, role)),
            *without_faults(dropped),
            *faults_of(check_outputs, [written], [*manifests, *filter(None, [file]), *folders.values()]),
        ]
    )
    read, base = (read_steps(steps), Path()) if file is None else (read_steps_file(file), file.parent)
    return Augmentation(tuple(read), folders, role, seed, base, audio_roots=roots, without=dropped)
