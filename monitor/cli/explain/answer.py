"""How a commitment stands: what `monitor explain` says first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from monitor.cli.views.standings import headline_text
from monitor.domain.assessment import FINAL, Level, Status, words
from monitor.domain.time import DAY, NEVER, format_date, format_duration
from monitor.domain.transition import Cause
from monitor.services.views.dates import date_words
from monitor.services.views.overview import watched_words

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.services.explanation.inspecting import Explanation


def day(instant: int, told: Explanation) -> str:
    """A date of the commitment's zone."""
    return format_date(instant, told.commitment.zone)


def print_answer(console: Console, told: Explanation) -> None:
    """How it stands, since when, why, and by which numbers."""
    c, standing = told.commitment, told.inspection.standing
    a = standing.assessment
    console.print(Text(c.title, style="bold"))
    parts = [c.key, c.basis.value]
    parts += [c.theme] if c.theme else []
    parts += [", ".join(c.parties)] if c.parties else []
    console.print(Text(" · ".join(parts), style="dim"))
    console.print()
    line = headline_text(a.status, a.last_known)
    known = f" since {day(standing.known_since, told)}, no data"
    line.append(known if a.status is Status.NO_DATA else "")
    line.append(f" since {day(standing.since, told)}")
    if a.status in FINAL or a.level is not Level.NONE:
        line.append(f", level {a.level.word}")
    console.print(line)
    if told.changed is not None:
        for reason in told.changed.reasons:
            if reason.cause is Cause.START:
                continue
            why = reason.text.removeprefix(f"{words(a.status.value)}: ")
            console.print(Text(f"because: {why}"))
    if c.rated:
        console.print(_axes(told))
    else:
        console.print(Text("because: it cannot be rated; what is written below says why"))
    at = f"as of {day(told.view.as_of, told)}"
    if told.view.known_at != told.view.as_of:
        at += f", by what was known on {day(told.view.known_at, told)}"
    looked = watched_words(told.watch, told.view.as_of, c.zone)
    console.print(Text(f"{at}; {looked}{_gaps(told)}", style="dim"))


def _axes(told: Explanation) -> Table:
    standing = told.inspection.standing
    a, limits = standing.assessment, told.commitment.thresholds
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim")
    table.add_column()
    progress = "no progress yet"
    if standing.advanced is not None:
        progress = f"last progress {day(standing.advanced, told)}"
    since = "its start" if standing.advanced is None else "then"
    silence = f"{told.inspection.silence // DAY}d watched since {since}"
    clocks = ", ".join(
        f"{name} at {format_duration(limit)}" if limit < NEVER else f"{name} never"
        for name, limit in (
            ("quiet", limits.quiet),
            ("stalled", limits.stalled),
            ("dormant", limits.dormant),
        )
    )
    table.add_row("level", f"{a.level.word}; {progress}")
    table.add_row("activity", f"{words(a.activity.value)}; {silence} ({clocks})")
    table.add_row("schedule", words(a.schedule.value) + _due(told))
    table.add_row("standing", words(a.standing.value))
    return table


def _due(told: Explanation) -> str:
    parts = [date_words(date, told.commitment) for date in told.inspection.standing.dates]
    return f"; {'; '.join(parts)}" if parts else ""


def _gaps(told: Explanation) -> str:
    gaps = [f"{day(a, told)} to {day(b - 1, told)}" for a, b in told.inspection.gaps]
    return f"; nobody looked from {' and from '.join(gaps)}" if gaps else ""
