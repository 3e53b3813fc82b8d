"""Chat JSONL as LLaMA-Factory reads it: beside it a `dataset_info.json` that says which column is what; paths of audio
that was copied are relative to its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ....files import write_json, write_jsonl
from ....section import Section
from .chat_format import CHAT_MINIATURE, chat_record
from .formats import ExportFormat, HeardInstruction


class LlamaFactoryOptions(Section):
    """What the data set is called in LLaMA-Factory's own settings."""

    dataset: str = "cryfish"


def _write(path: Path, items: Iterator[HeardInstruction], options: LlamaFactoryOptions) -> int:
    folder = path.parent.resolve()
    count = write_jsonl(
        path, (chat_record(one.instruction, [_near(place, folder) for place in one.audio]) for one in items)
    )
    write_json(path.with_name("dataset_info.json"), dataset_info(options.dataset, path.name))
    return count


def _near(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def dataset_info(name: str, file_name: str) -> dict[str, Any]:
    """LLaMA-Factory's description of the data set."""
    return {
        name: {
            "file_name": file_name,
            "formatting": "sharegpt",
            "columns": {"messages": "messages", "audios": "audios"},
            "tags": {
                "role_tag": "role",
                "content_tag": "content",
                "user_tag": "user",
                "assistant_tag": "assistant",
                "system_tag": "system",
            },
        }
    }


FORMAT = ExportFormat("llama-factory", "instructions.jsonl", _write, CHAT_MINIATURE, LlamaFactoryOptions)
