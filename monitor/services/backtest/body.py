"""The JSON of `monitor backtest`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.account import axes, reason_body
from monitor.domain.assessment import Status
from monitor.domain.time import DAY, format_duration, format_instant
from monitor.services.views.history import changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.time import Seconds
    from monitor.domain.transition import Transition
    from monitor.services.backtest.replay import Backtest, Course


_ORDER = tuple(Status)


class Edition(NamedTuple):
    """One version of the rules: what it was asked for by, and the commit it is of, if any."""

    name: str
    commit: str | None
    hash: str


def backtest_body(
    found: Backtest, rules: Edition, zone: str, score: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The JSON of `monitor backtest`, version 1.

    `{version, from, to, cadence, rules: {name, commit, hash}, updates, reports, commitments: [{id,
    agreement, title, from, status, days, transitions: [{id, at, before, after, changes, reasons}],
    alerts: [{id, kind, phase, at, told, severity, message, opening}]}], ahead, totals:
    {commitments, transitions, alerts, alerts_by_kind: [{kind, phase, n}], days, commitment_days},
    score}`.
    `days` maps headlines to days, to a hundredth. Instants are in `zone`, those of a commitment in
    its agreement's. `ahead` are the commitments that begin after the span. `score` is null where
    nothing is labelled.
    """
    return {
        **head(found, zone),
        "rules": rules._asdict(),
        "updates": found.updates,
        "reports": found.reports,
        "commitments": [_course(course) for course in found.courses],
        "ahead": [commitment.key for commitment in found.ahead],
        "totals": totals(found),
        "score": score,
    }


def head(found: Backtest, zone: str) -> dict[str, Any]:
    """What was replayed, and how."""
    return {
        "version": 1,
        "from": format_instant(found.span.first, zone),
        "to": format_instant(found.span.last, zone),
        "cadence": format_duration(found.cadence),
    }


def totals(found: Backtest) -> dict[str, Any]:
    """Over all commitments."""
    told = found.told
    return {
        "commitments": len(found.courses),
        "transitions": sum(len(course.transitions) for course in found.courses),
        "alerts": sum(told.values()),
        "alerts_by_kind": [
            {"kind": kind.value, "phase": phase.value, "n": n}
            for (kind, phase), n in sorted(told.items())
        ],
        "days": days(found.seconds),
        "commitment_days": _days(sum(found.seconds.values())),
    }


def days(seconds: Mapping[Status, Seconds]) -> dict[str, float]:
    """Headlines in their published order, those that stood at all."""
    return {status.value: _days(seconds[status]) for status in _ORDER if seconds.get(status)}


def _days(seconds: Seconds) -> float:
    return round(seconds / DAY, 2)


def _course(course: Course) -> dict[str, Any]:
    commitment = course.commitment
    zone = commitment.zone
    return {
        "id": commitment.id,
        "agreement": commitment.agreement,
        "title": commitment.title,
        "from": format_instant(course.spells[0].since, zone),
        "status": course.spells[-1].status.value,
        "days": days(course.seconds),
        "transitions": transitions_body(course.transitions, zone),
        "alerts": alerts_body(course.alerts, zone),
    }


def transitions_body(transitions: Sequence[Transition], zone: str) -> list[dict[str, Any]]:
    """As `monitor history` shows them, without what only a store knows."""
    return [
        {
            "id": t.id,
            "at": format_instant(t.at, zone),
            "before": None if t.before is None else axes(t.before),
            "after": axes(t.after),
            "changes": [change._asdict() for change in changes(t)],
            "reasons": [reason_body(reason) for reason in t.reasons],
        }
        for t in transitions
    ]


def alerts_body(alerts: Sequence[Alert], zone: str) -> list[dict[str, Any]]:
    """What receivers would have been told, and when."""
    return [
        {
            "id": alert.id,
            "kind": alert.kind.value,
            "phase": alert.phase.value,
            "at": format_instant(alert.at, zone),
            "told": format_instant(alert.recorded, zone),
            "severity": alert.severity,
            "message": alert.message,
            "opening": alert.opening,
        }
        for alert in alerts
    ]
