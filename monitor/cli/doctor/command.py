"""`monitor doctor`: is everything in place, and what to do where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from monitor.cli.context import Context, NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, emit_json
from monitor.cli.root import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.services.doctor import Check


@app.command(short_help="Find out what is wrong with the set-up.")
def doctor(
    ctx: typer.Context,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Look at the configuration, the rules, the store, the coverage, receivers and the schedule.

    Prints a line for each, ok, warn or FAIL, and what to do about it. Changes nothing and sends
    nothing. Exit code 0, 1 where something FAILs. As JSON: {version, ok, checks: [{verdict,
    subject, text, advice}]}.
    """
    from monitor.services.doctor import Verdict

    checks = list(_checks(at(ctx, now)))
    failed = any(check.verdict is Verdict.FAIL for check in checks)
    if output is OutputFormat.JSON:
        from monitor.cli.changes.run_json import VERSION

        rows = [{**c._asdict(), "verdict": c.verdict.value} for c in checks]
        emit_json({"version": VERSION, "ok": not failed, "checks": rows})
    else:
        _print(checks)
    if failed:
        raise typer.Exit(1)


def _checks(context: Context) -> Iterator[Check]:
    """Everything that can be looked at; what rests on something broken is left out."""
    from monitor.cli.doctor.places import (
        check_configuration,
        check_evaluator,
        check_rules,
        check_secrets,
        check_sources,
        check_store,
    )
    from monitor.cli.doctor.telling import check_heartbeat, check_routes, check_schedule
    from monitor.errors import MonitorError
    from monitor.services.doctor import Check, Verdict

    try:
        application = context.application
    except MonitorError as error:
        yield Check(Verdict.FAIL, "configuration", error.message, error.hint)
        return
    yield check_configuration(context)
    rules = check_rules(application)
    yield rules
    sound = rules.verdict is not Verdict.FAIL
    if sound:
        yield check_evaluator(application)
    yield from check_sources(application)
    yield from check_store(context, application, sound=sound)
    yield from check_secrets(application)
    yield from check_routes(context, application)
    yield check_heartbeat(application)
    yield from check_schedule(context, application)


def _print(checks: Sequence[Check]) -> None:
    from rich.text import Text

    from monitor.cli.tables import new_table, print_table

    styles = {"ok": "green", "warn": "yellow", "FAIL": "bold red"}
    table = new_table()
    table.show_header = False
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for check in checks:
        text = Text(check.text)
        if check.advice:
            text.append(f"\n→ {check.advice}", style=styles[check.verdict.value])
        verdict = Text(check.verdict.value, style=styles[check.verdict.value])
        table.add_row(verdict, check.subject, text)
    print_table(table)
