"""The columns of a view: each turns what is remembered, and the instant, into one integer.

A field also knows when its value next crosses a threshold of its tests merely because time passes:
`next_seen` at a date, `next_watched` after a duration of watching. Those instants are exact, which
is what makes the engine independent of how often it runs.

No conclusion is drawn from time that nobody watched (law 6): fields read the clock as `seen`, the
last instant somebody has looked, so that what was known when coverage ended stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.assessment import Activity, Assessment, Schedule, Standing, Status
from monitor.domain.condition import MilestoneState, TargetState
from monitor.domain.time import LATEST, Instant, Seconds
from monitor.engine.slots import Cell
from monitor.engine.state import State

if TYPE_CHECKING:
    from monitor.domain.coverage import Watch
    from monitor.engine.plan import Plan


class Moment:
    """One instant of one commitment: what a field may look at."""

    __slots__ = ("at", "elapsed", "mask", "plan", "reference", "seen", "state", "watch")

    def __init__(self, plan: Plan, state: State, watch: Watch) -> None:
        self.plan = plan
        self.state = state
        self.watch = watch
        self.at: Instant = state.head
        self.seen: Instant = state.head
        self.mask = 0
        # since when the stall clock has been running, and how far: set by each assessment
        self.reference: Instant = plan.start
        self.elapsed: Seconds = 0

    def move(self, at: Instant) -> None:
        """Look at another instant."""
        self.at = at
        self.seen = self.watch.seen(at)


class Field:
    """A column. Frozen subclasses; equal fields of one commitment share a column."""

    __slots__ = ()

    def value(self, moment: Moment) -> int:
        raise NotImplementedError

    def next_seen(self, moment: Moment) -> Instant | None:
        """The next instant, once it is seen, at which a test of this field may turn."""
        del moment
        return None

    def next_watched(self, moment: Moment) -> Iterator[tuple[Instant, Seconds]]:
        """Turns on the watched clock: (reference instant, watched duration since it)."""
        del moment
        return iter(())

    def evidence(self, moment: Moment) -> list[str]:
        """Ids of the updates that the present value rests on."""
        del moment
        return []


@dataclass(frozen=True, slots=True)
class Event(Field):
    """1 where an update of this instant matches."""

    bit: int

    def value(self, moment: Moment) -> int:
        return moment.mask >> self.bit & 1


@dataclass(frozen=True, slots=True)
class CountIn(Field):
    """How many in (seen - within, now], as far as it matters (the largest threshold)."""

    slot: int
    within: Seconds | None
    thresholds: tuple[int, ...] = ()

    def value(self, moment: Moment) -> int:
        cell = moment.state.cells[self.slot]
        if cell is None:
            return 0
        if self.within is None:
            return len(cell)
        after = moment.seen - self.within
        inside = len(cell)
        for at, _ in cell:
            if at > after:
                break
            inside -= 1
        return inside

    def _inside(self, moment: Moment) -> list[Cell]:
        cell: list[Cell] = moment.state.cells[self.slot] or []
        return cell[len(cell) - self.value(moment) :]

    def next_seen(self, moment: Moment) -> Instant | None:
        cell = moment.state.cells[self.slot]
        if cell is None or self.within is None:
            return None
        after, kept, turn = moment.at - self.within, len(cell), None
        for count in self.thresholds:
            if 0 < count <= kept and cell[-count][0] > after:
                turn = cell[-count][0] + self.within  # larger counts end sooner: the last one wins
        return turn

    def evidence(self, moment: Moment) -> list[str]:
        return [entry[1] for entry in self._inside(moment)]


@dataclass(frozen=True, slots=True)
class Silent(Field):
    """Watched seconds since the last match; `slot` None: since the last advance."""

    slot: int | None
    thresholds: tuple[Seconds, ...] = ()

    def reference(self, moment: Moment) -> Instant:
        if self.slot is None:
            advanced = moment.state.advanced
            return moment.plan.start if advanced is None else advanced
        cell = moment.state.cells[self.slot]
        return cell[-1][0] if cell else moment.plan.start

    def value(self, moment: Moment) -> int:
        return moment.watch.watched(self.reference(moment), moment.at)

    def next_watched(self, moment: Moment) -> Iterator[tuple[Instant, Seconds]]:
        reference = self.reference(moment)
        elapsed = moment.watch.watched(reference, moment.at)
        for threshold in self.thresholds:
            if threshold > elapsed:
                yield reference, threshold

    def evidence(self, moment: Moment) -> list[str]:
        cell = None if self.slot is None else moment.state.cells[self.slot]
        return [cell[-1][1]] if cell else []


@dataclass(frozen=True, slots=True)
class Completed(Field):
    """1 once a sequence has come to its last step."""

    slot: int

    def value(self, moment: Moment) -> int:
        cell = moment.state.cells[self.slot]
        return int(cell is not None and cell[-1] is not None)

    def evidence(self, moment: Moment) -> list[str]:
        cell = moment.state.cells[self.slot]
        return list(cell[-1][1]) if cell and cell[-1] else []


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
    """1 where the latest value has met its target; for `missed`: has not, past the deadline."""

    slot: int
    target: int
    at_most: bool
    state: TargetState

    def value(self, moment: Moment) -> int:
        cell = moment.state.cells[self.slot]
        met = bool(cell) and (
            cell[-1][1] <= self.target if self.at_most else cell[-1][1] >= self.target
        )
        if self.state is TargetState.MET:
            return int(met)
        end = moment.plan.deadline
        return int(not met and bool(cell) and end is not None and moment.seen >= end)

    def next_seen(self, moment: Moment) -> Instant | None:
        return _ahead(moment, [moment.plan.deadline])

    def evidence(self, moment: Moment) -> list[str]:
        cell = moment.state.cells[self.slot]
        return [cell[-1][2]] if cell else []


@dataclass(frozen=True, slots=True)
class MilestoneIs(Field):
    """1 where the milestone is in one of the states."""

    milestone: str
    states: frozenset[MilestoneState]

    def value(self, moment: Moment) -> int:
        return int(milestone_state(moment, self.milestone) in self.states)

    def next_seen(self, moment: Moment) -> Instant | None:
        due = moment.plan.milestone_due[self.milestone]
        if due is None or self.milestone in moment.state.milestones:
            return None
        return _ahead(moment, [due - moment.plan.due_soon, due])


def milestone_state(moment: Moment, milestone: str) -> MilestoneState:
    """Where a milestone stands against its due date."""
    done = moment.state.milestones.get(milestone)
    due = moment.plan.milestone_due[milestone]
    if done is not None:
        late = due is not None and done >= due
        return MilestoneState.DONE_LATE if late else MilestoneState.DONE
    if due is None or moment.seen < due - moment.plan.due_soon:
        return MilestoneState.PENDING
    return MilestoneState.DUE_SOON if moment.seen < due else MilestoneState.OVERDUE


@dataclass(frozen=True, slots=True)
class Remaining(Field):
    """Seconds until the deadline; very many where there is none or it is met."""

    thresholds: tuple[Seconds, ...] = ()

    def value(self, moment: Moment) -> int:
        end = moment.plan.deadline
        return LATEST if end is None or moment.state.delivered is not None else end - moment.seen

    def next_seen(self, moment: Moment) -> Instant | None:
        end = moment.plan.deadline
        if end is None:
            return None
        return _ahead(moment, [end, *(end - threshold for threshold in self.thresholds)])


@dataclass(frozen=True, slots=True)
class StatusIs(Field):
    """1 where a commitment's axes are among those listed.

    `commitment` None: this one, as it stood when this reading of the rules began.
    """

    commitment: str | None
    activity: frozenset[Activity] = frozenset()
    schedule: frozenset[Schedule] = frozenset()
    standing: frozenset[Standing] = frozenset()
    status: frozenset[Status] = frozenset()

    def value(self, moment: Moment) -> int:
        a = subject(moment, self.commitment)
        return int(
            a is not None
            and (not self.activity or a.activity in self.activity)
            and (not self.schedule or a.schedule in self.schedule)
            and (not self.standing or a.standing in self.standing)
            and (not self.status or a.status in self.status)
        )


@dataclass(frozen=True, slots=True)
class LevelOf(Field):
    """The level of a commitment, 0 to 3; of one that is not known, 0."""

    commitment: str | None

    def value(self, moment: Moment) -> int:
        if self.commitment is None:
            return int(moment.state.level)
        a = subject(moment, self.commitment)
        return 0 if a is None else int(a.level)


def subject(moment: Moment, commitment: str | None) -> Assessment | None:
    """The assessment a status test is about."""
    if commitment is None:
        return moment.plan.assess(moment)
    return moment.state.others.get(commitment)


def _ahead(moment: Moment, instants: list[Instant | None]) -> Instant | None:
    return min((i for i in instants if i is not None and i > moment.seen), default=None)
