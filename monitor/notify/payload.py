"""What a receiver is told: an alert as a CloudEvents 1.0 event in structured JSON.

    specversion      "1.0"
    id               the alert's id: the same in every retry, the key to drop repetitions by
    source           /monitor/<agreement>
    type             monitor.alert.<kind>.<phase>, such as monitor.alert.stalled.opened
    subject          the commitment's key; absent where an alert is about a whole agreement
    time             when it happened in the world (not when it was found or sent), UTC
    datacontenttype  application/json
    data             version, kind, phase, message, severity, labels, agreement, commitment,
                     at, recorded, found_late, opening, details

In `data`, `at` and `recorded` are the two clocks (RFC 3339, UTC), `opening` is the id of the alert
that a resolution closes or a correction corrects, and `details` is the alert's own body. Keys may
be added under one `version`; a key that goes or changes its meaning raises it.

A message that tells several alerts, or one of them again, is an event of its own: its type is
monitor.message.<reason>, its source /monitor, its time that of the newest alert, and its data hold
version, reason and `alerts`, a list of {id, type} and the data of each.

Where a body would be larger than the receiver takes, `data.shortened` says what is not there: see
`monitor.notify.shortening`.

The type names no internet domain: CloudEvents recommends one, but the project owns none, and a
borrowed one would not be stable. It keeps to the letters that Standard Webhooks recommends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from monitor.domain.alert import Alert
from monitor.domain.message import MessageReason
from monitor.domain.time import to_datetime
from monitor.notify.canonical import canonical

if TYPE_CHECKING:
    from monitor.domain.message import Message
    from monitor.domain.time import Instant

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
"""As CloudEvents asks of an event in structured mode."""

DATA_VERSION = 1


def event(alert: Alert) -> dict[str, Any]:
    """The event of an alert, JSON-ready."""
    attributes: dict[str, Any] = {
        "specversion": "1.0",
        "id": alert.id,
        "source": f"/monitor/{quote(alert.agreement, safe='')}",
        "type": f"monitor.alert.{alert.kind.value}.{alert.phase.value}",
        "time": rfc3339(alert.at),
        "datacontenttype": "application/json",
        "data": _data(alert),
    }
    if alert.commitment:
        attributes["subject"] = alert.commitment
    return attributes


def _data(alert: Alert) -> dict[str, Any]:
    return {
        "version": DATA_VERSION,
        "kind": alert.kind.value,
        "phase": alert.phase.value,
        "message": alert.message,
        "severity": alert.severity,
        "labels": dict(alert.labels),
        "agreement": alert.agreement,
        "commitment": alert.commitment,
        "at": rfc3339(alert.at),
        "recorded": rfc3339(alert.recorded),
        "found_late": alert.found_late,
        "opening": alert.opening,
        "details": dict(alert.body),
    }


def message_event(message: Message) -> dict[str, Any]:
    """The event of a message, JSON-ready: that of its alert where it tells one for the first time.

    A test is not one: what it carries has not happened.
    """
    first = message.alerts[0]
    if message.id == first.id and message.reason is not MessageReason.TEST:
        return event(first)
    return {
        "specversion": "1.0",
        "id": message.id,
        "source": "/monitor",
        "type": f"monitor.message.{message.reason.value}",
        "time": rfc3339(max(alert.at for alert in message.alerts)),
        "datacontenttype": "application/json",
        "data": {
            "version": DATA_VERSION,
            "reason": message.reason.value,
            "alerts": [
                {"id": told["id"], "type": told["type"], **told["data"]}
                for told in map(event, message.alerts)
            ],
        },
    }


def encode(what: Alert | Message, limit: int | None = None) -> bytes:
    """The body to send: UTF-8, and the same bytes for the same message in every retry.

    A lone surrogate, which UTF-8 cannot carry, becomes a question mark: a damaged letter must not
    keep an alert from arriving.

    Args:
        what: an alert, or a message with its alerts.
        limit: the most octets it may have.

    Raises:
        ValueError: the alert's body holds what JSON has no word for.
    """
    made = event(what) if isinstance(what, Alert) else message_event(what)
    try:
        encoded = canonical(made)
        if limit is None or len(encoded) <= limit:
            return encoded
        from monitor.notify.shortening import shortened  # noqa: PLC0415 - hardly ever needed

        return canonical(shortened(made, limit))
    except TypeError as error:
        raise ValueError(f"alert {what.id} is not JSON: {error}") from error


def rfc3339(instant: Instant) -> str:
    """The instant in UTC, ending in Z."""
    return to_datetime(instant, "UTC").isoformat().replace("+00:00", "Z")
