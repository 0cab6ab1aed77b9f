"""CSV with a header: rows become mappings of column to cell."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from monitor.errors import InputError
from monitor.sources.lines import LINE_LIMIT, Broken, split_lines
from monitor.sources.mapping import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.sources.lines import Entry
    from monitor.sources.mapping import FieldMap

DELIMITERS = ",;\t"


class Row(NamedTuple):
    """The cells that are not empty, by column, and the text they were read from."""

    cells: dict[str, str]
    raw: str


class Table:
    """One CSV file.

    Args:
        chunks: its bytes, without a byte order mark.
        name: for messages.
        mapping: its columns help to recognise the delimiter and the header.
    """

    def __init__(self, chunks: Iterable[bytes], name: str, mapping: FieldMap) -> None:
        self._lines = _Lines(split_lines(chunks))
        self._name = name
        self._expected = {*FIELDS, *(column for _, column in mapping.columns)}
        self.columns: tuple[str, ...] = ()

    def entries(self) -> Iterator[tuple[int, Row | Broken]]:
        """Each row with the line on which it begins.

        Raises:
            InputError: the header cannot be used.
        """
        reader = self._read_header()
        if reader is None:
            return
        columns = self.columns
        while True:
            line = self._lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _LineError) as error:
                yield line, Broken(str(error), self._lines.raw.encode())
                continue
            if not any(map(str.strip, cells)):
                continue  # a blank line, or one of delimiters only, as spreadsheets leave behind
            if len(cells) != len(columns):
                reason = f"{len(cells)} cells, but the header names {len(columns)} columns"
                yield line, Broken(reason, self._lines.raw.encode())
                continue
            row = {column: cell for column, cell in zip(columns, cells, strict=True) if cell}
            yield line, Row(row, self._lines.raw)

    def _read_header(self) -> Iterator[list[str]] | None:
        try:
            first = self._lines.peek()
            if first is None:
                return None
            delimiter = max(DELIMITERS, key=lambda sign: self._fit(first, sign))
            reader = csv.reader(self._lines, delimiter=delimiter, strict=True)
            columns = [column.strip() for column in next(reader)]
        except (csv.Error, _LineError) as error:
            raise InputError(
                f"{self._name}:{self._lines.number}: the header cannot be read: {error}"
            ) from None
        where = f"{self._name}:{self._lines.number}"
        if not self._expected.intersection(columns):
            seen = ", ".join(repr(column[:40]) for column in columns[:12])
            raise InputError(
                f"{where}: the first line names no column that is known (it has {seen})",
                hint=f"name the columns ({', '.join(FIELDS[:6])}, ...) or map them",
            )
        twice = sorted({column for column in columns if column and columns.count(column) > 1})
        if twice:
            raise InputError(f"{where}: column {twice[0]!r} stands there twice")
        self.columns = tuple(columns)
        return reader

    def _fit(self, header: str, delimiter: str) -> tuple[int, int]:
        """How many known columns, then how many columns, a delimiter makes of the header."""
        try:
            columns = next(csv.reader([header], delimiter=delimiter))
        except (csv.Error, StopIteration):
            return 0, 0
        known = sum(column.strip() in self._expected for column in columns)
        return known, len(columns)


class _LineError(Exception):
    """A line of the file is too long or not UTF-8; the ones after it can still be read."""


class _Lines:
    """Decoded lines for csv.reader, which asks for as many as a row has.

    An iterator, not a generator: after an error it goes on with the next line.
    """

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries = entries
        self._ahead: str | None = None
        self._taken: list[str] = []
        self._size = 0
        self.number = 0

    @property
    def raw(self) -> str:
        """The text of the row, as far as it was read."""
        return "".join(self._taken).rstrip("\r\n")

    def begin(self) -> int:
        """Begin a row; the number of its first line."""
        self._taken.clear()
        self._size = 0
        return self.number + 1

    def peek(self) -> str | None:
        """The first line that is not blank, which stays to be read; None: there is none."""
        for line in self:
            if line.strip():
                self._ahead = line
                return line
        return None

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._ahead is not None:
            line, self._ahead = self._ahead, None
            return line
        self.number, content = next(self._entries)
        if isinstance(content, Broken):
            self._taken.append(content.raw.decode(errors="backslashreplace"))
            raise _LineError(content.reason)
        try:
            text = content.decode() + "\n"
        except UnicodeDecodeError as error:
            self._taken.append(content.decode(errors="backslashreplace"))
            raise _LineError(
                f"not UTF-8 (byte 0x{content[error.start]:02x}): save the file as UTF-8"
            ) from None
        self._size += len(content) + 1
        if self._size > LINE_LIMIT:
            raise _LineError(f"the row is longer than {LINE_LIMIT // 2**20} MB: is a quote open?")
        self._taken.append(text)
        return text
