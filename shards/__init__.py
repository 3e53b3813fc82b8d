"""The on-disk format and its streaming; knows nothing of recipes or of the pipeline."""

from typing import TYPE_CHECKING, Any

from ..constants import SAMPLE_RATE
from .audio import decode_flac, encode_flac
from .example import Example, read_example
from .index import Index, open_index, select
from .plan import Budget, Plan, make_plan
from .sample import ClipRecord, Instruction, Sample, instruction_from_json, sample_from_json, sample_key
from .verify import Report, rebuild_index, salvage, verify
from .writer import EncodedSample, ShardSummary, write_shard

if TYPE_CHECKING:
    from .dataset import MicroBatches

__all__ = [
    "SAMPLE_RATE",
    "Budget",
    "ClipRecord",
    "EncodedSample",
    "Example",
    "Index",
    "Instruction",
    "MicroBatches",
    "Plan",
    "Report",
    "Sample",
    "ShardSummary",
    "decode_flac",
    "encode_flac",
    "instruction_from_json",
    "make_plan",
    "open_index",
    "read_example",
    "rebuild_index",
    "salvage",
    "sample_from_json",
    "sample_key",
    "select",
    "verify",
    "write_shard",
]


def __getattr__(name: str) -> Any:
    """Only `MicroBatches` needs torch, which takes a second to import: the command line starts without it."""
    if name == "MicroBatches":
        from .dataset import MicroBatches

        return MicroBatches
    raise AttributeError(name)
