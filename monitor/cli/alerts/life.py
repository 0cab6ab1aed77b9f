"""`monitor alerts show` and `ack`: the whole life of one alert, and that somebody has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.alerts.group import AlertArgument, commands
from monitor.cli.context import Context, NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, emit, emit_json

if TYPE_CHECKING:
    from monitor.domain.alert import Alert
    from monitor.domain.notice import Suppression
    from monitor.domain.time import Instant
    from monitor.services.alerts.life import Event, Life


@commands.command(short_help="Show the whole life of an alert.")
def show(
    ctx: typer.Context,
    identity: AlertArgument,
    output: OutputOption = OutputFormat.TABLE,
) -> None:
    """Show all that an alert says, and its whole life: who was told, who was not, and why.

    Exit code 0; 2 when there is no such alert. As JSON: {version, alert, acknowledged, receivers:
    [{receiver, state, route, due, waits_for, formed, delivery, message_id, delivered}], events:
    [{at, receiver, what, why, by, until}], later: [alert]}.
    """
    from monitor.errors import UsageError
    from monitor.notify.telling import lines_about, tell
    from monitor.notify.texts import texts
    from monitor.services.alerts.life import life

    context = at(ctx, None)
    with context.application.store.read() as reader:
        found = life(reader, identity)
    if found is None:
        raise UsageError(f"no alert has the id {identity}", hint="see `monitor alerts list`")
    if output is OutputFormat.JSON:
        emit_json(_shape(found))
        return
    emit(found.alert.message)
    emit(f"{found.alert.id}  {found.alert.kind.value}  {found.alert.phase.value}")
    words = texts("en")
    for line in lines_about(tell(found.alert, words), words):
        emit(f"  {line}")
    for event in found.events:
        emit(_line(context, event))


@commands.command(short_help="Say that somebody has seen to an alert.")
def ack(
    ctx: typer.Context,
    identity: AlertArgument,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who has seen it.")],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="What is done about it.")
    ] = "",
    now: NowOption = None,
) -> None:
    """Say that somebody has seen to an alert: no more reminders of it, and no escalation.

    Its end is told all the same. Exit code 0; 2 when it is not an alert that opens, or is over.
    """
    from monitor.services.alerts.life import acknowledge
    from monitor.services.assessment.step import present

    context = at(ctx, now)
    store = context.application.store
    with store.write() as writer:
        moment = present(writer, context.application.clock)
        alert = acknowledge(writer, identity, by.strip(), reason.strip(), moment)
    emit(f"acknowledged by {by.strip()}: {alert.message}")


def suppressed(context: Context, output: OutputFormat, limit: int) -> None:
    """Print what was kept from receivers, the newest first, and what waits now."""
    from monitor.cli.changes.run_json import VERSION, utc

    with context.application.store.read() as reader:
        rows = reader.suppressions(limit=limit)
        held = reader.held(limit=limit)
        ids = sorted({row.alert for row in rows} | {notice.alert for notice in held})
        alerts = reader.alerts_named(ids)
    if output is OutputFormat.JSON:
        emit_json(
            {
                "version": VERSION,
                "suppressed": [_suppression(row, alerts[row.alert]) for row in rows],
                "held": [
                    {
                        "alert": notice.alert,
                        "message": alerts[notice.alert].message,
                        "receiver": notice.receiver,
                        "state": notice.state.value,
                        "until": None if notice.wake is None else utc(notice.wake),
                        "waits_for": notice.held or None,
                    }
                    for notice in held
                ],
            }
        )
        return
    for notice in held:
        until = "" if notice.wake is None else f" until {_when(context, notice.wake)}"
        why = notice.held or "the next run"
        emit(f"waits{until}  {notice.receiver}: {why}  {alerts[notice.alert].message}")
    for row in rows:
        emit(f"{_when(context, row.at)}  {_told(context, row)}  {alerts[row.alert].message}")
    if not held and not rows:
        emit("nothing was kept from anybody")


_WORDS = {
    "silence": "kept quiet by",
    "dependency": "hangs on",
    "interval": "held by interval",
    "acknowledged": "acknowledged by",
    "nobody": "no receiver at",
    "resolved": "ended before it was told",
    "corrected": "corrected before it was told by",
    "unheard": "not told, because this was not told either:",
}


def _told(context: Context, row: Suppression) -> str:
    until = "" if row.until is None else f" until {_when(context, row.until)}"
    by = f" {row.by}" if row.by else ""
    return f"{row.receiver or 'nobody'}: {_WORDS[row.why.value]}{by}{until}"


def _suppression(row: Suppression, alert: Alert) -> dict[str, Any]:
    from monitor.cli.changes.run_json import utc

    return {
        "alert": row.alert,
        "message": alert.message,
        "receiver": row.receiver or None,
        "at": utc(row.at),
        "why": row.why.value,
        "by": row.by or None,
        "until": None if row.until is None else utc(row.until),
    }


def _when(context: Context, instant: Instant) -> str:
    from monitor.domain.time import to_datetime

    return f"{to_datetime(instant, context.zone):%Y-%m-%d %H:%M}"


def _line(context: Context, event: Event) -> str:
    parts = [_when(context, event.at), event.receiver or "", event.what]
    if event.why:
        parts.append(_WORDS.get(event.why, event.why))
    if event.by:
        parts.append(event.by)
    if event.until is not None:
        parts.append(f"until {_when(context, event.until)}")
    return "  ".join(part for part in parts if part)


def _shape(found: Life) -> dict[str, Any]:
    from monitor.cli.changes.run_json import VERSION, alert_shape, utc

    def when(instant: Instant | None) -> str | None:
        return None if instant is None else utc(instant)

    deliveries = {d.id: d for d in found.deliveries}
    by_receiver = {d.receiver: d for d in reversed(found.deliveries)}
    receivers = []
    for notice in found.notices:
        sent = deliveries.get(notice.delivery or 0)
        receivers.append(
            {
                "receiver": notice.receiver,
                "state": notice.state.value,
                "route": notice.route,
                "due": when(notice.wake),
                "waits_for": notice.held or None,
                "formed": when(notice.formed),
                "delivery": notice.delivery,
                "message_id": None if sent is None else sent.message or sent.alert,
                "delivered": None if sent is None else when(sent.delivered),
            }
        )
    known = {notice.receiver for notice in found.notices}
    for name, sent in by_receiver.items():
        if name not in known:
            receivers.append(
                {
                    "receiver": name,
                    "state": "sent",
                    "route": "",
                    "due": None,
                    "waits_for": None,
                    "formed": utc(sent.created),
                    "delivery": sent.id,
                    "message_id": sent.message or sent.alert,
                    "delivered": when(sent.delivered),
                }
            )
    ack = found.ack
    return {
        "version": VERSION,
        "alert": {**alert_shape(found.alert), "details": dict(found.alert.body)},
        "acknowledged": None
        if ack is None
        else {"at": utc(ack.at), "by": ack.by, "reason": ack.reason},
        "receivers": receivers,
        "events": [
            {
                "at": utc(event.at),
                "receiver": event.receiver or None,
                "what": event.what,
                "why": event.why or None,
                "by": event.by or None,
                "until": when(event.until),
            }
            for event in found.events
        ],
        "later": [alert_shape(alert) for alert in found.later],
    }
