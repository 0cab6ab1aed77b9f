"""Values to columns and back. What goes in comes out equal."""

from __future__ import annotations

import json
from functools import lru_cache
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from monitor.domain.assessment import Assessment, Spelled, from_row
from monitor.domain.delivery import Delivery, DeliveryState
from monitor.domain.message import MessageReason
from monitor.domain.transition import Cause, Reason

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


encode_assessment = Spelled(to_json)
"""A list of its fields in order: transitions are many, and hold two of them each."""


@lru_cache(maxsize=4096)
def decode_assessment(text: str) -> Assessment:
    parts = json.loads(text)
    if isinstance(parts, list):
        return from_row(parts)
    # as it was written before schema 7
    return from_row([parts[name] for name in Assessment._fields])


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
    return decode_reasons_of(json.loads(text))


def decode_reasons_of(rows: Sequence[dict[str, Any]]) -> tuple[Reason, ...]:
    """Reasons that were read as a part of something else."""
    return tuple(map(_reason, rows))


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
