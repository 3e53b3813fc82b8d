"""Damage is never taken for data: clips with an untold fact are bad ones, and so is audio that no table names."""

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from .corpus import BadClip, Clip, Corpus, Found, LeftOut, safe_id
from .cuts import DigestSet
from .lookup import Untold
from .spelling import find, on_disk, walk

AUDIO = (".wav", ".flac", ".mp3", ".m4a", ".mp4", ".ogg", ".opus", ".sph", ".webm", ".mkv", ".au")
UNNAMED = "no table of the corpus names the file: one lost rows, or the file isn't of the corpus"


def accounted(found: Iterable[Found], corpus: Corpus, corpus_dir: Path) -> Iterator[Found]:
    """What was found, bad ones for clips with an untold fact; then one for every listed file that nothing named."""
    named = DigestSet()
    for clip in found:
        if isinstance(clip, Clip):
            if corpus.listed:
                named.add(_spelt(clip.audio))
            untold = next((value for value in clip.facts.values() if isinstance(value, Untold)), None)
            if untold is not None:
                yield BadClip(clip.id, clip.audio, untold.reason)
                continue
        elif corpus.listed and isinstance(clip, BadClip):
            named.add(_spelt(Path(clip.path)))
        elif corpus.listed and isinstance(clip, LeftOut) and clip.audio is not None:
            named.add(_spelt(clip.audio))
        yield clip
    if corpus.listed:
        yield from _unnamed(corpus, corpus_dir, named)


def _unnamed(corpus: Corpus, corpus_dir: Path, named: DigestSet) -> Iterator[BadClip]:
    spares = _words(corpus, corpus_dir)
    # `relative_to` would take longer than everything else here.
    inside = len(str(corpus_dir / "x")) - 1
    for pattern in corpus.listed:
        for folder in _first(corpus_dir, pattern):
            for path in walk(folder, AUDIO):
                spelt = _spelt(str(path)[inside:])
                if spelt in named or path.name in spares or path.stem in spares:
                    continue
                named.add(spelt)
                there, name = (
                    on_disk(path).relative_to(corpus_dir),
                    path.relative_to(corpus_dir).with_suffix(""),
                )
                yield BadClip(safe_id(name.as_posix()), there, UNNAMED)


def _spelt(path: Path | str) -> str:
    """A path in one spelling: copies differ in capital letters and in how an accent is written."""
    text = str(path)
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text).casefold()


def _first(corpus_dir: Path, pattern: str) -> list[Path]:
    """The folders of the first choice that has any."""
    found = (find(corpus_dir, f"{choice}/") for choice in pattern.split("|"))
    return next(filter(None, found), [])


def _words(corpus: Corpus, corpus_dir: Path) -> DigestSet:
    """Every word of the lists of files that aren't read: one of them is the name."""
    words = DigestSet()
    for pattern in corpus.spares:
        for path in find(corpus_dir, pattern):
            with on_disk(path).open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    for word in unicodedata.normalize("NFC", line).replace(",", " ").split():
                        words.add(word)
    return words
