"""A transition that somebody wants to hear of."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.assessment import Level, Standing, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition


class AlertKind(StrEnum):
    """The first four open and resolve; the next five happen once; the last three are about us."""

    STALLED = "stalled"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"
    NO_DATA = "no_data"
    ADVANCED = "advanced"
    SETBACK = "setback"
    DELIVERED = "delivered"
    REVERSED = "reversed"
    SUPERSEDED = "superseded"
    SUMMARY = "summary"
    CORRECTION = "correction"
    RULES_CHANGED = "rules_changed"


class Phase(StrEnum):
    ONCE = "once"
    OPENED = "opened"
    RESOLVED = "resolved"


class Alert(NamedTuple):
    """One thing to say, once.

    `id` is stable per logical fact: the same in every run and every retry. `opening` is the id of
    the alert that a resolution closes, or that a correction corrects. `body` is what a receiver
    is told, JSON-ready. `found_late`: the cause is older than the run before the one that found it.
    """

    id: str
    kind: AlertKind
    phase: Phase
    at: Instant
    agreement: str
    commitment: str | None
    transition: str | None
    severity: str
    labels: tuple[tuple[str, str], ...]
    message: str
    body: Mapping[str, Any]
    recorded: Instant
    opening: str | None = None
    found_late: bool = False


def alert_id(*parts: str) -> str:
    """An id made of what the alert is about."""
    return "a_" + hashlib.blake2b("|".join(parts).encode(), digest_size=12).hexdigest()


def fact_id(transition: Transition, kind: AlertKind, phase: Phase) -> str:
    """The id of the alert about a fact: what began, ended or was reached, when, with whom.

    It does not depend on the rest of the transition, so that a late update which changes only that
    does not announce the same fact again.
    """
    at = str(transition.at)
    return alert_id(transition.commitment, at, *fact_sort(transition, kind, phase))


def fact_sort(transition: Transition, kind: AlertKind, phase: Phase) -> tuple[str, str, str]:
    """What began, ended or was reached, whenever it was: one fact of a sort may be another's."""
    return kind, phase, transition.after.level.word if kind in _LEVELS else ""


_LEVELS = (AlertKind.ADVANCED, AlertKind.SETBACK)


def facts(transition: Transition) -> Iterator[tuple[AlertKind, Phase]]:
    """What there is to say about a transition, most telling first.

    The first assessment of a commitment is a beginning and says nothing by itself; opened
    conditions and events after it do.
    """
    before, after = transition.before, transition.after
    if before is None:
        return
    if after.status is not before.status:
        if after.status is Status.DELIVERED:
            yield AlertKind.DELIVERED, Phase.ONCE
        if after.status is Status.SUPERSEDED:
            yield AlertKind.SUPERSEDED, Phase.ONCE
    if after.standing is Standing.REVERSED and before.standing is not Standing.REVERSED:
        yield AlertKind.REVERSED, Phase.ONCE
    elif after.level < before.level:
        yield AlertKind.SETBACK, Phase.ONCE
    if after.level > before.level and after.level < Level.COMPLETE:
        yield AlertKind.ADVANCED, Phase.ONCE
    for kind in after.conditions:
        if kind not in before.conditions:
            yield AlertKind(kind.value), Phase.OPENED
    for kind in before.conditions:
        if kind not in after.conditions:
            yield AlertKind(kind.value), Phase.RESOLVED
