"""The group of commands about rulebooks; each command stands in a module of its own."""

from __future__ import annotations

import typer

from monitor.cli.root import app

rules = typer.Typer(
    help="Write, check, test and format rulebooks, print their schema.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(rules, name="rules")
