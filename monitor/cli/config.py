"""`monitor config`: the schema of monitor.yaml that editors use."""

from __future__ import annotations

import json

import typer

from monitor.cli.output import emit
from monitor.cli.root import app

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="The form of monitor.yaml: schema."
)
app.add_typer(commands, name="config")


@commands.callback()
def config() -> None:
    """The form of monitor.yaml: schema."""


@commands.command("schema")
def schema() -> None:
    """Print the JSON Schema of monitor.yaml, for editors. Exit code 0."""
    from monitor.config_schema import config_schema

    emit(json.dumps(config_schema(), ensure_ascii=False, indent=2))
