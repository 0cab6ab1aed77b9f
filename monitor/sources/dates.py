"""When it happened and when it was learned, as records write it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from monitor.domain.time import DAY, Occurred, Precision, parse_occurred

if TYPE_CHECKING:
    from monitor.domain.time import Instant

EASTMOST = "Etc/GMT-14"
"""UTC+14, where every date begins first. A date without a zone cannot have begun before that."""

_FORM = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)"
    r"([T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)


@lru_cache(maxsize=65_536)
def read_occurred(text: str) -> Occurred:
    """Read a year, a month, a date or a date-time in the extended ISO 8601 form.

    Stricter than the domain, which trusts its callers: ASCII digits only, no week dates, no
    compact forms, and the years 0002 to 9998, so that every zone can show it.

    Raises:
        ValueError: no such form, or no such date; the message says which.
    """
    match = _FORM.fullmatch(text)
    if not match:
        raise ValueError(_explained(text))
    year, month, day, clock = match.groups()
    if not "0001" < year < "9999":
        raise ValueError(f"{text}: there is no such year here, only 0002 to 9998")
    if month and not "01" <= month <= "12":
        raise ValueError(f"{text}: there is no such month")
    try:
        if not clock:
            return parse_occurred(text)
        # What parse_occurred would do, without asking for the form again: stamps seldom repeat,
        # so that the cache does not help them.
        datetime.fromisoformat(text)
        return Occurred(text, Precision.SECOND)
    except ValueError:
        raise ValueError(f"{text}: there is no such {_what(text, day, clock)}") from None


def read_recorded(text: str, zone: str, now: Instant) -> Instant:
    """When an archive learned of it: a date-time, or the last second of a day, month or year.

    A span that has begun but not ended was learned by now.

    Args:
        text: as written; without an offset it is read in `zone`.
        zone: an IANA name.
        now: the present.

    Raises:
        ValueError: not a date, or after `now`.
    """
    moment = read_occurred(text)
    start = moment.start(zone)
    if start > now:
        raise ValueError(f"recorded_at {text} is in the future")
    if moment.precision is Precision.SECOND:
        return start
    return min(moment.end(zone) - 1, now)


def _explained(text: str) -> str:
    from monitor.domain.misdate import not_a_date  # noqa: PLC0415 - most files hold no such text

    return not_a_date(text)


def begins_by(occurred: Occurred, instant: Instant) -> bool:
    """Somewhere on earth `occurred` has begun by `instant`."""
    return occurred.start(EASTMOST) <= instant


def surely_past(now: Instant) -> str:
    """Any date text that sorts before this one has begun by `now`, in whatever zone.

    Comparing texts spares the hot path a conversion: ISO dates sort like time, and no offset moves
    a date by a whole day.
    """
    return datetime.fromtimestamp(now - DAY, UTC).date().isoformat()


def _what(text: str, day: str | None, clock: str | None) -> str:
    if not day or not clock:
        return "day"
    try:
        parse_occurred(text[:10])
    except ValueError:
        return "day"
    return "time"
