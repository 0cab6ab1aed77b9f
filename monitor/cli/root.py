"""The root of the commands: what all of them share. A command registers itself on `app`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from monitor import __version__
from monitor.cli.context import Context
from monitor.cli.output import emit


class Root(TyperGroup):
    """Says where an option belongs that was given on the wrong side of the command."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options before the command."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            _without_class(error)
            option = getattr(error, "option_name", "") if hasattr(error, "possibilities") else ""
            name = next((word for word in given if word in self.commands), None)
            command = self.get_command(ctx, name) if option and name else None
            if command is None or not any(option in p.opts for p in command.params):
                raise
            error.possibilities = None  # type: ignore[attr-defined]
            error.message = (  # type: ignore[attr-defined]
                f"No such option: {option}\n"
                f"Hint: {option} stands after the command: monitor {name} {option} …"
            )
            raise

    def invoke(self, ctx: Any) -> Any:
        """Read the rest of the command line, and run the command that it names."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            _without_class(error)
            # the class is private to typer: an unknown option is what has possibilities
            given = getattr(error, "option_name", "") if hasattr(error, "possibilities") else ""
            mine = next((p for p in self.params if given in p.opts), None)
            place = getattr(error, "ctx", None)
            if mine is None or place is None or place is ctx:
                raise
            path = place.command_path.removeprefix(ctx.command_path).strip()
            value = f" {mine.metavar}" if mine.metavar else ""
            error.possibilities = None  # type: ignore[attr-defined]
            error.message = (  # type: ignore[attr-defined]
                f"No such option: {given}\n"
                f"Hint: {given} stands before the command: monitor {given}{value} {path}"
            )
            raise


def _without_class(error: Exception) -> None:
    """Take off what pydantic puts before the words of a refusal, and newer typers hand on."""
    message = getattr(error, "message", None)
    if isinstance(message, str):
        error.message = message.removeprefix("Value error, ")  # type: ignore[attr-defined]


app = typer.Typer(
    cls=Root,
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
    env_file: Annotated[
        Path | None,
        typer.Option(
            "--env-file", metavar="FILE", help="Variables that are not set: lines of NAME=value."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No talk, only data.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Watch what becomes of public pledges."""
    del version
    variables = {}
    if env_file is not None:
        from monitor.env_file import add_env_file

        variables = add_env_file(env_file)
    ctx.obj = Context(
        config=config,
        store=store,
        rules=rules,
        quiet=quiet,
        env_file=env_file,
        variables=variables,
    )
