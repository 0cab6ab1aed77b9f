"""What `monitor update add` says of an update: what it concerns, and what it does there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.output import OutputFormat, emit, say
from monitor.domain.retraction import is_evidence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from monitor.bootstrap import Application
    from monitor.cli.context import Context
    from monitor.domain.update import Update
    from monitor.services.assessment.step import StepReport
    from monitor.services.evidence.collect import Collected
    from monitor.services.ingest import Ingested
    from monitor.services.ports import Engine
    from monitor.store.database import Database

_TOLD = 3


def tell(
    context: Context, update: Update, done: Ingested, output: OutputFormat, *, aspect: str
) -> None:
    """What the update is, what it concerns, and what it does."""
    if output is OutputFormat.JSON:
        from monitor.cli.intake.ingest_json import ingest_shape
        from monitor.cli.output import emit_json

        engine = context.application.engine
        concerned = _keys(engine, update, done)
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
    concerned = _concerned(context, update, done)
    if concerned:
        _tell_changes(context, done, concerned, aspect)


def _keys(engine: Engine, update: Update, done: Ingested) -> list[str]:
    """The commitments that it concerns, itself or through what it takes back."""
    claims = () if done.report is None else done.report.claims
    touched = [update, *(c.target for c in claims if c.target is not None)]
    return list(dict.fromkeys(key for one in touched for key, _ in engine.route(one)))


def _concerned(context: Context, update: Update, done: Ingested) -> list[str]:
    """The same, told by their names; and what hinders it there."""
    engine = context.application.engine
    keys = _keys(engine, update, done)
    if not keys:
        if is_evidence(update):
            emit("concerns no commitment: none asks for its topics or has its name")
        return []
    for key in keys:
        commitment = engine.commitments[key]
        tier = engine.tier(commitment.agreement, update)
        weak = tier > commitment.tier and is_evidence(update)
        note = f": a source of tier {tier} moves no level here, tier {commitment.tier} does"
        emit(f"concerns {commitment.id} ({commitment.title}){note if weak else ''}")
    return keys


def _tell_changes(
    context: Context, done: Ingested, concerned: Collection[str], aspect: str
) -> None:
    from monitor.cli.changes.transitions import print_changes

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


def tell_claims(report: StepReport | None, *, quiet: bool) -> None:
    """Say which retractions and replacements have no effect, and why."""
    claims = () if report is None else report.claims
    hindered = [claim for claim in claims if claim.hindrance]
    for claim in hindered[:_TOLD]:
        say(
            f"{claim.update.id} {claim.verb} {claim.identity}, without effect: {claim.hindrance}",
            quiet=quiet,
        )
    if len(hindered) > _TOLD:
        say(f"and {len(hindered) - _TOLD} more without effect", quiet=quiet)


def tell_moves(engine: Engine, updates: Iterable[Update], *, quiet: bool) -> None:
    """Say which updates move a date of several commitments: mostly one of them is meant."""
    found = [(update, moved) for update in updates if len(moved := _moved(engine, update)) > 1]
    for update, moved in found[:_TOLD]:
        more = f" and {len(moved) - _TOLD} more" if len(moved) > _TOLD else ""
        say(
            f"{update.id} moves a date of {len(moved)} commitments "
            f"({', '.join(moved[:_TOLD])}{more}); "
            "name the one that is meant in its field commitment",
            quiet=quiet,
        )
    if len(found) > _TOLD:
        say(f"and {len(found) - _TOLD} more move dates of several", quiet=quiet)


def tell_collected_moves(
    application: Application, collected: Iterable[Collected], *, quiet: bool
) -> None:
    """The same of what sources have just brought; a source that is read again brings it again."""
    moving = [u for one in collected for u in one.updates if u.moves_to is not None]
    if not moving:
        return
    with application.store.read() as reader:
        kept = reader.updates([update.id for update in moving])
    fresh = {u.id: u for u in moving if u.id not in kept or kept[u.id].recorded == u.recorded}
    tell_moves(application.engine, fresh.values(), quiet=quiet)


def _moved(engine: Engine, update: Update) -> list[str]:
    """The commitments of which it moves a date, those per party as one."""
    if update.moves_to is None:
        return []
    moved: dict[str, None] = {}
    for key, _ in engine.route(update):
        one = engine.commitments[key]
        dated = {m.id for m in one.milestones if m.due is not None}
        has = update.milestone in dated if update.milestone else one.deadline is not None
        if has and engine.tier(one.agreement, update) <= one.tier:
            moved[one.id.partition("@")[0]] = None
    return list(moved)


def warn(context: Context, update: Update, store: Database) -> None:
    """An update after the end of coverage shows nothing about the silence before it."""
    from monitor.domain.time import format_date
    from monitor.services.evidence.watching import watches

    engine = context.application.engine
    with store.read() as reader:
        found = watches(engine.rulebook.agreements, reader.watched())
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
