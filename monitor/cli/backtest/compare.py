"""What `monitor backtest` prints of two versions of the rules: their difference."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from monitor.cli.backtest.table import alerts_by_transition, day_words, how, print_transition
from monitor.cli.output import COLOURS, say, stdout
from monitor.domain.time import format_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from monitor.cli.backtest.rules import Edited
    from monitor.domain.assessment import Status
    from monitor.services.backtest.comparison import Comparison, Differing, Side

_LOST, _NEW = Text("-", style="red"), Text("+", style="green")


def print_comparison(
    found: Comparison, edited: Sequence[Edited], zone: str, *, quiet: bool
) -> None:
    """The commitments that differ, and the sums."""
    console = stdout()
    for mark, one in zip((_LOST, _NEW), edited, strict=True):
        commit = f" ({one.edition.commit[:7]})" if one.edition.commit else ""
        console.print(mark + Text(f" {one.edition.name}{commit}", style="bold"))
    titles = {a.id: a.title for one in edited for a in one.engine.rulebook.agreements}
    for agreement, rows in groupby(found.differing, key=lambda d: d.commitment.agreement):
        head = Text(titles[agreement], style="bold")
        console.print(head.append(f"  {agreement}", style="dim not bold"))
        for row in rows:
            _print_differing(console, row)
    _print_sums(console, found, zone)
    say(how(found.first), quiet=quiet)


def _print_differing(console: Console, row: Differing) -> None:
    title = Text(f"  {row.commitment.title}  ")
    console.print(title.append(row.commitment.id, style="dim"))
    console.print(Padding(_days(row), (0, 0, 0, 4), expand=False))
    events = [(t, side, mark) for side, mark in _marked(row) for t in side.transitions]
    for transition, side, mark in sorted(events, key=lambda e: (e[0].at, e[2] is _NEW)):
        own = alerts_by_transition(side.alerts).get(transition.id, [])
        print_transition(console, transition, row.commitment.zone, own, mark)


def _marked(row: Differing) -> tuple[tuple[Side, Text], tuple[Side, Text]]:
    return (row.first, _LOST), (row.second, _NEW)


def _days(row: Differing) -> Text:
    """`stalled 134d → 120d`, or in which version the commitment is at all."""
    if row.first.course is None:
        return Text("only in the second", style="green")
    if row.second.course is None:
        return Text("only in the first", style="red")
    before, after = row.first.course.seconds, row.second.course.seconds
    parts = [
        Text(f"{name.replace('_', ' ')} ", style=style).append(
            f"{day_words(before[status])} → {day_words(after[status])}", style="not dim not bold"
        )
        for name, style in COLOURS.items()
        if before[status := _status(name)] != after[status]
    ]
    return Text(", ").join(parts) if parts else Text("the same days", style="dim")


def _status(name: str) -> Status:
    from monitor.domain.assessment import Status

    return Status(name)


def _print_sums(console: Console, found: Comparison, zone: str) -> None:
    first, last = (format_date(instant, zone) for instant in found.first.span)
    total = found.alike + len(found.differing)
    counts: Counter[str] = Counter()
    for row in found.differing:
        for side, mark in _marked(row):
            counts[f"{mark.plain}transitions"] += len(side.transitions)
            counts[f"{mark.plain}alerts"] += len(side.alerts)
    console.print(Text("Total", style="bold").append(f"  {first} to {last}", style="not bold dim"))
    console.print(f"  {len(found.differing):,} of {total:,} commitments differ")
    transitions, alerts = (
        [sum(map(len, parts)) for parts in both]
        for both in (
            [[c.transitions for c in one.courses] for one in (found.first, found.second)],
            [[c.alerts for c in one.courses] for one in (found.first, found.second)],
        )
    )
    for noun, (old, new) in (("transitions", transitions), ("alerts", alerts)):
        only = f"{counts[f'-{noun}']:,} gone, {counts[f'+{noun}']:,} new"
        console.print(f"  {noun} {old:,} → {new:,}: {only}")
