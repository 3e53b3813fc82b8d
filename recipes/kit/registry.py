"""The recipes there are: every module of `recipes`, of other packages and of plugins that defines CORPUS."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from ...errors import InputError, did_you_mean
from ...seams import Seam, home
from .accounted import accounted
from .corpus import DIVIDED, BadClip, Clip, Corpus, Found, LeftOut, Role, Trial, require
from .cuts import unique


@dataclass(frozen=True)
class Recipe:
    """A corpus, the generator of its clips, and the one of its verification trials, where it publishes any.

    `home` is where its code is, as fingerprints name it: `recipes.esc50`.
    """

    corpus: Corpus
    read: Callable[[Path], Iterator[Found]]
    read_trials: Callable[[Path], Iterator[tuple[str, Trial]]] | None = None
    home: str = ""

    def found(self, corpus_dir: Path) -> Iterator[Found]:
        """What a folder that holds the corpus has: clips, each id once, and what isn't one, always in the same order.

        A BadClip (an id met before, a name that can't be understood, a fact that damaged metadata don't tell, a file
        that no table names) is for the quarantine, a LeftOut for the summary.
        Raises InputError when the folder or its metadata isn't as published.
        """
        with _told():
            require(corpus_dir, self.corpus)
            yield from unique(accounted(self.read(corpus_dir), self.corpus, corpus_dir))

    def clips(self, corpus_dir: Path) -> Iterator[Clip | BadClip]:
        """As `found`, without what is left out on purpose."""
        return (item for item in self.found(corpus_dir) if not isinstance(item, LeftOut))

    def trials(self, corpus_dir: Path) -> Iterator[tuple[str, Trial]]:
        """The published trials for speaker verification, each with the name of its list.

        Raises InputError when a list isn't as published.
        """
        if self.read_trials is not None:
            with _told():
                yield from self.read_trials(corpus_dir)


@contextmanager
def _told() -> Iterator[None]:
    """Recipes look for files in many places; a folder that nobody may enter is one sentence wherever it is met."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{error.filename}: can't be read ({error.strerror}); check the folder and its permissions"
        ) from None


def _recipe_of(module: ModuleType) -> Recipe:
    return Recipe(module.CORPUS, module.clips, getattr(module, "trials", None), home(module))


CORPORA = Seam("corpus", "recipes", "CORPUS", lambda found: found.corpus.name, _recipe_of, "corpora", Recipe)


def corpora() -> Mapping[str, Recipe]:
    """Name -> recipe, in the order of the names."""
    return CORPORA.all()


def recipe(name: str) -> Recipe:
    """The recipe of that name. Raises InputError."""
    found = corpora().get(name)
    if found is None and name in CORPORA.parts().broken:
        CORPORA.refuse(name)
    if found is None:
        raise InputError(
            f"no recipe '{name}'{did_you_mean(name, corpora())}; `cryfish corpora` lists all. Own data comes in with "
            "`cryfish prepare --folder DIR --table labels.csv` (or --manifest, --dataset, --kaldi, --nemo), in a "
            f"config with `{name}: {{folder: DIR, table: labels.csv}}`: docs/own-data.md"
        )
    return found


# What is asked of a corpus by its name after it was prepared. Own data has no recipe here: its splits are always train,
# dev and test, and what else is to be known of it stands in its cuts.


def roles_of(name: str) -> Mapping[str, Role]:
    """What each split of a corpus is used as."""
    found = corpora().get(name)
    return DIVIDED if found is None else found.corpus.splits


def home_of(name: str) -> str:
    """The code that reads a corpus, as `Recipe.home`."""
    found = corpora().get(name)
    return "pipeline.prepare.own" if found is None else found.home
