"""`monitor report`: agreements and their commitments, for readers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from monitor.cli.context import NowOption, at
from monitor.cli.output import emit, emit_json, say
from monitor.cli.root import app
from monitor.cli.viewing import AsOfOption, KnownAtOption, view_of
from monitor.domain.scale import Scale


class ReportFormat(StrEnum):
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


@app.command(short_help="Write a report for readers: counts, quotes, evidence.")
def report(
    ctx: typer.Context,
    agreement: Annotated[
        list[str] | None,
        typer.Argument(metavar="AGREEMENT", help="Only these agreements, by id [all]."),
    ] = None,
    scale: Annotated[Scale | None, typer.Option("--scale", help="Rate on this scale, too.")] = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    output: Annotated[
        ReportFormat, typer.Option("-o", "--output", help="How to print it.")
    ] = ReportFormat.MARKDOWN,
    now: NowOption = None,
) -> None:
    """Write a report for readers: how many commitments stand how, and where each of them stands.

    Of each commitment it gives the quote, since when and why it stands so, the reports that it
    rests on with links, and what comes next. Stores nothing. Exit code 0 whatever the headlines
    are.
    """
    from monitor.cli.views.status import selected
    from monitor.services.evidence.watching import watches
    from monitor.services.views.grounds import grounds
    from monitor.services.views.report import Reported, report_body
    from monitor.services.views.standing import standings

    context = at(ctx, now)
    application = context.application
    keys = selected(application.rulebook, (), agreement or (), ())
    with application.store.read() as reader:
        view = view_of(context, reader, as_of, known_at)
        if reader.meta("now") is None:
            say("nothing is known yet; run `monitor run`", quiet=context.quiet)
        stands = standings(reader, application.engine, view, keys)
        watched = watches(application.rulebook.agreements, reader.watched(view.known_at))
        reported = Reported(view, stands, grounds(reader, stands), watched, scale)
        body = report_body(reader, application.rulebook, reported, context.zone)
    if output is ReportFormat.JSON:
        emit_json(body)
    elif output is ReportFormat.HTML:
        from monitor.cli.formats.html import html_report

        emit(html_report(body))
    else:
        from monitor.cli.formats.markdown import markdown_report

        emit(markdown_report(body))
