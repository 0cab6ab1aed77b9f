"""The totals that a tracker publishes: one row a status, one column a status, or given by hand."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.domain.tracker import Place, Problem, Total
from monitor.errors import InputError
from monitor.sources.tracker.rows import Record, look_up, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.sources.tracker.form import TotalsForm, TrackerForm

ALL = "total"
"""How the sum of all statuses is called, unless `all` says otherwise."""


def read_totals(
    mapping: TrackerForm, beside: Path, whole: Any, path: Path
) -> tuple[list[Total], list[Problem]]:
    """Every published number, and those that are none.

    Raises:
        InputError: there are no totals where the mapping says so.
    """
    form = mapping.totals
    if form is None:
        return [], []
    reader = _Reader(form, {text.casefold() for text in mapping.statuses})
    if form.given is not None:
        reader.wide(Place("totals of the mapping", 1), form.given)
    elif form.at is not None:
        found = look_up(whole, form.at)
        if isinstance(found, dict):
            reader.wide(Place(f"{path} at {form.at}", 1), found)
        elif isinstance(found, list):
            place = f"{path} at {form.at}"
            reader.rows(
                Record(Place(place, number), row, str(row))
                for number, row in enumerate(found, 1)
                if isinstance(row, dict)
            )
        else:
            raise InputError(f"{path}: no totals stand at {form.at!r}")
    else:
        named = [c for c in (form.status, form.count, form.percent, form.theme) if c]
        wide = [*mapping.statuses, form.theme or ""] if form.status is None else ()
        rows = read_rows(beside / str(form.file), named, declared=None, at=None, hints=wide)
        reader.problems += rows.problems
        reader.rows(rows.records)
    return reader.totals, reader.problems


class _Reader:
    def __init__(self, form: TotalsForm, known: set[str]) -> None:
        self._form = form
        self._known = known
        self._all = (form.all or ALL).casefold()
        self.totals: list[Total] = []
        self.problems: list[Problem] = []

    def rows(self, records: Iterable[Record]) -> None:
        for record in records:
            if self._form.status is None:
                self.wide(record.place, record.cells)
            else:
                self._long(record, self._form.status)

    def wide(self, place: Place, cells: Mapping[str, Any]) -> None:
        """One column a status."""
        theme = self._theme(cells)
        for column, value in cells.items():
            status = str(column).strip()
            if column == self._form.theme or not self._is_status(status):
                continue
            count = self._count(place, status, value)
            if count is not None:
                self.totals.append(Total(place, self._named(status), theme, count))

    def _long(self, record: Record, column: str) -> None:
        """One row a status."""
        form, cells = self._form, record.cells
        status = str(cells.get(column) or "").strip()
        if not self._is_status(status):
            reason = f"the total is of an unknown status {status!r}"
            self.problems.append(Problem(record.place, "unknown-status", reason, record.raw))
            return
        count = cells.get(form.count) if form.count else None
        share = cells.get(form.percent) if form.percent else None
        total = Total(
            record.place,
            self._named(status),
            self._theme(cells),
            None if count in (None, "") else self._count(record.place, status, count),
            None if share in (None, "") else self._percent(record.place, status, share),
        )
        if total.count is not None or total.percent is not None:
            self.totals.append(total)

    def _theme(self, cells: Mapping[str, Any]) -> str | None:
        """None where the row is about all themes."""
        theme = str(cells.get(self._form.theme or "") or "").strip()
        return None if not theme or theme.casefold() == self._all else theme

    def _is_status(self, text: str) -> bool:
        return text.casefold() in self._known or text.casefold() == self._all

    def _named(self, status: str) -> str | None:
        return None if status.casefold() == self._all else status

    def _count(self, place: Place, status: str, value: Any) -> int | None:
        text = str(value).strip().replace(",", "")
        if text.isascii() and text.isdigit():
            return int(text[:18])
        self._note(place, f"the total of {status!r} is {str(value)[:40]!r}, not a whole number")
        return None

    def _percent(self, place: Place, status: str, value: Any) -> Decimal | None:
        try:
            share = Decimal(str(value).strip().removesuffix("%").strip())
        except InvalidOperation:
            share = Decimal("NaN")
        if share.is_finite():
            return share
        self._note(place, f"the share of {status!r} is {str(value)[:40]!r}, not a percentage")
        return None

    def _note(self, place: Place, reason: str) -> None:
        self.problems.append(Problem(place, "unreadable-total", reason))
