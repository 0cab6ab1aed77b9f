"""What `monitor backtest` prints for people."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.text import Text

from monitor.cli.changes.words import changed, is_minor
from monitor.cli.output import COLOURS, say, stdout
from monitor.domain.alert import Phase
from monitor.domain.time import DAY, format_date, format_duration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from monitor.cli.backtest.rules import Edited
    from monitor.domain.alert import Alert
    from monitor.domain.assessment import Status
    from monitor.domain.time import Seconds
    from monitor.domain.transition import Transition
    from monitor.services.backtest.replay import Backtest, Course

_MARGIN = 16


def print_backtest(found: Backtest, edited: Edited, zone: str, *, quiet: bool) -> None:
    """Each commitment with its days, transitions and alerts; then the totals."""
    console = stdout()
    titles = {a.id: a.title for a in edited.engine.rulebook.agreements}
    for agreement, courses in groupby(found.courses, key=lambda c: c.commitment.agreement):
        head = Text(titles[agreement], style="bold")
        console.print(head.append(f"  {agreement}", style="dim not bold"))
        for course in courses:
            _print_course(console, course)
    _print_totals(console, found, zone)
    say(how(found), quiet=quiet)


def how(found: Backtest) -> str:
    """By which rules alerts were counted, in a line."""
    return (
        f"alerts as a run every {format_duration(found.cadence)} would have sent them, each update"
        " known from the day it occurred; the first run sums up where things stand"
    )


def _print_course(console: Console, course: Course) -> None:
    title = Text(f"  {course.commitment.title}  ")
    console.print(title.append(course.commitment.id, style="dim"))
    console.print(Padding(days_line(course.seconds), (0, 0, 0, 4), expand=False))
    alerts = alerts_by_transition(course.alerts)
    for transition in course.transitions:
        own = alerts.get(transition.id, ())
        print_transition(console, transition, course.commitment.zone, own)


def alerts_by_transition(alerts: Sequence[Alert]) -> dict[str | None, list[Alert]]:
    """The alerts about each transition."""
    found: dict[str | None, list[Alert]] = {}
    for alert in alerts:
        found.setdefault(alert.transition, []).append(alert)
    return found


def print_transition(
    console: Console,
    transition: Transition,
    zone: str,
    alerts: Sequence[Alert] = (),
    mark: Text | None = None,
) -> None:
    """One line: the date, what changed, and which alerts that sends."""
    text = changed(transition)
    if is_minor(transition):
        text.stylize("dim")
    if alerts:
        text.append(f"  alert: {', '.join(map(alert_words, alerts))}", style="yellow")
    date = format_date(transition.at, zone)
    for number, line in enumerate(text.wrap(console, max(console.width - _MARGIN, 20))):
        line.rstrip()
        start = Text("    ") if mark is None else Text("  ") + mark + " "
        console.print(start + Text("            " if number else f"{date}  ") + line)


def alert_words(alert: Alert) -> str:
    """`stalled`, `no longer stalled`."""
    kind = alert.kind.value.replace("_", " ")
    return f"no longer {kind}" if alert.phase is Phase.RESOLVED else kind


def days_line(seconds: Mapping[Status, Seconds]) -> Text:
    """`not started 180d, stalled 10d`: in the order of the headlines."""
    parts = [
        Text(f"{status.value.replace('_', ' ')} ", style=COLOURS[status.value]).append(
            day_words(seconds[status]), style="not dim"
        )
        for status in sorted(seconds, key=_rank)
    ]
    return Text(", ").join(parts)


def day_words(seconds: Seconds) -> str:
    """Whole days without a fraction, others to a tenth."""
    return f"{seconds // DAY:,}d" if seconds % DAY == 0 else f"{seconds / DAY:,.1f}d"


def _rank(status: Status) -> int:
    return list(COLOURS).index(status.value)


def _print_totals(console: Console, found: Backtest, zone: str) -> None:
    first, last = (format_date(instant, zone) for instant in found.span)
    transitions = sum(len(course.transitions) for course in found.courses)
    console.print(Text("Total", style="bold").append(f"  {first} to {last}", style="not bold dim"))
    lines = [
        Text(
            f"{len(found.courses):,} commitments, {found.updates:,} updates,"
            f" {transitions:,} transitions, {sum(found.told.values()):,} alerts"
        ),
        Text("days: ").append_text(days_line(found.seconds)),
    ]
    kinds = [
        f"{'no longer ' if phase is Phase.RESOLVED else ''}{kind.value.replace('_', ' ')} {n:,}"
        for (kind, phase), n in sorted(found.told.items())
    ]
    if kinds:
        lines.append(Text(f"alerts: {', '.join(kinds)}"))
    if found.ahead:
        lines.append(Text(f"{len(found.ahead):,} begin later: not counted", style="dim"))
    for line in lines:
        console.print(Padding(line, (0, 0, 0, 2), expand=False))
