"""What to do about a text that is not a date. Asked only where reading one has failed."""

from __future__ import annotations

import re

from monitor.domain.zones import load_zone

_DAY = r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ][\d:.+Z-]+)?"
_RANGE = re.compile(
    rf"{_DAY}\s*(?:/|--?|\u2013|\u2014|\.\.+|\bto\b|~)\s*{_DAY}", re.ASCII | re.IGNORECASE
)
_QUARTER = re.compile(r"(\d{4})[- ]?[QH]([1-4])", re.ASCII | re.IGNORECASE)
_ZONE = re.compile(r".*\d\s*\[?([A-Za-z]+(?:/[A-Za-z_+-]+)+)\]?")
_FORMS = "write 2025, 2025-09, 2025-09-04 or 2025-09-04T15:30+09:00"
_LENGTH = 60


def not_a_date(text: str) -> str:
    """Why a text is no date of this product, and what to write instead, in one line."""
    shown = repr(text[:_LENGTH])
    if span := _RANGE.fullmatch(text):
        begin, end = span.groups()[:3], span.groups()[3:]
        whole = _common(begin, end)
        also = f", or {whole} where nobody knows more" if whole else ""
        first = "-".join(part for part in begin if part)
        return f"{shown} is a range: write when it began, {first}{also}"
    if quarter := _QUARTER.fullmatch(text):
        hint = f"write a month of it, or {quarter[1]}"
        return f"{shown} is longer than a month and shorter than a year: {hint}"
    if zone := _ZONE.fullmatch(text):
        try:
            load_zone(zone[1])
        except ValueError as error:
            return f"{shown}: {error}; write the offset, as in 2025-09-04T15:30+09:00"
        return f"{shown}: write the offset and not the zone, as in 2025-09-04T15:30+09:00"
    return f"{shown} is not a date: {_FORMS}"


def _common(begin: tuple[str, ...], end: tuple[str, ...]) -> str | None:
    """The month or the year that both dates lie in."""
    if begin[:2] == end[:2] and begin[1] and begin[2]:
        return f"{begin[0]}-{begin[1]}"
    return begin[0] if begin[0] == end[0] and begin[1] else None
