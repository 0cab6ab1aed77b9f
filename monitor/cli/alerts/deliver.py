"""`monitor deliver` and `monitor deliveries`: alerts on their way."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import Context, NowOption, at
from monitor.cli.output import LimitOption, OutputFormat, OutputOption, emit, emit_json, say
from monitor.cli.root import app

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.text import Text

    from monitor.domain.alert import Alert
    from monitor.domain.delivery import Delivery
    from monitor.services.delivery.report import DeliveryReport

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Alerts on their way: list, retry."
)

_SEARCHED = 5000
"""Of so many newest alerts the message is shown; of older ones the id."""


class State(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


@app.command()
def deliver(
    ctx: typer.Context,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Send every alert that is due now. `monitor run` does so as well.

    Prints how many were delivered, wait for another attempt, and were given up. Exit code 0 when
    all that was due arrived, 1 when something did not, 2 when a receiver is set up wrongly. As
    JSON: {version, now, delivered, retrying, dead, held, waiting, disabled, errors}.
    """
    from monitor.services.alerts.dispatch import dispatch
    from monitor.services.assessment.step import present
    from monitor.services.delivery.deliver import deliver as deliver_due

    context = at(ctx, now)
    application = context.application
    with application.store.read() as reader:
        present_now = present(reader, application.clock)
    dispatch(application.store, application.policy, present_now)
    report = deliver_due(application.store, application.receivers, application.clock)
    if output is OutputFormat.JSON:
        from monitor.cli.changes.run_json import VERSION, delivery_shape, utc

        emit_json({"version": VERSION, "now": utc(context.now), **delivery_shape(report)})
    else:
        emit(_sums(report))
        if not application.receiver_names:
            say("no receivers are configured", quiet=context.quiet)
    for warning in report.warnings():
        say(f"warning: {warning}")
    if application.receivers:
        from monitor.receivers import raise_unusable

        raise_unusable(application.receivers)
    if report.retrying or report.dead:
        raise typer.Exit(1)


app.add_typer(commands, name="deliveries")


@commands.command("list", short_help="Show deliveries, newest first.")
def list_(
    ctx: typer.Context,
    state: Annotated[
        State | None, typer.Option("--state", help="Only those that are in this state.")
    ] = None,
    receiver: Annotated[
        str | None, typer.Option("--receiver", metavar="NAME", help="Only those to this receiver.")
    ] = None,
    limit: LimitOption = 20,
    output: OutputOption = OutputFormat.TABLE,
) -> None:
    """Show deliveries, newest first: their state, and what they failed with.

    Exit code 0. As JSON: {version, disabled: {receiver: reason}, deliveries: [{id, alert, more,
    message_id, reason, receiver, state, attempts, next_attempt, created, delivered, status, error,
    message}]}; `next_attempt` is null for what is no longer tried.
    """
    from monitor.domain.delivery import DeliveryState

    context = at(ctx, None)
    wanted = None if state is None else DeliveryState(state.value)
    with context.application.store.read() as reader:
        rows = reader.deliveries(state=wanted, receiver=receiver, limit=limit)
        alerts = {a.id: a for a in reader.alerts(limit=_SEARCHED)} if rows else {}
        disabled = reader.disabled_receivers()
    if output is OutputFormat.JSON:
        from monitor.cli.changes.run_json import VERSION

        emit_json(
            {
                "version": VERSION,
                "disabled": dict(disabled),
                "deliveries": [_shape(row, alerts) for row in rows],
            }
        )
        return
    if rows:
        _print(context, rows, alerts)
    else:
        say("no such deliveries", quiet=context.quiet)
    for name, reason in disabled.items():
        say(f"receiver {name!r} is disabled: {reason}", quiet=context.quiet)
    if any(row.state is DeliveryState.DEAD for row in rows):
        say("`monitor deliveries retry ID` tries a dead one again", quiet=context.quiet)


@commands.command(short_help="Try again what was given up.")
def retry(
    ctx: typer.Context,
    ids: Annotated[
        list[int] | None, typer.Argument(metavar="ID", help="From `deliveries list`.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All that were given up.")] = False,
    now: NowOption = None,
) -> None:
    """Try again what was given up; a receiver that was disabled for it is enabled again.

    Prints how many are due again; `monitor deliver` or the next run sends them. Exit code 0; 2 when
    an ID is not that of a dead delivery (the others are revived all the same).
    """
    from monitor.domain.delivery import DeliveryState
    from monitor.errors import UsageError

    context = at(ctx, now)
    if every == bool(ids):
        raise UsageError("name the deliveries to retry, or --all of them")
    with context.application.store.read() as reader:
        dead = {d.id: d for d in reader.deliveries(state=DeliveryState.DEAD)}
        disabled = reader.disabled_receivers()
    wrong = [id_ for id_ in dict.fromkeys(ids or ()) if id_ not in dead]
    chosen = [id_ for id_ in (dead if every else dict.fromkeys(ids or ())) if id_ in dead]
    revived = 0
    if chosen:
        with context.application.store.write() as writer:
            revived = writer.revive(None if every else chosen, context.now)
    emit(f"{revived} due again" if revived else "nothing to retry")
    for name in sorted({dead[id_].receiver for id_ in chosen} & disabled.keys()):
        say(f"receiver {name!r} is enabled again", quiet=context.quiet)
    if revived:
        say("`monitor deliver` sends them now", quiet=context.quiet)
    if wrong:
        listed = ", ".join(map(str, wrong))
        raise UsageError(
            f"not given up, or not there: {listed}",
            hint="see `monitor deliveries list --state dead`",
        )


def _sums(report: DeliveryReport) -> str:
    waiting = sum(report.waiting.values())
    if not report.attempted and not waiting:
        return "nothing to deliver"
    parts = [f"{report.delivered:,} delivered"]
    parts += [f"{report.retrying:,} failed and will be retried"] if report.retrying else []
    parts += [f"{report.dead:,} given up"] if report.dead else []
    parts += [f"{waiting:,} waiting"] if waiting else []
    return ", ".join(parts)


def _print(context: Context, rows: Sequence[Delivery], alerts: Mapping[str, Alert]) -> None:
    from rich.text import Text

    from monitor.cli.tables import new_table, print_table
    from monitor.domain.message import MessageReason

    table = new_table()
    table.add_column("id", justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    table.add_column("when", justify="right", no_wrap=True)
    table.add_column("tries", justify="right", no_wrap=True)
    table.add_column("receiver", overflow="fold")
    table.add_column("alert", overflow="fold")
    for row in rows:
        alert = alerts.get(row.alert)
        text = Text(row.alert if alert is None else alert.message)
        if row.more:
            text.append(f" and {row.more:,} more")
        if row.reason is not MessageReason.IMMEDIATE:
            text.append(f"  {row.reason.value}", style="dim")
        if row.error is not None:
            text.append(f"\n{row.error}", style="dim")
        state, when = _state(context, row)
        table.add_row(str(row.id), state, when, str(row.attempts), Text(row.receiver), text)
    print_table(table)


def _state(context: Context, row: Delivery) -> tuple[Text, str]:
    from rich.text import Text

    from monitor.domain.delivery import DeliveryState
    from monitor.domain.time import to_datetime

    styles = {DeliveryState.DELIVERED: "green", DeliveryState.DEAD: "bold red"}
    when = row.next_attempt if row.delivered is None else row.delivered
    shown = f"{to_datetime(when, context.zone):%Y-%m-%d %H:%M}"
    if row.state is DeliveryState.DEAD:
        shown = ""
    return Text(row.state.value, style=styles.get(row.state, "yellow")), shown


def _shape(row: Delivery, alerts: Mapping[str, Alert]) -> dict[str, Any]:
    from monitor.cli.changes.run_json import utc
    from monitor.domain.delivery import DeliveryState

    alert = alerts.get(row.alert)
    pending = row.state is DeliveryState.PENDING
    return {
        "id": row.id,
        "alert": row.alert,
        "more": row.more,
        "message_id": row.message or row.alert,
        "reason": row.reason.value,
        "receiver": row.receiver,
        "state": row.state.value,
        "attempts": row.attempts,
        "next_attempt": utc(row.next_attempt) if pending else None,
        "created": utc(row.created),
        "delivered": None if row.delivered is None else utc(row.delivered),
        "status": row.status,
        "error": row.error,
        "message": None if alert is None else alert.message,
    }
