"""What `monitor update add` says of an update: what it concerns, and what it does there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.output import OutputFormat, emit, say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from monitor.cli.context import Context
    from monitor.domain.update import Update
    from monitor.services.ingest import Ingested
    from monitor.store.database import Database


def tell(
    context: Context, update: Update, done: Ingested, output: OutputFormat, *, aspect: str
) -> None:
    """What the update is, what it concerns, and what it does."""
    if output is OutputFormat.JSON:
        from monitor.cli.ingest_json import ingest_shape
        from monitor.cli.output import emit_json

        engine = context.application.engine
        concerned = [key for key, _ in engine.route(update)]
        emit_json({**ingest_shape(done, {}), "id": update.id, "concerns": concerned})
        return
    report = done.report
    if report is not None and not report.updates:
        emit(f"{update.id} is known already: nothing to store")
        return
    if done.stored:
        emit(f"stored {update.id}")
    source = f", {update.source}" if update.source else ""
    emit(f"{update.occurred.text}  {update.kind.replace('_', ' ')}  “{update.title}”{source}")
    concerned = _concerned(context, update)
    if concerned:
        _tell_changes(context, done, concerned, aspect)


def _concerned(context: Context, update: Update) -> list[str]:
    """The commitments that it concerns, named; and what hinders it there."""
    engine = context.application.engine
    keys = [key for key, _ in engine.route(update)]
    if not keys:
        emit("concerns no commitment: none asks for its topics or has its name")
        return []
    for key in keys:
        commitment = engine.commitments[key]
        tier = engine.router.graders[commitment.agreement].tier(update)
        weak = tier > commitment.tier
        note = f": a source of tier {tier} moves no level here, tier {commitment.tier} does"
        emit(f"concerns {commitment.id} ({commitment.title}){note if weak else ''}")
    return keys


def _tell_changes(
    context: Context, done: Ingested, concerned: Collection[str], aspect: str
) -> None:
    from monitor.cli.transitions import print_changes

    engine = context.application.engine
    keys = {*concerned, *(d for key in concerned for d in engine.dependents(key))}
    report = done.report
    if report is None:
        return
    new = {t.commitment for t in report.transitions}
    gone = {row.transition.commitment for row in report.withdrawn}
    if (new & keys) - done.shown:
        say("where things stand was never told; `monitor run` does that", quiet=context.quiet)
    told = (new | gone) & keys & done.shown
    if told:
        emit(f"what it {aspect}:")
        print_changes(report, context.application.rulebook, last=report.last, only=told)
    elif not new & keys:
        key = next(iter(concerned)).partition("/")[2]
        verb = "would change" if aspect.startswith("would") else "changes"
        emit(f"it {verb} nothing; `monitor explain {key}` says why")


def tell_unacted(updates: Iterable[Update], *, quiet: bool) -> None:
    """Say once that what takes back or replaces an update leaves that one in effect."""
    for update in updates:
        other = update.retracts or update.supersedes
        if other is not None:
            verb = "retracts" if update.retracts else "supersedes"
            told = f"{update.id} {verb} {other}: kept with the update, not acted upon yet"
            say(f"{told}; {other} stays in effect", quiet=quiet)
            return


def warn(context: Context, update: Update, store: Database) -> None:
    """An update after the end of coverage shows nothing about the silence before it."""
    from monitor.domain.time import format_date
    from monitor.services.watching import watches

    engine = context.application.engine
    with store.read() as reader:
        found = watches(engine.rulebook, reader.coverage())
    for agreement in dict.fromkeys(
        engine.commitments[k].agreement for k, _ in engine.route(update)
    ):
        watch = found[agreement]
        if watch.covers(update.occurred.start(context.zone)):
            continue
        until = f"then, only until {format_date(watch.end - 1, context.zone)}"
        say(
            f"{agreement} is not known to be watched {until if watch.spans else 'at all'}; "
            "`monitor coverage add` tells that somebody looked",
            quiet=context.quiet,
        )
