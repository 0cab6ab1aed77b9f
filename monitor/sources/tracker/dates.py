"""Dates as trackers write them: ISO 8601, or by a format that the mapping names."""

from __future__ import annotations

import re
from datetime import datetime

from monitor.domain.time import Occurred, parse_occurred
from monitor.sources.dates import read_occurred

_DIRECTIVE = re.compile(r"%(.)")
_DAYS, _MONTHS, _YEARS = set("d"), set("mbB"), set("Yy")
_ALLOWED = _DAYS | _MONTHS | _YEARS | set("HMSIpAaf%")
_SPACES = re.compile(r"\s+")


def check_format(text: str) -> None:
    """A format names a year, and a month where it names a day.

    Raises:
        ValueError: it does not, or it holds what is no part of a date.
    """
    found = set(_DIRECTIVE.findall(text))
    if odd := sorted(found - _ALLOWED):
        raise ValueError(f"{text!r}: %{odd[0]} is no part of a date: write for instance %d/%m/%Y")
    if not found & _YEARS:
        raise ValueError(f"{text!r} names no year: write for instance %d/%m/%Y")
    if found & _DAYS and not found & _MONTHS:
        raise ValueError(f"{text!r} names a day but no month: write for instance %d/%m/%Y")


def read_date(text: str, formats: tuple[str, ...]) -> Occurred:
    """A date as precise as it was written; what a format says about hours is left out.

    ISO 8601 is read first: it cannot be meant otherwise. Names of months are English.

    Raises:
        ValueError: it is of no form.
    """
    plain = _SPACES.sub(" ", text.strip())
    try:
        return read_occurred(plain)
    except ValueError as error:
        told = str(error)
    for form in formats:
        try:
            day = datetime.strptime(plain, form).date()  # noqa: DTZ007 - only the date is taken
        except ValueError:
            continue
        parts = set(_DIRECTIVE.findall(form))
        length = 10 if parts & _DAYS else 7 if parts & _MONTHS else 4
        return parse_occurred(day.isoformat()[:length])
    if formats:
        raise ValueError(f"{plain[:60]!r} is neither ISO 8601 nor {' nor '.join(formats)}")
    raise ValueError(f"{told}; the mapping's `dates` can name other forms")
