"""`monitor explain --what-if`: before, after, and what would be said because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from monitor.cli.changes.run_json import VERSION, alert_shape, step_shape, transition_shape, utc
from monitor.cli.changes.transitions import print_changes
from monitor.cli.output import stdout
from monitor.cli.views.standings import headline_text
from monitor.domain.account import axes
from monitor.domain.assessment import Status
from monitor.domain.retraction import is_evidence
from monitor.domain.time import format_date

if TYPE_CHECKING:
    from monitor.domain.commitment import Commitment
    from monitor.domain.update import Update
    from monitor.engine.engine import Engine
    from monitor.services.rehearsal import Rehearsal
    from monitor.services.views.standing import Stands


def rehearsal_shape(told: Rehearsal, engine: Engine) -> dict[str, Any]:
    """What would change, JSON-ready.

    {version, id, agreement, supposed: [{id, occurred, kind, title, source, tier, concerns}],
     before, after: null | {status, level, activity, schedule, standing, last_known, conditions,
                            since, last_progress},
     and of `monitor run`: now, updates, transitions, withdrawn, alerts: only what would come of it,
     instead: {transitions, alerts}}

    `before` and `after` are null before the commitment begins. `instead` is what time alone would
    bring by now, and does not come then.
    """
    c, step = told.commitment, step_shape(told.report, told.report.last, 0)
    del step["rewritten"]
    return {
        "version": VERSION,
        "id": c.id,
        "agreement": c.agreement,
        "supposed": [
            {
                "id": u.id,
                "occurred": u.occurred.text,
                "kind": u.kind,
                "title": u.title,
                "source": u.source,
                "tier": engine.tier(c.agreement, u),
                "concerns": told.concerned[u.id],
            }
            for u in told.updates
        ],
        "before": _stood(told.before),
        "after": _stood(told.after),
        **step,
        "instead": {
            "transitions": [transition_shape(t, told.report.last) for t in told.spared],
            "alerts": [alert_shape(alert) for alert in told.unsaid],
        },
        "now": utc(told.now),
    }


def _stood(stands: Stands | None) -> dict[str, Any] | None:
    if stands is None:
        return None
    zone, standing = stands.commitment.zone, stands.standing
    progress = standing.advanced
    return {
        **axes(standing.assessment),
        "since": format_date(standing.since, zone),
        "last_progress": None if progress is None else format_date(progress, zone),
    }


def print_rehearsal(told: Rehearsal, engine: Engine) -> None:
    """The updates, before and after side by side, then everything that would come of it."""
    console, c = stdout(), told.commitment
    console.print(Text(c.title, style="bold"))
    console.print(Text("supposed, and stored nowhere:", style="dim"))
    for update in told.updates:
        console.print(_supposed(update, told, engine))
    console.print()
    if told.after is None:
        console.print(f"{c.id} begins only on {format_date(c.start, c.zone)}")
    elif told.before == told.after:
        console.print(_line("unchanged", told.after))
    else:
        if told.before is not None:
            console.print(_line("before", told.before))
        console.print(_line("after", told.after))
    report = told.report
    keys = {t.commitment for t in report.transitions}
    keys |= {row.transition.commitment for row in report.withdrawn}
    if keys:
        console.print(Text("\nWhat it would change:", style="bold"))
        print_changes(report, engine.rulebook, last=report.last)
    _print_alerts("Alerts it would cause:", [a.message for a in report.alerts])
    _print_alerts("Alerts that would not come:", [a.message for a in told.unsaid])


def _supposed(update: Update, told: Rehearsal, engine: Engine) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    text = Text(f"{update.kind.replace('_', ' ')}  “{update.title}”")
    note = _hindrance(update, told, engine)
    tier = engine.tier(told.commitment.agreement, update)
    text.append(f"\n{update.source or 'no source'} (tier {tier}){note}", style="dim")
    table.add_row(f"  {update.occurred.text:10}", text)
    return table


def _hindrance(update: Update, told: Rehearsal, engine: Engine) -> str:
    """Why it may do less than was hoped for."""
    c = told.commitment
    if not is_evidence(update):
        return ""
    if c.key not in told.concerned[update.id]:
        others = ", ".join(key.partition("/")[2] for key in told.concerned[update.id])
        return f", does not concern {c.id}" + (f", but {others}" if others else _wanted(c))
    if engine.tier(c.agreement, update) > c.tier:
        return f", too weak: tier {c.tier} moves a level here"
    return ""


def _wanted(commitment: Commitment) -> str:
    topics = ", ".join(commitment.about.topics)
    return f" (it is about {topics})" if topics else ""


def _line(word: str, stands: Stands) -> Text:
    standing, zone = stands.standing, stands.commitment.zone
    a = standing.assessment
    line = Text(f"{word + ':':11}", style="dim")
    line.append(headline_text(a.status, a.last_known))
    since = format_date(standing.since, zone)
    words = [f" since {since}"]
    if a.status is Status.NO_DATA:
        words = [f" since {format_date(standing.known_since, zone)}", f"no data since {since}"]
    words += [f"level {a.level.word}"]
    words += [a.activity.value, a.schedule.value, a.standing.value]
    return line.append(", ".join(words).replace("_", " "))


def _print_alerts(title: str, messages: list[str]) -> None:
    if not messages:
        return
    console = stdout()
    console.print(Text(f"\n{title}", style="bold"))
    for message in messages:
        console.print(Text(f"  {message}"))
