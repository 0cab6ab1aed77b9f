"""`monitor ingest`: updates from files or standard input, now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import Context, NowOption, at
from monitor.cli.inputs import AnyKindOption, InputFormatOption, MappingOption
from monitor.cli.output import OutputFormat, OutputOption, say
from monitor.cli.root import app

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.inputs import InputFormat
    from monitor.services.evidence.collect import Collected
    from monitor.services.ingest import Ingested
    from monitor.sources.feed import FileSource


@app.command()
def ingest(
    ctx: typer.Context,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", help="NDJSON, JSON or CSV; - is standard input."),
    ],
    format_: InputFormatOption = None,
    mapping: MappingOption = None,
    source: Annotated[
        str | None,
        typer.Option("--source", metavar="NAME", help="Whose coverage it is [the file's name]."),
    ] = None,
    covers_until: Annotated[
        str | None,
        typer.Option(
            "--covers-until",
            metavar="TIME",
            help="Until when the source was watched [its newest record].",
        ),
    ] = None,
    covers_since: Annotated[
        str | None,
        typer.Option("--covers-since", metavar="TIME", help="From when on [without a gap before]."),
    ] = None,
    agreement: Annotated[
        str | None,
        typer.Option("--agreement", metavar="ID", help="The coverage is about this one only."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Take in nothing when any record is bad.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", metavar="FILE", help="For bad records [beside the store]."),
    ] = None,
    any_kind: AnyKindOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")
    ] = False,
    output: OutputOption = OutputFormat.TABLE,
    now: NowOption = None,
) -> None:
    """Take in updates from files, and assess what they concern.

    Prints how many were new, known and refused, and what changed. A bad record is set aside with
    its reason and the others go in; so is one that contradicts a known update with the same id. The
    same file twice changes nothing. Exit code 0; 2 when nothing in it was good, a file cannot be
    used, or with --strict any record was bad.
    """
    from monitor.cli.inputs import occurred_option, opened_inputs, trial_store
    from monitor.cli.progress import Bar
    from monitor.errors import UsageError
    from monitor.services.assessment.options import Options
    from monitor.services.ingest import ingest as ingest_job

    context = at(ctx, now)
    application = context.application
    if rejects is not None and len(files) > 1:
        raise UsageError("--rejects goes with one FILE", hint="ingest the files one by one")
    feed = _feed(context, source, format_, mapping, covers_until, agreement)
    since = None if covers_since is None else occurred_option(covers_since, "--covers-since")
    with (
        opened_inputs(files, feed, since, named=source is not None) as inputs,
        trial_store(application, dry=dry_run) as store,
        Bar(wanted=not context.quiet) as bar,
    ):
        done = ingest_job(
            store,
            application.engine,
            inputs,
            application.clock,
            Options(
                receivers=application.receiver_names,
                policy=application.policy,
                progress=bar.assessed,
            ),
            kinds=None if any_kind else application.kinds,
            zone=context.zone,
            strict=strict,
            dry_run=dry_run,
            on_busy=lambda: say("waiting for another run to end", quiet=context.quiet),
            progress=bar.read,
        )
    aside = {} if dry_run else _set_aside(context, done, rejects)
    _print(context, done, aside, output, dry_run=dry_run)
    good = done.stored or dry_run
    if not good or (done.refused and not _taken(done)):
        raise typer.Exit(2)


def _taken(done: Ingested) -> int:
    return 0 if done.report is None else done.report.updates + done.report.duplicates


def _feed(
    context: Context,
    source: str | None,
    format_: InputFormat | None,
    mapping: list[str] | None,
    covers_until: str | None,
    agreement: str | None,
) -> FileSource:
    """What all files of this invocation have in common."""
    from monitor.cli.inputs import known_agreement, occurred_option
    from monitor.sources.detect import Format
    from monitor.sources.feed import FileSource
    from monitor.sources.mapping import map_options

    return FileSource(
        source or "",
        Path("-"),
        None if format_ is None else Format(format_.value),
        map_options(mapping or ()),
        None if covers_until is None else occurred_option(covers_until, "--covers-until"),
        known_agreement(context.application, agreement),
    )


def _set_aside(context: Context, done: Ingested, given: Path | None) -> dict[str, Path]:
    """Write the reject file of each source that has any; where they are."""
    from monitor.cli.intake.aside import contradictions, default_aside, set_aside
    from monitor.errors import InputError

    written: dict[str, Path] = {}
    conflicts = () if done.report is None else done.report.conflicts
    for collected in done.collected:
        refused = [*collected.rejects, *contradictions(collected, conflicts)]
        if refused:
            path = given or default_aside(context.application, collected.source)
            try:
                set_aside(path, refused)
            except InputError as error:
                # What was good is in already; that must be told all the same.
                say(f"warning: {error.message}")
            else:
                written[collected.source] = path
    return written


def _print(
    context: Context, done: Ingested, aside: dict[str, Path], output: OutputFormat, *, dry_run: bool
) -> None:
    for collected in done.collected:
        for warning in collected.warnings:
            say(f"warning: {warning}", quiet=context.quiet)
    if _taken(done):
        from monitor.cli.intake.update_told import tell_claims, tell_collected_moves

        tell_claims(done.report, quiet=context.quiet)
    if done.report is not None and done.report.updates:
        tell_collected_moves(context.application, done.collected, quiet=context.quiet)
    if output is OutputFormat.JSON:
        from monitor.cli.intake.ingest_json import ingest_shape
        from monitor.cli.output import emit_json

        emit_json(ingest_shape(done, aside))
        return
    from monitor.cli.intake.aside import contradictions
    from monitor.cli.output import emit

    emit(_counts(done, aside, dry_run=dry_run))
    conflicts = () if done.report is None else done.report.conflicts
    for collected in done.collected if conflicts else ():
        for reject in contradictions(collected, conflicts):
            say(f"record {reject.number}: {reject.reason}")
    _tell_coverage(done.collected, context)
    tell_changes(context, done)


def _counts(done: Ingested, aside: dict[str, Path], *, dry_run: bool) -> str:
    """`92 new, 0 known, 3 refused (record 4: …; set aside in …)`."""
    report = done.report
    parts = [] if report is None else [f"{report.updates:,} new", f"{report.duplicates:,} known"]
    text = ", ".join([*parts, f"{done.refused:,} refused"])
    notes = [_refusal(one, aside, alone=len(done.collected) == 1) for one in done.collected]
    if any(notes):
        text += f" ({'; '.join(note for note in notes if note)})"
    if report is not None and report.unrouted:
        text += f", {report.unrouted:,} of the new concern no commitment"
    if dry_run:
        text += "; nothing was stored (--dry-run)"
    elif not done.stored:
        text += "; nothing was stored (--strict)"
    return text


def _refusal(collected: Collected, aside: dict[str, Path], *, alone: bool) -> str:
    from monitor.cli.intake.aside import first_reason

    parts = [first_reason(collected.rejects)] if collected.rejects else []
    if collected.source in aside:
        parts.append(f"set aside in {aside[collected.source]}")
    prefix = "" if alone or not parts else f"{collected.source} "
    return prefix + "; ".join(parts)


def _tell_coverage(collected: Sequence[Collected], context: Context) -> None:
    from monitor.domain.time import format_date

    for one in collected:
        for row in one.coverage:
            until = format_date(row.until - 1, context.zone)
            say(f"{one.source}: watched until {until}", quiet=context.quiet)


def tell_changes(context: Context, done: Ingested) -> None:
    """What the step changed about commitments whose standing is known, and where the rest is."""
    from monitor.cli.changes.transitions import print_changes

    report = done.report
    if report is None:
        return
    printed = print_changes(report, context.application.rulebook, last=report.last, only=done.shown)
    more = len(report.transitions) - printed
    if more and done.stored:
        word = "transition" if more == 1 else "transitions"
        say(
            f"{more:,} {word} recorded; `monitor run` tells where things stand", quiet=context.quiet
        )
    if report.alerts and done.stored and context.application.receiver_names:
        say(f"{len(report.alerts):,} to tell; `monitor deliver` sends it now", quiet=context.quiet)
