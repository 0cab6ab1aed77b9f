"""What a rule can ask about how commitments stand: this one, another, or many together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from decimal import Decimal

    from monitor.domain.assessment import Activity, Assessment, Schedule, Standing, Status
    from monitor.domain.bounds import Range


@dataclass(frozen=True, slots=True)
class StatusTest:
    """How a commitment stands; `commitment` None: this one, another: its key.

    Every axis given must be among the values listed. `last_known` is the headline that stood when
    coverage ended, and the headline itself while it has not.
    """

    commitment: str | None = None
    level_at_least: int | None = None
    level_at_most: int | None = None
    activity: tuple[Activity, ...] = ()
    schedule: tuple[Schedule, ...] = ()
    standing: tuple[Standing, ...] = ()
    status: tuple[Status, ...] = ()
    last_known: tuple[Status, ...] = ()

    def holds(self, a: Assessment) -> bool:
        """Whether a commitment that is assessed so is among those meant."""
        least, most = self.level_at_least, self.level_at_most
        return (
            (least is None or a.level >= least)
            and (most is None or a.level <= most)
            and stands_so(self, a)
        )


class AsksForAxes(Protocol):
    """Whatever names values of axes; an axis without any is not asked for."""

    @property
    def activity(self) -> Collection[Activity]: ...
    @property
    def schedule(self) -> Collection[Schedule]: ...
    @property
    def standing(self) -> Collection[Standing]: ...
    @property
    def status(self) -> Collection[Status]: ...
    @property
    def last_known(self) -> Collection[Status]: ...


def stands_so(asked: AsksForAxes, a: Assessment) -> bool:
    """Whether every axis that is asked for is among the values named."""
    return (
        (not asked.activity or a.activity in asked.activity)
        and (not asked.schedule or a.schedule in asked.schedule)
        and (not asked.standing or a.standing in asked.standing)
        and (not asked.status or a.status in asked.status)
        and (not asked.last_known or a.last_known in asked.last_known)
    )


@dataclass(frozen=True, slots=True)
class Members:
    """Some commitments: (key, weight) of those listed, or all of an agreement or of its theme.

    A choice by agreement ("": the one that asks) and theme is made where all files are known
    (`monitor.language.members`); then `of` lists what was chosen.
    """

    of: tuple[tuple[str, Decimal], ...] = ()
    agreement: str | None = None
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class CommitmentCount:
    """How many of some commitments stand as the test asks, by number, by weight or both.

    `every`: all of them. One that has not begun stands as it will on its first day.
    """

    members: Members
    test: StatusTest
    at_least: int | None = None
    at_most: int | None = None
    share: Range | None = None
    every: bool = False


@dataclass(frozen=True, slots=True)
class Needs:
    """How many have to: all of them, so many, or such a share in percent."""

    every: bool = False
    at_least: int | None = None
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PerParty:
    """A commitment that each party has to keep; the whole stands as `needs` of them do.

    `of` names the weights that a share is of; None: each party counts one.
    """

    needs: Needs
    of: str | None = None


@dataclass(frozen=True, slots=True)
class RollUp:
    """A commitment that stands as others do: `needs` of them bring it to their level."""

    members: Members
    needs: Needs
