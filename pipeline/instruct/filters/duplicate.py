"""duplicate: of each group of near-duplicate questions of a corpus only so many are kept.

Questions are compared as sets of pieces of four characters (two in Chinese and the like), case, accents, punctuation
and the writing of numbers aside. A MinHash of 16 values estimates the Jaccard similarity of two sets (A. Broder, "On
the resemblance and containment of documents", 1997); pairs of values serve as bands, so that only questions that share
one are compared (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", chapter 3). Memory holds 88 bytes per
question.
"""

from __future__ import annotations

import zlib
from array import array
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ....seeding import digest
from .agreement import numbers
from .candidate import Verdict
from .whole import Whole, corpus_of
from .words import CJK, texts

SHARE = Fraction(1, 20)
"""Of a corpus' questions that one wording may make up. Stage 1 has at least 15 phrasings for each task: a wording
there is a fifteenth of its task and less of a corpus with several. Stage 2, which is there for its variety, mustn't be
worse."""

FEW = 10
"""So many of a group are always kept: in a small corpus a share would be less than one."""

_VALUES = 16
_BANDS = 8
_SIMILAR = 0.7


@dataclass(frozen=True)
class Duplicates:
    """How many of one group are kept: a number, a share of the corpus' questions, or by default (`None`) the larger
    of `SHARE` and `FEW`."""

    max_per_corpus: int | Fraction | None = None

    def allowed(self, questions: int) -> int:
        """How many near-duplicates a corpus of so many questions may have."""
        if self.max_per_corpus is None:
            return max(FEW, int(SHARE * questions))
        if isinstance(self.max_per_corpus, int):
            return self.max_per_corpus
        return max(1, int(self.max_per_corpus * questions))


def _hash(*parts: Any) -> int:
    return int.from_bytes(digest(*parts)[:8])


_FACTORS, _TERMS = (
    np.array([_hash("minhash", name, i) | 1 for i in range(_VALUES)], np.uint64) for name in ("a", "b")
)


def normal_form(question: str) -> str:
    """A question without case, accents and punctuation, its numbers in digits."""
    return " ".join(numbers().get(word, word) for word in texts(question))


def signature(question: str) -> np.ndarray:
    """The MinHash of a question's pieces, (16,) uint32."""
    text = f" {normal_form(question)} "
    size = 2 if CJK.search(text) else 4
    pieces = {text[i : i + size] for i in range(max(1, len(text) - size + 1))}
    hashed = np.fromiter((zlib.crc32(piece.encode()) for piece in pieces), np.uint64, len(pieces))
    # Multiply and shift (Dietzfelbinger and others, 1997): the upper half of a product is a universal hash.
    return np.asarray(((hashed[:, None] * _FACTORS + _TERMS) >> np.uint64(32)).min(axis=0), np.uint32)


def drop_duplicates(whole: Whole, settings: Duplicates, seed: int) -> None:
    """Adds the verdicts against surplus near-duplicates. Which of a group stay is decided by a hash of the seed and the
    record's id, so that the order of the records doesn't matter."""
    signatures, ranks, corpora, lines = array("I"), array("Q"), array("Q"), array("Q")
    for number, record in whole.left():
        signatures.frombytes(signature(record["question"]).tobytes())
        ranks.append(_hash("duplicate", seed, record["id"]))
        corpora.append(_hash(corpus_of(record)))
        lines.append(number)
    if not lines:
        return
    order = np.lexsort((np.frombuffer(lines, np.uint64), np.frombuffer(ranks, np.uint64)))
    corpus = np.frombuffer(corpora, np.uint64)[order]
    first = _first_alike(np.frombuffer(signatures, np.uint32).reshape(-1, _VALUES)[order], corpus)
    allowed = {name: settings.allowed(count) for name, count in Counter(corpora).items()}
    kept: Counter[int] = Counter()
    for place, leader in enumerate(first.tolist()):
        limit = allowed[int(corpus[place])]
        if kept[leader] < limit:
            kept[leader] += 1
        else:
            whole.against[lines[int(order[place])]] = Verdict(
                "duplicate", False, f"its corpus has more nearly equal questions than {limit}, which are kept"
            )


def _first_alike(signatures: np.ndarray, corpus: np.ndarray) -> np.ndarray:
    """For each question the first one of its corpus that is nearly equal, itself where none is before it.

    signatures: (questions, 16) in the order of their ranks; corpus: (questions,).
    """
    count = len(signatures)
    first = np.arange(count)
    width = _VALUES // _BANDS
    for band in range(_BANDS):
        pair = signatures[:, band * width : (band + 1) * width]
        order = np.lexsort((np.arange(count), pair[:, 1], pair[:, 0], corpus))
        same = (np.diff(pair[order], axis=0) == 0).all(axis=1) & (np.diff(corpus[order]) == 0)
        starts = np.concatenate(([0], np.flatnonzero(~same) + 1))
        leaders = np.repeat(order[starts], np.diff(np.append(starts, count)))
        alike = (signatures[order] == signatures[leaders]).mean(axis=1) >= _SIMILAR
        first[order] = np.where(alike, np.minimum(first[order], leaders), first[order])
    return first
