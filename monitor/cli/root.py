"""The root of the commands: what all of them share. A command registers itself on `app`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor import __version__
from monitor.cli.context import Context
from monitor.cli.output import emit

app = typer.Typer(
    name="monitor",
    help="Watch what becomes of public pledges.",
    no_args_is_help=True,
    # rich keeps the line breaks of docstrings, and takes "[now]" for a style
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        emit(f"monitor {__version__}")
        raise typer.Exit


@app.callback()
def options(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", metavar="FILE", help="Configuration [./monitor.yaml]."),
    ] = None,
    store: Annotated[
        str | None, typer.Option("--store", metavar="URL", help="Database: a URL or a file.")
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", metavar="PATH", help="Rulebook file or folder; may be repeated."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No talk, only data.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Watch what becomes of public pledges."""
    del version
    ctx.obj = Context(config=config, store=store, rules=rules, quiet=quiet)
