"""Tiny random encoders, LLMs and a tokenizer, saved as the Hub's are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from cryfish.model import CryfishForConditionalGeneration, CryfishProcessor
from cryfish.model.encoders.encoders import ENCODERS as adapters

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content | trim }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TINY = {"num_hidden_layers": 2, "num_attention_heads": 2, "hidden_size": 16, "intermediate_size": 24}
ENCODERS = {
    name: settings
    for adapter in adapters.all().values()
    for name, settings in adapter.miniature.configs.items()
}
LLMS = {"qwen2": False, "llama": True}  # whether input and output embeddings are tied
# Half-second windows keep the tests quick; the lengths are those of one window and of frames in it.
SMALL = {
    "window_seconds": 0.5,
    "pool": 4,
    "num_queries": 3,
    "connector_hidden_size": 16,
    "connector_ffn_size": 24,
    "connector_heads": 2,
    "lora_r": 2,
}


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    """A byte-level BPE with a chat template like Qwen's."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(["user assistant what is heard in the recording"] * 2, trainer)
    made = PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    made.chat_template = CHAT_TEMPLATE
    return made


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory, tokenizer: PreTrainedTokenizerFast) -> Path:
    """A folder with one subfolder for each encoder and LLM."""
    folder = tmp_path_factory.mktemp("parts")
    for name, settings in ENCODERS.items():
        torch.manual_seed(0)
        config = transformers.AutoConfig.for_model(name, **settings)
        model = transformers.AutoModel.from_config(config)
        model.save_pretrained(folder / name)
    for name, tied in LLMS.items():
        torch.manual_seed(1)
        config = transformers.AutoConfig.for_model(
            name,
            **TINY,
            num_key_value_heads=1,
            vocab_size=len(tokenizer),
            tie_word_embeddings=tied,
            eos_token_id=tokenizer.eos_token_id,
            bos_token_id=None,
            pad_token_id=tokenizer.pad_token_id,
        )
        transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder / name)
    return folder


@pytest.fixture
def make_model(parts: Path) -> Callable[..., CryfishForConditionalGeneration]:
    """Builds a tiny model whose LoRA isn't zero, in eval mode."""

    def make(encoder: str = "wavlm", llm: str = "qwen2", **options: Any) -> CryfishForConditionalGeneration:
        torch.manual_seed(2)
        model = CryfishForConditionalGeneration.from_parts(
            str(parts / encoder), str(parts / llm), **{**SMALL, **options}
        )
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(parameter, std=0.3)
        model.eval()
        return model

    return make


@pytest.fixture
def make_processor(
    tokenizer: PreTrainedTokenizerFast,
) -> Callable[[CryfishForConditionalGeneration], CryfishProcessor]:
    return lambda model: CryfishProcessor.for_config(tokenizer, model.config)
