"""The Python way: each command as a function. `cryfish` itself exports them (docs/python.md).

Paths, or what an earlier function returned, go in; where the output lies and what was counted comes out. All that is
wrong with the inputs is one InputError, before anything is written; what is done is skipped, what was stopped goes on.
Imports that take seconds stand inside the functions, since the commands are made of these.
"""

from .cuts import augment, own_data, prepare, preview_augmented
from .engines import open_engine
from .given import Candidates, Cuts, Filtered, Instructions, ShardFolder
from .instructions import (
    export_instructions,
    filter_candidates,
    generate,
    import_instructions,
    write_instructions,
)
from .models import evaluate, open_shards, run, train, write_shards

__all__ = [
    "Candidates",
    "Cuts",
    "Filtered",
    "Instructions",
    "ShardFolder",
    "augment",
    "evaluate",
    "export_instructions",
    "filter_candidates",
    "generate",
    "import_instructions",
    "open_engine",
    "open_shards",
    "own_data",
    "prepare",
    "preview_augmented",
    "run",
    "train",
    "write_instructions",
    "write_shards",
]
