"""`monitor alerts`: what was announced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.alerts import life as alert_life
from monitor.cli.alerts import preview, routes, trial
from monitor.cli.alerts.group import commands
from monitor.cli.context import Context, at
from monitor.cli.output import LimitOption, OutputFormat, OutputOption, emit_json, say
from monitor.domain.alert import AlertKind
from monitor.domain.time import LATEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.alert import Alert

__all__ = ["alert_life", "commands", "preview", "routes", "trial"]

_SEVERITIES = {"critical": "bold red", "warning": "yellow", "info": "dim"}


@commands.command("list")
def list_(
    ctx: typer.Context,
    commitment: Annotated[
        str | None, typer.Option("--commitment", metavar="ID", help="Only about this commitment.")
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="Only about this agreement.")
    ] = None,
    kinds: Annotated[
        list[AlertKind] | None,
        typer.Option(
            "--kind", metavar="KIND", help="Only of this one, such as stalled; may be repeated."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="TIME", help="Only about what had happened by then."),
    ] = None,
    known_at: Annotated[
        str | None, typer.Option("--known-at", metavar="TIME", help="Only what was made by then.")
    ] = None,
    message: Annotated[
        str | None,
        typer.Option("--message", metavar="ID", help="All that this message told, in its order."),
    ] = None,
    suppressed: Annotated[
        bool,
        typer.Option("--suppressed", help="Why nobody was told: what was held back, and by what."),
    ] = False,
    limit: LimitOption = 20,
    output: OutputOption = OutputFormat.TABLE,
) -> None:
    """Show alerts, those that were made last first.

    With --message nothing else is looked at: it is all that one message told.
    Exit code 0. As JSON: {version, alerts: [{id, kind, phase, at, recorded, agreement, commitment,
    transition, severity, labels, message, found_late, opening}]}; with --suppressed: {version,
    suppressed: [{alert, message, receiver, at, why, by, until}], held: [{alert, message, receiver,
    state, until, waits_for}]}.
    """
    context = at(ctx, None)
    if suppressed:
        alert_life.suppressed(context, output, limit)
        return
    if message is not None:
        _print_all(context, _told_in(context, message), output)
        return
    key = None if commitment is None else _key(context, commitment)
    happened = LATEST if as_of is None else context.moment(as_of, "--as-of")
    made = LATEST if known_at is None else context.moment(known_at, "--known-at")
    narrow = agreement is not None or kinds or as_of is not None or known_at is not None
    with context.application.store.read() as reader:
        found = reader.alerts(commitment=key, limit=None if narrow else limit)
    rows = [
        alert
        for alert in found
        if agreement in (None, alert.agreement)
        and (not kinds or alert.kind in kinds)
        and (alert.at <= happened and alert.recorded <= made)
    ][:limit]
    if rows or output is OutputFormat.JSON:
        _print_all(context, rows, output)
    else:
        say("no such alerts" if found or narrow or key else "no alerts yet", quiet=context.quiet)


def _told_in(context: Context, message: str) -> list[Alert]:
    """The alerts of a message.

    Raises:
        UsageError: none of this id was ever on its way.
    """
    from monitor.errors import UsageError

    with context.application.store.read() as reader:
        ids = reader.told_in(message)
        known = reader.alerts_named(ids)
    if not ids:
        raise UsageError(
            f"--message {message}: no message has this id", hint="see `monitor deliveries list`"
        )
    return [known[identity] for identity in ids]


def _print_all(context: Context, rows: Sequence[Alert], output: OutputFormat) -> None:
    if output is OutputFormat.JSON:
        from monitor.cli.changes.run_json import VERSION, alert_shape

        emit_json({"version": VERSION, "alerts": [alert_shape(alert) for alert in rows]})
    else:
        _print(context, rows)


def _key(context: Context, name: str) -> str:
    """The key of a commitment, also of one that is no longer in the rulebook.

    Raises:
        UsageError: no commitment, or several, have this name.
    """
    from monitor.errors import UsageError
    from monitor.language.faults import did_you_mean

    if "/" in name:
        return name
    known = context.application.rulebook.commitments
    keys = [key for key in known if key.partition("/")[2] == name]
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise UsageError(f"--commitment {name}: which one of {', '.join(keys)}?")
    near = did_you_mean(name, [key.partition("/")[2] for key in known])
    raise UsageError(f"--commitment {name}: there is no such one" + (f", {near}" if near else ""))


def _print(context: Context, rows: Sequence[Alert]) -> None:
    from rich.text import Text

    from monitor.cli.tables import new_table, print_table
    from monitor.domain.time import format_date

    known = context.application.rulebook.commitments
    table = new_table()
    table.add_column("made", justify="right", no_wrap=True)
    table.add_column("kind", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("message", overflow="fold")
    for alert in rows:
        commitment = known.get(alert.commitment or "")
        zone = context.zone if commitment is None else commitment.zone
        kind = alert.kind.value.replace("_", " ")
        if alert.phase.value == "resolved":
            kind = f"{kind}, resolved"
        table.add_row(
            format_date(alert.recorded, zone),
            kind,
            Text(alert.severity, style=_SEVERITIES.get(alert.severity, "")),
            Text.assemble(alert.message, "\n", (alert.id, "dim")),
        )
    print_table(table)
