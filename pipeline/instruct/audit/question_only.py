"""How much of a task can be answered from the question alone: a linear classifier that never hears a clip."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from ..saying import taken_apart
from ..tasks.tasks import TASKS
from ..template.phrasings import phrasings_of

FOLDS = 5
LEAST = 100
"""With fewer questions, wordings and answers go together by chance: of 70, one set in twenty seems to be
answered 15 points better than it is."""
MOST_LABELS = 200
"""Each costs a column of weights; the others count as answered wrongly."""
_FEATURES = 1 << 18


@dataclass(frozen=True)
class LabelledQuestion:
    """What is kept of an instruction for this. `clips` are any numbers that stand for its clips.

    `options` is how many answers the question lists, None where it lists none.
    """

    question: str
    label: str
    clips: tuple[int, ...]
    options: int | None = None


@dataclass(frozen=True)
class QuestionOnly:
    """`accuracy` is that of the classifier on `count` questions, `low` to `high` its Wilson interval (99 %).

    `baseline` is what one scores who reads the options but nothing else: always the most frequent label, or one of
    the options at random where the question lists any, whichever is better. `labels` is how many there are.
    """

    count: int
    labels: int
    accuracy: float
    low: float
    high: float
    baseline: float


def question_only(asked: Sequence[LabelledQuestion]) -> tuple[QuestionOnly, list[bool]] | None:
    """Cross-validates a logistic regression from the words and letters of a question to its label.

    No clip is both in the part it learns from and in the part it is asked about. Returns also which of `asked` were
    answered rightly; or None where there is nothing to find out: fewer than `LEAST` questions, one label, or clips
    that all hang together.
    """
    from sklearn.model_selection import GroupKFold
    from threadpoolctl import threadpool_limits

    frequent = sorted(Counter(item.label for item in asked).items(), key=lambda item: (-item[1], item[0]))
    # What is rare stays in as a class of its own: without it, a question that lists a rare label as an option would
    # betray that another one is right.
    labels = {label: number for number, (label, _) in enumerate(frequent[:MOST_LABELS])}
    groups = connected([item.clips for item in asked])
    if len(asked) < LEAST or len(labels) < 2 or len(set(groups)) < FOLDS:
        return None
    features = _features([item.question for item in asked])
    wanted = np.array([labels.get(item.label, MOST_LABELS) for item in asked])
    right = np.zeros(len(asked), dtype=bool)
    # One thread: sums in another order could turn a close call.
    with threadpool_limits(1):
        for learn, ask in GroupKFold(FOLDS).split(features, wanted, groups):
            right[ask] = _predict(features[learn], wanted[learn], features[ask]) == wanted[ask]
    right &= wanted != MOST_LABELS
    hits = int(right.sum())
    low, high = wilson(hits, len(asked))
    result = QuestionOnly(len(asked), len(frequent), hits / len(asked), low, high, _baseline(asked))
    return result, right.tolist()


def _features(questions: Sequence[str]) -> csr_matrix:
    """Words, pairs and triples of them, and runs of 2 to 4 letters, for scripts without blanks: float32 [N, F]."""
    from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

    parts = []
    for analyzer, runs in (("word", (1, 3)), ("char_wb", (2, 4))):
        hashing = HashingVectorizer(
            analyzer=analyzer,
            ngram_range=runs,
            n_features=_FEATURES,
            alternate_sign=False,
            norm=None,
            token_pattern=r"(?u)\w+|<\w+>",
            dtype=np.float32,
        )
        parts.append(TfidfTransformer(sublinear_tf=True).fit_transform(hashing.transform(questions)))
    joined = csr_matrix(hstack(parts))
    # What occurs nowhere costs a weight for each label all the same.
    return joined[:, np.unique(joined.indices)]


def _predict(features: csr_matrix, wanted: np.ndarray, ask: csr_matrix) -> np.ndarray:
    from sklearn.linear_model import SGDClassifier

    if len(np.unique(wanted)) < 2:
        return np.full(ask.shape[0], wanted[0])
    model = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=10, tol=None, average=True, random_state=0)
    return np.asarray(model.fit(features, wanted).predict(ask))


def _baseline(asked: Sequence[LabelledQuestion]) -> float:
    constant = max(Counter(item.label for item in asked).values()) / len(asked)
    listed = sum(1 / item.options if item.options else constant for item in asked) / len(asked)
    return max(constant, listed)


def connected(clips: Iterable[tuple[int, ...]]) -> list[int]:
    """A number for each tuple, the same for those that share a clip, directly or through others."""
    leader: dict[int, int] = {}

    def find(clip: int) -> int:
        while leader.setdefault(clip, clip) != clip:
            leader[clip] = clip = leader[leader[clip]]
        return clip

    several = list(clips)
    for heard in several:
        for other in heard[1:]:
            leader[find(other)] = find(heard[0])
    numbers: dict[int, int] = {}
    return [numbers.setdefault(find(heard[0]), len(numbers)) for heard in several]


def wilson(hits: int, count: int, z: float = 2.576) -> tuple[float, float]:
    """The interval in which a share lies with 99 % confidence (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    share = hits / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return max(0.0, centre - half), min(1.0, centre + half)


def listed_options(task: str, template: str, question: str) -> tuple[int, int, int] | None:
    """Where the options of a template's question begin and end, and how many there are.

    None where it lists none, or where its template isn't known (any more).
    """
    _, language, _ = template.split("/") if template.count("/") == 2 else ("", "", "")
    if task not in TASKS.all() or not language:
        return None
    phrasings = phrasings_of(TASKS.get(task)).questions.get(language, ())
    phrasing = next((one for one in phrasings if one.id == template), None)
    if phrasing is None or not phrasing.lists_options:
        return None
    before = phrasing.segments[0][0]
    after = "".join(text for text, field in phrasing.segments[1:] if field is None)
    start, end = len(before), len(question) - len(after)
    if start >= end or not (question.startswith(before) and question.endswith(after)):
        return None
    return start, end, taken_apart(question[start:end], *phrasing.form.join)
