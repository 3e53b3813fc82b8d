"""Which clips of a corpus are prepared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...errors import InputError
from ...recipes.kit.corpus import BadClip, Clip, Corpus, Found, LeftOut
from ...recipes.kit.hours import Hours, hours_in
from ...recipes.kit.languages import speaks


@dataclass(frozen=True)
class Selection:
    """Which clips of a corpus to prepare: all that pass every test that is set.

    `languages` are codes, in letters of any case; `es` also takes `es-mx`. `hours` takes that share of the published
    hours of these splits and languages (`kit.hours`), chosen by a hash of the clip's id, so that a larger number adds
    clips and keeps those there. `limit` takes the first clips.
    """

    splits: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: float | None = None
    limit: int | None = None

    def check(self, corpus: Corpus) -> None:
        """Raises InputError for a split or language that the corpus doesn't have, or a part of hours nobody tells."""
        for split in self.splits:
            if split not in corpus.splits:
                raise InputError(
                    f"--split {split}: {corpus.title} has no such split; there are {', '.join(corpus.splits)}"
                )
        for language in self.languages:
            if (
                corpus.languages
                and not corpus.own
                and not any(speaks(known, language) for known in corpus.languages)
            ):
                raise InputError(
                    f"--language {language}: {corpus.title} doesn't have it; it has {', '.join(corpus.languages)}"
                )
        if self.hours is not None and corpus.own:
            raise InputError(
                f"hours: how many hours {corpus.title} has isn't known before it is prepared; leave 'hours' out"
            )
        if self.hours is not None and not self.published(corpus).exact:
            raise InputError(
                f"--hours {self.hours:g}: how many hours these splits or languages of {corpus.title} have isn't "
                "published, so no part of them can be taken; leave out --hours, or --split and --language"
            )

    def published(self, corpus: Corpus) -> Hours:
        """The published hours of the splits and languages, of which `hours` is a part."""
        return hours_in(corpus, self.splits, self.languages)

    def used(self, corpus: Corpus) -> Hours:
        """How many of the published hours are taken."""
        published = self.published(corpus)
        part = min(1.0, self.hours / published.all) if self.hours and published.all else 1.0
        return Hours(part * published.all, part * published.unique, published.exact)

    def of(self, clips: Iterable[Found], corpus: Corpus) -> Iterator[Found]:
        """The chosen clips; a BadClip counts as chosen, since what it is can't be known."""
        share = 1.0 if self.hours is None else self.hours / max(self.published(corpus).all, 1e-9)
        taken = 0
        for clip in clips:
            if taken == self.limit:
                return
            if isinstance(clip, BadClip) or self._takes(clip, share):
                taken += not isinstance(clip, LeftOut)
                yield clip

    def _takes(self, clip: Clip | LeftOut, share: float) -> bool:
        if self.splits and clip.split not in self.splits:
            return False
        if self.languages and isinstance(clip, Clip):
            spoken = str(clip.facts.get("language", ""))
            if not any(speaks(spoken, language) for language in self.languages):
                return False
        if share < 1:
            digest = hashlib.blake2b(clip.id.encode(), digest_size=8).digest()
            return int.from_bytes(digest, "big") / 2**64 < share
        return True


EVERYTHING = Selection()
