"""The whole tree of commands, as a Typer application."""

from monitor.cli.commands import register
from monitor.cli.root import app

register()

__all__ = ["app"]
