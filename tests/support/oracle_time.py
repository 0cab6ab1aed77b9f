"""The oracle's reading of time: which days somebody watched, and when a span of days ends."""

from datetime import date, timedelta
from functools import cache

import holidays

from monitor.domain.due import After, Unit

DAY = 86_400
NEVER = -(10**14)
"""Before anything that a case can hold, in seconds."""


class Watched:
    """The coverage of one agreement; its spans begin and end with days."""

    def __init__(self, agreement, rows):
        self.assumed = agreement.coverage.assumed
        self.grace = agreement.coverage.grace
        self.spans = [
            (NEVER if r.since is None else r.since, r.until)
            for r in rows
            if r.agreement in (None, agreement.id) and (r.since is None or r.until > r.since)
        ]

    def covered(self, at):
        """Whether an instant is watched, or within the grace of a span that was."""
        return self.assumed or any(a <= at < b + self.grace for a, b in self.spans)

    def seen(self, at):
        """The last instant up to `at` that somebody has come to see."""
        if self.assumed:
            return at
        return max((min(at, b) for a, b in self.spans if a <= at), default=NEVER)

    def between(self, since, at):
        """How many seconds of a time somebody was looking, found day by day."""
        return sum(
            min(at, day + DAY) - max(since, day)
            for day in range(since // DAY * DAY, at, DAY)
            if self.assumed or any(a <= day < b for a, b in self.spans)
        )


@cache
def end_of(after, begun):
    """The end of a span that begins on a day, found by walking through the days after it."""
    first = date(1970, 1, 1) + timedelta(days=begun // DAY)
    if after.span.unit is Unit.MONTH:
        months = first.year * 12 + first.month - 1 + after.span.count
        for number in range(first.day, 0, -1):
            try:
                found = date(months // 12, months % 12 + 1, number)
            except ValueError:
                continue
            return midnight_after(found)
    left, day = after.span.count, first
    while left:
        day += timedelta(days=1)
        if after.span.unit is Unit.DAY or works(day, after.calendar.places):
            left -= 1
    return midnight_after(day)


def fixed_end(due, start):
    """The first instant after a date that waits for nothing; None where there is no date."""
    if due is None:
        return None
    if not isinstance(due, After):
        return due.end("UTC")
    return end_of(due, start if due.date is None else due.date.end("UTC") - 1)


def midnight_after(day):
    return ((day - date(1970, 1, 1)).days + 1) * DAY


@cache
def works(day, places):
    if not places:
        return day.isoweekday() <= 5
    free = [holidays.country_holidays(place, years=day.year) for place in places]
    return not any(day in one or day.weekday() in one.weekend for one in free)
