"""Columns about how a commitment stands, this one or another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.assessment import Activity, Assessment, Schedule, Standing, Status
from monitor.engine.axes import assess
from monitor.engine.fields.base import Field

if TYPE_CHECKING:
    from monitor.engine.moment import Moment


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
        return assess(moment)
    return moment.state.others.get(commitment)
