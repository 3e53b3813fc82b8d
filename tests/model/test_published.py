"""The numbers of the original CryFish code."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from cryfish.errors import InputError
from cryfish.model import CryfishForConditionalGeneration, load_cryfish_checkpoint

SIZES: dict[str, Any] = {
    "connector_hidden_size": 32,
    "connector_ffn_size": 64,
    "connector_heads": 4,
    "lora_r": 4,
    "lora_alpha": 16,
}


@pytest.fixture(scope="module")
def reference(shared: Path) -> Path:
    return shared / "cryfish-reference"


@pytest.fixture(scope="module")
def model(reference: Path) -> CryfishForConditionalGeneration:
    return load_cryfish_checkpoint(
        reference / "cryfish.safetensors", str(reference / "wavlm"), str(reference / "llm"), **SIZES
    )


@pytest.fixture(scope="module")
def samples(reference: Path) -> list[dict[str, Any]]:
    tensors = load_file(reference / "case.safetensors")
    count = json.loads((reference / "case.json").read_text())["num_samples"]

    def numbered(name: str) -> list[torch.Tensor]:
        return [tensors[f"{name}.{j}"] for j in range(10) if f"{name}.{j}" in tensors]

    return [
        {
            "audio": numbered(f"sample.{i}.audio"),
            "prompt": numbered(f"sample.{i}.prompt"),
            "answer": tensors[f"sample.{i}.answer"],
            "embeddings": numbered(f"sample.{i}.expected.audio_embeds"),
            "logits": tensors[f"sample.{i}.expected.answer_logits"],
            "loss": tensors[f"sample.{i}.expected.loss"],
        }
        for i in range(count)
    ]


def windows(clips: list[torch.Tensor], size: int) -> torch.Tensor:
    return torch.cat([torch.nn.functional.pad(clip, (0, -len(clip) % size)).view(-1, size) for clip in clips])


def batch_of(
    model: CryfishForConditionalGeneration, samples: list[dict[str, Any]], labelled: bool
) -> dict[str, torch.Tensor]:
    """The reference's token ids laid out as the processor would."""
    rows, masks, labels = [], [], []
    for sample in samples:
        ids, heard = [sample["prompt"][0]], [torch.zeros(len(sample["prompt"][0]))]
        for clip, text in zip(sample["audio"], sample["prompt"][1:], strict=True):
            count = model.config.num_embeddings(len(clip))
            ids += [torch.zeros(count, dtype=torch.long), text]
            heard += [torch.ones(count), torch.zeros(len(text))]
        rows.append(torch.cat([*ids, sample["answer"]]))
        masks.append(torch.cat([*heard, torch.zeros(len(sample["answer"]))]).bool())
        labels.append(torch.cat([torch.full((sum(map(len, ids)),), -100), sample["answer"]]))
    clips = [clip for sample in samples for clip in sample["audio"]]

    def pad(tensors: list[torch.Tensor], value: int) -> torch.Tensor:
        return torch.nn.utils.rnn.pad_sequence(tensors, batch_first=True, padding_value=value)

    batch = {
        "input_ids": pad(rows, 0),
        "attention_mask": pad([torch.ones(len(row), dtype=torch.long) for row in rows], 0),
        "audio_mask": pad(masks, False),
        "audio": windows(clips, model.config.window_samples),
        "audio_lengths": torch.tensor([len(clip) for clip in clips]),
    }
    return {**batch, "labels": pad(labels, -100)} if labelled else batch


def answer_logits(logits: torch.Tensor, row: int, sample: dict[str, Any]) -> torch.Tensor:
    """The rows that predict the answer's tokens, from the logits at all positions."""
    start = sum(map(len, sample["prompt"])) + sum(map(len, sample["embeddings"]))
    return logits[row, start - 1 : start - 1 + len(sample["answer"])]


def close(ours: torch.Tensor, theirs: torch.Tensor) -> None:
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_each_sample_alone_gives_the_numbers_of_the_original(
    model: CryfishForConditionalGeneration, samples: list[dict[str, Any]]
) -> None:
    for sample in samples:
        batch = batch_of(model, [sample], labelled=True)
        for ours, theirs in zip(
            model.embed_audio(batch["audio"], batch["audio_lengths"]), sample["embeddings"], strict=True
        ):
            close(ours, theirs)
        output = model(**batch)
        close(output.logits[0], sample["logits"])
        close(output.loss[None], sample["loss"])


@torch.no_grad()
def test_all_samples_in_one_batch_give_the_same_numbers(
    model: CryfishForConditionalGeneration, samples: list[dict[str, Any]]
) -> None:
    batch = batch_of(model, samples, labelled=False)
    expected = [embeddings for sample in samples for embeddings in sample["embeddings"]]
    for ours, theirs in zip(model.embed_audio(batch["audio"], batch["audio_lengths"]), expected, strict=True):
        close(ours, theirs)
    logits = model(**batch).logits
    for row, sample in enumerate(samples):
        close(answer_logits(logits, row, sample), sample["logits"])
    loss = model(**batch_of(model, samples, labelled=True)).loss
    tokens = torch.tensor([len(sample["answer"]) for sample in samples])
    close(loss, (torch.cat([sample["loss"] for sample in samples]) * tokens).sum() / tokens.sum())


def test_a_loaded_checkpoint_can_be_saved_as_ours(
    model: CryfishForConditionalGeneration, samples: list[dict[str, Any]], tmp_path: Path
) -> None:
    model.save_pretrained(tmp_path)
    again = CryfishForConditionalGeneration.from_pretrained(tmp_path)
    batch = batch_of(model, samples, labelled=True)
    with torch.no_grad():
        close(again(**batch).logits, model(**batch).logits)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            lambda tensors: tensors.pop("connector_model.connector_model.head.bias"),
            "lacks the tensor 'connector_model.connector_model.head.bias'",
        ),
        (lambda tensors: tensors.update(extra=torch.zeros(1)), "has a tensor 'extra'"),
        (
            lambda tensors: tensors.update(
                {"connector_model.connector_model.queries.weight": torch.zeros(4, 32)}
            ),
            r"'connector_model.connector_model.queries.weight' is \[4, 32\], this model's is \[5, 32\]",
        ),
    ],
)
def test_a_checkpoint_of_another_architecture_is_refused(
    reference: Path, tmp_path: Path, change: Any, says: str
) -> None:
    tensors = load_file(reference / "cryfish.safetensors")
    change(tensors)
    path = tmp_path / "other.safetensors"
    save_file(tensors, path)
    with pytest.raises(InputError, match=rf"other\.safetensors.*{says}"):
        load_cryfish_checkpoint(path, str(reference / "wavlm"), str(reference / "llm"), **SIZES)


def test_the_mask_of_spec_augment_in_a_checkpoint_is_left_out(reference: Path, tmp_path: Path) -> None:
    tensors = load_file(reference / "cryfish.safetensors")
    tensors["connector_model.frontend_model.masked_spec_embed"] = torch.zeros(64)
    save_file(tensors, tmp_path / "masked.safetensors")
    load_cryfish_checkpoint(
        tmp_path / "masked.safetensors", str(reference / "wavlm"), str(reference / "llm"), **SIZES
    )


def test_half_a_file_is_refused(reference: Path, tmp_path: Path) -> None:
    whole = (reference / "cryfish.safetensors").read_bytes()
    path = tmp_path / "half.safetensors"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"half\.safetensors is no whole safetensors file"):
        load_cryfish_checkpoint(path, str(reference / "wavlm"), str(reference / "llm"), **SIZES)
