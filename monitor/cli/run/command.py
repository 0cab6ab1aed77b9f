"""`monitor run`: the cron job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, on_terminal, say
from monitor.cli.root import app

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from monitor.bootstrap import Application
    from monitor.cli.context import Context
    from monitor.cli.run.pulse import Pulse
    from monitor.domain.records import Conflict
    from monitor.domain.time import Instant
    from monitor.services.evidence.collect import Collected
    from monitor.services.run import RunReport


@app.command(short_help="Collect updates, assess commitments, deliver alerts.")
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
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Collect updates, assess every commitment that has news or is due, deliver alerts.

    Prints the transitions it finds, and nothing at all when there are none; the first time it
    prints where every commitment stands. Bad records are told of when they change. With -o json
    there is always a document. Where another run is at work it gives way and prints nothing. Exit
    code 0 unless something is broken: 2 for the configuration, the rules or a source, 3 for the
    database.
    """
    from monitor.cli.run.pulse import Pulse

    context = at(ctx, now)
    since = None if announce_since is None else context.moment(announce_since, "--announce-since")
    with Pulse(context.application, quiet=context.quiet) as pulse:
        _run(context, since, output, pulse, wait=wait)


def _run(
    context: Context,
    since: Instant | None,
    output: OutputFormat,
    pulse: Pulse,
    *,
    wait: bool,
) -> None:
    """The run, and what is printed of it."""
    from monitor.cli.progress import Bar
    from monitor.services.assessment.options import Options
    from monitor.services.run import run as run_job

    application = context.application
    with Bar(wanted=not context.quiet) as bar:
        report = run_job(
            application.store,
            application.engine,
            application.sources,
            application.receivers,
            application.clock,
            Options(
                introduce=True,
                announce_since=since,
                receivers=application.receiver_names,
                policy=application.policy,
                progress=bar.assessed,
            ),
            kinds=application.kinds,
            zone=application.settings.timezone,
            wait=wait,
            progress=bar.read,
            begun=pulse.begin,
        )
    if report is None:
        # Nobody needs a mail about each run that cron starts while one still works: where a run
        # hangs, the heartbeat that does not come tells of it.
        if on_terminal():
            say("another run is at work; this one gives way", quiet=context.quiet)
        return
    pulse.note(report)
    _tell(context, report, output)
    if application.receivers:
        from monitor.receivers import raise_unusable

        raise_unusable(application.receivers)


def _tell(context: Context, report: RunReport, output: OutputFormat) -> None:
    """What a run found."""
    from monitor.cli.changes.transitions import print_run

    application = context.application
    for collected in report.collected:
        tell_rejects(
            application,
            collected,
            report.step.conflicts,
            quiet=context.quiet or not report.step.updates,
        )
    if report.step.claims:
        from monitor.cli.intake.update_told import tell_claims

        tell_claims(report.step, quiet=context.quiet)
    if report.step.updates:
        from monitor.cli.intake.update_told import tell_collected_moves

        tell_collected_moves(application, report.collected, quiet=context.quiet)
    if report.step.unrouted:
        share = f"{report.step.unrouted:,} of {report.step.updates:,}"
        say(f"{share} new updates concern no commitment", quiet=context.quiet)
    print_run(
        report,
        application.rulebook,
        output,
        quiet=context.quiet,
        last=report.step.last,
        show=lambda keys: _show(application, keys, report.step.now),
    )


def _show(application: Application, keys: Collection[str], now: Instant) -> None:
    """Where these commitments stand."""
    from monitor.cli.views.standings import print_standings
    from monitor.services.evidence.watching import watches
    from monitor.services.views.grounds import grounds
    from monitor.services.views.standing import standings
    from monitor.services.views.view import View

    engine, view = application.engine, View(now, now)
    ordered = [key for key in engine.commitments if key in keys]
    with application.store.read() as reader:
        stands = standings(reader, engine, view, ordered)
        watched = watches(engine.rulebook.agreements, reader.watched())
        why = grounds(reader, stands)
    print_standings(stands, view, engine.rulebook, why, watched=watched)


def tell_rejects(
    application: Application,
    collected: Collected,
    conflicts: Sequence[Conflict],
    *,
    quiet: bool,
) -> None:
    """Set bad records aside in a file beside the store, and say so where it is news.

    A source is read again by every run: what is wrong with it is told when it changes, so that
    cron does not send the same mail every minute.
    """
    from monitor.cli.intake.aside import contradictions, default_aside, first_reason, set_aside
    from monitor.errors import InputError

    for warning in collected.warnings:
        say(f"warning: {warning}", quiet=quiet)
    rejects = [*collected.rejects, *contradictions(collected, conflicts)]
    if not rejects:
        return
    path = default_aside(application, collected.source)
    try:
        if not set_aside(path, rejects):
            return
    except InputError as error:
        say(f"warning: {error.message}")
    count = f"{len(rejects):,} record{'' if len(rejects) == 1 else 's'}"
    say(f"{collected.source}: {count} refused, set aside in {path}; {first_reason(rejects)}")
