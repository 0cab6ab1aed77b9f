"""Recurring stretches of time: office hours, weekends, the hour of a digest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.domain.calendar import Calendar
from monitor.domain.time import DAY, to_datetime
from monitor.domain.zones import load_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.domain.time import Instant

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES = 24 * 60

_HORIZON = 400
"""Days in which an interval that ever opens does so: holidays and dates come once a year."""

_CHUNK = 7
_TIME = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Window:
    """Some hours of some days, in a zone.

    `weekdays` count from 0, Monday. `times` are (first, after) minutes of the day; where `after` is
    not later than `first` they go on into the next day, and none means the whole day. `dates` are
    (first, last) days, none: always. `calendar` are places: only what is a working day in each.
    """

    zone: str = "UTC"
    weekdays: frozenset[int] = frozenset()
    times: tuple[tuple[int, int], ...] = ()
    dates: tuple[tuple[date, date], ...] = ()
    calendar: tuple[str, ...] = ()

    def contains(self, instant: Instant) -> bool:
        """Whether it is open."""
        local = to_datetime(instant, self.zone)
        today, minute = local.date(), local.hour * 60 + local.minute
        for first, after in self.times or ((0, MINUTES),):
            if after > first:
                if first <= minute < after and self.has(today):
                    return True
            elif (minute >= first and self.has(today)) or (
                minute < after and self.has(today - timedelta(days=1))
            ):
                return True
        return False

    def has(self, day: date) -> bool:
        """Whether it opens at all on a day."""
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        if self.dates and not any(first <= day <= last for first, last in self.dates):
            return False
        if self.calendar:
            return Calendar(self.calendar).works(day)
        return True

    def turns(self, day: date) -> Iterator[Instant]:
        """The instants at which it may open or close, of those that belong to a day."""
        for first, after in self.times or ((0, MINUTES),):
            yield at_minute(day, first, self.zone)
            late = after <= first
            yield at_minute(day + timedelta(days=late), after, self.zone)


@dataclass(frozen=True, slots=True)
class Interval:
    """A named one: open where any of its windows is."""

    name: str
    windows: tuple[Window, ...]

    def contains(self, instant: Instant) -> bool:
        return any(window.contains(instant) for window in self.windows)


@dataclass(frozen=True, slots=True)
class Digest:
    """When a digest is due: at a minute of every day, or of one weekday, in a zone."""

    minute: int = 9 * 60
    weekday: int | None = None
    zone: str = "UTC"

    def next(self, instant: Instant) -> Instant:
        """The first at this instant or after it."""
        today = to_datetime(instant, self.zone).date()
        for ahead in range(9):
            day = today + timedelta(days=ahead)
            if self.weekday in (None, day.weekday()):
                due = at_minute(day, self.minute, self.zone)
                if due >= instant:
                    return due
        raise AssertionError("a week has every weekday")  # pragma: no cover

    def __str__(self) -> str:
        day = "daily" if self.weekday is None else f"weekly on {WEEKDAYS[self.weekday]}"
        return f"{day} at {self.minute // 60:02}:{self.minute % 60:02} {self.zone}"


def at_minute(day: date, minute: int, zone: str) -> Instant:
    """The instant of a minute of the clock on a day; of one that is skipped, the one after it."""
    moment = datetime(day.year, day.month, day.day, tzinfo=load_zone(zone))
    wall = (moment.replace(tzinfo=None) + timedelta(minutes=minute)).replace(tzinfo=moment.tzinfo)
    return int(wall.timestamp())


def is_open(active: Sequence[Interval], mute: Sequence[Interval], instant: Instant) -> bool:
    """Whether an instant is inside any of `active` (none: always) and outside all of `mute`."""
    if active and not any(interval.contains(instant) for interval in active):
        return False
    return not any(interval.contains(instant) for interval in mute)


def next_open(
    active: Sequence[Interval], mute: Sequence[Interval], instant: Instant
) -> Instant | None:
    """The first instant from this one on that is open; None: none in the next 400 days."""
    if is_open(active, mute, instant):
        return instant
    windows = [window for interval in (*active, *mute) for window in interval.windows]
    return _first(windows, instant, lambda at: is_open(active, mute, at))


def next_close(window: Window, instant: Instant) -> Instant:
    """The first instant after this one at which a window is not open; a far one if it never is."""
    found = _first([window], instant, lambda at: not window.contains(at))
    return instant + _HORIZON * DAY if found is None else found


def _first(
    windows: Sequence[Window], instant: Instant, wanted: Callable[[Instant], bool]
) -> Instant | None:
    """The first turn of any window after an instant for which something holds.

    Days are looked at a week at a time, with two days more on either side, because a day begins at
    different instants in different zones.
    """
    today = datetime.fromtimestamp(instant, UTC).date()
    for week in range(0, _HORIZON, _CHUNK):
        limit = instant + (week + _CHUNK) * DAY
        days = [today + timedelta(days=week + n) for n in range(-2, _CHUNK + 2)]
        turns = {turn for window in windows for day in days for turn in window.turns(day)}
        for turn in sorted(turns):
            if instant < turn <= limit and wanted(turn):
                return turn
    return None


def parse_time(text: str) -> int:
    """Read "09:30" as minutes of the day; "24:00" is its end.

    Raises:
        ValueError: it is no time of day.
    """
    match = _TIME.fullmatch(text.strip())
    minutes = int(match[1]) * 60 + int(match[2]) if match else MINUTES + 1
    if match is None or int(match[2]) > 59 or minutes > MINUTES:
        raise ValueError(f"{text!r} is no time of day: write for instance 09:30")
    return minutes


def parse_times(text: str) -> tuple[int, int]:
    """Read "09:00-18:00".

    Raises:
        ValueError: it is no stretch of a day.
    """
    first, dash, after = text.partition("-")
    if not dash:
        raise ValueError(f"{text!r} is no stretch of a day: write for instance 09:00-18:00")
    span = parse_time(first), parse_time(after)
    if span[0] == span[1] or span[0] == MINUTES:
        raise ValueError(f"{text!r} has no length")
    return span


def parse_weekdays(text: str) -> frozenset[int]:
    """Read "mon-fri", "sat" or "fri-mon".

    Raises:
        ValueError: they are no weekdays.
    """
    first, dash, last = (part.strip().lower() for part in text.partition("-"))
    for word in (first, last) if dash else (first,):
        if word not in WEEKDAYS:
            raise ValueError(f"{word!r} is no weekday: it is {', '.join(WEEKDAYS)}")
    start = WEEKDAYS.index(first)
    end = WEEKDAYS.index(last) if dash else start
    return frozenset((start + n) % 7 for n in range((end - start) % 7 + 1))


@lru_cache(maxsize=1024)
def parse_window(text: str, zone: str) -> Window:
    """Read "sat-sun", "mon-fri 18:00-09:00" or "22:00-06:00", several separated by commas.

    Raises:
        ValueError: it cannot be read.
    """
    weekdays: frozenset[int] = frozenset()
    times: tuple[tuple[int, int], ...] = ()
    for word in text.replace(",", " ").split():
        if word[0].isdigit():
            times += (parse_times(word),)
        else:
            weekdays |= parse_weekdays(word)
    if not weekdays and not times:
        raise ValueError("write for instance 'sat-sun' or 'mon-fri 18:00-09:00'")
    return Window(zone, weekdays, times)
