"""`monitor status`: where every commitment stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.context import NowOption, at
from monitor.cli.output import OutputFormat, OutputOption, emit_json, say
from monitor.cli.root import app
from monitor.cli.viewing import AsOfOption, KnownAtOption, view_of
from monitor.domain.assessment import Status
from monitor.domain.scale import Scale

if TYPE_CHECKING:
    from monitor.cli.context import Context
    from monitor.domain.commitment import Rulebook


@app.command(short_help="Show where every commitment stands, and why.")
def status(
    ctx: typer.Context,
    commitment: Annotated[
        list[str] | None,
        typer.Argument(metavar="COMMITMENT", help="Only these: id or agreement/id [all]."),
    ] = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    agreement: Annotated[
        list[str] | None, typer.Option("--agreement", metavar="ID", help="Only of this agreement.")
    ] = None,
    theme: Annotated[
        list[str] | None, typer.Option("--theme", metavar="THEME", help="Only of this theme.")
    ] = None,
    headline: Annotated[
        list[Status] | None,
        typer.Option(
            "--status",
            metavar="HEADLINE",
            help="Only with this one, such as no_data; may be repeated.",
        ),
    ] = None,
    totals: Annotated[
        bool, typer.Option("--totals", help="Only how many of each agreement and theme stand how.")
    ] = False,
    scale: Annotated[
        Scale | None, typer.Option("--scale", help="On this scale, with its counting rule and n.")
    ] = None,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Show where every commitment stands, since when, why, and what comes next.

    Derived anew from the evidence that was known: nothing is stored, nothing is announced. Exit
    code 0 whatever the headlines are; `monitor check` is the one that judges.
    """
    from monitor.services.evidence.watching import watches
    from monitor.services.views.grounds import grounds
    from monitor.services.views.standing import standings

    context = at(ctx, now)
    application = context.application
    keys = selected(application.rulebook, commitment or (), agreement or (), theme or ())
    with application.store.read() as reader:
        view = view_of(context, reader, as_of, known_at)
        known = reader.meta("now") is not None
        watched = watches(application.rulebook.agreements, reader.watched(view.known_at))
        stands = standings(reader, application.engine, view, keys) if keys else []
        if headline:
            stands = [s for s in stands if s.standing.assessment.status in headline]
        why = grounds(reader, stands)
    if output is OutputFormat.JSON:
        from monitor.services.views.overview import standings_body

        emit_json(standings_body(stands, view, context.zone, scale))
    elif not known:
        say("nothing is known yet; run `monitor run`", quiet=context.quiet)
    elif stands and scale is not None:
        from monitor.cli.views.scales import print_scale

        print_scale(stands, scale, totals=totals)
    elif stands and totals:
        from monitor.cli.views.totals import print_totals

        print_totals(stands)
    elif stands:
        from monitor.cli.views.standings import print_standings

        print_standings(stands, view, application.rulebook, why, watched=watched)
    else:
        say(_nothing(context, headline or (), view.as_of), quiet=context.quiet)


def selected(rulebook: Rulebook, names: Any, agreements: Any, themes: Any) -> list[str]:
    """The keys of the commitments that the filters leave, in the order of the rulebook.

    Raises:
        UsageError: a filter names what does not exist.
    """
    from monitor.services.views.naming import commitment_key, one_of

    commitments = rulebook.commitments
    wanted = {commitment_key(name, commitments) for name in names}
    for name in agreements:
        one_of(name, [a.id for a in rulebook.agreements], "agreement")
    for name in themes:
        one_of(name, [c.theme for c in commitments.values() if c.theme], "theme")
    return [
        key
        for key, c in commitments.items()
        if (not wanted or key in wanted)
        and (not agreements or c.agreement in agreements)
        and (not themes or c.theme in themes)
    ]


def _nothing(context: Context, headlines: Any, as_of: int) -> str:
    from monitor.domain.time import format_date

    if headlines:
        words = " or ".join(word.value.replace("_", " ") for word in headlines)
        return f"no commitment is {words}"
    return f"no commitment that was asked for had begun by {format_date(as_of, context.zone)}"
