"""A tracker's files, by its mapping -> promises, updates, totals, and what cannot be read."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from monitor.domain.tracker import Entry, Place, Problem, Promise, Tracker
from monitor.sources.dates import read_occurred
from monitor.sources.tracker.dates import read_date
from monitor.sources.tracker.rows import Record, read_rows
from monitor.sources.tracker.totals import read_totals

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.domain.time import Occurred
    from monitor.sources.tracker.form import PromiseForm, TrackerForm, UpdatesForm

_SPACES = re.compile(r"\s+")
_NAMES = re.compile(r"[,;|]")


def read_tracker(path: Path, mapping: TrackerForm, beside: Path) -> Tracker:
    """Read all that the mapping speaks of.

    Args:
        path: the file of promises.
        mapping: where it has what.
        beside: the folder from which the mapping names other files.

    Raises:
        InputError: a file cannot be used.
    """
    reader = _Reader(mapping)
    rows = read_rows(path, _columns(mapping), declared=mapping.format, at=mapping.records)
    reader.problems += rows.problems
    for record in rows.records:
        reader.promise(record)
    updates = mapping.updates
    if updates is not None and updates.file is not None:
        columns = [c for n, c in updates if n not in ("within", "file") and c is not None]
        more = read_rows(beside / updates.file, columns, declared=None, at=None)
        reader.problems += more.problems
        for record in more.records:
            reader.entry(record, updates, cell(record, updates.promise))
    reader.check_orphans()
    totals, faults = read_totals(mapping, beside, rows.whole, path)
    return Tracker(
        mapping.tracker,
        mapping.timezone,
        mapping.words(),
        tuple(reader.promises),
        tuple(reader.entries),
        tuple(totals),
        (*reader.problems, *faults),
    )


def cell(record: Record, column: str | None) -> str:
    """The text of a cell on one line; "" where there is none."""
    value = None if column is None else record.cells.get(column)
    if value is None:
        return ""
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    return _SPACES.sub(" ", str(value)).strip()


def _columns(mapping: TrackerForm) -> list[str]:
    columns = [column for _, column in mapping.promise if column is not None]
    updates = mapping.updates
    return [*columns, *([updates.within] if updates and updates.within else [])]


class _Reader:
    """Promises and entries so far, and what is wrong with them."""

    def __init__(self, mapping: TrackerForm) -> None:
        self._mapping = mapping
        self._words = mapping.words()
        self._begin = read_occurred(mapping.date)
        self._raw: dict[Place, str] = {}
        self.promises: list[Promise] = []
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []

    def promise(self, record: Record) -> None:
        form = self._mapping.promise
        title = cell(record, form.title)
        if not title:
            self._note(record, "no-title", f"the promise has no title ({form.title!r} is empty)")
            return
        id_ = cell(record, form.id)
        if form.id is not None and not id_:
            self._note(record, "no-id", f"the promise has no id ({form.id!r} is empty)")
            return
        self._raw[record.place] = record.raw
        promise = Promise(
            record.place,
            id_ or str(record.place.number),
            title,
            cell(record, form.quote),
            cell(record, form.theme),
            self._status(record, form.status),
            self._date(record, form.made) or self._begin,
            self._date(record, form.deadline),
            tuple(n for n in map(str.strip, _NAMES.split(cell(record, form.parties))) if n),
            cell(record, form.url),
        )
        self.promises.append(promise)
        updates = self._mapping.updates
        if updates is not None and updates.within is not None:
            self._nested(record, promise, updates)
        elif form.updated is not None:
            self._own(record, promise, form)

    def _own(self, record: Record, promise: Promise, form: PromiseForm) -> None:
        """The one update that a row tells beside its status."""
        occurred = self._date(record, form.updated)
        if occurred is not None:
            note = cell(record, form.note)
            title = note or promise.status or promise.title
            self.entries.append(
                Entry(record.place, promise.id, title, promise.status, occurred, url=promise.url)
            )

    def _nested(self, record: Record, promise: Promise, form: UpdatesForm) -> None:
        listed = record.cells.get(form.within or "")
        if listed is None or listed == "":
            return
        if not isinstance(listed, list):
            self._note(record, "unreadable", f"{form.within!r} is no list of updates")
            return
        for number, item in enumerate(listed, 1):
            if isinstance(item, dict):
                raw = json.dumps(item, ensure_ascii=False)
                place = replace(record.place, part=number)
                self.entry(Record(place, item, raw), form, promise.id)
            else:
                self._note(record, "unreadable", f"update {number} is no object of keys and values")

    def entry(self, record: Record, form: UpdatesForm, promise: str) -> None:
        if not promise:
            self._note(record, "orphan-update", "the update names no promise")
            return
        status = self._status(record, form.status)
        text = cell(record, form.text)
        title = cell(record, form.title) or text[:200] or status
        if not title:
            self._note(record, "no-title", "the update says nothing: no title, text or status")
            return
        self._raw.setdefault(record.place, record.raw)
        written = cell(record, form.date)
        occurred = self._date(record, form.date)
        if written and occurred is None:
            return  # told as an unreadable date
        self.entries.append(
            Entry(
                record.place, promise, title, status, occurred, text,
                cell(record, form.url), cell(record, form.source),
            )
        )  # fmt: skip

    def check_orphans(self) -> None:
        """Take out the updates of promises that are not there."""
        known = {promise.id for promise in self.promises}
        for entry in self.entries:
            if entry.promise not in known:
                reason = f"the update is about promise {entry.promise!r}, which is not there"
                raw = self._raw.get(entry.place, "")
                self.problems.append(Problem(entry.place, "orphan-update", reason, raw))
        self.entries = [entry for entry in self.entries if entry.promise in known]

    def _status(self, record: Record, column: str | None) -> str:
        status = cell(record, column)
        if status and status.casefold() not in self._words:
            from monitor.language.faults import did_you_mean  # noqa: PLC0415 - seldom needed

            known = [word.text for word in self._words.values()]
            near = did_you_mean(status, known) or f"the mapping knows {', '.join(known)}"
            self._note(record, "unknown-status", f"unknown status {status!r}, {near}")
            return ""
        return status

    def _date(self, record: Record, column: str | None) -> Occurred | None:
        written = cell(record, column)
        if not written:
            return None
        try:
            return read_date(written, self._mapping.dates)
        except ValueError as error:
            self._note(record, "unreadable-date", f"{column}: {error}")
            return None

    def _note(self, record: Record, code: str, reason: str) -> None:
        self.problems.append(Problem(record.place, code, reason, _short(record.raw)))


def _short(raw: Any) -> str:
    return str(raw)[:2_000]
