"""browse: look at samples and listen to them."""

from __future__ import annotations

import click

from ...errors import InputError


@click.command("browse")
@click.argument("shards", nargs=-1, required=True)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to serve on; 0.0.0.0 lets other machines look and listen too.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 for any that is free."
)
def browse_command(shards: tuple[str, ...], host: str, port: int) -> None:
    """Look at the samples of SHARDS (folders or URLs) in a browser, and listen to them.

    For shards on another machine: `ssh -L 8765:localhost:8765 MACHINE`, then run it there and open the address here.
    """
    try:
        from ..web.browse import browse
    except ModuleNotFoundError as error:
        raise InputError(f"browse: {error.name} isn't installed; pip install 'cryfish[app]'") from error

    browse(shards, host, port, lambda address: click.echo(f"{address} (end with Ctrl-C)"))
