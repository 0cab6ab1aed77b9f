"""What updates would change, if they were reported now."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from monitor.errors import InputError
from monitor.services.assessment.step import present
from monitor.services.ingest import ingest, take_in
from monitor.services.views.standing import standings
from monitor.services.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.commitment import Commitment
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.assessment.options import Options
    from monitor.services.assessment.step import StepReport
    from monitor.services.evidence.collect import Source
    from monitor.services.ingest import Ingested
    from monitor.services.ports import Engine, Store
    from monitor.services.views.standing import Stands

    T = TypeVar("T", Transition, Alert)


class Rehearsal(NamedTuple):
    """One commitment before and after, and everything that would happen because of it.

    `report` is that of the step, of all commitments, without what time alone would bring by now;
    what time alone would have brought and does not come then is in `spared` and `unsaid`.
    `concerned` are the commitments that each update concerns, by the id of the update.
    """

    now: Instant
    commitment: Commitment
    before: Stands | None
    after: Stands | None
    updates: Sequence[Update]
    concerned: dict[str, list[str]]
    report: StepReport
    spared: Sequence[Transition]
    unsaid: Sequence[Alert]


def rehearse(
    store: Store,
    engine: Engine,
    sources: Sequence[Source],
    clock: Callable[[], Instant],
    options: Options,
    key: str,
    *,
    kinds: Collection[str] | None,
    zone: str,
) -> Rehearsal:
    """Take the sources in as `ingest` would, and compare with a step that has no news.

    Args:
        store: a copy that is thrown away afterwards: it is written.
        engine: assesses it.
        sources: of the updates; their coverage is taken in as well.
        clock: the present.
        options: of the step.
        key: the commitment that is asked about.
        kinds: the known kinds; None: any.
        zone: in which dates without an offset are read.

    Raises:
        InputError: a source cannot be read, a record is bad, or contradicts a known update.
    """
    with store.read() as reader:
        now = present(reader, clock)
        before = _stands(standings(reader, engine, View(now, now), [key]))
    quiet = take_in(store, engine, [], now, options, command="ingest", dry_run=True).report
    done = ingest(store, engine, sources, clock, options, kinds=kinds, zone=zone, strict=True)
    if done.report is None or not done.stored or quiet is None:
        raise _unsound(done)
    with store.read() as reader:
        after = _stands(standings(reader, engine, View(now, now), [key]))
    updates = [update for one in done.collected for update in one.updates]
    return Rehearsal(
        now,
        engine.commitments[key],
        before,
        after,
        updates,
        {u.id: [concerned for concerned, _ in engine.route(u)] for u in updates},
        _because(done.report, quiet),
        _without(quiet.transitions, done.report.transitions),
        _without(quiet.alerts, done.report.alerts),
    )


def _stands(rows: Sequence[Stands]) -> Stands | None:
    return rows[0] if rows else None


def _because(report: StepReport, quiet: StepReport) -> StepReport:
    """What is in a report and not in that of a step without news."""
    known = {row.transition.id for row in quiet.withdrawn}
    return report._replace(
        transitions=_without(report.transitions, quiet.transitions),
        withdrawn=[row for row in report.withdrawn if row.transition.id not in known],
        alerts=_without(report.alerts, quiet.alerts),
    )


def _without(rows: Sequence[T], others: Sequence[T]) -> list[T]:
    known = {other.id for other in others}
    return [row for row in rows if row.id not in known]


def _unsound(done: Ingested) -> InputError:
    """A supposition has to be sound as a whole."""
    for one in done.collected:
        if one.rejects:
            first = one.rejects[0]
            place = f"{one.source}: record {first.number}" if first.number else one.source
            return InputError(f"{place}: {first.reason}", hint="mend it: every record must be good")
    conflict = done.report.conflicts[0] if done.report is not None else None
    named = "" if conflict is None else f"{conflict.stored.id} is "
    return InputError(
        f"{named}known already, with another content",
        hint="give it another id, or let it supersede the known one",
    )
