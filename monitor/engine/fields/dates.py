"""Columns about dates: milestones and the deadline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.condition import MilestoneState
from monitor.domain.time import LATEST, Instant, Seconds
from monitor.engine.fields.base import Field, ahead

if TYPE_CHECKING:
    from monitor.engine.moment import Moment


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
    """Seconds until the deadline; very many where there is none or it is met."""

    thresholds: tuple[Seconds, ...] = ()

    def value(self, moment: Moment) -> int:
        end = moment.deadline
        return LATEST if end is None or moment.state.delivered is not None else end - moment.seen

    def next_seen(self, moment: Moment) -> Instant | None:
        end = moment.deadline
        if end is None:
            return None
        return ahead(moment, [end, *(end - threshold for threshold in self.thresholds)])
