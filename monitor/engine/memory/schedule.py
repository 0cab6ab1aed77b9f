"""Where a commitment stands against its dates: the deadline, and those of its milestones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import Schedule
from monitor.domain.derivation import Dated
from monitor.engine.memory.moves import moves_of
from monitor.engine.memory.names import DEADLINE
from monitor.engine.memory.recurring import NONE_YET

if TYPE_CHECKING:
    from monitor.domain.time import Instant, Seconds
    from monitor.engine.memory.moment import Moment

_WORST_FIRST = (
    Schedule.OVERDUE,
    Schedule.DUE_SOON,
    Schedule.NOT_DUE,
    Schedule.MET_LATE,
    Schedule.MET,
)


def schedule_of(moment: Moment) -> Schedule:
    """The worst of the commitment's deadline and its dated milestones."""
    terms = moment.terms
    if not terms.dated:
        return Schedule.NO_DEADLINE
    found = set()
    state, seen, soon, waiting = moment.state, moment.seen, terms.due_soon, terms.waiting
    if moment.deadline is not None or DEADLINE in waiting:
        found.add(_against(state.delivered, moment.deadline, seen, soon))
    for milestone, due in moment.milestone_due.items():
        if due is not None or milestone in waiting:
            found.add(_against(state.milestones.get(milestone), due, seen, soon))
    for schedule in _WORST_FIRST:
        if schedule in found:
            return schedule
    return Schedule.NO_DEADLINE


def _against(
    done: Instant | None, end: Instant | None, seen: Instant, due_soon: Seconds
) -> Schedule:
    """`end` None: what it waits for has not happened, so it cannot be late."""
    if done is not None:
        return Schedule.MET if end is None or done < end else Schedule.MET_LATE
    if end is None:
        return Schedule.NOT_DUE
    if seen >= end:
        return Schedule.OVERDUE
    return Schedule.DUE_SOON if seen >= end - due_soon else Schedule.NOT_DUE


def standing_dates(moment: Moment) -> tuple[Dated, ...]:
    """Each date by itself, for a listing."""
    terms, state = moment.terms, moment.state
    rows = [(DEADLINE, moment.deadline, state.delivered)]
    rows += [(m, end, state.milestones.get(m)) for m, end in moment.milestone_due.items()]
    return tuple(
        Dated(
            name,
            said,
            end,
            done,
            _against(done, end, moment.seen, terms.due_soon),
            tuple(moves_of(moment, name)),
            missed(moment, name) if terms.recurring else 0,
        )
        for name, end, done in rows
        if (said := terms.said.get(name)) is not None
    )


def missed(moment: Moment, name: str) -> int:
    """How many periods went by in vain, as far as anybody has seen."""
    periods = moment.terms.recurring.get(name)
    if periods is None:
        return 0
    known = moment.state.rounds.get(name, NONE_YET)
    over = periods.elapsed(moment.seen)
    return max(over - known.met + (known.period > over), 0)


def missing(moment: Moment, name: str, count: int) -> Instant | None:
    """When so many, more than now, will have gone by if nothing is heard; None: never so many."""
    periods = moment.terms.recurring.get(name)
    if periods is None:
        return None
    known = moment.state.rounds.get(name, NONE_YET)
    number = known.met + count
    number -= number <= known.period  # the last one heard of comes off before it is over
    return None if periods.last is not None and number > periods.last else periods.end(number)
