"""Durations, dates, zones and numbers: how they are written and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from monitor.domain.time import Occurred, parse_duration, parse_occurred
from monitor.domain.zones import load_zone
from monitor.language.faults import did_you_mean, shorten
from monitor.language.forms import plain_type, refusal
from monitor.language.words import plain_text, remembered

MAX_NUMBER = Decimal(10) ** 12
PLACES = 6
"""Digits after the point that a number may have: the engine counts in millionths."""


def _duration(value: Any) -> int:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        hint = f"write {value}d for days, {value}w for weeks"
        raise refusal("bad-duration", f"{value} has no unit", hint)
    text = plain_text(value)
    if re.fullmatch(r"\d+\s*(mo|months?|y|yr|years?|q|quarters?)", text):
        hint = "count in days or weeks: 90d, 365d"
        raise refusal("bad-duration", f"'{shorten(text)}': months and years vary in length", hint)
    if not text.isascii() or len(text) > 30:
        text = shorten(text, 30) + "?"
    try:
        return parse_duration(text)
    except ValueError as error:
        raise refusal("bad-duration", str(error)) from None


DURATION_FORM: dict[str, Any] = {
    "type": "string",
    "pattern": r"^\s*0*[1-9][0-9]*\s*(s|m|min|h|d|w|seconds?|minutes?|hours?|days?|weeks?)\s*$",
    "examples": ["90d", "2w", "12h"],
}
Duration = Annotated[int, PlainValidator(remembered(_duration)), WithJsonSchema(DURATION_FORM)]


def _occurred(value: Any) -> Occurred:
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04d}"
    text = plain_text(value)
    if not text.isascii() or len(text) > 40:
        text = shorten(text, 40) + "?"
    try:
        occurred = parse_occurred(text)
        occurred.end("UTC")
    except (ValueError, OverflowError) as error:
        reason = str(error)
        hint = None
        if text not in reason:
            reason, hint = f"{text}: there is no such date ({reason})", None
        raise refusal("bad-date", reason, hint) from None
    return occurred


DATE_FORM: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2}([T ].+)?)?)?$"},
        {"type": "integer", "minimum": 1, "maximum": 9999},
    ],
    "examples": ["2025-08-23", "2025-12", "2025", "2025-09-04T15:30+09:00"],
}
Date = Annotated[Occurred, PlainValidator(_occurred), WithJsonSchema(DATE_FORM)]


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        hint = "write it without quotes and without a unit" if isinstance(value, str) else None
        raise refusal("not-a-number", f"must be a number, not {_shown(value)}", hint)
    number = Decimal(value)
    if abs(number) >= MAX_NUMBER:
        hint = "measure in a larger unit"
        raise refusal("number-out-of-range", "must be less than 10^12 in size", hint)
    if number != round(number, PLACES):
        hint = "round it, or measure in a smaller unit"
        raise refusal("number-too-fine", f"must have at most {PLACES} decimals", hint)
    return Decimal(f"{number.normalize():f}")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return "an infinite one"
    return f"'{shorten(value)}'" if isinstance(value, str) else plain_type(value)


Number = Annotated[
    Decimal,
    PlainValidator(_number),
    WithJsonSchema({"type": "number", "exclusiveMinimum": -1e12, "exclusiveMaximum": 1e12}),
]


_PERCENT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*%")


def percent_of(value: Any) -> Decimal:
    """A percentage as it is written: "55%" is 55."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        raise refusal("not-a-percentage", f"{value} has no unit", f"write {value}%")
    text = plain_text(value)
    match = _PERCENT.fullmatch(text)
    if not match or len(text) > 30:
        hint = "write for instance 55% or 12.5%"
        raise refusal("not-a-percentage", f"'{shorten(text, 30)}' is not a percentage", hint)
    number = Decimal(match[1])
    if not 0 <= number <= MAX_PERCENT:
        raise refusal("not-a-percentage", f"'{text}' must lie between 0% and {MAX_PERCENT}%")
    if number != round(number, PLACES):
        raise refusal("number-too-fine", f"must have at most {PLACES} decimals", "round it")
    return Decimal(f"{number.normalize():f}")


MAX_PERCENT = 1_000

Percent = Annotated[
    Decimal,
    PlainValidator(percent_of),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$",
            "examples": ["55%", "12.5%"],
        }
    ),
]
"""So many hundredths of a whole: 55% is 55."""


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            shown = shorten(str(value)) if isinstance(value, (int, str, Decimal)) else "this"
            raise refusal(
                "out-of-range", f"must be a whole number from {low} to {high}, not {shown}"
            )
        return value

    return read


Tier = Annotated[
    int,
    PlainValidator(_whole(1, 3)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 3}),
]
bound = _whole(0, 1_000)
some = _whole(1, 1_000)
Bound = Annotated[
    int,
    PlainValidator(bound),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 1_000}),
]


def _zone(value: Any) -> str:
    text = plain_text(value)
    try:
        load_zone(text)
    except ValueError as error:
        from zoneinfo import available_timezones  # noqa: PLC0415 - reads a directory tree: only here

        hint = did_you_mean(text, sorted(available_timezones()))
        hint = hint or "write an IANA name such as Asia/Tokyo or UTC"
        raise refusal("unknown-zone", str(error), hint) from None
    return text


Zone = Annotated[
    str,
    PlainValidator(_zone),
    WithJsonSchema({"type": "string", "examples": ["UTC", "Asia/Tokyo", "Europe/Berlin"]}),
]
