"""`monitor rules new`: a commitment made of a quote from its source document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.context import current
from monitor.cli.output import emit
from monitor.cli.rules.group import rules

Text = str | None
Texts = list[str] | None


def _profiles(incomplete: str) -> list[str]:
    """The built-in profiles that begin so, for the completion of shells."""
    from monitor.language.profiles import BUILT_IN

    return [name for name in BUILT_IN if name.startswith(incomplete)]


@rules.command("new", short_help="Make a commitment of a quote from its source document.")
def new(
    ctx: typer.Context,
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="DOCUMENT",
            help="The text to quote from; default: that of the rulebook.",
        ),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option(
            "--into",
            metavar="FILE",
            help="The rulebook to add it to [standard output]; made if new.",
        ),
    ] = None,
    find: Annotated[
        Text,
        typer.Option(
            "--find", metavar="WORDS", help="Show the passages with these words, with numbers."
        ),
    ] = None,
    passage: Annotated[
        int | None, typer.Option("--passage", metavar="N", help="Quote the passage of this number.")
    ] = None,
    quote: Annotated[
        Text, typer.Option("--quote", metavar="TEXT", help="Quote these words, or this part of it.")
    ] = None,
    title: Annotated[
        Text, typer.Option("--title", metavar="TEXT", help="The commitment in a few words.")
    ] = None,
    id_: Annotated[
        Text, typer.Option("--id", metavar="ID", help="Its id [made of its title].")
    ] = None,
    profile: Annotated[
        Text,
        typer.Option(
            "--profile",
            metavar="NAME",
            help="Whose rules it has [that of the rulebook].",
            autocompletion=_profiles,
        ),
    ] = None,
    profiles: Annotated[
        bool, typer.Option("--profiles", help="Show the profiles and what each is for.")
    ] = False,
    theme: Annotated[Text, typer.Option("--theme", metavar="TEXT", help="For grouping.")] = None,
    parties: Annotated[
        Texts,
        typer.Option(
            "--party",
            metavar="NAME",
            help="Who promised [all]; a new rulebook's parties; may be repeated.",
        ),
    ] = None,
    deadline: Annotated[
        Text, typer.Option("--deadline", metavar="DATE", help="By when: 2026, 2026-06, 2026-06-30.")
    ] = None,
    topics: Annotated[
        Texts,
        typer.Option(
            "--topic", metavar="NAME", help="What its updates are about [its id]; may be repeated."
        ),
    ] = None,
    done: Annotated[
        Texts,
        typer.Option(
            "--done", metavar="WORDS", help="In a report's title: it is delivered; may be repeated."
        ),
    ] = None,
    guideline: Annotated[
        Text,
        typer.Option("--guideline", metavar="TEXT", help="What counts as full, partial, none."),
    ] = None,
    expectation: Annotated[
        bool, typer.Option("--expectation", help="Somebody expects it, nobody promised it.")
    ] = False,
    baseline: Annotated[
        Text, typer.Option("--baseline", metavar="NUMBER", help="The value at the start.")
    ] = None,
    target: Annotated[
        Text, typer.Option("--target", metavar="NUMBER", help="The value to reach.")
    ] = None,
    unit: Annotated[
        Text, typer.Option("--unit", metavar="TEXT", help="The unit of these values.")
    ] = None,
    agreement: Annotated[
        Text, typer.Option("--agreement", metavar="ID", help="A new rulebook's id.")
    ] = None,
    agreement_title: Annotated[
        Text, typer.Option("--agreement-title", metavar="TEXT", help="A new rulebook's title.")
    ] = None,
    date: Annotated[
        Text,
        typer.Option("--date", metavar="DATE", help="When a new rulebook's agreement was made."),
    ] = None,
    official: Annotated[
        Texts,
        typer.Option(
            "--official", metavar="HOST", help="A new rulebook's source of tier 1; may be repeated."
        ),
    ] = None,
    press: Annotated[
        Texts,
        typer.Option(
            "--press", metavar="NAME", help="A new rulebook's source of tier 2; may be repeated."
        ),
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="A first test of it, too, beside the rulebook.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write it without asking.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be added, and write nothing.")
    ] = False,
) -> None:
    """Make a commitment of a quote from its source document, as commented YAML.

    On a terminal it asks for what is missing, shows what it made, and asks before it writes.
    Elsewhere, and with --yes, it asks nothing. Nothing else of the rulebook is touched, and nothing
    is written that `rules check` would refuse. Exit code 0; 1 when the answer was no, or --find
    finds nothing; 2 when something is missing or wrong.
    """
    from monitor.cli.rules.asking import profile_lines
    from monitor.cli.rules.book import open_book
    from monitor.cli.rules.making import Wishes, make
    from monitor.language.proposal import Opening, Proposal

    context = current(ctx)
    book = open_book(into, context.application.settings)
    if profiles:
        for line in profile_lines(book.profiles):
            emit(line)
        return
    everybody = tuple(parties or ())
    proposal = Proposal(
        id=id_ or "",
        title=title or "",
        quote=quote or "",
        guideline=guideline or "",
        theme=theme or "",
        basis="expectation" if expectation else "",
        parties=() if book.begins else everybody,
        profile=profile or "",
        topics=tuple(topics or ()),
        deadline=deadline or "",
        unit=unit or "",
        baseline=baseline or "",
        target=target or "",
        done=tuple(done or ()),
    )
    top = Opening(
        agreement=agreement or "",
        title=agreement_title or "",
        date=date or "",
        timezone=context.zone,
        parties=everybody,
        official=tuple(official or ()),
        press=tuple(press or ()),
    )
    asking = sys.stdin.isatty() and not yes
    make(context, book, Wishes(proposal, top, source, find, passage, test, dry_run), asking=asking)
