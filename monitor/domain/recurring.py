"""What is due again and again: every so often, from a day on, for ever or until another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.domain.due import Span, Unit, months_after
from monitor.domain.time import LATEST, Instant, Occurred, midnight, to_datetime


@dataclass(frozen=True, slots=True)
class Recurring:
    """Again and again: on the day so long after `first`, then so long after that, to `until`.

    `first` None: the commitment's own date. `every` counts days or months.
    """

    every: Span
    first: Occurred | None = None
    until: Occurred | None = None

    @property
    def text(self) -> str:
        """As people say it."""
        until = "" if self.until is None else f" until {self.until.text}"
        return (
            f"every {self.every.text} from {self.first.text if self.first else 'its start'}{until}"
        )


class Periods:
    """The periods of something recurring, numbered from 1, each with the date that ends it."""

    __slots__ = ("_every", "_first", "_zone", "begin", "last")

    def __init__(self, recurring: Recurring, start: Instant, zone: str) -> None:
        first = recurring.first
        self._every, self._zone = recurring.every, zone
        self.begin = start if first is None else first.start(zone)
        self._first = to_datetime(self.begin, zone).date()
        self.last: int | None = None
        if recurring.until is not None:
            end = recurring.until.end(zone)
            self.last = self.number(end) - 1

    @property
    def any(self) -> bool:
        """Whether there is one at all: `until` may come before the first date."""
        return self.last is None or self.last > 0

    def end(self, number: int) -> Instant:
        """The first instant after the date that ends a period."""
        count = number * self._every.count
        try:
            if self._every.unit is Unit.MONTH:
                day = months_after(self._first, count)
            else:
                day = self._first + timedelta(days=count)
            return midnight(day + timedelta(days=1), self._zone)
        except (OverflowError, ValueError):
            return LATEST  # after the year 9999

    def number(self, instant: Instant) -> int:
        """The period in which an instant lies; 0: before the first."""
        if instant < self.begin:
            return 0
        day = to_datetime(instant, self._zone).date()
        if self._every.unit is Unit.MONTH:
            apart = (day.year - self._first.year) * 12 + day.month - self._first.month
        else:
            apart = (day - self._first).days
        number = max(apart // self._every.count, 1)
        while number > 1 and instant < self.end(number - 1):
            number -= 1
        while self.end(number) <= instant < LATEST:
            number += 1
        return number

    def elapsed(self, instant: Instant) -> int:
        """How many of them are over."""
        over = max(self.number(instant) - 1, 0)
        return over if self.last is None else min(over, self.last)
