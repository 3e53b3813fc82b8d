"""Alignment: the connector alone learns to name what it hears in the LLM's words."""

import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from cryfish.errors import InputError
from cryfish.model import CryfishForConditionalGeneration, CryfishProcessor
from cryfish.model.interruption import StopRequest
from cryfish.model.train.align import AlignBatch, CollateWords, align, word_loss
from cryfish.model.train.settings import AlignSettings
from cryfish.shards import ClipRecord, Example, Instruction

HERTZ = {"low": 200, "high": 2000}


def tone(label: str, seconds: float) -> np.ndarray:
    times = np.arange(round(16_000 * seconds)) / 16_000
    return (0.3 * np.sin(2 * np.pi * HERTZ[label] * times)).astype(np.float32)


def example(*labels: str, label: str = "", seconds: float = 0.3) -> Example:
    asked = Instruction(
        "0" * 16,
        tuple(f"clip{number}" for number in range(len(labels))),
        "pitch",
        "label",
        "Low or high?",
        f"It is {labels[0]}.",
        label,
        "en",
        "template",
    )
    clips = tuple(ClipRecord(clip, seconds, "tones", {}) for clip in asked.clips)
    return Example("tones", clips, asked, [tone(one, seconds) for one in labels])


def test_the_loss_is_the_cross_entropy_of_the_words_by_similarity() -> None:
    vocabulary = torch.eye(4) * 3
    heard = torch.tensor([[5.0, 1, 1, 1]])
    loss = word_loss(heard, [[0]], vocabulary)
    # By hand: (5, 1, 1, 1) has mean 2 and deviation sqrt(3); the scores are (sqrt(3), -1/sqrt(3), ...) / scale.
    scale = float(vocabulary.std()) * 2 / 3
    scores = torch.tensor([math.sqrt(3), *[-1 / math.sqrt(3)] * 3]) / scale
    torch.testing.assert_close(loss, -scores.log_softmax(0)[0], rtol=1e-4, atol=1e-4)
    assert word_loss(heard, [[1]], vocabulary) > loss
    torch.testing.assert_close(word_loss(heard * 70, [[0]], vocabulary / 5), loss, rtol=1e-4, atol=1e-4)


def test_words_are_the_labels_tokens_or_the_answers_and_only_of_single_clips(
    make_model: Callable[..., CryfishForConditionalGeneration],
    make_processor: Callable[[CryfishForConditionalGeneration], CryfishProcessor],
) -> None:
    processor = make_processor(make_model())
    collate = CollateWords(processor)
    batch = collate([example("low", label="low"), example("low", "high", label="same"), example("high")])
    assert batch is not None
    assert batch.lengths == [4800, 4800]
    assert batch.words == [processor.words("low"), processor.words("It is high.")]
    assert collate([example("low", "high", label="same")]) is None


@pytest.mark.parametrize("encoder", ["wavlm", "whisper"])
def test_a_connector_names_tones_of_lengths_it_never_met(
    encoder: str,
    make_model: Callable[..., CryfishForConditionalGeneration],
    make_processor: Callable[[CryfishForConditionalGeneration], CryfishProcessor],
) -> None:
    model = make_model(encoder)
    processor = make_processor(model)
    collate = CollateWords(processor)
    train = [
        collate([example(label, label=label, seconds=seconds) for label in HERTZ])
        for seconds in (0.2, 0.3, 0.4, 0.5)
    ]
    model.standardise_frames(
        [{"audio": b.audio, "audio_lengths": torch.tensor(b.lengths)} for b in train if b]
    )
    before = {name: value.clone() for name, value in model.state_dict().items()}
    losses = align(model, train, AlignSettings(steps=40, batches=4), 1, StopRequest(), show=False)
    assert len(losses) == 40
    assert losses[-1] < losses[0]

    model.eval()
    test = collate([example(label, label=label, seconds=0.35) for label in HERTZ])
    assert test is not None
    vocabulary = model.get_input_embeddings().weight.detach()  # type: ignore[operator]

    def named(words: list[list[int]]) -> torch.Tensor:
        with torch.no_grad():
            heard = [clip[:3].mean(0) for clip in model.embed_audio(test.audio, torch.tensor(test.lengths))]
            return word_loss(torch.stack(heard), words, vocabulary)

    assert named(test.words) < named(test.words[::-1]) - 0.5
    changed = {name for name, value in model.state_dict().items() if not torch.equal(before[name], value)}
    assert changed
    assert all(name.startswith("connector.") for name in changed)


def test_the_same_seed_gives_the_same_connector_and_a_stop_ends_it(
    make_model: Callable[..., CryfishForConditionalGeneration],
    make_processor: Callable[[CryfishForConditionalGeneration], CryfishProcessor],
) -> None:
    made: list[list[float]] = []
    settings = AlignSettings(steps=3, batches=2, batches_per_step=1)
    for seed in (1, 1, 2):
        model = make_model()
        collate = CollateWords(make_processor(model))
        batches: list[AlignBatch | None] = [collate([example(label, label=label)]) for label in HERTZ]
        made.append(align(model, batches, settings, seed, StopRequest(), show=False))
    assert made[0] == made[1]
    assert made[0] != made[2]
    stopped = StopRequest()
    stopped.signum = 2
    assert align(make_model(), batches, settings, 1, stopped, show=False) == []
    with pytest.raises(InputError, match="single clip"):
        align(make_model(), [None], settings, 1, StopRequest(), show=False)
