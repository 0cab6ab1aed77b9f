"""`monitor run`: the cron job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.app import app
from monitor.cli.context import NowOption, at
from monitor.cli.output import OutputFormat, say

if TYPE_CHECKING:
    from monitor.bootstrap import Application
    from monitor.services.collect import Collected


@app.command()
def run(
    ctx: typer.Context,
    wait: Annotated[
        bool, typer.Option("--wait", help="Wait for another run to end instead of giving way.")
    ] = False,
    announce_since: Annotated[
        str | None,
        typer.Option(
            "--announce-since",
            metavar="TIME",
            help="First run: announce the history from here on one by one, not only its summary.",
        ),
    ] = None,
    output: Annotated[OutputFormat, typer.Option("-o", "--output")] = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Collect updates, assess every commitment that has news or is due, deliver alerts.

    Prints the transitions it finds, and nothing at all when there are none. Exit code 0 unless
    something is broken.
    """
    from monitor.cli.transitions import print_run
    from monitor.services.run import run as run_job
    from monitor.services.step import Options

    context = at(ctx, now)
    application = context.application
    since = None if announce_since is None else context.moment(announce_since, "--announce-since")
    report = run_job(
        application.store,
        application.engine,
        application.sources,
        application.receivers,
        application.clock,
        Options(introduce=True, announce_since=since, receivers=application.receiver_names),
        kinds=application.kinds,
        zone=application.settings.timezone,
        wait=wait,
    )
    if report is None:
        say("another run is at work; this one gives way", quiet=context.quiet)
        return
    for collected in report.collected:
        tell_rejects(application, collected, quiet=context.quiet)
    print_run(report, application.rulebook, output, quiet=context.quiet)


def tell_rejects(application: Application, collected: Collected, *, quiet: bool) -> None:
    """Set bad records aside in a file beside the store, and say so."""
    from pathlib import Path

    from monitor.sources.rejects import reject_path, write_rejects

    for warning in collected.warnings:
        say(f"warning: {warning}", quiet=quiet)
    if not collected.rejects:
        return
    beside = application.store_path or Path("monitor.db")
    path = reject_path(beside, collected.source)
    write_rejects(path, collected.rejects)
    first = collected.rejects[0]
    say(
        f"{collected.source}: {len(collected.rejects)} records refused, set aside in {path}; "
        f"record {first.number}: {first.reason}"
    )
