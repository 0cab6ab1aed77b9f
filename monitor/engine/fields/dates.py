"""Columns about dates: milestones and the deadline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.condition import MilestoneState
from monitor.domain.derivation import slips
from monitor.domain.time import LATEST, Instant, Seconds
from monitor.engine.fields.base import Field, ahead
from monitor.engine.memory.moves import ahead_of, current_end, moves_of, original_end
from monitor.engine.memory.names import DEADLINE
from monitor.engine.memory.schedule import missed, missing

if TYPE_CHECKING:
    from monitor.engine.memory.moment import Moment


@dataclass(frozen=True, slots=True)
class MilestoneIs(Field):
    """1 where the milestone is in one of the states."""

    milestone: str
    states: frozenset[MilestoneState]

    def value(self, moment: Moment) -> int:
        return int(milestone_state(moment, self.milestone) in self.states)

    def next_seen(self, moment: Moment) -> Instant | None:
        due = moment.milestone_due[self.milestone]
        if due is None or self.milestone in moment.state.milestones:
            return None
        return ahead(moment, [due - moment.terms.due_soon, due])


@dataclass(frozen=True, slots=True)
class MilestonesIn(Field):
    """How many of these milestones are in one of the states."""

    milestones: tuple[str, ...]
    states: frozenset[MilestoneState]
    thresholds: tuple[int, ...] = ()

    def value(self, moment: Moment) -> int:
        return sum(milestone_state(moment, each) in self.states for each in self.milestones)

    def next_seen(self, moment: Moment) -> Instant | None:
        turns = (MilestoneIs(each, self.states).next_seen(moment) for each in self.milestones)
        return min((turn for turn in turns if turn is not None), default=None)


def milestone_state(moment: Moment, milestone: str) -> MilestoneState:
    """Where a milestone stands against its due date."""
    done = moment.state.milestones.get(milestone)
    due = moment.milestone_due[milestone]
    if done is not None:
        late = due is not None and done >= due
        return MilestoneState.DONE_LATE if late else MilestoneState.DONE
    if due is None or moment.seen < due - moment.terms.due_soon:
        return MilestoneState.PENDING
    return MilestoneState.DUE_SOON if moment.seen < due else MilestoneState.OVERDUE


@dataclass(frozen=True, slots=True)
class Remaining(Field):
    """Seconds until a date; very many where there is none or what was due is done.

    `current`: the date that stands after all moves, not the original one.
    """

    name: str = DEADLINE
    thresholds: tuple[Seconds, ...] = ()
    current: bool = False

    def _end(self, moment: Moment) -> Instant | None:
        return (current_end if self.current else original_end)(moment, self.name)

    def value(self, moment: Moment) -> int:
        end = self._end(moment)
        return LATEST if end is None or self._done(moment) else end - moment.seen

    def _done(self, moment: Moment) -> bool:
        if self.name == DEADLINE:
            return moment.state.delivered is not None
        return self.name in moment.state.milestones

    def next_seen(self, moment: Moment) -> Instant | None:
        moves = ahead_of(moment, self.name) if self.current else []
        end = self._end(moment)
        if end is None:
            return ahead(moment, [*moves])
        return ahead(moment, [end, *(end - threshold for threshold in self.thresholds), *moves])

    def evidence(self, moment: Moment) -> list[str]:
        return moved_by(moment, self.name) if self.current else []


@dataclass(frozen=True, slots=True)
class Slips(Field):
    """How often a date was put off."""

    name: str
    thresholds: tuple[int, ...] = ()

    def value(self, moment: Moment) -> int:
        return slips(original_end(moment, self.name), moves_of(moment, self.name))

    def next_seen(self, moment: Moment) -> Instant | None:
        return ahead(moment, [*ahead_of(moment, self.name)])

    def evidence(self, moment: Moment) -> list[str]:
        return moved_by(moment, self.name)


def moved_by(moment: Moment, name: str) -> list[str]:
    """Ids of the updates that moved a date."""
    return [move.update for move in moves_of(moment, name) if move.update is not None]


@dataclass(frozen=True, slots=True)
class Missed(Field):
    """How many periods of a milestone that recurs went by in vain."""

    name: str
    thresholds: tuple[int, ...] = ()

    def value(self, moment: Moment) -> int:
        return missed(moment, self.name)

    def next_seen(self, moment: Moment) -> Instant | None:
        now = missed(moment, self.name)
        more = min((count for count in self.thresholds if count > now), default=None)
        return None if more is None else missing(moment, self.name, more)
