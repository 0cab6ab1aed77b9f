"""What a rule can ask: a small tree of frozen values.

Built by `monitor.language` from YAML, compiled by `monitor.engine`. An *instant condition*
contains `OnUpdate`: it can hold only at the instant of an update. Every other condition is a
*lasting condition*: it begins and ends to hold at instants the engine can compute.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.domain.bounds import Range
from monitor.domain.pattern import TextTest, UpdatePattern
from monitor.domain.statuses import CommitmentCount, Members, StatusTest
from monitor.domain.time import Seconds

__all__ = [
    "All",
    "Any",
    "Atom",
    "CommitmentCount",
    "Condition",
    "Count",
    "Deadline",
    "IndicatorTest",
    "Members",
    "MilestoneCount",
    "MilestoneState",
    "MilestoneTest",
    "Not",
    "OnUpdate",
    "PartyCount",
    "Range",
    "Sequence",
    "Share",
    "Silence",
    "Slips",
    "StatusTest",
    "TargetState",
    "TextTest",
    "Trend",
    "UpdatePattern",
    "atoms",
    "is_instant",
]


@dataclass(frozen=True, slots=True)
class OnUpdate:
    """At this instant an update matches."""

    update: UpdatePattern


@dataclass(frozen=True, slots=True)
class Count:
    """How many matching updates occurred in (now - within, now]; `within` None: ever."""

    update: UpdatePattern
    within: Seconds | None = None
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a whole, in percent.

    `of` names weights of the agreement; None: each party or commitment counts one.
    """

    bounds: Range
    of: str | None = None


@dataclass(frozen=True, slots=True)
class PartyCount:
    """How many of the commitment's parties have done something, by number, by weight or both.

    A party has done it from the first matching update that names it until one that matches
    `undone_by`; of both in one instant the second counts. Every bound given must hold.
    """

    update: UpdatePattern
    undone_by: UpdatePattern | None = None
    at_least: int | None = None
    at_most: int | None = None
    share: Share | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing matching for so long, counted inside coverage only.

    `update` None means: the commitment has not advanced (its stall clock).
    The clock starts with the commitment where nothing has matched yet.
    """

    duration: Seconds
    update: UpdatePattern | None = None


@dataclass(frozen=True, slots=True)
class Sequence:
    """Matching updates in this order, first to last within so long; holds from the last step on.

    Each step comes at a later instant than the one before it: of one day's reports nobody can
    tell the order.
    """

    steps: tuple[UpdatePattern, ...]
    within: Seconds | None = None


class Trend(StrEnum):
    RISING = "rising"
    FALLING = "falling"


class TargetState(StrEnum):
    MET = "met"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class IndicatorTest:
    """About a measured series: its latest value, its change, its direction, its target.

    `change` is latest minus the value before it (or, with `within`, minus the earliest value in
    that window). `pace` is in percent of what the straight line from baseline to target asks for
    by now. Every test given must hold; a series without a value holds none.
    """

    indicator: str
    value: Range | None = None
    change: Range | None = None
    within: Seconds | None = None
    trend: Trend | None = None
    target: TargetState | None = None
    pace: Range | None = None


class MilestoneState(StrEnum):
    PENDING = "pending"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_LATE = "done_late"


@dataclass(frozen=True, slots=True)
class Slips:
    """How often a date was put off, or missed."""

    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class MilestoneTest:
    """How a milestone stands; every test given must hold.

    `current` asks about its moved date, `missed` how many periods of one that recurs went by in
    vain.
    """

    milestone: str
    states: tuple[MilestoneState, ...] = ()
    slips: Slips | None = None
    current: Deadline | None = None
    missed: Slips | None = None


@dataclass(frozen=True, slots=True)
class MilestoneCount:
    """How many milestones are in one of the states: of those named, of all where none are."""

    states: tuple[MilestoneState, ...] = (MilestoneState.DONE, MilestoneState.DONE_LATE)
    milestones: tuple[str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    share: Range | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """The commitment's deadline is at most so far ahead and not met; `passed`: it is behind.

    `current`: not the original date, but the one that stands after all moves. `slips` asks for
    nothing else.
    """

    within: Seconds | None = None
    passed: bool = False
    current: bool = False
    slips: Slips | None = None


@dataclass(frozen=True, slots=True)
class All:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: Condition


Atom = (
    OnUpdate
    | Count
    | PartyCount
    | Silence
    | Sequence
    | IndicatorTest
    | MilestoneTest
    | MilestoneCount
    | Deadline
    | StatusTest
    | CommitmentCount
)
Condition = Atom | All | Any | Not


def atoms(condition: Condition) -> Iterator[Atom]:
    """The leaves, left to right."""
    if isinstance(condition, (All, Any)):
        for part in condition.of:
            yield from atoms(part)
    elif isinstance(condition, Not):
        yield from atoms(condition.of)
    else:
        yield condition


def is_instant(condition: Condition) -> bool:
    """Whether the condition can hold only at the instant of an update."""
    return any(isinstance(atom, OnUpdate) for atom in atoms(condition))
