"""The figure of a backtest for a terminal: blocks where there are colours, else letters."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.text import Text

from monitor.cli.backtest.figure import LOOKS
from monitor.cli.output import stdout
from monitor.cli.tables import fitted
from monitor.domain.assessment import Status
from monitor.domain.time import format_date

if TYPE_CHECKING:
    from monitor.services.backtest.replay import Backtest, Course

_LEFT = 28


def print_figure(found: Backtest, zone: str) -> None:
    """A line for each commitment; a column is the headline that stood longest in its time."""
    console = stdout()
    colours = console.color_system is not None and not console.no_color
    width = max(min(console.width, 120) - _LEFT - 2, 20)
    first, last = (format_date(instant, zone) for instant in found.span)
    console.print(f"{'':{_LEFT}}  {first}{last:>{width - len(first)}}", style="dim")
    for course in found.courses:
        line = Text(f"{fitted(course.commitment.id, _LEFT):{_LEFT}}  ")
        for status in _columns(found, course, width):
            line.append_text(_cell(status, colours=colours))
        line.rstrip()
        console.print(line, no_wrap=True)
    used = [s for s in Status if any(p.status is s for c in found.courses for p in c.spells)]
    legend = [
        _cell(s, colours=colours).append(
            f" {s.value.replace('_', ' ')}", style="default on default"
        )
        for s in used
    ]
    console.print(Text("  ").join(legend))


def _cell(status: Status | None, *, colours: bool) -> Text:
    if status is None:
        return Text(" ")
    look = LOOKS[status]
    if not colours:
        return Text(look.letter)
    return Text(look.letter if look.hatched else "█", style=_style(look.colour, look.hatched))


def _style(colour: str, hatched: bool) -> str:
    return f"#000000 on {colour}" if hatched else colour


def _columns(found: Backtest, course: Course, width: int) -> list[Status | None]:
    first, last = found.span
    total = last + 1 - first
    edges = [first + total * n // width for n in range(width + 1)]
    columns: list[Status | None] = []
    for since, until in pairwise(edges):
        parts = [
            (min(spell.until, until) - max(spell.since, since), -number, spell.status)
            for number, spell in enumerate(course.spells)
            if spell.since < until and since < spell.until
        ]
        columns.append(max(parts)[2] if parts else None)
    return columns
