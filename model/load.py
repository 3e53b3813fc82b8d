"""A checkpoint as a model that answers, and the processor that asks it."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError
from .checkpoint import checkpoint_folder
from .modeling import CryfishForConditionalGeneration
from .processor import CryfishProcessor


def load_checkpoint(folder: Path) -> tuple[CryfishForConditionalGeneration, CryfishProcessor]:
    """The model (in evaluation mode) and the processor of a checkpoint or a finished training.

    Raises:
        InputError: the folder is no checkpoint, or a damaged one.
    """
    found = checkpoint_folder(folder)
    try:
        model = CryfishForConditionalGeneration.from_pretrained(found)
        processor = CryfishProcessor.from_pretrained(found)
    except InputError:
        raise
    except Exception as error:
        reason = str(error).strip().partition("\n")[0]
        raise InputError(
            f"{found}: cannot load this checkpoint ({type(error).__name__}: {reason})"
        ) from error
    return model.eval(), processor
