"""The IANA time zones, by name."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo


@cache
def load_zone(name: str) -> ZoneInfo:
    """An IANA zone by name.

    Raises:
        ValueError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error
