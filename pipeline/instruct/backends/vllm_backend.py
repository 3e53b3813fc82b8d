"""vLLM's offline engine: prefix caching, structured outputs, one seed per request."""

from __future__ import annotations

import gc
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from ....errors import InputError
from . import Completion, Messages, Sampling, model_name, too_long
from .isolate import run_isolated
from .render import render

log = logging.getLogger(__name__)


class VllmBackend:
    """`options` are the arguments of `vllm.LLM`, such as `max_model_len` or `gpu_memory_utilization`.

    The engine is another process, so a script that opens it needs `if __name__ == "__main__":`.
    """

    whole_batches = False

    def __init__(self, llm: str, **options: Any) -> None:
        try:
            import vllm
            import vllm.platforms
        except ImportError as error:
            raise InputError(
                f"engine 'vllm' isn't installed here ({error}); on a GPU: pip install 'cryfish[vllm]'; "
                "on a CPU see docs/stage2.md"
            ) from error
        self.model = model_name(llm)
        self._vllm = vllm
        # On a CPU vLLM 0.32.0 dies of a seeded request whose prompt is computed in chunks ("CPU Generator does not
        # use offset").
        chunked = {"enable_chunked_prefill": False} if vllm.platforms.current_platform.is_cpu() else {}
        self._options = {"enable_prefix_caching": True, **chunked, **options, "model": llm}
        self._llm: Any = None
        self._start()

    def _start(self) -> None:
        try:
            self._llm = self._vllm.LLM(**self._options)
        except (OSError, ValueError, RuntimeError) as error:
            raise InputError(
                f"vLLM can't start with '{self._options['model']}' ({str(error).splitlines()[0]}); "
                "its own messages above say more"
            ) from error
        self._tokenizer = self._llm.get_tokenizer()
        self._context = int(self._llm.llm_engine.model_config.max_model_len)

    def generate(
        self, prompts: Sequence[Messages], seeds: Sequence[int], sampling: Sampling, schema: Mapping[str, Any]
    ) -> list[Completion]:
        tokens = [render(self._tokenizer, prompt) for prompt in prompts]
        done: list[Completion | None] = [too_long(len(ids), sampling, self._context) for ids in tokens]
        fitting = [i for i, refused in enumerate(done) if refused is None]
        requests = [(tokens[i], self._params(seeds[i], sampling, schema)) for i in fitting]
        for i, reply in zip(fitting, run_isolated(self._run, self._restart, requests), strict=True):
            if isinstance(reply, Exception):
                reply = Completion(error=f"the engine fails on this prompt: {reply!r}")
            done[i] = reply
        return [completion for completion in done if completion is not None]

    def _params(self, seed: int, sampling: Sampling, schema: Mapping[str, Any]) -> Any:
        from vllm.sampling_params import StructuredOutputsParams

        # Blanks between the JSON's parts are legal without end, and small models like to write them.
        structure = StructuredOutputsParams(json=dict(schema), disable_any_whitespace=True)
        return self._vllm.SamplingParams(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            max_tokens=sampling.max_tokens,
            seed=seed,
            structured_outputs=structure,
        )

    def _run(self, requests: Sequence[tuple[list[int], Any]]) -> list[Completion]:
        outputs = self._llm.generate(
            [{"prompt_token_ids": tokens} for tokens, _ in requests],
            [params for _, params in requests],
            use_tqdm=False,
        )
        return [
            Completion(output.outputs[0].text, output.outputs[0].finish_reason or "stop")
            for output in outputs
        ]

    def _restart(self) -> None:
        self.close()
        self._start()

    def close(self) -> None:
        if self._llm is None:
            return
        engine, self._llm = self._llm.llm_engine, None
        try:
            engine.engine_core.shutdown()
        except Exception as error:  # a dead engine may fail to end in order
            log.warning("the engine didn't end in order: %r", error)
        del engine
        gc.collect()
