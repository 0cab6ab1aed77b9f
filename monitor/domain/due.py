"""By when: a date, or so long after something."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.domain.calendar import PLAIN, Calendar
from monitor.domain.time import (
    LATEST,
    Instant,
    Occurred,
    Precision,
    Seconds,
    midnight,
    parse_duration,
    to_datetime,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


class Unit(StrEnum):
    SECOND = "second"
    DAY = "day"
    WORKING_DAY = "working day"
    MONTH = "month"


_MOST = {Unit.DAY: 36_525, Unit.WORKING_DAY: 2_600, Unit.MONTH: 1_200}
_SPAN = re.compile(
    r"(\d+)\s*(working days?|business days?|d|w|days?|weeks?|months?|quarters?|y|years?)"
)
_SIZES = {"w": 7, "q": 3, "y": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """So many days, working days or months of the calendar, or exact seconds."""

    count: int
    unit: Unit
    text: str

    def after(self, begun: Instant, zone: str, calendar: Calendar) -> Instant:
        """The first instant that is later than so long after `begun`.

        Days, working days and months are those of the calendar in `zone`, whatever the clocks do
        in between; the day of `begun` is not counted, and the last day belongs to the span whole.
        A month later is the same day of the month, or its last one where it is shorter.
        """
        return _after(self, begun, zone, calendar)


@lru_cache(maxsize=65_536)
def _after(span: Span, begun: Instant, zone: str, calendar: Calendar) -> Instant:
    if span.unit is Unit.SECOND:
        return begun + span.count
    day = to_datetime(begun, zone).date()
    try:
        if span.unit is Unit.MONTH:
            last = months_after(day, span.count)
        elif span.unit is Unit.WORKING_DAY:
            last = calendar.after(day, span.count)
        else:
            last = day + timedelta(days=span.count)
        return midnight(last + timedelta(days=1), zone)
    except (OverflowError, ValueError):
        return LATEST  # after the year 9999


def months_after(day: date, count: int) -> date:
    """The same day of the month, or the last of a month that is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_span(text: str) -> Span:
    """Read "90d", "6 months", "10 working days", "48h".

    Raises:
        ValueError: not a span, zero, or longer than a century (ten years of working days).
    """
    short = " ".join(text.split())
    match = _SPAN.fullmatch(short)
    if match is None:
        return Span(_seconds(short), Unit.SECOND, short)
    word = match[2]
    unit = Unit.MONTH if word[0] in "mqy" else Unit.DAY
    if word.startswith(("working", "business")):
        unit = Unit.WORKING_DAY
    count = int(match[1]) * (1 if unit is Unit.WORKING_DAY else _SIZES.get(word[0], 1))
    if not 0 < count <= _MOST[unit]:
        most = "ten years" if unit is Unit.WORKING_DAY else "a century"
        raise ValueError(f"{short!r} must be more than nothing and at most {most}")
    return Span(count, unit, short)


def _seconds(text: str) -> Seconds:
    try:
        return parse_duration(text)
    except ValueError as error:
        if "is not a duration" not in str(error):
            raise
        forms = "90d, 10 working days, 6 months or 48h"
        raise ValueError(f"{text!r} is not a span of time: write for instance {forms}") from None


@dataclass(frozen=True, slots=True)
class After:
    """Within a span after something.

    `milestone`: after it is done, so there is no date before that; else after `date`, and without
    one after the commitment's own date.
    """

    span: Span
    milestone: str | None = None
    date: Occurred | None = None
    calendar: Calendar = PLAIN

    @property
    def text(self) -> str:
        """As people say it."""
        if self.milestone is not None:
            return f"{self.span.text} after the milestone {self.milestone}"
        return f"{self.span.text} after {'its start' if self.date is None else self.date.text}"

    def fixed(self, start: Instant, zone: str) -> Instant:
        """The end, where it does not wait for a milestone. `start` is the commitment's."""
        begun = start
        if self.date is not None:
            begun = self.date.start(zone)
            if self.date.precision is not Precision.SECOND:
                # a day, a month or a year is over with its last second
                begun = self.date.end(zone) - (self.span.unit is not Unit.SECOND)
        return self.span.after(begun, zone, self.calendar)

    def once(self, done: Instant, zone: str) -> Instant:
        """The end, where the milestone was done at `done`."""
        return self.span.after(done, zone, self.calendar)


Due = Occurred | After


@dataclass(frozen=True, slots=True)
class Move:
    """A date was moved to another one: on which day, by whom, and where that can be read."""

    to: Occurred
    on: Occurred
    by: str
    url: str = ""


def fixed_end(due: Due | None, start: Instant, zone: str) -> Instant | None:
    """The first instant after a date; None where there is none, or none yet."""
    if isinstance(due, After):
        return None if due.milestone is not None else due.fixed(start, zone)
    return None if due is None else due.end(zone)


def circle(waits: Mapping[str, str]) -> list[str] | None:
    """Names that wait for each other, the first one again at the end; None where none do.

    Args:
        waits: what each name waits for.
    """
    for name in waits:
        trail = [name]
        while (following := waits.get(trail[-1])) is not None:
            if following in trail:
                return [*trail[trail.index(following) :], following]
            trail.append(following)
    return None
