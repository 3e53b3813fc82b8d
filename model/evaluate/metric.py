"""What a metric is, and which there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...seams import Seam
from .reading import KnownAnswers, written_without_spaces

USUAL = {"label": "accuracy", "number": "accuracy", "list": "f1", "text": "wer"}
"""The metric of a kind of answers, where a task names no other."""

BESIDE = {"number": ("mae",), "text": ("wer", "cer")}
"""What else the literature reports."""


@dataclass(frozen=True)
class Answer:
    """A generated text, and what would be right. `known` is what is known of the task's other answers.

    `template` is the question's (empty where it was written singly), `language` its language.
    """

    text: str
    label: str
    known: KnownAnswers
    template: str = ""
    language: str = ""


@dataclass(frozen=True)
class Metric:
    """How answers are scored: a sum of points over a sum of what there was to win.

    `points` gives both for one answer: 1 is to be won by an example, for errors it is the words of the reference.
    `kinds` are those of the answers that it can score. Where an answer wins `all_or_nothing`, the score's interval is
    that of a share, else one by drawing speakers again. `unspaced` names the metric that takes its place where labels
    are in scripts without spaces. `miniature` has a kind, an answer, the right label and the score.
    """

    name: str
    kinds: tuple[str, ...]
    points: Callable[[Answer], tuple[float, float]]
    higher_is_better: bool = True
    all_or_nothing: bool = False
    unspaced: str = ""
    miniature: tuple[tuple[str, str, str, float | None], ...] = ()

    def score(self, answers: Iterable[Answer]) -> float | None:
        """Of all answers together; None where nothing was to be won."""
        points = [self.points(answer) for answer in answers]
        of = sum(count for _, count in points)
        return sum(won for won, _ in points) / of if of else None


METRICS: Seam[Metric] = Seam(
    "metric", "model.evaluate.metrics", "METRIC", lambda metric: metric.name, is_a=Metric
)


def metric_for(known: KnownAnswers, name: str = "") -> Metric:
    """The metric of that name where it can score such answers, else the usual one.

    Raises:
        InputError: there is none of that name.
    """
    metric = METRICS.get(name or USUAL[known.kind], "metrics")
    if known.kind not in metric.kinds:
        metric = METRICS.get(USUAL[known.kind])
    if metric.unspaced and written_without_spaces(known.labels):
        metric = METRICS.get(metric.unspaced)
    return metric
