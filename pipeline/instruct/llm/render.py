"""A chat as the tokens of one model: by its chat template, or as plain text for a model that has none."""

from __future__ import annotations

from typing import Any

from .llm import Messages


def render(tokenizer: Any, messages: Messages, begun: str = "") -> list[int]:
    """The token ids of a chat and of the reply's beginning, up to where the model goes on."""
    if tokenizer.chat_template is None:
        return list(tokenizer(plain_text(messages) + begun)["input_ids"])
    # Reasoning models would think aloud before the JSON; templates without the switch ignore it.
    text = tokenizer.apply_chat_template(
        [dict(message) for message in messages],
        tokenize=False,
        add_generation_prompt=True,
        enable_thinking=False,
    )
    return list(tokenizer(text + begun, add_special_tokens=False)["input_ids"])


def plain_text(messages: Messages, ends: bool = True) -> str:
    """The chat as a text that a base model goes on with: replies are marked, and the last one is open, if the text
    `ends` here."""
    parts = [
        f"Reply: {message['content']}\n\n" if message["role"] == "assistant" else f"{message['content']}\n"
        for message in messages
    ]
    return "".join(parts) + ("Reply: " if ends else "")
