"""One record of somebody's file becomes one update, or a reason why not.

This is the hot path of ingestion: what nearly every record shares costs one dictionary lookup, and
whatever is unusual (non-ASCII text, numbers, unknown columns, future dates) leaves it early.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pydantic_core
from pydantic import ValidationError

from monitor.domain.update import Update
from monitor.errors import ConfigError
from monitor.sources.dates import begins_by, read_occurred, read_recorded, surely_past
from monitor.sources.explain import explain, unknown_kind
from monitor.sources.fields import SHADOW, shape
from monitor.sources.identity import NO_MORE, identify
from monitor.sources.mapping import FIELDS, IDENTITY, FieldMap, suggestion
from monitor.sources.values import clean, number_as_written, read_number, read_parties, read_topics

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from decimal import Decimal

    from monitor.domain.time import Instant, Occurred

_KNOWN = frozenset(FIELDS)
_MORE = frozenset(FIELDS[10:])
_NAMES_KEPT = 1000
"""Distinct unknown columns that are counted: data used as column names must not fill the memory."""


class BadRecordError(ValueError):
    """This record is refused; the text says why. The others go on."""


class RecordReader:
    """Turns records into updates and remembers what was odd about them.

    Args:
        recorded: now, when the monitor learns of the records.
        kinds: the known kinds; None allows any lower-case word.
        mapping: which column fills which field.
        zone: in which `recorded_at` is read where it has no offset.

    Raises:
        ConfigError: a constant of the mapping does not suit its field.
    """

    def __init__(
        self,
        *,
        recorded: Instant,
        kinds: Collection[str] | None,
        mapping: FieldMap = IDENTITY,
        zone: str = "UTC",
    ) -> None:
        self._recorded = recorded
        self._kinds = None if kinds is None else frozenset(kinds)
        self._mapping = mapping
        self._renamed = {column: field for field, column in mapping.columns}
        self._zone = zone
        self._verbatim = not mapping.constants and not mapping.values
        self._past = surely_past(recorded)
        self._unknown: Counter[str] = Counter()
        self._future = 0
        self._ahead = ""
        self._unseen: set[str] = {column for _, column in mapping.columns}
        self.columns: set[str] = set()
        try:
            self._from_json, self._from_python, self._constants = shape(mapping)
        except ValidationError as error:
            raise ConfigError(f"mapping: {self._explain(error, ())}") from None

    @property
    def unseen(self) -> frozenset[str]:
        """Mapped columns that no record has had so far."""
        return frozenset(self._unseen)

    def from_json(self, line: bytes) -> Update:
        """Read one JSON object.

        Raises:
            BadRecordError: with the reason.
        """
        try:
            record = self._from_json(line)
        except ValidationError as error:
            raise BadRecordError(self._explain(error, _columns_of(line))) from None
        # One backslash is found faster than two characters, and most lines have none.
        bare = b"\\" not in line
        plain = line.isascii() and (bare or b"\\u" not in line)
        return self._update(record, line, plain=plain, bare=bare and plain and self._verbatim)

    def from_mapping(self, cells: Mapping[str, object]) -> Update:
        """Read one record that is already a mapping: a CSV row, an inline record.

        Raises:
            BadRecordError: with the reason.
        """
        try:
            record = self._from_python(cells)
        except ValidationError as error:
            raise BadRecordError(self._explain(error, cells)) from None
        return self._update(record, None, plain=False, bare=False)

    def warnings(self) -> Iterator[str]:
        """One line for each oddity that did not hinder reading, with its count."""
        if self._future:
            yield (
                f"{self._future:,} dated in the future, the first {self._ahead}: "
                "kept, and counted when that day comes"
            )
        for name, count in self._unknown.most_common(20):
            if _is_shadow(name):
                yield f"column {name[1:]!r} is not read: the mapping fills {name[1:]} otherwise"
            else:
                near = suggestion(name, FIELDS)
                yield f"unknown column {name!r} in {count:,} records is not read{near}"
        if len(self._unknown) > 20:
            yield f"{len(self._unknown) - 20:,} more unknown columns are not read"

    def _update(
        self, record: dict[str, Any], line: bytes | None, *, plain: bool, bare: bool
    ) -> Update:
        """One update of a validated record.

        Args:
            record: by field.
            line: it was read from, where it was one.
            plain: no text in it is beyond ASCII or holds NUL.
            bare: moreover, no text in it has to be escaped in JSON.
        """
        if self._unseen:
            self._see(record)
        if not _KNOWN.issuperset(record):
            self._count_unknown(record)
        if self._constants:
            record.update(self._constants)
        get = record.get
        try:
            if not plain:
                clean(record)
            kind = record["kind"]
            if self._kinds is not None and kind not in self._kinds:
                raise BadRecordError(unknown_kind(kind, self._kinds))
            occurred = read_occurred(record["occurred_at"])
            usual = occurred[0] < self._past and "recorded_at" not in record
            told = (
                occurred,
                self._recorded if usual else self._recorded_at(get("recorded_at"), occurred),
                kind,
                record["title"],
                read_topics(get("topics")),
                read_parties(get("parties")),
                get("source") or "",
                get("url") or "",
                get("text") or "",
            )
            more = NO_MORE if _MORE.isdisjoint(record) else self._more(record, line)
        except ValueError as error:
            raise BadRecordError(str(error)) from None
        identity = get("id")
        if not identity:
            identity = identify(told, more, bare=bare)
        elif identity in more[6:8]:
            raise BadRecordError(f"{identity} retracts or supersedes itself")
        # As `_make` does it, without the call.
        return tuple.__new__(Update, (identity, *told, *more))

    def _more(self, record: Mapping[str, Any], line: bytes | None) -> tuple[Any, ...]:
        """The fields that most records do not have."""
        get = record.get
        return (
            get("agreement") or None,
            get("commitment") or None,
            get("milestone") or None,
            get("indicator") or None,
            None if get("value") is None else self._number(record["value"], line),
            get("unit") or None,
            get("supersedes") or None,
            get("retracts") or None,
            _moved(get("moves_to")),
        )

    def _recorded_at(self, text: str | None, occurred: Occurred) -> Instant:
        if text:
            recorded = read_recorded(text, self._zone, self._recorded)
            if not begins_by(occurred, recorded):
                raise BadRecordError(
                    f"recorded_at {text} is before it occurred ({occurred.text}): "
                    "a forecast is not a report"
                )
            return recorded
        if occurred.text >= self._past and not begins_by(occurred, self._recorded):
            self._ahead = self._ahead or occurred.text
            self._future += 1
        return self._recorded

    def _number(self, value: object, line: bytes | None) -> Decimal | None:
        if type(value) is float and line is not None:
            value = number_as_written(line, self._mapping.column("value"))
        if isinstance(value, str) and not value.strip():
            return None
        return read_number(value)

    def _see(self, record: Mapping[str, object]) -> None:
        """Until every mapped column was met once: note the columns of a valid record."""
        for field, column in self._mapping.columns:
            if field in record:
                self._unseen.discard(column)
        self._note(name[1:] if _is_shadow(name) else self._mapping.column(name) for name in record)

    def _note(self, columns: Iterator[str]) -> None:
        for column in columns:
            self._unseen.discard(column)
            if len(self.columns) < _NAMES_KEPT:
                self.columns.add(column)

    def _count_unknown(self, record: Mapping[str, object]) -> None:
        for name in record:
            if name not in _KNOWN and (name in self._unknown or len(self._unknown) < _NAMES_KEPT):
                self._unknown[name] += 1

    def _explain(self, error: ValidationError, columns: Collection[str]) -> str:
        self._note(column for column in columns if isinstance(column, str))
        return explain(error, columns, self._renamed, self._kinds)


def _moved(text: str | None) -> Occurred | None:
    if not text:
        return None
    try:
        return read_occurred(text)
    except ValueError as error:
        raise BadRecordError(f"moves_to: {error}") from None


def _is_shadow(name: str) -> bool:
    return name.startswith(SHADOW) and name[1:] in _KNOWN


def _columns_of(line: bytes) -> Collection[str]:
    """The columns of a record that was refused, as far as it is JSON at all."""
    try:
        record = pydantic_core.from_json(line)
    except ValueError:
        return ()
    return record if isinstance(record, dict) else ()
