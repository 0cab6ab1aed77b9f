"""`monitor coverage`: who was looking, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import Context, NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, emit_json, say
from monitor.cli.root import app
from monitor.cli.viewing import AsOfOption, KnownAtOption, view_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.coverage import Coverage
    from monitor.domain.time import Instant
    from monitor.services.views.view import View

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Who was looking, and until when: add, list."
)
app.add_typer(commands, name="coverage")


@commands.command(short_help="Say that somebody was looking.")
def add(
    ctx: typer.Context,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The name of what was watched.")],
    until: Annotated[
        str, typer.Option("--until", metavar="TIME", help="A date means the whole of that day.")
    ],
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="From when on [without a gap before]."),
    ] = None,
    agreement: Annotated[
        str | None, typer.Option("--agreement", metavar="ID", help="About this one only [all].")
    ] = None,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Say that somebody was looking, so that silence counts, and assess what follows.

    Prints until when each agreement is watched now, and what changed. Exit code 0.
    """
    from monitor.cli.intake.ingest import tell_changes
    from monitor.services.assessment.options import Options
    from monitor.services.evidence.collect import Collected
    from monitor.services.ingest import alone, take_in

    context = at(ctx, now)
    application = context.application
    row = _row(context, source, until, since, agreement)
    with alone(
        application.store, lambda: say("waiting for another run to end", quiet=context.quiet)
    ):
        done = take_in(
            application.store,
            application.engine,
            [Collected(source, [], [row], [], ())],
            context.now,
            Options(receivers=application.receiver_names, policy=application.policy),
            command="coverage",
        )
    if output is OutputFormat.JSON:
        from monitor.cli.intake.ingest_json import ingest_shape

        emit_json(ingest_shape(done, {}))
        return
    _tell_watches(context, context.now)
    tell_changes(context, done)


@commands.command("list", short_help="Show until when each source was watched.")
def list_(
    ctx: typer.Context,
    every: Annotated[
        bool, typer.Option("--all", help="Every row, in the order in which it was learned.")
    ] = False,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Show until when each source, and with it each agreement, was watched.

    Exit code 0. As JSON: {version, now, as_of, known_at, agreements: [{agreement, watched, spans:
    [[since, until]]}], rows: [{source, agreement, since, until, recorded}]}; spans are half open,
    null is unbounded.
    """
    context = at(ctx, now)
    with context.application.store.read() as reader:
        view = view_of(context, reader, as_of, known_at)
        whole = every or output is OutputFormat.JSON
        rows = (reader.coverage if whole else reader.reaches)(view.known_at)
        watched = reader.watched(view.known_at)
    if output is OutputFormat.JSON:
        emit_json(_shape(context, rows, view))
        return
    if not rows:
        say("nothing is known to be watched; `monitor run` and `monitor coverage add` tell")
    else:
        _print_rows(context, rows)
    _tell_watches(context, view.as_of, watched)


def _row(
    context: Context, source: str, until: str, since: str | None, agreement: str | None
) -> Coverage:
    from monitor.cli.inputs import known_agreement, occurred_option
    from monitor.domain.coverage import Coverage
    from monitor.domain.time import Precision
    from monitor.errors import UsageError

    if not source.strip():
        raise UsageError("SOURCE must have a name")
    known = known_agreement(context.application, agreement)
    last = occurred_option(until, "--until")
    exact = last.precision is Precision.SECOND
    end = last.start(context.zone) if exact else last.end(context.zone)
    begin = None if since is None else occurred_option(since, "--since").start(context.zone)
    if begin is not None and begin >= end:
        raise UsageError(f"--since {since} is not before --until {until}")
    if end > context.now + 1:
        say(
            f"warning: {until} has not ended: silence until then will count, whoever looks",
            quiet=context.quiet,
        )
    return Coverage(source.strip(), begin, end, context.now, known)


def _print_rows(context: Context, rows: Sequence[Coverage]) -> None:
    from rich.text import Text

    from monitor.cli.tables import new_table, print_table
    from monitor.domain.time import format_date

    table = new_table()
    for name, justify in (
        ("watched until", "right"),
        ("since", "right"),
        ("source", "left"),
        ("agreement", "left"),
        ("told", "right"),
    ):
        table.add_column(name, justify="right" if justify == "right" else "left", overflow="fold")
    for row in rows:
        table.add_row(
            Text(format_date(row.until - 1, context.zone)),
            "" if row.since is None else format_date(row.since, context.zone),
            Text(row.source),
            Text(row.agreement or "all", style="" if row.agreement else "dim"),
            format_date(row.recorded, context.zone),
        )
    print_table(table)


def _tell_watches(context: Context, now: Instant, rows: Sequence[Coverage] | None = None) -> None:
    """Until when each agreement is watched: the sum of its sources."""
    from monitor.domain.time import format_date
    from monitor.services.evidence.watching import watches

    application = context.application
    if rows is None:
        with application.store.read() as reader:
            rows = reader.watched()
    found = watches(application.rulebook.agreements, rows)
    for agreement in application.rulebook.agreements:
        watch = found[agreement.id]
        if agreement.coverage.assumed:
            text = "assumed to be watched always"
        elif not watch.spans:
            text = "not watched"
        else:
            text = f"watched until {format_date(watch.end - 1, agreement.zone)}"
            gaps = len(watch.spans) - 1
            text += f", with {gaps} gap{'s' if gaps > 1 else ''}" if gaps else ""
            text += "" if watch.covers(now) else "; silence after that counts for nothing"
        say(f"{agreement.id}: {text}", quiet=context.quiet)


def _shape(context: Context, rows: Sequence[Coverage], view: View) -> dict[str, Any]:
    from monitor.cli.changes.run_json import VERSION, utc
    from monitor.domain.time import EARLIEST, LATEST
    from monitor.services.evidence.watching import watches

    application = context.application
    found = watches(application.rulebook.agreements, rows)
    return {
        "version": VERSION,
        "now": utc(view.as_of),
        "as_of": utc(view.as_of),
        "known_at": utc(view.known_at),
        "agreements": [
            {
                "agreement": name,
                "watched": watch.covers(view.as_of),
                "spans": [
                    [None if a <= EARLIEST else utc(a), None if b >= LATEST else utc(b)]
                    for a, b in watch.spans
                ],
            }
            for name, watch in found.items()
        ],
        "rows": [
            {
                "source": row.source,
                "agreement": row.agreement,
                "since": None if row.since is None else utc(row.since),
                "until": utc(row.until),
                "recorded": utc(row.recorded),
            }
            for row in rows
        ],
    }
