"""`monitor backtest`: what rules would have concluded and announced over a history."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import Context, NowOption, at
from monitor.cli.inputs import InputFormatOption, MappingOption
from monitor.cli.output import OutputFormat, OutputOption, emit_json
from monitor.cli.root import app
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.backtest.inputs import Evidence
    from monitor.cli.backtest.rules import Edited
    from monitor.cli.progress import Bar
    from monitor.services.backtest.labels import Label
    from monitor.services.backtest.replay import Backtest, Span
    from monitor.services.backtest.scoring import Score


@app.command(short_help="Replay a history: what would have been concluded and sent.")
def backtest(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="NDJSON, JSON or CSV; - is standard input; default: the store.",
        ),
    ] = None,
    rules: Annotated[
        list[str] | None,
        typer.Option(
            "--rules",
            metavar="PATH|REV",
            help="Other rules than those configured, or a git revision; twice: their difference.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="The first day [the first commitment's]."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="The last day [the last watched].")
    ] = None,
    cadence: Annotated[
        str, typer.Option("--cadence", metavar="DURATION", help="How often it runs.")
    ] = "1d",
    format_: InputFormatOption = None,
    mapping: MappingOption = None,
    covers_until: Annotated[
        str | None,
        typer.Option(
            "--covers-until",
            metavar="TIME",
            help="Until when the files were watched [their newest record].",
        ),
    ] = None,
    known_at: Annotated[
        str | None,
        typer.Option("--known-at", metavar="TIME", help="By what the store knew then [now]."),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option("--labels", metavar="FILE", help="Headlines at dates to be held against."),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(
            "--figure", metavar="FILE", help="Draw it: an .svg or .png file; - is standard output."
        ),
    ] = None,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Replay a history: transitions, days in each status, and the alerts of a daily run.

    Every update counts from the day it occurred, whenever it was recorded. Stores nothing and sends
    nothing. Exit code 0; 2 when the rules, a file or an option cannot be used.
    """
    from monitor.cli.backtest.inputs import Given, gather
    from monitor.cli.backtest.rules import editions
    from monitor.cli.progress import Bar

    context = at(ctx, now)
    if figure is not None:
        from monitor.cli.backtest.figures import check_figure

        check_figure(figure, rules or [], output)
    given = Given(tuple(files or ()), format_, tuple(mapping or ()), covers_until, known_at)
    every = _seconds(cadence)
    edited = editions(context, rules or [])
    with Bar(wanted=not context.quiet) as bar:
        evidence = gather(context, given, edited, bar)
        span = _span(context, edited, evidence, since, until)
        said = [] if labels is None else _labels(labels, edited, span)
        found = [_replay(one, evidence, span, every, bar) for one in edited]
    scores = None if labels is None else [_score(one, said, labels) for one in found]
    _print(context, found, edited, scores, output)
    if figure is not None:
        from monitor.cli.backtest.figures import draw

        draw(found[0], context.zone, figure)


def _seconds(text: str) -> int:
    from monitor.domain.time import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--cadence: {error}") from None


def _span(
    context: Context, edited: list[Edited], evidence: Evidence, since: str | None, until: str | None
) -> Span:
    """What is replayed: by default from the first commitment to the end of what was watched."""
    from monitor.cli.inputs import occurred_option
    from monitor.services.backtest.replay import Span, beginning

    starts = [start for one in edited if (start := beginning(one.engine)) is not None]
    if not starts:
        raise UsageError("the rules have no commitment", hint="see `monitor rules check`")
    first = min(starts)
    if since is not None:
        first = occurred_option(since, "--from").start(context.zone)
    if until is not None:
        last = context.moment(until, "--to")
    else:
        last = min(context.now, evidence.watched_until or context.now)
    if last < first:
        raise UsageError(
            f"the span ends ({_shown(last, context)}) before it begins ({_shown(first, context)})",
            hint="give --from and --to",
        )
    return Span(first, last)


def _shown(instant: int, context: Context) -> str:
    from monitor.domain.time import format_date

    return format_date(instant, context.zone)


def _replay(one: Edited, evidence: Evidence, span: Span, every: int, bar: Bar) -> Backtest:
    from monitor.services.backtest.replay import backtest as replay

    return replay(evidence.memory, one.engine, span, every, bar.replayed)


def _labels(path: Path, edited: Sequence[Edited], span: Span) -> list[Label]:
    from monitor.language.files import display_name
    from monitor.services.backtest.labels import read_labels

    commitments = {k: c for one in reversed(edited) for k, c in one.engine.commitments.items()}
    return read_labels(path, display_name(path), commitments, span)


def _score(found: Backtest, said: Sequence[Label], path: Path) -> Score:
    from monitor.language.files import display_name
    from monitor.services.backtest.scoring import score

    return score(found, said, display_name(path))


def _print(
    context: Context,
    found: Sequence[Backtest],
    edited: Sequence[Edited],
    scores: Sequence[Score] | None,
    output: OutputFormat,
) -> None:
    if output is OutputFormat.JSON:
        emit_json(_body(context, found, edited, scores))
        return
    if len(found) == 1:
        from monitor.cli.backtest.table import print_backtest

        print_backtest(found[0], edited[0], context.zone, quiet=context.quiet)
    else:
        from monitor.cli.backtest.compare import print_comparison
        from monitor.services.backtest.comparison import compare

        print_comparison(compare(*found), edited, context.zone, quiet=context.quiet)
    for one, score in zip(edited, scores or (), strict=False):
        from monitor.cli.backtest.score import print_score

        print_score(score, one.edition.name if len(found) > 1 else None)


def _body(
    context: Context,
    found: Sequence[Backtest],
    edited: Sequence[Edited],
    scores: Sequence[Score] | None,
) -> dict[str, Any]:
    from monitor.services.backtest.scoring import score_body

    scored = [None] * len(found) if scores is None else [score_body(one) for one in scores]
    if len(found) == 1:
        from monitor.services.backtest.body import backtest_body

        return backtest_body(found[0], edited[0].edition, context.zone, scored[0])
    from monitor.services.backtest.comparison import compare, comparison_body

    first, second = (one.edition for one in edited)
    return comparison_body(compare(*found), (first, second), context.zone, (scored[0], scored[1]))
