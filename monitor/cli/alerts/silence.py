"""`monitor silence`: keep something quiet for a while, with a name and a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import Context, NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, emit, emit_json, say
from monitor.cli.root import app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.notice import Silence
    from monitor.domain.time import Instant

commands = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Keep something quiet: add, list, expire."
)
app.add_typer(commands, name="silence")


@commands.command(short_help="Keep something quiet for a while.")
def add(
    ctx: typer.Context,
    matchers: Annotated[
        list[str],
        typer.Option(
            "--matcher",
            metavar="MATCHER",
            help="What: theme=energy, kind!=reversed, desk=~'as.*'; repeated: all must hold.",
        ),
    ],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who wants it.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")],
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="Until when.")
    ] = None,
    lasting: Annotated[
        str | None, typer.Option("--for", metavar="DURATION", help="Or for how long, such as 30d.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="From when on [now].")
    ] = None,
    recurring: Annotated[
        str | None,
        typer.Option(
            "--recurring",
            metavar="HOURS",
            help="Only then, every week: 'sat-sun', 'mon-fri 18:00-09:00'.",
        ),
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", metavar="ZONE", help="The zone of --recurring.")
    ] = None,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Keep what the matchers speak of quiet for a while.

    What begins meanwhile and is still so at the end is told then; what has ended by then is not
    told at all. The end of what was told before is told in spite of it. Without --until and --for
    it needs --recurring, and lasts until it is expired. Exit code 0. As JSON: as `silence list`.
    """
    from monitor.domain.notice import Silence
    from monitor.errors import UsageError

    context = at(ctx, now)
    moment = _present(context)
    start = moment if since is None else _start(context, since)
    end = _end(context, until, lasting, start)
    if end is None and recurring is None:
        raise UsageError("until when? Give --until, --for or --recurring")
    if end is not None and end <= max(start, moment):
        raise UsageError("it would be over before it begins: --until is too early")
    if not by.strip() or not reason.strip():
        raise UsageError("--by and --reason must not be empty")
    _check(matchers, recurring, zone or context.zone)
    silence = Silence(
        *(0, tuple(matchers), start, end, recurring or "", zone or context.zone),
        *(by.strip(), reason.strip(), moment),
    )
    with context.application.store.write() as writer:
        made = silence._replace(id=writer.add_silence(silence))
    if output is OutputFormat.JSON:
        _print_json([made], moment)
    else:
        emit(f"silence {made.id}: {_told(context, made)}")


@commands.command("list", short_help="Show silences.")
def list_(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Show the silences that are not over: what, until when, by whom, and why.

    Exit code 0. As JSON: {version, silences: [{id, matchers, since, until, recurring, zone, by,
    reason, recorded, expired, expired_by, active}]}.
    """
    context = at(ctx, now)
    moment = context.now
    with context.application.store.read() as reader:
        rows = reader.silences(None if every else moment)
    if output is OutputFormat.JSON:
        _print_json(rows, moment)
        return
    for row in rows:
        mark = "" if row.holds(moment) else "  (not now)"
        emit(f"{row.id}  {_told(context, row)}{mark}")
    if not rows:
        say("no silences", quiet=context.quiet)


@commands.command(short_help="End a silence.")
def expire(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="From `silence list`.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who ends it.")],
    now: NowOption = None,
) -> None:
    """End a silence before its time. What it kept quiet and is still so is told by the next run.

    Exit code 0; 2 when there is no such silence, or it is over.
    """
    from monitor.errors import UsageError

    context = at(ctx, now)
    with context.application.store.write() as writer:
        ended = writer.expire_silence(number, _present(context), by)
    if not ended:
        raise UsageError(f"no silence {number} is in force", hint="see `monitor silence list`")
    emit(f"silence {number} is over")


def _present(context: Context) -> Instant:
    """The store's own present, which a clock that went back does not move."""
    from monitor.services.assessment.step import present

    with context.application.store.read() as reader:
        return present(reader, context.application.clock)


def _start(context: Context, text: str) -> Instant:
    """A date begins with its first second here."""
    from monitor.domain.time import parse_occurred
    from monitor.errors import UsageError

    try:
        return parse_occurred(text).start(context.zone)
    except ValueError as error:
        raise UsageError(f"--from: {error}") from None


def _end(
    context: Context, until: str | None, lasting: str | None, start: Instant
) -> Instant | None:
    from monitor.domain.time import parse_duration
    from monitor.errors import UsageError

    if until is not None and lasting is not None:
        raise UsageError("give --until or --for, not both")
    if until is not None:
        return context.moment(until, "--until") + 1
    if lasting is None:
        return None
    try:
        return start + parse_duration(lasting)
    except ValueError as error:
        raise UsageError(f"--for: {error}") from None


def _check(matchers: Sequence[str], recurring: str | None, zone: str) -> None:
    from monitor.domain.interval import parse_window
    from monitor.domain.matching import parse_matcher
    from monitor.domain.zones import load_zone
    from monitor.errors import UsageError

    for option, read in (
        ("--zone", lambda: load_zone(zone)),
        ("--recurring", lambda: parse_window(recurring, zone) if recurring is not None else None),
        ("--matcher", lambda: [parse_matcher(text) for text in matchers]),
    ):
        try:
            read()
        except ValueError as error:
            raise UsageError(f"{option}: {error}") from None


def _told(context: Context, silence: Silence) -> str:
    from monitor.domain.time import to_datetime

    def when(instant: Instant) -> str:
        return f"{to_datetime(instant, context.zone):%Y-%m-%d %H:%M}"

    parts = [", ".join(silence.matchers)]
    parts.append(f"from {when(silence.since)}")
    if silence.until is not None:
        parts.append(f"until {when(silence.until)}")
    if silence.recurring:
        parts.append(f"{silence.recurring} {silence.zone}")
    if silence.expired is not None:
        parts.append(f"ended {when(silence.expired)} by {silence.expired_by}")
    return f"{'  '.join(parts)}  {silence.by}: {silence.reason}"


def _print_json(rows: Sequence[Silence], moment: Instant) -> None:
    from monitor.cli.changes.run_json import VERSION

    emit_json({"version": VERSION, "silences": [_shape(row, moment) for row in rows]})


def _shape(row: Silence, moment: Instant) -> dict[str, Any]:
    from monitor.cli.changes.run_json import utc

    return {
        "id": row.id,
        "matchers": list(row.matchers),
        "since": utc(row.since),
        "until": None if row.until is None else utc(row.until),
        "recurring": row.recurring or None,
        "zone": row.zone,
        "by": row.by,
        "reason": row.reason,
        "recorded": utc(row.recorded),
        "expired": None if row.expired is None else utc(row.expired),
        "expired_by": row.expired_by,
        "active": row.holds(moment),
    }
