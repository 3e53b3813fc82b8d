"""What every metric holds, ours and a plugin's: it gives its miniature the known score."""

import pytest

from cryfish.model.evaluate.metric import METRICS, USUAL, Answer, Metric
from cryfish.model.evaluate.results import Scorer, score_task


def check_miniature(metric: Metric) -> None:
    assert {kind for kind, *_ in metric.miniature} == set(metric.kinds) <= set(USUAL)
    for kind in metric.kinds:
        rows = [row[1:] for row in metric.miniature if row[0] == kind]
        scorer = Scorer(kind, [("", label, label) for _, label, _ in rows], None, metric=metric.name)
        assert scorer.metric == metric
        for text, label, score in rows:
            assert metric.score([Answer(text, label, scorer.known)]) == score, text
        heard = {
            str(number): {"label": label, "template": "", "generated": text, "speaker": str(number)}
            for number, (text, label, _) in enumerate(rows * 5)
        }
        whole = score_task("small", scorer, {"audio": heard, "no_audio": heard}, 0, [], seed=0)
        assert whole.metric == metric.name
        assert whole.score == pytest.approx(metric.score([Answer(*row[:2], scorer.known) for row in rows]))
        assert whole.interval is not None
        assert whole.interval[0] <= whole.score <= whole.interval[1]
        assert whole.baselines["no_audio"].gain == 0


@pytest.mark.parametrize("name", METRICS.all())
def test_every_metric_gives_its_miniature_the_known_score(name: str) -> None:
    check_miniature(METRICS.get(name))


def test_every_kind_has_a_usual_metric() -> None:
    for kind, name in USUAL.items():
        assert kind in METRICS.get(name).kinds
