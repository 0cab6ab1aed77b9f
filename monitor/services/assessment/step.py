"""One step: new evidence and the passing of time become transitions, alerts and deliveries.

Everything happens in the one transaction that the caller opened, so it commits together or not at
all (law 4). Only commitments with news, or due, are touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.services.alerts.announce import announce
from monitor.services.alerts.news import Occasion
from monitor.services.assessment.assessing import Assessing
from monitor.services.assessment.rederive import rederive
from monitor.services.assessment.renew import renew_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.coverage import Coverage
    from monitor.domain.records import Conflict, StoredTransition
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.assessment.options import Options
    from monitor.services.evidence.retractions import Claim
    from monitor.services.ports import Engine, Reader, Writer

_NOW = "now"


class Intake(NamedTuple):
    """What came in: updates, and the coverage that came with them."""

    updates: Sequence[Update] = ()
    coverage: Sequence[Coverage] = ()


class StepReport(NamedTuple):
    """What a step did.

    `withdrawn` transitions no longer stand; `claims` are what the new updates retract and
    supersede; `now` is the instant reached, `last` that of the step before (None: there was none).
    `rewritten`: so many transitions of the past of commitments known before came or went because
    the rules changed; they are not among the others.
    """

    now: Instant
    last: Instant | None
    updates: int
    duplicates: int
    conflicts: Sequence[Conflict]
    unrouted: int
    transitions: Sequence[Transition]
    withdrawn: Sequence[StoredTransition]
    alerts: Sequence[Alert]
    touched: int
    claims: Sequence[Claim] = ()
    rewritten: int = 0


def present(reader: Reader, clock: Callable[[], Instant]) -> Instant:
    """The clock's instant, or that of the last step where the clock has gone back since.

    What is recorded now must not be recorded before what is known already (law 5).
    """
    text = reader.meta(_NOW)
    return clock() if text is None else max(clock(), int(text))


def take_step(
    writer: Writer, engine: Engine, intake: Intake, now: Instant, options: Options
) -> StepReport:
    """Take in updates and coverage, and bring every commitment that needs it up to `now`.

    A store never goes back: a `now` before that of the last step is read as that one.
    """
    text = writer.meta(_NOW)
    last = None if text is None else int(text)
    now = now if last is None else max(now, last)
    renewal = renew_rules(writer, engine)
    past = rederive(writer, engine, renewal, last, now, options)
    if intake.coverage:
        writer.add_coverage(intake.coverage)
    occasion = Occasion(now, last, options.receivers, options.policy)
    step = Assessing(writer, engine, now, last, options, renewal.new, empty=renewal.empty)
    added = writer.add_updates(intake.updates)
    unrouted = step.route(added.new)
    step.work()
    if text != str(now):
        writer.set_meta(_NOW, str(now))
    return StepReport(
        now,
        last,
        len(added.new),
        added.duplicates,
        added.conflicts,
        unrouted,
        [*past.transitions, *step.transitions],
        step.withdrawn,
        announce(step.heard, writer, engine, occasion, past.alerts),
        step.touched,
        step.rewriting.claims,
        past.rewritten,
    )
