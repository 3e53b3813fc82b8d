"""A small LLM for the demo, trained here in about a minute on SmolLM2's tokenizer and the text of the instructions.

SmolLM2-135M itself takes five seconds a step on two cores: in the time that a demo has, it learns how answers are
worded, but not to listen. This one has seen the questions and answers, never a clip; what it is asked about a clip it
can only guess, until the connector and LoRA teach it to hear. So the comparison with silence stays fair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

from ...model import CryfishProcessor, Prompt
from ..files import write_atomically
from ..instruct.jsonl import read_instructions

STEPS = 120
BATCH = 32
LEARNING_RATE = 2e-3


def small_llm(instructions: Iterable[Path], tokenizer: Path, folder: Path, seed: int) -> Path:
    """The folder of the small LLM, made on first use: a Llama of 4 layers, width 256, about 16 million parameters."""
    if not folder.is_dir():
        write_atomically(folder, lambda temporary: _make(list(instructions), tokenizer, temporary, seed))
    return folder


def _make(instructions: list[Path], tokenizer: Path, folder: Path, seed: int) -> None:
    torch.manual_seed(seed)
    tokens = AutoTokenizer.from_pretrained(tokenizer)
    config = LlamaConfig(
        vocab_size=len(tokens),
        hidden_size=256,
        intermediate_size=768,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        bos_token_id=tokens.bos_token_id,
        eos_token_id=tokens.eos_token_id,
        pad_token_id=tokens.pad_token_id,
    )
    model = LlamaForCausalLM(config).train()
    processor = CryfishProcessor(tokens, system_prompt="")
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=STEPS, pct_start=0.1)
    texts = [(item.question, item.answer) for path in instructions for item in read_instructions(path)]
    for batch in tqdm(_batches(texts, seed), total=STEPS, desc="small LLM", unit="step", dynamic_ncols=True):
        rows = processor(
            [Prompt(question.replace("<audio>", ""), [], answer) for question, answer in batch],
            for_training=True,
        )
        hidden = model.model(
            input_ids=rows["input_ids"], attention_mask=rows["attention_mask"], use_cache=False
        ).last_hidden_state[:, :-1]
        targets = rows["labels"][:, 1:]
        answered = targets != -100
        loss = torch.nn.functional.cross_entropy(model.lm_head(hidden[answered]), targets[answered])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
    model.save_pretrained(folder)
    tokens.save_pretrained(folder)


def _batches(texts: list[tuple[str, str]], seed: int) -> Iterator[list[tuple[str, str]]]:
    rng = np.random.default_rng(seed)
    for _ in range(STEPS):
        yield [texts[int(number)] for number in rng.integers(len(texts), size=BATCH)]
