"""Columns about the pace of an indicator: progress against the straight line to its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from monitor.engine.evaluators.program import Op
from monitor.engine.fields.base import Field
from monitor.engine.memory.slots import SCALE

if TYPE_CHECKING:
    from monitor.domain.time import Instant, Seconds
    from monitor.engine.memory.moment import Moment

HUNDRED = 100 * SCALE


class Progress(NamedTuple):
    """How far a series has come and how much of its time has gone, in whole numbers.

    `way` of `distance` (millionths of its unit; less than nothing where it went backwards) in
    `gone` of `span` (seconds, from `since` on).
    """

    way: int
    distance: int
    gone: Seconds
    span: Seconds
    since: Instant

    def __str__(self) -> str:
        way, gone = self.way * 100 // self.distance, self.gone * 100 // self.span
        return f"{way}% of the way, {gone}% of the time gone"


@dataclass(frozen=True, slots=True)
class Pace(Field):
    """1 where the latest value passes a test against the line; 0 where that cannot be said.

    The line runs from the baseline, at its date, to the target, at its own. `percent` (millionths
    of one percent) is of what the line asks for now. Nothing is divided, so that nothing is
    rounded: way / distance OP percent * gone / span is compared crosswise.
    """

    slot: int
    indicator: str
    baseline: int
    target: int
    op: Op
    percent: int

    @property
    def thresholds(self) -> tuple[int, ...]:
        return (self.percent,)

    def progress(self, moment: Moment) -> Progress | None:
        """None where there is no value yet, or no line: no dates, or no distance to go."""
        cell, dates = moment.state.cells[self.slot], moment.terms.lines.get(self.indicator)
        distance = self.target - self.baseline
        if not cell or dates is None or not distance:
            return None
        since, until = dates
        if until <= since:
            return None
        way = cell[-1][1] - self.baseline
        gone = min(max(moment.seen - since, 0), until - since)
        forward = 1 if distance > 0 else -1
        return Progress(way * forward, distance * forward, gone, until - since, since)

    def value(self, moment: Moment) -> int:
        found = self.progress(moment)
        if found is None:
            return 0
        reached = found.way * found.span * HUNDRED
        asked = self.percent * found.distance * found.gone
        match self.op:
            case Op.AT_LEAST:
                return int(reached >= asked)
            case Op.AT_MOST:
                return int(reached <= asked)
            case Op.ABOVE:
                return int(reached > asked)
            case Op.BELOW:
                return int(reached < asked)

    def next_seen(self, moment: Moment) -> Instant | None:
        """The second in which the line, as it moves on, passes the latest value."""
        found = self.progress(moment)
        if found is None or not self.percent:
            return None
        reached = found.way * found.span * HUNDRED
        each = self.percent * found.distance
        turn = reached // each + 1 if self.op in _TOUCHING else -(-reached // each)
        return found.since + turn if found.gone < turn <= found.span else None

    def evidence(self, moment: Moment) -> list[str]:
        cell = moment.state.cells[self.slot]
        return [cell[-1][2]] if cell else []


_TOUCHING = (Op.AT_LEAST, Op.BELOW)
"""Tests that do not turn where the line touches the value, but the second after."""
