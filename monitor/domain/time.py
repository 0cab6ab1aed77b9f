"""Instants, durations and dates of limited precision.

An *instant* is a whole number of seconds since 1970-01-01T00:00:00Z. Integers keep the engine
exact (no float rounding, no naive datetimes) and are what the rule engine compares.

A reported date is rarely an instant: "2025", "2025-09" and "2025-09-04" are spans. `Occurred`
keeps the text as it was written; a span begins at its first second in the zone of the agreement
that reads it.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.zones import load_zone

if TYPE_CHECKING:
    from datetime import tzinfo

Instant = int
"""Seconds since 1970-01-01T00:00:00Z."""

Seconds = int

MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800

EARLIEST, LATEST = -62_135_510_400, 253_402_128_000
"""0001-01-02 and 9999-12-30: every zone can render what lies between."""

NEVER: Seconds = LATEST - EARLIEST
"""A duration that nothing lasts."""


class Precision(StrEnum):
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    SECOND = "second"


class Occurred(NamedTuple):
    """When something happened, as written, with the precision it was written in."""

    text: str
    precision: Precision

    def start(self, zone: str) -> Instant:
        """The first second of the span, read in `zone` (IANA name) where no offset was written."""
        return _span(self.text, zone)[0]

    def end(self, zone: str) -> Instant:
        """The first second after the span (equal to `start` + 1 for a date-time)."""
        return _span(self.text, zone)[1]


_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DATE_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DURATION = re.compile(r"(\d+)\s*(s|m|min|h|d|w|seconds?|minutes?|hours?|days?|weeks?)")
_UNITS = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}


@lru_cache(maxsize=65_536)
def parse_occurred(text: str) -> Occurred:
    """Read a year, a month, a date or a date-time.

    A date-time may carry an offset or Z; without one it is read in the agreement's zone.

    Raises:
        ValueError: no such form, or no such date; the message says which.
    """
    if match := _DATE.fullmatch(text):
        year, month, day = match.groups()
        _check_date(text, int(year), int(month or 1), int(day or 1))
        precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
        return Occurred(text, precision)
    if not _DATE_TIME.fullmatch(text):
        from monitor.domain.misdate import not_a_date  # noqa: PLC0415 - most texts are dates

        raise ValueError(not_a_date(text))
    _check_date(text, *(int(part) for part in text[:10].split("-")))
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r}: there is no such time of day") from None
    return Occurred(text, Precision.SECOND)


def _check_date(text: str, year: int, month: int, day: int) -> None:
    try:
        date(year, month, day)
    except ValueError:
        raise ValueError(f"{text!r}: there is no such date") from None


@lru_cache(maxsize=262_144)
def _span(text: str, zone: str) -> tuple[Instant, Instant]:
    tz = load_zone(zone)
    if match := _DATE.fullmatch(text):
        year, month, day = (int(part) if part else None for part in match.groups())
        assert year is not None  # noqa: S101 - the pattern has matched four digits
        first = date(year, month or 1, day or 1)
        if day:
            after = first + timedelta(days=1) if first < date.max else first
        elif month:
            after = date(year + month // 12, month % 12 + 1, 1) if year < 9999 else date.max
        else:
            after = date(year + 1, 1, 1) if year < 9999 else date.max
        return _midnight(first, tz), _midnight(after, tz)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=tz)
    seconds = int(moment.timestamp() // 1)
    return seconds, seconds + 1


def _midnight(day: date, tz: tzinfo) -> Instant:
    return int(datetime(day.year, day.month, day.day, tzinfo=tz).timestamp())


def midnight(day: date, zone: str) -> Instant:
    """The first second of a day of the calendar in `zone`."""
    return _midnight(day, load_zone(zone))


def unclear(occurred: Occurred, zone: str) -> str | None:
    """Whether a local time comes "twice" or "never" in `zone`, where the clocks are changed.

    One that comes twice means the first; one that never comes is read by the clock as it was
    before the change (PEP 495, fold 0).
    """
    if occurred.precision is not Precision.SECOND:
        return None
    moment = datetime.fromisoformat(occurred.text)
    if moment.tzinfo is not None:
        return None
    tz = load_zone(zone)
    first, second = (moment.replace(tzinfo=tz, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return None
    back = datetime.fromtimestamp(first.timestamp(), tz).replace(tzinfo=None)
    return "twice" if back == moment else "never"


def parse_duration(text: str) -> Seconds:
    """Read "90d", "12h", "2w", "90 days".

    Calendar months and years are not durations: they have no fixed length.

    Raises:
        ValueError: not a duration, zero, or longer than a century.
    """
    match = _DURATION.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a duration: write for instance 90d, 12h or 2w")
    seconds = int(match[1]) * _UNITS[match[2][0]]
    if not 0 < seconds <= 36_525 * DAY:
        raise ValueError(f"{text!r} must be more than nothing and at most a century")
    return seconds


def format_duration(seconds: Seconds) -> str:
    """The shortest exact text that `parse_duration` reads back; of `NEVER`: "never"."""
    if seconds == NEVER:
        return "never"
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def parse_moment(text: str, zone: str) -> Instant:
    """Read a point in time from a person.

    A year, month or date means its last second: whoever asks about a day means the whole of it.

    Raises:
        ValueError: not a date or date-time.
    """
    occurred = parse_occurred(text)
    if occurred.precision is Precision.SECOND:
        return occurred.start(zone)
    return occurred.end(zone) - 1


def format_instant(instant: Instant, zone: str) -> str:
    """ISO 8601 with the zone's offset."""
    return to_datetime(instant, zone).isoformat()


@lru_cache(maxsize=65_536)
def format_date(instant: Instant, zone: str) -> str:
    """The calendar date of an instant in `zone`."""
    return to_datetime(instant, zone).date().isoformat()


def to_datetime(instant: Instant, zone: str) -> datetime:
    """The aware datetime of an instant."""
    clamped = min(max(instant, EARLIEST), LATEST)
    return datetime.fromtimestamp(clamped, UTC).astimezone(load_zone(zone))
