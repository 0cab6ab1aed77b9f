"""The four axes of a commitment at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import (
    LIVELY,
    Activity,
    Assessment,
    Schedule,
    Standing,
    combined,
)
from monitor.domain.commitment import ConclusionKind

if TYPE_CHECKING:
    from monitor.domain.time import Instant
    from monitor.engine.moment import Moment


def assess(moment: Moment) -> Assessment:
    """The four axes and the headline at a moment, from what the state holds."""
    state, terms, at, watch = moment.state, moment.terms, moment.at, moment.watch
    limits = terms.thresholds
    moment.reference = terms.start if state.advanced is None else state.advanced
    moment.elapsed = elapsed = watch.watched(moment.reference, at)
    if elapsed < limits.quiet:
        activity = Activity.ACTIVE
    elif elapsed < limits.stalled:
        activity = Activity.QUIET
    else:
        activity = Activity.STALLED if elapsed < limits.dormant else Activity.DORMANT
    at_risk = stalled = False
    stays = state.stays
    if stays or True in state.active:
        for index, kind in terms.concluding:
            if state.active[index] or index in stays:
                at_risk = at_risk or kind is ConclusionKind.AT_RISK
                stalled = stalled or kind is ConclusionKind.STALLED
    if stalled and activity in LIVELY:
        activity = Activity.STALLED
    if terms.superseded is not None and at >= terms.superseded:
        standing = Standing.SUPERSEDED
    elif state.reversed:
        standing = Standing.REVERSED
    else:
        standing = Standing.AT_RISK if at_risk else Standing.IN_FORCE
    return combined(
        state.level,
        activity,
        _schedule(moment),
        standing,
        state.delivered is not None,
        state.advanced is not None,
        watch.covers(at),
    )


def _schedule(moment: Moment) -> Schedule:
    """The worst of the commitment's deadline and its dated milestones."""
    terms = moment.terms
    if not terms.dated:
        return Schedule.NO_DEADLINE
    found = set()
    if terms.deadline is not None:
        found.add(_against(moment.state.delivered, terms.deadline, moment.seen, terms.due_soon))
    for milestone, due in terms.milestone_due.items():
        if due is not None:
            done = moment.state.milestones.get(milestone)
            found.add(_against(done, due, moment.seen, terms.due_soon))
    for schedule in _WORST_FIRST:
        if schedule in found:
            return schedule
    return Schedule.NO_DEADLINE


_WORST_FIRST = (
    Schedule.OVERDUE,
    Schedule.DUE_SOON,
    Schedule.NOT_DUE,
    Schedule.MET_LATE,
    Schedule.MET,
)


def _against(done: Instant | None, end: Instant, at: Instant, due_soon: int) -> Schedule:
    if done is not None:
        return Schedule.MET if done < end else Schedule.MET_LATE
    if at >= end:
        return Schedule.OVERDUE
    return Schedule.DUE_SOON if at >= end - due_soon else Schedule.NOT_DUE
