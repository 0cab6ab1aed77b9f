"""The text of `monitor explain --when-next`: a date, what becomes, why, and who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.cli.changes.words import changed
from monitor.cli.output import stdout
from monitor.cli.views.standings import headline_text
from monitor.domain.alert import facts
from monitor.domain.assessment import Status
from monitor.domain.time import LATEST, format_date
from monitor.services.explanation.foresight import ENOUGH

if TYPE_CHECKING:
    from monitor.domain.transition import Transition
    from monitor.services.explanation.foresight import Foresight


def print_foresight(told: Foresight) -> None:
    """The chain, and what it takes for granted."""
    console, c, standing = stdout(), told.commitment, told.standing
    console.print(Text(c.title, style="bold"))
    now = headline_text(standing.assessment.status, standing.assessment.last_known)
    console.print(now.append(f" since {format_date(standing.since, c.zone)}", style="dim"))
    console.print()
    looks = "goes on looking" if told.goes_on else "looks again"
    if not told.chain:
        console.print(Text(_nothing(told, looks)))
    else:
        console.print(Text(f"If nothing is heard and somebody {looks}:", style="bold"))
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for transition in told.chain:
            table.add_row(format_date(transition.at, c.zone), _becomes(transition, told))
        if told.more:
            table.add_row("…", Text("and so on", style="dim"))
        console.print(Padding(table, (0, 0, 0, 2), expand=False))
    if told.until is not None:
        day = format_date(told.until, c.zone)
        often = f"by then a rule has turned more than {ENOUGH:,} times"
        console.print(Text(f"Looked no further than {day}: {often}", style="dim"))
    if told.blind is not None and told.blind < LATEST:
        day = format_date(told.blind, c.zone)
        console.print(Text(f"If nobody looks any more: no data from {day}", style="dim"))


def _nothing(told: Foresight, looks: str) -> str:
    if told.standing.assessment.status is Status.NOT_RATED:
        return "It cannot be rated: time changes nothing."
    return f"If nothing is heard and somebody {looks}, time alone changes nothing."


def _becomes(transition: Transition, told: Foresight) -> Text:
    text = changed(transition)
    for reason in transition.reasons:
        text.append(f"\n{reason.text}")
        if reason.rule:
            text.append(f"  rule {reason.rule}, {reason.where}", style="dim")
        else:
            text.append(f"  {told.commitment.where}", style="dim")
    alerts = ", ".join(_alert(kind.value, phase.value) for kind, phase in facts(transition))
    if alerts:
        text.append(f"\nalert: {alerts}", style="dim")
    return text


def _alert(kind: str, phase: str) -> str:
    return kind.replace("_", " ") + ("" if phase == "once" else f" {phase}")
