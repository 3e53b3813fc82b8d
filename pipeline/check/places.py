"""The corpora are where the config says, and the run may write where it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from ...errors import faults_of
from ...outputs import RUN, Output, check_outputs
from ...recipes.kit.corpus import require
from ..config import CorpusSection
from ..prepare.own.describe import Asked, own_faults
from ..stages import Run


def corpus_faults(whole: Run, among: Mapping[str, CorpusSection] | None = None) -> Iterator[str]:
    """Every corpus (of those `among`) that isn't where the config says, or not whole."""
    for name, section in (whole.known() if among is None else among).items():
        said = whole.said_of(name)
        if said is not None:
            yield from _own_faults(whole, name, said)
            continue
        corpus = whole.recipe(name).corpus
        if not section.dir.is_dir():
            get = f"`cryfish download {name} '{section.dir}'`" if corpus.downloads else corpus.homepage
            yield (
                f"{section.dir}: no such folder (field 'corpora.{name}.dir'); get {corpus.title} from {get} or mend "
                "the path"
            )
        else:
            for fault in faults_of(require, section.dir, corpus):
                yield f"corpora.{name}.dir: {fault}"


def _own_faults(whole: Run, name: str, said: Asked) -> Iterator[str]:
    """Own data that isn't where the config says; a data set that isn't on disk is looked for when it is fetched."""
    section = whole.config.corpora[name]
    if section.dataset is None:
        yield from (f"corpora.{name}: {fault}" for fault in own_faults(said))
    elif find_spec("datasets") is None:
        yield f"corpora.{name}: 'dataset' needs the package datasets: pip install 'cryfish[datasets]'"
    elif section.dataset.startswith((".", "/", "~")) and not section.dir.exists():
        yield f"corpora.{name}.dataset: {section.dir} isn't there; mend the path, or name a data set on the Hub"


def work_faults(whole: Run) -> Iterator[str]:
    work = Output(whole.layout.work, "field 'work'", RUN)
    yield from faults_of(
        check_outputs, [work], [path for name in whole.config.corpora for path in _read(whole, name)]
    )


def _read(whole: Run, name: str) -> Iterable[Path]:
    """What of a corpus is read: its folder, or of own data the folder or files that are named."""
    section = whole.config.corpora[name]
    if not section.is_own:
        return [section.dir]
    own = whole.own(name)
    if section.dataset is not None or own is None:
        return [section.dir] if section.dir.exists() else []
    return own.own.inputs()
