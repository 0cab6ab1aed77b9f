"""`monitor update add`: one update by hand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import Context, NowOption, at
from monitor.cli.inputs import AnyKindOption
from monitor.cli.output import OutputFormat, OutputOption, emit, say
from monitor.cli.root import app

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.update import Update
    from monitor.services.ingest import Ingested

commands = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Updates by hand: add.")
app.add_typer(commands, name="update")

Text = str | None


@commands.command()
def add(
    ctx: typer.Context,
    occurred: Annotated[
        Text,
        typer.Option(
            "--occurred", metavar="TIME", help="When: 2025, 2025-09, 2025-09-04, …T15:30Z."
        ),
    ] = None,
    kind: Annotated[
        Text, typer.Option("--kind", help="What it is: meeting, agreement, funding, delay, …")
    ] = None,
    title: Annotated[Text, typer.Option("--title", help="What happened, in one sentence.")] = None,
    topics: Annotated[
        list[str] | None, typer.Option("--topic", help="What it is about; may be repeated.")
    ] = None,
    parties: Annotated[
        list[str] | None, typer.Option("--party", help="Who acts; may be repeated.")
    ] = None,
    source: Annotated[
        Text, typer.Option("--source", help="Who says it; this decides its tier.")
    ] = None,
    url: Annotated[Text, typer.Option("--url", help="Where it can be read.")] = None,
    text: Annotated[Text, typer.Option("--text", help="What it says, at length.")] = None,
    agreement: Annotated[
        Text, typer.Option("--agreement", metavar="ID", help="Concerns this agreement only.")
    ] = None,
    commitment: Annotated[
        Text, typer.Option("--commitment", metavar="ID", help="Concerns this commitment.")
    ] = None,
    milestone: Annotated[
        Text,
        typer.Option("--milestone", metavar="ID", help="This milestone is done, or moved."),
    ] = None,
    indicator: Annotated[
        Text, typer.Option("--indicator", metavar="ID", help="Measures this indicator.")
    ] = None,
    value: Annotated[
        Text, typer.Option("--value", metavar="NUMBER", help="The value it measures.")
    ] = None,
    unit: Annotated[Text, typer.Option("--unit", help="The unit of the value.")] = None,
    supersedes: Annotated[
        Text,
        typer.Option(
            "--supersedes",
            metavar="ID",
            help="The update it replaces, which then counts no longer.",
        ),
    ] = None,
    retracts: Annotated[
        Text,
        typer.Option(
            "--retracts",
            metavar="ID",
            help="The update it takes back, which then counts no longer.",
        ),
    ] = None,
    moves_to: Annotated[
        Text,
        typer.Option(
            "--moves-to",
            metavar="DATE",
            help="Moves the deadline, or the date of the milestone, to this date.",
        ),
    ] = None,
    id_: Annotated[
        Text, typer.Option("--id", metavar="ID", help="A name for it [made of its content].")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Store it without asking.")] = False,
    any_kind: AnyKindOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and store nothing.")
    ] = False,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Add one update and assess what it concerns.

    On a terminal it asks for what is missing, shows which commitments the update concerns and what
    it would change, and asks before it stores. Elsewhere, and with --yes, it asks nothing. An
    update by hand does not show that anybody was looking: `monitor coverage add` says that. Exit
    code 0; 1 when it was not stored because the answer was no; 2 when the update is not sound or
    contradicts a known one.
    """
    from monitor.cli.intake.update_told import tell, tell_claims, tell_moves

    context = at(ctx, now)
    fields: dict[str, object] = {
        "id": id_,
        "occurred_at": occurred,
        "kind": kind,
        "title": title,
        "topics": topics,
        "parties": parties,
        "source": source,
        "url": url,
        "text": text,
        "agreement": agreement,
        "commitment": commitment,
        "milestone": milestone,
        "indicator": indicator,
        "value": value,
        "unit": unit,
        "supersedes": supersedes,
        "retracts": retracts,
        "moves_to": moves_to,
    }
    asking = sys.stdin.isatty() and not yes and output is OutputFormat.TABLE
    given = {name: value for name, value in fields.items() if value not in (None, [])}
    _complete(context, given, asking=asking)
    update = _update(context, given, any_kind=any_kind)
    tell_moves(context.application.engine, [update], quiet=context.quiet)
    if asking or dry_run:
        done = _take_in(context, update, dry_run=True)
        tell(context, update, done, output, aspect="would change")
        tell_claims(done.report, quiet=context.quiet)
        if dry_run:
            return
        if not typer.confirm("Store it?", default=True, err=True):
            raise typer.Exit(1)
        _take_in(context, update, dry_run=False)
        emit(f"stored {update.id}")
        return
    done = _take_in(context, update, dry_run=False)
    tell(context, update, done, output, aspect="changed")
    tell_claims(done.report, quiet=context.quiet)


def _complete(context: Context, given: dict[str, object], *, asking: bool) -> None:
    """Ask for what is required, and for what makes an update useful; or complain of all of it."""
    from monitor.errors import UsageError

    missing = [name for name in ("occurred_at", "kind", "title") if name not in given]
    if missing and not asking:
        flags = {"occurred_at": "--occurred", "kind": "--kind", "title": "--title"}
        raise UsageError(
            f"missing: {', '.join(flags[name] for name in missing)}",
            hint="on a terminal `monitor update add` asks for them",
        )
    if not missing:
        return
    from monitor.domain.time import format_date

    questions = {
        "title": ("What happened", None),
        "occurred_at": ("When", format_date(context.now, context.zone)),
        "kind": (f"Kind ({', '.join(sorted(context.application.kinds))})", None),
    }
    for name, (question, default) in questions.items():
        if name in missing:
            given[name] = typer.prompt(question, default=default, err=True)
    if "topics" not in given and "commitment" not in given:
        given["topics"] = typer.prompt("Topics, separated by commas", default="", err=True)
    for name, question in (("source", "Source"), ("url", "URL")):
        if name not in given:
            given[name] = typer.prompt(question, default="", show_default=False, err=True)


def _update(context: Context, given: Mapping[str, object], *, any_kind: bool) -> Update:
    """Read the fields as `ingest` would.

    Raises:
        UsageError: the update is not sound.
    """
    from monitor.errors import UsageError
    from monitor.sources.record import BadRecordError, RecordReader

    application = context.application
    kinds = None if any_kind else application.kinds
    reader = RecordReader(recorded=context.now, kinds=kinds, zone=context.zone)
    try:
        update = reader.from_mapping({name: value for name, value in given.items() if value})
    except BadRecordError as error:
        raise UsageError(str(error)) from None
    for warning in reader.warnings():
        say(f"warning: {warning}", quiet=context.quiet)
    return update


def _take_in(context: Context, update: Update, *, dry_run: bool) -> Ingested:
    """Store and assess it, or find out what that would do.

    Raises:
        InputError: another update has its id.
    """
    from contextlib import nullcontext

    from monitor.cli.inputs import trial_store
    from monitor.cli.intake.aside import contradiction
    from monitor.cli.intake.update_told import warn
    from monitor.errors import InputError
    from monitor.services.assessment.options import Options
    from monitor.services.evidence.collect import Collected
    from monitor.services.ingest import alone, take_in

    application = context.application

    def wait() -> None:
        say("waiting for another run to end", quiet=context.quiet)

    with trial_store(application, dry=dry_run) as store:
        with nullcontext() if dry_run else alone(store, wait):
            done = take_in(
                store,
                application.engine,
                [Collected("by hand", [update], [], [], ())],
                context.now,
                Options(receivers=application.receiver_names, policy=application.policy),
                command="update",
                strict=True,
                dry_run=dry_run,
            )
        if done.report is not None and done.report.conflicts:
            raise InputError(
                contradiction(done.report.conflicts[0]),
                hint="what is stored stays; give the new one another --id",
            )
        warn(context, update, store)
    return done
