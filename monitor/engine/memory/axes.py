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
from monitor.engine.memory.schedule import schedule_of

if TYPE_CHECKING:
    from monitor.engine.memory.moment import Moment


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
        schedule_of(moment) if terms.dated else Schedule.NO_DEADLINE,
        standing,
        state.delivered is not None,
        state.advanced is not None,
        watch.covers(at),
    )
