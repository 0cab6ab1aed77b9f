"""Points in time in a rule test: as written, or counted from a beginning or an update.

`+180d` is 180 days after the beginning of what it is about; `signing+180d` is 180 days after the
update with the id `signing`. Both are exact instants, as the engine's own clocks are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.time import (
    format_date,
    format_instant,
    parse_duration,
    parse_moment,
    parse_occurred,
)
from monitor.errors import InputError
from monitor.language.faults import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.commitment import Agreement, Commitment, Rulebook
    from monitor.domain.time import Instant, Occurred, Seconds

_RELATIVE = re.compile(r"(?P<name>[^+]*?)\s*\+\s*(?P<span>\d+\s*[a-z]+)")


class Relative(NamedTuple):
    """So long after an update (`name`), or after the beginning where `name` is empty."""

    name: str
    seconds: Seconds


def relative(text: str) -> Relative | None:
    """`+180d` or `signing+180d`; None where the text has another form.

    Raises:
        ValueError: of that form, but no such duration.
    """
    match = _RELATIVE.fullmatch(text.strip())
    if match is None:
        return None
    span = match["span"]
    nothing = not span.rstrip("abcdefghijklmnopqrstuvwxyz ").strip("0")
    return Relative(match["name"], 0 if nothing else parse_duration(span))


class Origin(NamedTuple):
    """What points in time are counted from, and the zone in which dates are read."""

    start: Instant
    zone: str


def origin_of(about: Agreement | Commitment) -> Origin:
    """A commitment counts from its own start, an agreement from its date."""
    zone = about.zone
    start = getattr(about, "start", None)
    if start is None:
        return Origin(about.date.start(zone), zone)  # type: ignore[union-attr]
    return Origin(start, zone)


class Times:
    """Reads the points in time of one test. `named` is when its updates happened, by id."""

    def __init__(self, named: Mapping[str, Occurred]) -> None:
        self.named = named

    def instant(self, text: str, origin: Origin) -> Instant:
        """The instant a person means: the last second of a date.

        Raises:
            InputError: no update has that name.
        """
        found = relative(text)
        if found is None:
            return parse_moment(text, origin.zone)
        return self._counted(found, origin)

    def past(self, text: str, origin: Origin) -> Instant:
        """The first instant that lies no longer in a span until what is written.

        A day belongs to the span that ends with it; an exact instant is where the next one begins.
        """
        exact = relative(text) is not None
        return self.instant(text, origin) + (not exact)

    def first(self, text: str, origin: Origin) -> Instant:
        """The first instant of what is written."""
        found = relative(text)
        if found is None:
            return parse_occurred(text).start(origin.zone)
        return self._counted(found, origin)

    def meets(self, at: Instant, text: str, origin: Origin) -> bool:
        """Whether an instant is the one that is written, or lies in the day, month or year."""
        found = relative(text)
        if found is not None:
            return at == self._counted(found, origin)
        return self.first(text, origin) <= at <= parse_occurred(text).end(origin.zone) - 1

    def same_date(self, shown: str, text: str, origin: Origin) -> bool:
        """Whether a date is the one that is written; a month or a year stands for its days."""
        found = relative(text)
        if found is not None:
            return shown == format_date(self._counted(found, origin), origin.zone)
        return shown == text or shown.startswith(f"{text}-")

    def shown(self, text: str, origin: Origin) -> str:
        """As written, with the date that it comes to."""
        found = relative(text)
        if found is None:
            return text
        return f"{text} ({format_date(self._counted(found, origin), origin.zone)})"

    def _counted(self, found: Relative, origin: Origin) -> Instant:
        if not found.name:
            return origin.start + found.seconds
        if found.name not in self.named:
            hint = did_you_mean(found.name, self.named) or "give an update this id"
            raise InputError(f"no update is called {found.name!r}", hint=hint)
        return self.named[found.name].start(origin.zone) + found.seconds


def dated(records: Sequence[Mapping[str, Any]], rulebook: Rulebook) -> list[dict[str, Any]]:
    """Records with relative dates made absolute. A record may count from one above it.

    Raises:
        InputError: it names an update that does not stand above it.
    """
    above: dict[str, Occurred] = {}
    found: list[dict[str, Any]] = []
    for record in records:
        origin = _origin(record, rulebook)
        date = record.get("occurred_at")
        counted = relative(date) if isinstance(date, str) else None
        if counted is not None and isinstance(date, str):
            at = Times(above).instant(date, origin)
            record = {**record, "occurred_at": format_instant(at, origin.zone)}  # noqa: PLW2901
        name = record.get("id")
        if isinstance(name, str) and name:
            occurred = _occurred(record.get("occurred_at"))
            if occurred is not None:
                above[name] = occurred
        found.append(dict(record))
    return found


def _occurred(date: Any) -> Occurred | None:
    """None where the reader will say what is wrong with it."""
    try:
        return parse_occurred(str(date))
    except ValueError:
        return None


def _origin(record: Mapping[str, Any], rulebook: Rulebook) -> Origin:
    """The commitment or the agreement that a record names, else the first agreement."""
    commitment = record.get("commitment")
    for key, known in rulebook.commitments.items():
        if commitment is not None and commitment in (key, known.id):
            return origin_of(known)
    agreements = rulebook.agreements
    named = (a for a in agreements if a.id == record.get("agreement"))
    return origin_of(next(named, agreements[0]))
