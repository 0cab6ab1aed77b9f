"""The shape of `monitor run -o json` and of what it has in common with `ingest`. Version 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.account import axes, reason_body
from monitor.domain.time import format_instant

if TYPE_CHECKING:
    from monitor.domain.alert import Alert
    from monitor.domain.records import StoredTransition
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.assessment.step import StepReport
    from monitor.services.delivery.report import DeliveryReport
    from monitor.services.run import RunReport

VERSION = 1


def run_shape(report: RunReport, last: Instant | None) -> dict[str, Any]:
    """A run, JSON-ready. Every instant is RFC 3339 in UTC.

    {version, now,
     updates: {new, known, conflicts, unrouted, refused},
     transitions: [{id, commitment, at, found_late, before, after, reasons}],
     withdrawn: [{id, commitment, at, recorded}],
     rewritten,
     alerts: [{id, kind, phase, at, recorded, agreement, commitment, transition, severity, labels,
               message, found_late, opening}],
     deliveries: null | {delivered, retrying, dead, held, waiting, disabled, errors}}

    `before` is null for the first assessment of a commitment, else like `after`: {status, level,
    activity, schedule, standing, last_known, conditions}. `reasons` are {cause, text, rule, where,
    updates, numbers}, without what is empty. `deliveries` is null where no receiver is configured.
    """
    refused = sum(len(one.rejects) for one in report.collected)
    return {
        "version": VERSION,
        **step_shape(report.step, last, refused),
        "deliveries": None if report.delivery is None else delivery_shape(report.delivery),
    }


def step_shape(step: StepReport, last: Instant | None, refused: int) -> dict[str, Any]:
    """What a step found, JSON-ready: everything of a run but its deliveries."""
    return {
        "now": utc(step.now),
        "updates": {
            "new": step.updates,
            "known": step.duplicates,
            "conflicts": len(step.conflicts),
            "unrouted": step.unrouted,
            "refused": refused,
        },
        "transitions": [transition_shape(transition, last) for transition in step.transitions],
        "withdrawn": [_withdrawn(row) for row in step.withdrawn],
        "rewritten": step.rewritten,
        "alerts": [alert_shape(alert) for alert in step.alerts],
    }


def transition_shape(transition: Transition, last: Instant | None) -> dict[str, Any]:
    before = transition.before
    return {
        "id": transition.id,
        "commitment": transition.commitment,
        "at": utc(transition.at),
        "found_late": last is not None and transition.at <= last,
        "before": None if before is None else axes(before),
        "after": axes(transition.after),
        "reasons": [reason_body(reason) for reason in transition.reasons],
    }


def _withdrawn(row: StoredTransition) -> dict[str, Any]:
    return {
        "id": row.transition.id,
        "commitment": row.transition.commitment,
        "at": utc(row.transition.at),
        "recorded": utc(row.recorded),
    }


def alert_shape(alert: Alert) -> dict[str, Any]:
    """An alert without its body, JSON-ready."""
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "phase": alert.phase.value,
        "at": utc(alert.at),
        "recorded": utc(alert.recorded),
        "agreement": alert.agreement,
        "commitment": alert.commitment,
        "transition": alert.transition,
        "severity": alert.severity,
        "labels": dict(alert.labels),
        "message": alert.message,
        "found_late": alert.found_late,
        "opening": alert.opening,
    }


def delivery_shape(delivery: DeliveryReport) -> dict[str, Any]:
    """What a round of deliveries did, JSON-ready: the first four are counts, the rest by name."""
    return {
        "delivered": delivery.delivered,
        "retrying": delivery.retrying,
        "dead": delivery.dead,
        "held": delivery.held,
        "waiting": dict(delivery.waiting),
        "disabled": dict(delivery.disabled),
        "errors": dict(delivery.errors),
    }


def utc(instant: Instant) -> str:
    return format_instant(instant, "UTC").replace("+00:00", "Z")
