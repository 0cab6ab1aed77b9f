"""Columns about how a commitment stands, this one or another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.assessment import (
    NOT_BEGUN,
    Activity,
    Assessment,
    Level,
    Schedule,
    Standing,
    Status,
)
from monitor.domain.statuses import stands_so
from monitor.engine.fields.base import Field
from monitor.engine.memory.axes import assess

if TYPE_CHECKING:
    from monitor.engine.memory.moment import Moment


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
    last_known: frozenset[Status] = frozenset()

    def value(self, moment: Moment) -> int:
        a = subject(moment, self.commitment)
        return int(a is not None and self.holds(a))

    def holds(self, a: Assessment) -> bool:
        """Whether an assessment has these axes."""
        return stands_so(self, a)


@dataclass(frozen=True, slots=True)
class LevelOf(Field):
    """The level of a commitment, 0 to 3; of one that is not known, 0."""

    commitment: str | None

    def value(self, moment: Moment) -> int:
        if self.commitment is None:
            return int(moment.state.level)
        a = subject(moment, self.commitment)
        return 0 if a is None else int(a.level)


@dataclass(frozen=True, slots=True)
class CommitmentsIn(Field):
    """The weights of the commitments that stand so, added up.

    `members` are (key, whole number): 1 each where they are counted (`weighed` False), else
    millionths. `whole` is what a share is a share of. `axes` and the levels are those asked for.
    """

    members: tuple[tuple[str, int], ...]
    whole: int
    axes: StatusIs
    least: Level = Level.NONE
    most: Level = Level.COMPLETE
    weighed: bool = False
    thresholds: tuple[int, ...] = ()

    def value(self, moment: Moment) -> int:
        others = moment.state.others
        return sum(weight for key, weight in self.members if self.holds(others.get(key, NOT_BEGUN)))

    def holds(self, a: Assessment) -> bool:
        """Whether one of them stands so."""
        return self.least <= a.level <= self.most and self.axes.holds(a)


def subject(moment: Moment, commitment: str | None) -> Assessment | None:
    """The assessment a status test is about."""
    if commitment is None:
        return assess(moment)
    return moment.state.others.get(commitment)
