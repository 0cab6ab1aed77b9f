"""When the passing of time alone turns something: the exact instants at which a fold must stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.time import NEVER
from monitor.engine.memory.axes import assess

if TYPE_CHECKING:
    from monitor.domain.time import Instant, Seconds
    from monitor.engine.compiled.plan import Plan
    from monitor.engine.memory.moment import Moment


class Turns:
    """The turning instants of one commitment, asked for after each assessment."""

    __slots__ = ("_edges", "_moment", "_plan")

    def __init__(self, plan: Plan, moment: Moment) -> None:
        self._plan = plan
        self._moment = moment
        edges = reversed(moment.watch.turns())
        # the ends and returns of coverage still ahead, the next one last
        self._edges = [edge for edge in edges if edge > moment.at]

    def after(self, at: Instant) -> Instant | None:
        """The first instant after `at` at which time alone can turn something.

        After an assessment at `at`: its stall clock is used.
        """
        watch, superseded = self._moment.watch, self._plan.terms.superseded
        while self._edges and self._edges[-1] <= at:
            self._edges.pop()
        first = self._edges[-1] if self._edges else None
        if superseded is not None and superseded > at and (first is None or superseded < first):
            first = superseded
        target = self._next_seen()
        if target is not None:
            turn = watch.reach(target)
            if turn is not None and (first is None or turn < first):
                first = turn
        limit = self._next_limit()
        if limit is not None:
            turn = watch.when(self._moment.reference, limit)
            if turn is not None and (first is None or turn < first):
                first = turn
        for reference, duration in self._durations() if self._plan.core.silent else ():
            turn = watch.when(reference, duration)
            if turn is not None and (first is None or turn < first):
                first = turn
        return first

    def _next_seen(self) -> Instant | None:
        """The first date that turns something as soon as it is seen."""
        moment, core, terms = self._moment, self._plan.core, self._plan.terms
        state = moment.state
        first: Instant | None = None
        for column in core.clocked:
            turn = column.next_seen(moment)
            if turn is not None and (first is None or turn < first):
                first = turn
        for index in core.held:
            since = state.since[index]
            if since is not None and not state.active[index]:
                turn = since + core.rules[index].hold
                if first is None or turn < first:
                    first = turn
        for index, dwell in core.dwelling if state.stays else ():
            stay = state.stays.get(index)
            if stay is not None and not state.active[index]:
                turn = stay.last + dwell
                if first is None or turn < first:
                    first = turn
        if terms.dated:
            ahead = [date for date in moment.dates() if date > moment.seen]
            first = min(ahead if first is None else [*ahead, first], default=None)
        return first

    def _durations(self) -> list[tuple[Instant, Seconds]]:
        """(reference, watched duration since it) after which a rule about silence turns."""
        moment = self._moment
        return [row for column in self._plan.core.silent for row in column.next_watched(moment)]

    def _next_limit(self) -> Seconds | None:
        """The watched duration of the stall clock at which the activity turns next."""
        elapsed, limits = self._moment.elapsed, self._plan.terms.thresholds
        if limits.quiet > elapsed:
            return limits.quiet
        if limits.stalled > elapsed:
            return limits.stalled if limits.stalled < NEVER else None
        return limits.dormant if elapsed < limits.dormant < NEVER else None

    def on_the_clock(self) -> Instant | None:
        """When the calendar turns something, whether or not anybody looks."""
        superseded = self._plan.terms.superseded
        return superseded if superseded is not None and superseded > self._moment.at else None

    def on_the_watch(self, now: Instant) -> Instant | None:
        """When something turns if coverage goes on without a gap.

        May lie before `now` where coverage has ended: it is due as soon as coverage reaches it.
        """
        if not self._plan.commitment.rated:
            return None
        moment, watch = self._moment, self._moment.watch
        moment.move(now)
        assess(moment)
        target = self._next_seen()
        turns = [] if target is None else [target]
        limit, durations = self._next_limit(), self._durations()
        if limit is not None:
            durations.append((moment.reference, limit))
        for reference, duration in durations:
            turn = watch.when(reference, duration)
            if turn is None:
                end = max(watch.end, reference)
                turn = end + duration - watch.watched(reference, end)
            turns.append(turn)
        return min(turns, default=None)
