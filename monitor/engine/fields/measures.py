"""Columns about an indicator: its latest value, its change, its target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.condition import TargetState
from monitor.domain.time import Instant, Seconds
from monitor.engine.fields.base import Field, ahead
from monitor.engine.memory.slots import Cell

if TYPE_CHECKING:
    from monitor.engine.memory.moment import Moment


@dataclass(frozen=True, slots=True)
class Measured(Field):
    """1 where the indicator has a value (`change`: two that can be compared)."""

    slot: int
    change: bool = False
    within: Seconds | None = None

    def value(self, moment: Moment) -> int:
        if self.change:
            return int(earlier(moment, self.slot, self.within) is not None)
        return int(bool(moment.state.cells[self.slot]))

    def next_seen(self, moment: Moment) -> Instant | None:
        return leaves(moment, self.slot, self.within) if self.change else None


@dataclass(frozen=True, slots=True)
class Latest(Field):
    """The latest value of an indicator, in millionths; 0 where there is none."""

    slot: int

    def value(self, moment: Moment) -> int:
        cell = moment.state.cells[self.slot]
        return cell[-1][1] if cell else 0

    def evidence(self, moment: Moment) -> list[str]:
        cell = moment.state.cells[self.slot]
        return [cell[-1][2]] if cell else []


@dataclass(frozen=True, slots=True)
class Change(Field):
    """Latest minus an earlier value, in millionths; 0 where it cannot be said."""

    slot: int
    within: Seconds | None

    def value(self, moment: Moment) -> int:
        first = earlier(moment, self.slot, self.within)
        return 0 if first is None else moment.state.cells[self.slot][-1][1] - first[1]

    def next_seen(self, moment: Moment) -> Instant | None:
        return leaves(moment, self.slot, self.within)

    def evidence(self, moment: Moment) -> list[str]:
        first = earlier(moment, self.slot, self.within)
        return [] if first is None else [first[2], moment.state.cells[self.slot][-1][2]]


def earlier(moment: Moment, slot: int, within: Seconds | None) -> Cell | None:
    """The point that the latest value is compared with: the one before, or the window's first."""
    cell = moment.state.cells[slot]
    if not cell or len(cell) < 2:
        return None
    if within is None:
        return cell[-2]
    after = moment.seen - within
    inside = [point for point in cell if point[0] > after]
    return inside[0] if len(inside) >= 2 else None


def leaves(moment: Moment, slot: int, within: Seconds | None) -> Instant | None:
    """When the first point of the window leaves it."""
    first = earlier(moment, slot, within)
    return None if first is None or within is None else first[0] + within


@dataclass(frozen=True, slots=True)
class Target(Field):
    """1 where the latest value has met its target; for `missed`: has not, past the deadline.

    Without a target there is nothing to meet or to miss: 0.
    """

    slot: int
    target: int | None
    at_most: bool
    state: TargetState

    def value(self, moment: Moment) -> int:
        cell = moment.state.cells[self.slot]
        if self.target is None or not cell:
            return 0
        met = cell[-1][1] <= self.target if self.at_most else cell[-1][1] >= self.target
        if self.state is TargetState.MET:
            return int(met)
        end = moment.deadline
        return int(not met and end is not None and moment.seen >= end)

    def next_seen(self, moment: Moment) -> Instant | None:
        return ahead(moment, [moment.deadline])

    def evidence(self, moment: Moment) -> list[str]:
        cell = moment.state.cells[self.slot]
        return [cell[-1][2]] if cell else []
