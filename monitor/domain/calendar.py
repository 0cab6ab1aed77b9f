"""Which days are working days.

The holidays are those of the `holidays` package (https://github.com/vacanza/holidays), weekends and
working days that stand in for others included. It is loaded when the first such day is asked for:
most rulebooks count none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from holidays import HolidayBase

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """A day is a working day where it is one in every place named.

    `places` are codes of countries (ISO 3166: JP) and of their parts (US-CA); none: every day but
    Saturday and Sunday. `version` is that of the `holidays` package: what a newer one knows may
    move a date, which makes it a change of the rules.
    """

    places: tuple[str, ...] = ()
    version: str = ""

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        if not self.places:
            return day.weekday() < _SATURDAY
        return all(_of(place).is_working_day(day) for place in self.places)

    def after(self, day: date, count: int) -> date:
        """The working day number `count` after `day`, which is not counted itself."""
        while count:
            day += timedelta(days=1)
            count -= self.works(day)
        return day


PLAIN = Calendar()
"""Saturdays and Sundays are free, no other day is."""


@cache
def _of(place: str) -> HolidayBase:
    """The calendar of a country, or of a part of it.

    Raises:
        NotImplementedError: there is no such place.
    """
    import holidays  # noqa: PLC0415 - costs a tenth of a second

    country, _, part = place.partition("-")
    return holidays.country_holidays(country, subdiv=part or None)


@cache
def known_places() -> tuple[str, ...]:
    """Every code there is."""
    import holidays  # noqa: PLC0415 - costs a tenth of a second

    places: list[str] = []
    for country, parts in holidays.list_supported_countries().items():
        places += [country, *(f"{country}-{part}" for part in parts)]
    return tuple(places)


def calendar_of(places: tuple[str, ...]) -> Calendar:
    """The calendar of these places, as the installed `holidays` package knows it.

    Raises:
        NotImplementedError: it does not know one of them.
    """
    if not places:
        return PLAIN
    from holidays.version import __version__  # noqa: PLC0415 - costs a tenth of a second

    for place in places:
        _of(place)
    return Calendar(places, __version__)
