"""Answers about two clips, in shards, against what is heard of the two."""

from typing import Any

import pytest

from .harness import Workshop, cuts_of, original
from .pairs import judge_pairs, says

NOISE = {"share": 1, "from": ["esc50"], "colours": ["pink", "brown"], "snr_db": {"uniform": [-5, 25]}}
LINE = {
    "share": 0.4,
    "telephone": {"share": 0.3},
    "gain": {"share": 0.3, "db": {"uniform": [-20, 0]}},
    "codec": {"share": 0.4, "of": ["mp3", "gsm"]},
}


def steps_for(task: str, bank: str) -> list[dict[str, Any]]:
    if task == "noisier":
        return [{"room": {"share": 0.3, "bank": bank}}, {"noise": NOISE}, {"channel": LINE}]
    if task == "more_reverberant":
        return [{"room": {"share": 1, "bank": bank}}, {"channel": LINE}]
    level = "inverse" if task in ("louder", "nearer") else "normalised"
    return [{"room": {"share": 1, "bank": bank, "level": level, "distances": 2}}]


DRAWN = {
    "louder": ("louder", {"librispeech": 4, "ravdess": 2, "tuxpaint": 24}),
    "nearer": ("nearer", {"librispeech": 4, "ravdess": 2, "tuxpaint": 24}),
    "nearer, evened out": ("nearer", {"ravdess": 2, "tuxpaint": 24}),
    "noisier": ("noisier", {"librispeech": 8, "ravdess": 2, "asterisk": 8}),
    "more reverberant": ("more_reverberant", {"librispeech": 2, "ravdess": 1, "asterisk": 2}),
}
"""A task and of which corpora every n-th clip is taken. `python -m tests.heard pairs` draws 500."""


@pytest.mark.parametrize("drawn", DRAWN)
def test_every_answer_about_two_clips_is_true(workshop: Workshop, drawn: str) -> None:
    task, sizes = DRAWN[drawn]
    manifests = [workshop.manifest(corpus, every) for corpus, every in sizes.items()]
    steps = steps_for(task if drawn != "nearer, evened out" else drawn, str(workshop.rooms()))
    made = workshop.augmented(f"pairs {drawn}", manifests, steps, seed=5)
    examples = workshop.asked(made, task)
    verdicts = list(
        judge_pairs(examples, {cut.id: cut for cut in cuts_of(made)}, original(manifests, workshop.corpora))
    )
    false = [why for _, why in verdicts if why is not None]
    assert not false, f"{len(false)} of {len(verdicts)}:\n" + "\n".join(false)
    assert len(verdicts) >= 5


@pytest.mark.parametrize(
    ("task", "question", "answer", "more"),
    [
        ("louder", "<audio> <audio> Which clip is quieter?", "The second clip.", 1),
        ("louder", "Clip one: <audio> Clip two: <audio> Which has more volume?", "It is the first clip.", 1),
        ("louder", "Would you have to turn up the second recording to match the first?", "Yes.", 1),
        ("nearer", "Does the second recording sound more distant than the first?", "No.", 2),
        ("nearer", "Was the second clip recorded from a shorter distance than the first?", "Yes.", 2),
        (
            "noisier",
            "Would you call the first recording the cleaner of the two?",
            "No, the first is noisier.",
            1,
        ),
        ("noisier", "Number of the clip with the worse signal-to-noise ratio (1, 2):", "2", 2),
        ("more_reverberant", "Was the second recording made in a drier room than the first?", "Yes.", 1),
    ],
)
def test_answers_are_read_as_a_listener_would(task: str, question: str, answer: str, more: int) -> None:
    assert says(task, question, answer) == more
