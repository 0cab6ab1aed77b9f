"""Values to columns and back. What goes in comes out equal."""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.assessment import (
    Activity,
    Assessment,
    ConditionKind,
    Level,
    Schedule,
    Spelled,
    Standing,
    Status,
)
from monitor.domain.delivery import Delivery, DeliveryState
from monitor.domain.message import MessageReason
from monitor.domain.transition import Cause, Reason
from monitor.store.dialect import nul_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.store.session import Row

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Compact, in the letters it was written in."""

_quote = encode_basestring
"""One text, as `to_json` writes it."""

Pairs = tuple[tuple[str, str], ...]

# To look a member up here costs a fifth of asking its class.
_CAUSES = {cause.value: cause for cause in Cause}


@lru_cache(maxsize=4096)
def encode_pairs(pairs: Pairs) -> str:
    return to_json(pairs)


def decode_pairs(text: str) -> Pairs:
    return tuple(map(tuple, json.loads(text)))


def _encode_assessment(assessment: Assessment) -> str:
    return to_json(
        {
            "level": int(assessment.level),
            "activity": assessment.activity,
            "schedule": assessment.schedule,
            "standing": assessment.standing,
            "status": assessment.status,
            "last_known": assessment.last_known,
            "conditions": assessment.conditions,
        }
    )


encode_assessment = Spelled(_encode_assessment)


@lru_cache(maxsize=4096)
def decode_assessment(text: str) -> Assessment:
    parts = json.loads(text)
    return Assessment(
        Level(parts["level"]),
        Activity(parts["activity"]),
        Schedule(parts["schedule"]),
        Standing(parts["standing"]),
        Status(parts["status"]),
        Status(parts["last_known"]),
        tuple(ConditionKind(kind) for kind in parts["conditions"]),
    )


def encode_reasons(reasons: tuple[Reason, ...]) -> str:
    """A list of objects without what is missing."""
    return f"[{','.join(map(_encode_reason, reasons))}]"


def _encode_reason(reason: Reason) -> str:
    """Put together by hand, which takes a third of the time, because every transition has some."""
    cause, words, rule, where, updates, numbers, severity, labels, message = reason
    text = f'{{"cause":"{cause._value_}","text":{_quote(words)}'
    if rule is not None:
        text += f',"rule":{_quote(rule)}'
    if where is not None:
        text += f',"where":{_quote(where)}'
    if updates:
        text += f',"updates":[{",".join(map(_quote, updates))}]'
    if numbers:
        text += f',"numbers":{to_json(numbers)}'
    if severity is not None:
        text += f',"severity":{_quote(severity)}'
    if labels:
        text += f',"labels":{to_json(labels)}'
    if message is not None:
        text += f',"message":{_quote(message)}'
    return text + "}"


@lru_cache(maxsize=4096)
def decode_reasons(text: str) -> tuple[Reason, ...]:
    return tuple(_reason(parts) for parts in json.loads(text))


def _reason(parts: dict[str, Any]) -> Reason:
    get = parts.get
    return Reason(
        _CAUSES[parts["cause"]],
        parts["text"],
        get("rule"),
        get("where"),
        tuple(get("updates", ())),
        tuple(map(tuple, get("numbers", ()))),
        get("severity"),
        tuple(map(tuple, get("labels", ()))),
        get("message"),
    )


ALERT_COLUMNS = (
    *("id", "kind", "phase", "at", "agreement", "commitment", "transition", "severity", "labels"),
    *("message", "body", "recorded", "opening", "found_late"),
)
"""In the order of the fields of `Alert`."""


def encode_alerts(alerts: Sequence[Alert]) -> list[Row]:
    """One row each, in the order of `ALERT_COLUMNS`.

    Raises:
        InputError: a text contains NUL.
    """
    # What reads alerts has no use for it.
    from pydantic_core import PydanticSerializationError  # noqa: PLC0415
    from pydantic_core import to_json as dump  # noqa: PLC0415

    rows = []
    for alert in alerts:
        # fmt: off
        (
            id_, kind, phase, at, agreement, commitment, transition, severity, labels, message,
            body, recorded, opening, late,
        ) = alert
        # fmt: on
        try:
            told = dump(body).decode()
        except PydanticSerializationError:  # half a character: `many` says so in words
            told = to_json(body)
        # fmt: off
        rows.append((
            id_, kind._value_, phase._value_, at, agreement, commitment, transition, severity,
            encode_pairs(labels), message, told, recorded, opening, int(late),
        ))
        # fmt: on
        if "\0" in f"{id_}{agreement}{commitment}{transition}{severity}{message}{opening}":
            raise nul_error()
    return rows


def decode_alert(row: Row) -> Alert:
    """The alert of a row in the order of `ALERT_COLUMNS`."""
    return Alert(
        row[0],
        AlertKind(row[1]),
        Phase(row[2]),
        row[3],
        row[4],
        row[5],
        row[6],
        row[7],
        decode_pairs(row[8]),
        row[9],
        json.loads(row[10]),
        row[11],
        row[12],
        bool(row[13]),
    )


DELIVERY_COLUMNS = (
    *("id", "alert", "receiver", "state", "attempts", "next_attempt", "created", "delivered"),
    *("status", "error", "message", "reason", "more"),
)
"""In the order of the fields of `Delivery`."""


def decode_delivery(row: Row) -> Delivery:
    """The delivery of a row that begins with `DELIVERY_COLUMNS`."""
    delivery = Delivery._make(row[: len(DELIVERY_COLUMNS)])
    return delivery._replace(
        state=DeliveryState(delivery.state), reason=MessageReason(delivery.reason)
    )
