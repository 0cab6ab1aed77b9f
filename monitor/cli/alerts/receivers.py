"""`monitor receivers`: who is told, and whether it works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, emit, emit_json, say
from monitor.cli.root import app

if TYPE_CHECKING:
    from monitor.cli.context import Context
    from monitor.receiver_settings import BaseReceiver

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who is told: list, test.")
app.add_typer(commands, name="receivers")


@commands.command("list")
def list_(
    ctx: typer.Context,
    output: OutputOption = OutputFormat.TABLE,
) -> None:
    """Show the configured receivers, and what of each is wrong.

    Of an address only scheme and host are shown. Exit code 0, or 1 where one cannot be used. As
    JSON: {version, receivers: [{name, type, address, language, template, signed, fault}]}.
    """
    context = at(ctx, None)
    rows = [_shape(settings) for settings in context.application.settings.receivers]
    if output is OutputFormat.JSON:
        from monitor.cli.changes.run_json import VERSION

        emit_json({"version": VERSION, "receivers": rows})
    elif rows:
        _print(rows)
    else:
        say("no receivers are configured", quiet=context.quiet)
    if any(row["fault"] for row in rows):
        raise typer.Exit(1)


@commands.command("test", short_help="Send a test message to a receiver.")
def try_out(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As in the configuration.")],
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Send a message that is marked as a test to a receiver, and say what it answers.

    It is sent at once and once: nothing is stored, nothing tried again. Exit code 0 when it
    arrived, 1 when not. As JSON: {version, receiver, address, arrived, status, answer, error}.
    """
    from monitor.notify.sample import sample
    from monitor.receivers import make_receiver

    context = at(ctx, now)
    settings = settings_of(context, name)
    receiver = make_receiver(settings)
    message = sample(name, context.now, getattr(settings, "language", "en"), context.zone)
    attempt = receiver.send(message, context.now)
    arrived = attempt.error is None
    if output is OutputFormat.JSON:
        from monitor.cli.changes.run_json import VERSION

        emit_json(
            {
                "version": VERSION,
                "receiver": name,
                "address": receiver.sender.shown,
                "arrived": arrived,
                "status": attempt.status,
                "answer": attempt.said,
                "error": attempt.error,
            }
        )
    else:
        status = "" if attempt.status is None else f": {attempt.status}"
        said = f" {attempt.said}" if attempt.said else ""
        what = f"{name} took it{status}{said}" if arrived else f"{name} did not take it"
        emit(what if arrived else f"{what}: {attempt.error}")
    if not arrived:
        raise typer.Exit(1)


def settings_of(context: Context, name: str) -> BaseReceiver:
    """The settings of a receiver.

    Raises:
        UsageError: there is none of that name.
    """
    from monitor.errors import UsageError
    from monitor.language.faults import did_you_mean

    known = {receiver.name: receiver for receiver in context.application.settings.receivers}
    if name in known:
        return known[name]
    near = did_you_mean(name, known)
    raise UsageError(f"no receiver is called {name!r}" + (f", {near}" if near else ""))


def _shape(settings: BaseReceiver) -> dict[str, Any]:
    from monitor.errors import MonitorError
    from monitor.receivers import make_receiver

    address = fault = None
    try:
        address = make_receiver(settings).sender.shown
    except MonitorError as error:
        fault = error.message
    return {
        "name": settings.name,
        "type": getattr(settings, "type", "webhook"),
        "address": address,
        "language": getattr(settings, "language", None),
        "template": getattr(settings, "template", None) is not None,
        "signed": getattr(settings, "signed", None),
        "fault": fault,
    }


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.text import Text

    from monitor.cli.tables import new_table, print_table

    table = new_table()
    table.add_column("name", no_wrap=True)
    table.add_column("type", no_wrap=True)
    table.add_column("address", overflow="fold")
    table.add_column("words", overflow="fold")
    for row in rows:
        words = [row["language"]] if row["language"] else []
        words += ["own template"] if row["template"] else []
        words += ["signed"] if row["signed"] else []
        address = Text(row["address"] or "")
        if row["fault"]:
            address = Text(row["fault"], style="red")
        table.add_row(Text(row["name"]), row["type"], address, ", ".join(words))
    print_table(table)
