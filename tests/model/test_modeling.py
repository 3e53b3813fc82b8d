"""The whole model: batches, gradients, generation, saving."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from cryfish.errors import InputError
from cryfish.model import CryfishConfig, CryfishForConditionalGeneration, CryfishProcessor, Prompt
from cryfish.model.connector import num_frames
from cryfish.model.modeling import answer_columns

Make = Callable[..., CryfishForConditionalGeneration]
MakeProcessor = Callable[[CryfishForConditionalGeneration], CryfishProcessor]
ENCODERS = ["wavlm", "wav2vec2", "whisper"]


def clip(samples: int, seed: int = 0) -> np.ndarray:
    return (0.1 * np.random.default_rng(seed).standard_normal(samples)).astype(np.float32)


PROMPTS = [
    Prompt("what is <audio> this?", [clip(9000)], "rain"),
    Prompt("<audio> or <audio>, which is louder?", [clip(1, 1), clip(8000, 2)], "the second one"),
    Prompt("who?", [clip(24_000, 3)], "a dog"),
    Prompt("no audio at all", [], "none"),
]


def loss_of(model: CryfishForConditionalGeneration, processor: CryfishProcessor) -> torch.Tensor:
    loss: torch.Tensor = model(**processor(PROMPTS, for_training=True)).loss
    return loss


@pytest.mark.parametrize("encoder", ENCODERS)
@torch.no_grad()
def test_a_prompt_gives_the_same_in_any_batch(
    make_model: Make, make_processor: MakeProcessor, encoder: str
) -> None:
    model = make_model(encoder)
    model.double()
    processor = make_processor(model)
    together = processor(PROMPTS, for_training=True)
    embeddings = iter(model.embed_audio(together["audio"], together["audio_lengths"]))
    labels = together.pop("labels")
    logits = model(**together).logits
    for row, prompt in enumerate(PROMPTS):
        alone = processor([prompt], for_training=True)
        for embedding in model.embed_audio(alone["audio"], alone["audio_lengths"]):
            torch.testing.assert_close(next(embeddings), embedding, rtol=1e-5, atol=1e-5)
        output = model(**alone)
        kept = (labels[row, 1:] != -100).nonzero().squeeze(1)
        torch.testing.assert_close(output.logits[0], logits[row, kept], rtol=1e-5, atol=1e-5)


@torch.no_grad()
def test_padding_changes_no_logits(make_model: Make, make_processor: MakeProcessor) -> None:
    model = make_model()
    processor = make_processor(model)
    together = model(**processor(PROMPTS)).logits[:, -1]
    for row, prompt in enumerate(PROMPTS):
        torch.testing.assert_close(
            together[row], model(**processor([prompt])).logits[0, -1], rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("samples", [1, 8000, 16_000, 192_000])
@torch.no_grad()
def test_clips_of_any_length(make_model: Make, make_processor: MakeProcessor, samples: int) -> None:
    model = make_model(window_seconds=5.0, pool=20)
    batch = make_processor(model)([Prompt("?", [clip(samples)], "x")], for_training=True)
    (embeddings,) = model.embed_audio(batch["audio"], batch["audio_lengths"])
    assert embeddings.shape == (model.config.num_embeddings(samples), model.config.llm_config.hidden_size)
    assert embeddings.isfinite().all()
    assert model(**batch).loss.isfinite()


@torch.no_grad()
def test_every_clip_of_a_prompt_is_heard_in_its_place(
    make_model: Make, make_processor: MakeProcessor
) -> None:
    model = make_model()
    processor = make_processor(model)

    def loss(first: np.ndarray, second: np.ndarray) -> float:
        return float(model(**processor([Prompt("<audio> or <audio>?", [first, second], "yes")], True)).loss)

    one, other = clip(8000, 1), clip(8000, 2)
    assert len({loss(one, one), loss(one, other), loss(other, one), loss(other, other)}) == 4


@torch.no_grad()
def test_loss_is_that_of_the_answers_and_only_their_logits_are_made(
    make_model: Make, make_processor: MakeProcessor
) -> None:
    model = make_model()
    batch = make_processor(model)(PROMPTS, for_training=True)
    output = model(**batch)
    labels = batch.pop("labels")
    logits = model(**batch).logits
    expected = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
    torch.testing.assert_close(output.loss, expected)
    assert output.logits.shape[1] == len(answer_columns(labels)) < labels.shape[1] - 1
    tokens = int((labels != -100).sum())
    halved = model(**batch, labels=labels, num_items_in_batch=torch.tensor(2 * tokens)).loss
    torch.testing.assert_close(halved, expected / 2)


@torch.no_grad()
def test_many_windows_go_through_the_encoder_in_parts(
    make_model: Make, make_processor: MakeProcessor, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_model()
    batch = make_processor(model)(PROMPTS, for_training=True)
    at_once = model(**batch).loss
    monkeypatch.setattr("cryfish.model.modeling.WINDOWS_AT_ONCE", 2)
    torch.testing.assert_close(model(**batch).loss, at_once, rtol=1e-4, atol=1e-4)


def test_a_batch_of_only_text_works(make_model: Make, make_processor: MakeProcessor) -> None:
    model = make_model()
    assert model(**make_processor(model)(PROMPTS[3:], for_training=True)).loss.isfinite()


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("layer", [None, 1])
@pytest.mark.parametrize("checkpointing", [False, True])
def test_gradient_reaches_what_is_trained(
    make_model: Make, make_processor: MakeProcessor, encoder: str, layer: int | None, checkpointing: bool
) -> None:
    model = make_model(encoder, encoder_layer=layer, lora_dropout=0.0, connector_dropout=0.0)
    processor = make_processor(model)
    if checkpointing:
        model.gradient_checkpointing_enable()
    model.train()
    assert not model.encoder.training
    loss_of(model, processor).backward()
    got = {name for name, parameter in model.named_parameters() if parameter.grad is not None}
    assert got == {
        name for name, _ in model.named_parameters() if name.startswith("connector.") or ".lora_" in name
    }
    assert all(model.get_parameter(name).grad.isfinite().all() for name in got)

    model.zero_grad()
    model.unfreeze_encoder()
    assert model.encoder.training
    loss_of(model, processor).backward()
    got = {name for name, parameter in model.named_parameters() if parameter.grad is not None}
    trainable = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert got == trainable
    assert any(name.startswith("encoder.") for name in got)
    model.freeze_encoder()
    assert not any(p.requires_grad for p in model.encoder.parameters())


@torch.no_grad()
def test_standardised_frames_have_mean_0_and_scale_1_and_are_saved(
    make_model: Make, make_processor: MakeProcessor, tmp_path: Path
) -> None:
    model = make_model("whisper", encoder_layer=1, window_seconds=5.0, pool=20)
    batch = make_processor(model)(PROMPTS)
    before = model.embed_audio(batch["audio"], batch["audio_lengths"])
    model.standardise_frames([batch])
    lengths = batch["audio_lengths"].tolist()
    frames = model.encode(batch["audio"], lengths)
    heard = [
        num_frames(min(length, model.config.window_samples), model.config.window_samples, len(window))
        for length, window in zip(lengths, frames, strict=True)
    ]
    seen = torch.cat([window[:count] for window, count in zip(frames, heard, strict=True)])
    scaled = (seen - model.connector.frame_mean) * model.connector.frame_scale
    torch.testing.assert_close(scaled.mean(0), torch.zeros(scaled.shape[1]), rtol=0, atol=1e-3)
    torch.testing.assert_close(scaled.std(0), torch.ones(scaled.shape[1]), rtol=1e-2, atol=1e-2)
    after = model.embed_audio(batch["audio"], batch["audio_lengths"])
    assert not torch.allclose(before[0], after[0])
    model.save_pretrained(tmp_path)
    other = make_model("whisper", encoder_layer=1, window_seconds=5.0, pool=20)
    other.load_trained(tmp_path)
    torch.testing.assert_close(other.connector.frame_mean, model.connector.frame_mean)


def test_a_few_steps_lower_the_loss(make_model: Make, make_processor: MakeProcessor) -> None:
    model = make_model(lora_dropout=0.0, connector_dropout=0.0).train()
    processor = make_processor(model)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2)
    before = loss_of(model, processor).item()
    for _ in range(8):
        optimizer.zero_grad()
        loss_of(model, processor).backward()
        optimizer.step()
    assert loss_of(model, processor).item() < 0.7 * before


@pytest.mark.parametrize("llm", ["qwen2", "llama"])
@torch.no_grad()
def test_generation_stops_where_answers_end(
    make_model: Make, make_processor: MakeProcessor, llm: str
) -> None:
    model = make_model(llm=llm)
    processor = make_processor(model)
    batch = processor(PROMPTS)
    free = model.generate(**batch, max_new_tokens=6, do_sample=False, eos_token_id=None)
    assert free.shape == (4, 6)
    for row, prompt in enumerate(PROMPTS):
        alone = model.generate(**processor([prompt]), max_new_tokens=6, do_sample=False, eos_token_id=None)
        assert torch.equal(alone[0], free[row])
    end = int(free[0, 2])
    short = model.generate(**processor(PROMPTS[:1]), max_new_tokens=6, do_sample=False, eos_token_id=end)
    assert int(short[0, -1]) == end
    assert short.shape[1] == free[0].tolist().index(end) + 1


def test_generation_refuses_prompts_padded_on_the_right(
    make_model: Make, make_processor: MakeProcessor
) -> None:
    model = make_model()
    batch = make_processor(model)(PROMPTS)
    batch["attention_mask"] = batch["attention_mask"].flip(1)
    with pytest.raises(ValueError, match="padded on the left"):
        model.generate(**batch, max_new_tokens=1)


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("trained", [False, True])
@torch.no_grad()
def test_a_saved_model_gives_the_same_logits(
    make_model: Make, make_processor: MakeProcessor, encoder: str, trained: bool, tmp_path: Path
) -> None:
    model = make_model(encoder, encoder_layer=1)
    if trained:
        model.unfreeze_encoder()
        for parameter in model.encoder.parameters():
            parameter.mul_(1.1)
    model.save_pretrained(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json", "model.safetensors"]
    with safe_open(tmp_path / "model.safetensors", "pt") as file:
        names = set(file.keys())
    assert not [name for name in names if "base_layer" in name or "embed_tokens" in name]
    assert trained == any(name.startswith("encoder.") for name in names)

    again = transformers.AutoModel.from_pretrained(tmp_path)
    assert isinstance(again, CryfishForConditionalGeneration)
    assert not again.training
    batch = make_processor(model)(PROMPTS, for_training=True)
    torch.testing.assert_close(again(**batch).logits, model(**batch).logits, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(again(**batch).loss, model(**batch).loss, rtol=1e-5, atol=1e-6)
    again.save_pretrained(tmp_path / "again")
    for name in ("config.json", "model.safetensors"):
        assert (tmp_path / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


@pytest.mark.parametrize(
    ("llm", "targets"), [("qwen2", None), ("llama", None), ("llama", ["q_proj", "v_proj"])]
)
@torch.no_grad()
def test_the_merged_llm_answers_as_the_model(
    make_model: Make, llm: str, targets: list[str] | None, tmp_path: Path
) -> None:
    model = make_model(llm=llm, **({"lora_targets": targets} if targets else {}))
    ids = torch.arange(12)[None] + 5
    before = model.llm(input_ids=ids).logits
    model.merge_and_save(tmp_path)
    assert torch.equal(model.llm(input_ids=ids).logits, before)
    merged, report = transformers.AutoModelForCausalLM.from_pretrained(tmp_path, output_loading_info=True)
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    assert merged.config.tie_word_embeddings == (targets is not None)
    torch.testing.assert_close(merged(input_ids=ids).logits, before, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_bfloat16_bases_train_float32_parts(
    make_model: Make, make_processor: MakeProcessor, encoder: str, tmp_path: Path
) -> None:
    model = make_model(encoder, dtype=torch.bfloat16).train()
    processor = make_processor(model)
    trainable = [p for p in model.parameters() if p.requires_grad]
    assert {p.dtype for p in trainable} == {torch.float32}
    assert model.llm.get_input_embeddings().weight.dtype == torch.bfloat16
    assert next(model.encoder.parameters()).dtype == torch.bfloat16
    loss_of(model, processor).backward()
    with torch.autocast("cpu", torch.bfloat16):
        loss_of(model, processor).backward()
    model.unfreeze_encoder()
    with torch.autocast("cpu", torch.bfloat16):
        loss_of(model, processor).backward()
    model.eval().save_pretrained(tmp_path)
    again = CryfishForConditionalGeneration.from_pretrained(tmp_path)
    assert {p.dtype for p in again.encoder.parameters()} == {torch.float32}
    assert again.llm.dtype == torch.bfloat16
    torch.testing.assert_close(loss_of(again, processor), loss_of(model, processor), rtol=1e-3, atol=1e-3)
    again.to(torch.bfloat16)
    assert again.generate(**processor(PROMPTS), max_new_tokens=2).shape[0] == 4


def test_base_models_that_moved(make_model: Make, parts: Path, tmp_path: Path) -> None:
    shutil.copytree(parts / "qwen2", tmp_path / "llm")
    model = CryfishForConditionalGeneration.from_parts(
        str(parts / "wavlm"), str(tmp_path / "llm"), connector_hidden_size=16, connector_ffn_size=24
    )
    model.save_pretrained(tmp_path / "model")
    (tmp_path / "llm").rename(tmp_path / "elsewhere")
    with pytest.raises(
        InputError, match=r"the llm this model was built on isn't at .*llm any more: pass llm="
    ):
        CryfishForConditionalGeneration.from_pretrained(tmp_path / "model")
    again = CryfishForConditionalGeneration.from_pretrained(
        tmp_path / "model", llm=str(tmp_path / "elsewhere")
    )
    assert again.config.llm == str(tmp_path / "elsewhere")


def change(folder: Path, change: Callable[[dict[str, torch.Tensor]], Any]) -> None:
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors")


def test_a_damaged_checkpoint_is_refused(make_model: Make, tmp_path: Path) -> None:
    model = make_model()
    load = CryfishForConditionalGeneration.from_pretrained
    model.save_pretrained(tmp_path)
    change(tmp_path, lambda tensors: tensors.pop("connector.output.bias"))
    with pytest.raises(InputError, match=r"model\.safetensors lacks the tensor 'connector\.output\.bias'"):
        load(tmp_path)
    change(tmp_path, lambda tensors: tensors.update({"connector.output.bias": torch.zeros(3)}))
    with pytest.raises(InputError, match=r"'connector\.output\.bias' is \[3\]"):
        load(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"half")
    with pytest.raises(InputError, match="no whole safetensors file"):
        load(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(InputError, match="isn't there"):
        load(tmp_path)


def test_settings_that_do_not_fit_are_refused(parts: Path) -> None:
    def build(**options: Any) -> None:
        CryfishForConditionalGeneration.from_parts(str(parts / "wavlm"), str(parts / "qwen2"), **options)

    with pytest.raises(InputError, match=r"lora_targets: the LLM .qwen2. has no module 'query'"):
        build(lora_targets=["q_proj", "query"])
    with pytest.raises(InputError, match="connector_heads"):
        build(connector_heads=7)
    with pytest.raises(InputError, match="pool is 0"):
        build(pool=0)
    with pytest.raises(TypeError, match="no option 'num_querys'"):
        build(num_querys=3)
    with pytest.raises(InputError, match=r"llm '.*nowhere' can't be read"):
        CryfishForConditionalGeneration.from_parts(str(parts / "wavlm"), str(parts / "nowhere"))


def test_a_processor_of_another_model_is_noticed(make_model: Make, make_processor: MakeProcessor) -> None:
    model = make_model()
    for other in ({"pool": 5}, {"window_seconds": 1.0}):
        batch = make_processor(make_model(**other))(PROMPTS)
        with pytest.raises(ValueError, match="the processor was made for another model"):
            model(**batch)


def test_the_configuration_builds_a_random_model_and_survives_a_round_trip(
    make_model: Make, tmp_path: Path
) -> None:
    config = make_model("whisper", encoder_layer=1).config
    config.save_pretrained(tmp_path)
    again = transformers.AutoConfig.from_pretrained(tmp_path)
    assert isinstance(again, CryfishConfig)
    again.save_pretrained(tmp_path / "again")
    assert (tmp_path / "config.json").read_bytes() == (tmp_path / "again" / "config.json").read_bytes()
    assert again.get_text_config().vocab_size == config.llm_config.vocab_size
    made = CryfishForConditionalGeneration(again)
    assert len(made.encoder.model.layers) == 1
