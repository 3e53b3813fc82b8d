"""The `cryfish` command. Each stage is a command of its own; `cryfish run` does them all from one config file.

Imports that take seconds (torch, transformers, lhotse) stand inside the commands that need them.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from ... import __version__
from ...errors import InputError
from ...progress import open_standard_streams, say
from ...seams import use_plugins
from .augment import augment_command
from .browse import browse_command
from .contamination import contamination_command
from .data import corpora_command, download_command, prepare_command
from .instruct import instruct_group
from .model import chat_command, evaluate_command, train_command
from .rirs import rirs_command
from .shards import shard_command, verify_command
from .whole import demo_command, plan_command, run_command

BAD_INPUT = 2
INTERRUPTED = 130


class _InTheOrderOfTheData(click.Group):
    """Lists commands in the order in which the data passes through them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_InTheOrderOfTheData, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A Python file that declares a corpus, an effect, a task, a filter, ... (docs/plugins.md); may be repeated.",
)
def cryfish(plugins: tuple[Path, ...]) -> None:
    """From public audio corpora to a language model that hears.

    The way of the data: corpora on disk -> cuts with facts (prepare) -> augmented cuts (augment) -> questions and
    answers (instruct) -> WebDataset shards (shard) -> a trained model (train) -> its score (evaluate).
    """
    use_plugins(plugins)


for _command in (
    corpora_command,
    download_command,
    prepare_command,
    contamination_command,
    rirs_command,
    augment_command,
    instruct_group,
    shard_command,
    verify_command,
    browse_command,
    plan_command,
    run_command,
    train_command,
    chat_command,
    evaluate_command,
    demo_command,
):
    cryfish.add_command(_command)


def main() -> None:
    """Runs the command line: bad input is one sentence and exit code 2, an interruption exit code 130."""
    open_standard_streams()
    try:
        cryfish(standalone_mode=False)
    except InputError as error:
        say(f"cryfish: {error}", sys.stderr)
        sys.exit(BAD_INPUT)
    except click.ClickException as error:
        with suppress(BrokenPipeError):
            error.show()
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        say("\ncryfish: interrupted; run the same command again to go on from here", sys.stderr)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output has gone (`| head`); Python would complain once more while closing it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
