"""Chat records with audio, as ms-swift and LLaMA-Factory read them (both document them under custom datasets).

Both want `messages` of roles and texts and a list `audios`, and in the texts as many `<audio>` as there are audios.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ....errors import InputError
from ....shards import Instruction
from ..tasks.task import MARKER

# Each would be taken for a place of audio, of a picture, of a film or of an object.
_PLACES = re.compile(r"<(?:audio|image|video|bbox|ref-object)>")


def chat_record(instruction: Instruction, audios: Sequence[str]) -> dict[str, Any]:
    """The record of an instruction about these audio files; without markers of its own its clips come first.

    Raises:
        InputError: the question has another number of markers than of clips.
    """
    question = marked_question(instruction)
    if question.count(MARKER) != len(audios):
        raise InputError(
            f"instruction {instruction.id}: {len(audios)} audio files for {question.count(MARKER)} clips; "
            "write the shards again"
        )
    return {
        "messages": [
            {"role": "user", "content": question},
            {"role": "assistant", "content": _without_places(instruction.answer)},
        ],
        "audios": list(audios),
    }


def marked_question(instruction: Instruction) -> str:
    """The question with a marker for each clip, and with nothing else that a reader takes for a place of media."""
    pieces = [_without_places(piece) for piece in instruction.question.split(MARKER)]
    if len(pieces) == 1:
        return MARKER * len(instruction.clips) + pieces[0]
    if len(pieces) - 1 != len(instruction.clips):
        raise InputError(
            f"instruction {instruction.id}: its question has {len(pieces) - 1} {MARKER} for "
            f"{len(instruction.clips)} clips; give none or one for each"
        )
    return MARKER.join(pieces)


def _without_places(text: str) -> str:
    while _PLACES.search(text):
        text = _PLACES.sub("", text)
    return text


CHAT_MINIATURE = (
    '{"role":"user","content":"<audio>What is said?"},{"role":"assistant","content":"Good morning."}]',
    '"content":"Is <audio> louder than <audio>?"},{"role":"assistant","content":"No."}],'
    '"audios":["/audio/a.flac","/audio/b.flac"]}',
    r'"content":"<audio>Was heißt \"да\"?"},{"role":"assistant","content":"Ja.\nJa!"}],"audios":["/audio/c.flac"]',
)
