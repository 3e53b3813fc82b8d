"""The report: figures as text and as a page, and a verdict that follows them."""

from pathlib import Path

from cryfish.pipeline.demo.report import RunReport, _scores, _verdict, loss_picture, write_report

TASK = {
    "task": "gender",
    "n": 64,
    "speakers": 8,
    "metric": "accuracy",
    "score": 0.92,
    "interval": [0.83, 0.97],
    "baselines": {
        "majority": {"score": 0.5, "gain": 0.42, "gain_interval": [0.3, 0.5]},
        "no_audio": {"score": 0.5, "gain": 0.42, "gain_interval": [0.3, 0.5]},
    },
    "hears": True,
}
DEAF = {**TASK, "task": "snr", "interval": None, "baselines": {}, "hears": False}


def test_scores_stand_beside_their_baselines() -> None:
    header, rows = _scores([TASK, DEAF])
    assert len(header) == len(rows[0]) == len(rows[1])
    assert rows[0][4] == "0.920 (0.830 to 0.970)"
    assert rows[1][-1] == "no"


def test_the_verdict_names_the_tasks_it_hears() -> None:
    assert "gender" in _verdict([TASK, DEAF])
    assert "doesn't hear" in _verdict([DEAF])


def test_the_report_is_written_as_text_page_and_picture(tmp_path: Path) -> None:
    report = RunReport(
        "Cryfish: demo",
        ["encoder: <small>"],
        tables={"Corpora": (("corpus", "clips"), [("fsdd", "48")])},
        losses=[(step, 3 / step) for step in range(1, 60)],
        verdict="It hears.",
    )
    page = write_report(report, tmp_path)
    assert "&lt;small&gt;" in page.read_text()
    assert 'src="data:image/png;base64,' in page.read_text()
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
    text = (tmp_path / "report.txt").read_text()
    assert "fsdd" in text
    assert "It hears." in text


def test_the_same_losses_make_the_same_picture() -> None:
    losses = [(step, 1.0 / step) for step in range(1, 10)]
    assert loss_picture(losses) == loss_picture(losses)
