"""How things look: data on stdout, talk on stderr, colour only where somebody sees it."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.errors import RulebookError

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.domain.assessment import Status
    from monitor.errors import MonitorError


class OutputFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


OutputOption = Annotated[OutputFormat, typer.Option("-o", "--output", help="How to print it.")]

LimitOption = Annotated[int, typer.Option("--limit", min=1, help="At most so many.")]

COLOURS: dict[str, str] = {
    "superseded": "dim",
    "delivered": "bold green",
    "reversed": "bold red",
    "no_data": "magenta",
    "overdue": "bold red",
    "stalled": "red",
    "at_risk": "yellow",
    "advancing": "green",
    "on_track": "cyan",
    "not_started": "dim",
    "not_rated": "dim",
}
"""One colour per headline, everywhere."""


def stdout() -> Console:
    """For data. Honours NO_COLOR and FORCE_COLOR; plain and unwrapped where nobody looks."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() else 160
    return Console(width=wide, highlight=False, soft_wrap=False)


def stderr() -> Console:
    """For talk."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def on_terminal() -> bool:
    """Whether somebody reads the talk as it comes."""
    return sys.stderr.isatty()


def say(text: str, *, quiet: bool = False) -> None:
    """One line of talk, unless it was asked to be quiet."""
    if not quiet:
        print(text, file=sys.stderr)  # noqa: T201 - this is the place that prints


def emit(text: str) -> None:
    """Data as it is."""
    print(text)  # noqa: T201 - this is the place that prints


def emit_json(value: Any) -> None:
    """Data as JSON, readable, in a stable order of keys."""
    emit(json.dumps(value, ensure_ascii=False, indent=2))


def complain(error: MonitorError) -> None:
    """What is wrong, where, and what to do."""
    faults = error.faults if isinstance(error, RulebookError) else ()
    for fault in faults:
        say(fault)
    say(f"error: {error.message}")
    if error.hint:
        say(f"hint: {error.hint}")


def coloured(status: Status) -> str:
    """A headline in its colour, as rich markup."""
    return f"[{COLOURS[status.value]}]{status.value.replace('_', ' ')}[/]"
