"""The process that vLLM lives in: requests come through a pipe and go straight into the running engine, and replies
go back as they end. Run as a module by `VllmBackend`; not to be imported.

vLLM starts processes of its own. All are in this one's group, which is ended as a whole: when the parent is gone (even
killed), and when one of them is (vLLM 0.32.0 waits for ever for an engine core that was killed).
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from typing import Any

Asked = tuple[str, list[int], int]
"""The key of a request, its tokens and its seed."""


def main(descriptor: int) -> None:
    """Says `("ready", capacity, context)` or `("failed", why)`, then answers until the parent goes."""
    parent = Connection(descriptor)
    options: Mapping[str, Any] = parent.recv()
    inbox: queue.Queue[Any] = queue.Queue()
    threading.Thread(target=_listen, args=(parent, inbox), daemon=True).start()
    try:
        llm = _open(options)
    except Exception as error:
        parent.send(("failed", str(error).strip().partition("\n")[0] or repr(error)))
        _end()
    threading.Thread(target=_guard, args=(len(multiprocessing.active_children()),), daemon=True).start()
    engine = llm.llm_engine
    parent.send(
        ("ready", engine.vllm_config.scheduler_config.max_num_seqs, engine.model_config.max_model_len)
    )
    try:
        _serve(engine, parent, inbox)
    except Exception as error:
        parent.send(("died", repr(error)))
    _end()


def _open(options: Mapping[str, Any]) -> Any:
    import vllm
    import vllm.platforms

    # On a CPU vLLM 0.32.0 dies of a seeded request whose prompt is computed in chunks ("CPU Generator does not
    # use offset").
    chunked = {"enable_chunked_prefill": False} if vllm.platforms.current_platform.is_cpu() else {}
    return vllm.LLM(**{"enable_prefix_caching": True, **chunked, **options})


def _listen(parent: Connection, inbox: queue.Queue[Any]) -> None:
    # A thread of its own, so that neither side ever waits to send while the other does.
    try:
        while True:
            inbox.put(parent.recv())
    except (EOFError, OSError):
        _end()


def _guard(children: int) -> None:
    while len(multiprocessing.active_children()) >= children:
        time.sleep(0.2)
    _end()


def _end() -> None:
    os.killpg(0, signal.SIGKILL)


def _serve(engine: Any, parent: Connection, inbox: queue.Queue[Any]) -> None:
    params: Any = None
    while True:
        while not (engine.has_unfinished_requests() and inbox.empty()):
            message = inbox.get()
            if isinstance(message, dict):
                params = sampling_params(**message)
                continue
            key, tokens, seed = message
            own = params.clone()
            own.seed = seed
            try:
                engine.add_request(key, {"prompt_token_ids": tokens}, own)
            except ValueError as error:
                parent.send(("done", [(key, "", "", (0, 0, 0), str(error))]))
        done = [_reply(output) for output in engine.step() if output.finished]
        if done:
            parent.send(("done", done))


def sampling_params(
    temperature: float, top_p: float, max_tokens: int, schema: Mapping[str, Any], seed: int | None = None
) -> Any:
    """vLLM's parameters of a request."""
    from vllm import SamplingParams
    from vllm.sampling_params import RequestOutputKind, StructuredOutputsParams

    # Blanks between the JSON's parts are legal without end, and small models like to write them.
    structure = StructuredOutputsParams(json=dict(schema), disable_any_whitespace=True) if schema else None
    return SamplingParams(
        temperature=temperature,
        top_p=top_p,
        max_tokens=max_tokens,
        seed=seed,
        structured_outputs=structure,
        output_kind=RequestOutputKind.FINAL_ONLY,
    )


def _reply(output: Any) -> tuple[str, str, str, tuple[int, int, int], None]:
    written = output.outputs[0]
    tokens = (len(output.prompt_token_ids), output.num_cached_tokens or 0, len(written.token_ids))
    return output.request_id, written.text, written.finish_reason or "stop", tokens, None


if __name__ == "__main__":
    main(int(sys.argv[1]))
