"""The group of commands `monitor alerts`; each registers itself on it."""

from typing import Annotated

import typer

from monitor.cli.root import app

commands = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What was announced, to whom: list, show, ack, preview, routes.",
)
app.add_typer(commands, name="alerts")

AlertArgument = Annotated[str, typer.Argument(metavar="ID", help="From `alerts list`.")]
