"""Four axes and one headline: where a commitment stands at one instant."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Level(IntEnum):
    """How far implementation has come.

    The four grades used in peace-accord implementation data (Kroc Institute, Peace Accords
    Matrix: none, minimum/limited, intermediate/substantial, full) and in open-government reviews.
    """

    NONE = 0
    LIMITED = 1
    SUBSTANTIAL = 2
    COMPLETE = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Activity(StrEnum):
    """How long ago the commitment last advanced, on the watched clock."""

    ACTIVE = "active"
    QUIET = "quiet"
    STALLED = "stalled"
    DORMANT = "dormant"
    UNWATCHED = "unwatched"


class Schedule(StrEnum):
    """Where the commitment stands against its original dates."""

    NO_DEADLINE = "no_deadline"
    NOT_DUE = "not_due"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    MET = "met"
    MET_LATE = "met_late"


class Standing(StrEnum):
    """Whether the commitment itself still holds."""

    IN_FORCE = "in_force"
    AT_RISK = "at_risk"
    REVERSED = "reversed"
    SUPERSEDED = "superseded"


class Status(StrEnum):
    """The headline. `headline` publishes the precedence."""

    SUPERSEDED = "superseded"
    DELIVERED = "delivered"
    REVERSED = "reversed"
    NO_DATA = "no_data"
    OVERDUE = "overdue"
    STALLED = "stalled"
    AT_RISK = "at_risk"
    ADVANCING = "advancing"
    ON_TRACK = "on_track"
    NOT_STARTED = "not_started"
    NOT_RATED = "not_rated"


FINAL = frozenset({Status.SUPERSEDED, Status.DELIVERED, Status.REVERSED})
"""Headlines that rest on evidence: they stand without coverage."""


class ConditionKind(StrEnum):
    """What can be the matter with a commitment for a while: it opens and it resolves."""

    STALLED = "stalled"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"
    NO_DATA = "no_data"


class Assessment(NamedTuple):
    """One commitment at one instant.

    `last_known` is the headline that would stand if coverage had not ended; while the commitment
    is watched it equals `status`. `conditions` are those open at this instant, sorted.
    """

    level: Level
    activity: Activity
    schedule: Schedule
    standing: Standing
    status: Status
    last_known: Status
    conditions: tuple[ConditionKind, ...] = ()


def headline(
    *,
    level: Level,
    activity: Activity,
    schedule: Schedule,
    standing: Standing,
    delivered: bool,
    begun: bool,
    watched: bool = True,
) -> Status:
    """The headline, by the one published precedence: the first that holds.

    Args:
        level: how far implementation has come.
        activity: on the watched clock, that is, as of the end of coverage where that has ended.
        schedule: against the original dates.
        standing: whether the commitment still holds.
        delivered: a rule concluded delivery, or the highest level was reached.
        begun: the commitment has advanced at least once.
        watched: coverage reaches this instant.
    """
    if standing is Standing.SUPERSEDED:
        return Status.SUPERSEDED
    if delivered:
        return Status.DELIVERED
    if standing is Standing.REVERSED:
        return Status.REVERSED
    if not watched:
        return Status.NO_DATA
    if schedule is Schedule.OVERDUE:
        return Status.OVERDUE
    if activity in (Activity.STALLED, Activity.DORMANT):
        return Status.STALLED
    if standing is Standing.AT_RISK:
        return Status.AT_RISK
    if begun and activity is Activity.ACTIVE:
        return Status.ADVANCING
    if begun or level > Level.NONE:
        return Status.ON_TRACK
    return Status.NOT_STARTED


LIVELY = (Activity.ACTIVE, Activity.QUIET)
"""Activities that are no stall."""

NOT_RATED = Assessment(
    Level.NONE,
    Activity.UNWATCHED,
    Schedule.NO_DEADLINE,
    Standing.IN_FORCE,
    Status.NOT_RATED,
    Status.NOT_RATED,
)

"""A commitment that cannot be assessed: its axes say nothing."""

NOT_BEGUN = Assessment(
    Level.NONE,
    Activity.ACTIVE,
    Schedule.NO_DEADLINE,
    Standing.IN_FORCE,
    Status.NOT_STARTED,
    Status.NOT_STARTED,
)
"""Before its start."""


@cache
def combined(
    level: Level,
    activity: Activity,
    schedule: Schedule,
    standing: Standing,
    delivered: bool,
    begun: bool,
    watched: bool,
) -> Assessment:
    """One object per combination: there are few, and comparing them is then cheap."""
    known = headline(
        level=level,
        activity=activity,
        schedule=schedule,
        standing=standing,
        delivered=delivered,
        begun=begun,
    )
    status = known if watched or known in FINAL else Status.NO_DATA
    conditions = []
    if known not in FINAL:
        if activity not in LIVELY:
            conditions.append(ConditionKind.STALLED)
        if standing is Standing.AT_RISK:
            conditions.append(ConditionKind.AT_RISK)
        if schedule is Schedule.OVERDUE:
            conditions.append(ConditionKind.OVERDUE)
        if status is Status.NO_DATA:
            conditions.append(ConditionKind.NO_DATA)
    shown = activity if watched else Activity.UNWATCHED
    return Assessment(level, shown, schedule, standing, status, known, tuple(sorted(conditions)))


def from_row(row: Sequence[Any]) -> Assessment:
    """An assessment from its fields in order, as JSON gives an `Assessment` back."""
    *axes, conditions = row
    return _from_words(*axes, *conditions)


@lru_cache(maxsize=4096)
def _from_words(
    level: int,
    activity: str,
    schedule: str,
    standing: str,
    status: str,
    last_known: str,
    *conditions: str,
) -> Assessment:
    return Assessment(
        _LEVELS[level],
        Activity(activity),
        Schedule(schedule),
        Standing(standing),
        Status(status),
        Status(last_known),
        tuple(ConditionKind(kind) for kind in conditions),
    )


_LEVELS = tuple(Level)


class Spelled:
    """A spelling of assessments, remembered by identity: there are few of them.

    To find one by its value would cost as much as spelling it: members of an enum hash slowly.
    """

    _KEPT = 4096

    def __init__(self, spell: Callable[[Assessment], str]) -> None:
        self._spell = spell
        self._known: dict[int, tuple[Assessment, str]] = {}

    def __call__(self, assessment: Assessment) -> str:
        """The spelling of an assessment."""
        kept = self._known.get(id(assessment))
        if kept is not None and kept[0] is assessment:
            return kept[1]
        if len(self._known) >= self._KEPT:
            self._known.clear()
        text = self._spell(assessment)
        self._known[id(assessment)] = assessment, text
        return text


def words(value: str) -> str:
    """A value of an axis as people write it: `at_risk` is "at risk"."""
    return value.replace("_", " ")
