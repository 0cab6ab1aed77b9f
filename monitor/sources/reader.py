"""Reading updates from a file or a stream, in batches, with the bad records beside the good.

>>> reading = read_updates(Path("feed.jsonl"), recorded=now, kinds=KINDS)
>>> for batch in reading:
...     ingest(batch.updates); report(batch.rejects)
>>> reading.warnings
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from monitor.domain.time import parse_occurred
from monitor.errors import InputError
from monitor.sources.detect import Format, detect
from monitor.sources.document import document_entries
from monitor.sources.lines import Broken, ndjson_entries
from monitor.sources.mapping import IDENTITY, FieldMap
from monitor.sources.opening import begin, opened
from monitor.sources.record import BadRecordError, RecordReader
from monitor.sources.table import Row, Table
from monitor.sources.values import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from monitor.domain.time import Instant, Occurred
    from monitor.domain.update import Update

BATCH = 20_000
BATCH_BYTES = 32 * 1024 * 1024
"""A batch ends with whichever comes first, so that memory does not grow with the file."""


class Reject(NamedTuple):
    """A record that was refused.

    `number` counts the records of the file from 1, `line` its lines; `record` is the text as it
    stands there.
    """

    number: int
    line: int
    reason: str
    record: str


class Batch(NamedTuple):
    updates: tuple[Update, ...]
    rejects: tuple[Reject, ...]


class Reading:
    """One pass over one file. Iterate it once; it opens the file then, and closes it at the end.

    Attributes:
        name: of the file, for messages.
        format: as detected, None before reading.
        records: read so far, good and bad.
        rejected: of these, the bad.
        newest: the latest occurrence so far that is not in the future, None without any.
        complete: the file was read to its end.
    """

    def __init__(
        self,
        origin: Path | BinaryIO,
        reader: RecordReader,
        *,
        name: str,
        declared: Format | None,
        mapping: FieldMap,
        now: Instant,
        zone: str,
        batch: int,
    ) -> None:
        self._origin: Path | BinaryIO | None = origin
        self._reader = reader
        self._declared = declared
        self._mapping = mapping
        self._now = now
        self._zone = zone
        self._batch = batch
        self._table: Table | None = None
        self._ended = False
        self.name = name
        self.format: Format | None = None
        self.records = 0
        self.rejected = 0
        self.newest: Occurred | None = None
        self.complete = False

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was odd in the records so far, one line each."""
        return tuple(f"{self.name}: {text}" for text in self._reader.warnings())

    def __iter__(self) -> Iterator[Batch]:
        """The records in the order of the file.

        A batch of only rejects is given as well. Nothing is given of a file that cannot be used
        as a whole.

        Raises:
            InputError: the file cannot be read, is not what it should be, or a mapped column
                occurs in none of its records (of the first 20,000, where there are more).
        """
        origin, self._origin = self._origin, None
        if origin is None:
            raise RuntimeError("a Reading is iterated once")
        with opened(origin, self.name) as stream:
            entries = self._entries(stream)
            while batch := self._next_batch(entries):
                if self._ended or self.records >= BATCH:
                    self._check_mapping()
                self._note_newest(batch.updates)
                yield batch
            self._check_mapping()
        self.complete = True

    def _entries(self, stream: BinaryIO) -> Iterator[tuple[int, bytes | Row | Broken]]:
        head, chunks = begin(stream, self.name)
        self.format = detect(self.name, head, self._declared)
        if self.format is Format.NDJSON:
            return ndjson_entries(chunks)
        if self.format is Format.JSON:
            return document_entries(chunks, self.name)
        self._table = Table(chunks, self.name, self._mapping)
        return self._table.entries()

    def _next_batch(self, entries: Iterator[tuple[int, bytes | Row | Broken]]) -> Batch | None:
        updates: list[Update] = []
        rejects: list[Reject] = []
        from_json = self._reader.from_json
        number, last, room = self.records, self.records + self._batch, BATCH_BYTES
        for line, content in entries:
            number += 1
            try:
                if isinstance(content, bytes):
                    room -= len(content)
                    updates.append(from_json(content))
                else:
                    room -= len(content.raw)
                    updates.append(self._other(content))
            except BadRecordError as error:
                rejects.append(Reject(number, line, str(error), _text(content)))
            if number == last or room <= 0:
                break
        else:
            self._ended = True
        if number == self.records:
            return None
        self.records = number
        self.rejected += len(rejects)
        return Batch(tuple(updates), tuple(rejects))

    def _other(self, content: Row | Broken) -> Update:
        if isinstance(content, Broken):
            raise BadRecordError(content.reason)
        return self._reader.from_mapping(content.cells)

    def _check_mapping(self) -> None:
        columns = self._reader.columns.union(self._table.columns if self._table else ())
        missing = sorted(self._reader.unseen - columns)
        if missing and columns:
            seen = ", ".join(shown(column).strip("'") for column in sorted(columns)[:30])
            raise InputError(
                f"{self.name}: no record has the mapped column {', '.join(map(repr, missing))}",
                hint=f"its columns are {seen}",
            )

    def _note_newest(self, updates: Iterable[Update]) -> None:
        texts = {update.occurred.text for update in updates}
        if self.newest:
            texts.add(self.newest.text)
        newest, start = None, 0
        enough = ""
        # Texts of dates sort like time but for their offsets, which move them by a day at most.
        for text in sorted(texts, reverse=True):
            if text < enough:
                break
            occurred = parse_occurred(text)
            begin = occurred.start(self._zone)
            if begin <= self._now and (newest is None or begin > start):
                newest, start = occurred, begin
                enough = _two_days_before(text)
        self.newest = newest


def read_updates(
    origin: Path | BinaryIO,
    *,
    recorded: Instant,
    kinds: Collection[str] | None,
    format: Format | str | None = None,  # noqa: A002 - the word users know
    mapping: FieldMap = IDENTITY,
    name: str | None = None,
    zone: str = "UTC",
    batch: int = BATCH,
) -> Reading:
    """Read updates from NDJSON, JSON or CSV.

    Args:
        origin: a file, or a stream of bytes such as standard input (which stays open).
        recorded: now, when the monitor learns of them.
        kinds: the known kinds; a record of another kind is refused. None allows any word.
        format: ndjson, json or csv; None: by the suffix of the file, else by its content.
        mapping: which column fills which field.
        name: for messages; None: the path, or "standard input".
        zone: in which dates without an offset are read where an instant is needed, that is for
            `recorded_at` and for which occurrence is the newest.
        batch: records in one batch.

    Raises:
        InputError: there is no such format.
        ConfigError: a constant of the mapping does not suit its field.
    """
    try:
        declared = None if format is None else Format(format)
    except ValueError:
        known = ", ".join(Format)
        raise InputError(f"no format is called {format!r}", hint=f"formats are {known}") from None
    reader = RecordReader(recorded=recorded, kinds=kinds, mapping=mapping, zone=zone)
    label = name or (str(origin) if isinstance(origin, Path) else "standard input")
    return Reading(
        origin,
        reader,
        name=label,
        declared=declared,
        mapping=mapping,
        now=recorded,
        zone=zone,
        batch=batch,
    )


def _text(content: bytes | Row | Broken) -> str:
    if isinstance(content, Row):
        return content.raw
    raw = content if isinstance(content, bytes) else content.raw
    return raw.decode(errors="backslashreplace")


def _two_days_before(text: str) -> str:
    year, month, day = text[:4], text[5:7] or "01", text[8:10] or "01"
    return (date(int(year), int(month), int(day)) - timedelta(days=2)).isoformat()
