"""A model that this toolkit trained, as the one that writes: it hears the clip beside what is told of it. (CryFish's
authors let their stage-1 model write the questions of stage 2.)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .....model.bases import checkpoint_faults
from .....model.device import choose_device
from .....model.identity import identity
from .....model.load import load_checkpoint
from .....section import Section
from ..forced_json import ObjectClosed, beginning, completed, drawing, in_batches, seed_of
from ..llm import (
    AUDIO,
    Backend,
    BatchSize,
    Completion,
    EngineMiniature,
    LlmEngine,
    Messages,
    Request,
    Sampling,
    Usage,
)
from ..render import plain_text

if TYPE_CHECKING:
    import torch

    from .....model.processor import Prompt


class CryfishOptions(Section):
    batch_size: BatchSize = 16
    device: str | None = None


class CryfishBackend(Backend):
    """Replies are a function of the batch: its clips, its prompts, their order and their seeds.

    The chat becomes one question, since the model was trained on single ones; the clip stands before what is told
    of it.
    """

    whole_batches = True

    def __init__(self, llm: str, batch_size: int = 16, device: str | None = None) -> None:
        self.batch_size = batch_size
        chosen = choose_device(device)
        model, self._processor = load_checkpoint(Path(llm))
        self.model = identity(llm)
        self._listener: Any = model.to(chosen)
        self._stop = ObjectClosed(self._processor.tokenizer, str(self._listener.device))

    def write(
        self, requests: Iterable[Request], sampling: Sampling, schema: Mapping[str, Any]
    ) -> Iterator[tuple[Request, Completion]]:
        from .....model.processor import Prompt
        from ....audio.render import BadAudio, render

        begun = beginning(schema)
        for batch in in_batches(iter(requests), self.batch_size):
            heard: list[tuple[Request, Prompt]] = []
            for request in batch:
                try:
                    samples = [] if request.cut is None else [render(request.cut).samples]
                except BadAudio as error:
                    yield request, Completion(error=f"the clip {error}")
                else:
                    heard.append((request, Prompt(as_question(request.messages, bool(samples)), samples)))
            if heard:
                prompts = [prompt for _, prompt in heard]
                replies = self._batch(prompts, [request.seed for request, _ in heard], sampling, begun)
                yield from zip((request for request, _ in heard), replies, strict=True)

    def _batch(
        self, prompts: Sequence[Prompt], seeds: Sequence[int], sampling: Sampling, begun: str
    ) -> list[Completion]:
        import torch

        listener, processor = self._listener, self._processor
        batch = self._with_beginning(processor(prompts), begun)
        devices = [listener.device] if listener.device.type == "cuda" else []
        with torch.random.fork_rng(devices):
            torch.manual_seed(seed_of(seeds))
            output = listener.generate(
                **{name: tensor.to(listener.device) for name, tensor in batch.items()},
                max_new_tokens=sampling.max_tokens,
                num_beams=1,
                repetition_penalty=1.0,
                eos_token_id=processor.end_token_id,
                pad_token_id=processor.pad_token_id,
                stopping_criteria=[self._stop] if begun else None,
                **drawing(sampling),
            )
        asked = batch["attention_mask"].sum(1).tolist()
        return [
            self._completion(row, text, tokens, begun)
            for row, text, tokens in zip(output.tolist(), processor.answers(output), asked, strict=True)
        ]

    def _with_beginning(self, batch: dict[str, torch.Tensor], begun: str) -> dict[str, torch.Tensor]:
        """The prompts, padded on the left, with the reply's beginning at their ends."""
        import torch

        ids = self._processor.tokenizer(begun, add_special_tokens=False)["input_ids"] if begun else []
        rows = len(batch["input_ids"])
        more = {
            "input_ids": torch.tensor(ids, dtype=torch.long).expand(rows, -1),
            "attention_mask": torch.ones(rows, len(ids), dtype=torch.long),
            "audio_mask": torch.zeros(rows, len(ids), dtype=torch.bool),
        }
        return {**batch, **{name: torch.cat([batch[name], end], 1) for name, end in more.items()}}

    def _completion(self, ids: list[int], text: str, prompt: int, begun: str) -> Completion:
        end, pad = self._processor.end_token_id, self._processor.pad_token_id
        written = next((place for place, token in enumerate(ids) if token in (end, pad)), len(ids))
        ended = ids[written : written + 1] == [end]
        return completed(begun, text, ended, Usage(prompt, 0, written))

    def close(self) -> None:
        on_cuda = self._listener.device.type == "cuda"
        del self._listener
        if on_cuda:
            import torch

            torch.cuda.empty_cache()


def as_question(messages: Messages, hears: bool) -> str:
    """A chat as one question, with the mark of the clip before its last turn."""
    told = plain_text(messages[:-1], ends=False).replace(AUDIO, "")
    asked = str(messages[-1]["content"]).replace(AUDIO, "")
    return f"{told}{AUDIO if hears else ''}{asked}\n"


ENGINE = LlmEngine(
    "cryfish",
    lambda llm, options: CryfishBackend(llm, options.batch_size, options.device),
    CryfishOptions,
    EngineMiniature("CHECKPOINT", {"batch_size": 2, "device": "cpu"}, reply=r'\{"question": "'),
    lambda llm, options, where, made: checkpoint_faults(Path(llm), where),
    hears=True,
)
