"""A whole JSON document: an array of records, {"updates": [...]}, or one record alone.

The document is read at once, so its size is limited, and it is checked to its end before the first
record is given away: a broken document gives nothing. Each record then goes the way of an NDJSON
line, as the bytes it was written in.
"""

from __future__ import annotations

import json
import re
from array import array
from typing import TYPE_CHECKING, NoReturn

from monitor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.sources.lines import Entry

DOCUMENT_LIMIT = 64 * 1024 * 1024
"""Bytes of one JSON document. NDJSON and CSV have no limit."""

RECORDS_KEY = "updates"

_ALONE = {"'kind'", "'occurred_at'", "'title'"}
"""What an object has that is itself a record: the fields that no record may lack."""

_WHITESPACE = re.compile(r"[ \t\n\r]*")

# Only the ends of the records are wanted here: numbers need no value, however long they are.
_DECODER = json.JSONDecoder(parse_float=len, parse_int=len)


def document_entries(chunks: Iterable[bytes], name: str) -> Iterator[Entry]:
    """The records of a document, each with the line on which it begins.

    Raises:
        InputError: too large, not UTF-8, not JSON (with line:column), or no list of records.
    """
    text = _decode(_join(chunks, name), name)
    try:
        spans = _Scanner(text).records()
    except json.JSONDecodeError as error:
        hint = None
        if error.msg == "Extra data":
            hint = "if every line is a record, say that its format is ndjson"
        where = f"{name}:{error.lineno}:{error.colno}"
        raise InputError(f"{where}: not valid JSON: {error.msg}", hint=hint) from None
    except RecursionError:
        raise InputError(f"{name}: not valid JSON: nested too deeply") from None
    except _ShapeError as error:
        raise InputError(
            f"{name}: {error}", hint='write an array of records, or {"updates": [...]}'
        ) from None
    return _entries(text, spans)


class _ShapeError(Exception):
    """The document is JSON, but no list of records."""


class _Scanner:
    """Finds where each record begins and ends."""

    def __init__(self, text: str) -> None:
        self._text = text

    def records(self) -> array[int]:
        """Begin and end of each record, in turn; none for an empty document.

        Raises:
            JSONDecodeError: not JSON.
            _ShapeError: JSON, but no list of records.
        """
        text, start = self._text, self._skip(0)
        spans: array[int] | None = array("Q")
        missing = "neither a list nor an object"
        if start == len(text):
            end = start
        elif text[start] == "[":
            spans, end = self._array(start)
        elif text[start] == "{":
            spans, end, missing = self._object(start)
        else:
            spans, end = None, _DECODER.raw_decode(text, start)[1]
        end = self._skip(end)
        if end != len(text):
            raise json.JSONDecodeError("Extra data", text, end)
        if spans is None:
            raise _ShapeError(missing)
        return spans

    def _array(self, start: int) -> tuple[array[int], int]:
        spans = array("Q")
        position = self._skip(start + 1)
        while self._at(position) != "]" or spans:
            _, end = _DECODER.raw_decode(self._text, position)
            spans.extend((position, end))
            position = self._skip(end)
            if self._at(position) == "]":
                break
            self._expect(",", position)
            position = self._skip(position + 1)
        return spans, position + 1

    def _object(self, start: int) -> tuple[array[int] | None, int, str]:
        """The spans of its list (or its own), its end, and what to say where it has none."""
        spans: array[int] | None = None
        keys: list[str] = []
        position = self._skip(start + 1)
        while self._at(position) != "}" or keys:
            key, position = self._key(position)
            if key == RECORDS_KEY and self._at(position) == "[":
                if spans is not None:
                    raise _ShapeError(f"{RECORDS_KEY!r} stands there twice")
                spans, position = self._array(position)
            else:
                _, position = _DECODER.raw_decode(self._text, position)
            keys.append(repr(key))
            position = self._skip(position)
            if self._at(position) == "}":
                break
            self._expect(",", position)
            position = self._skip(position + 1)
        if spans is None and _ALONE.issubset(keys):
            spans = array("Q", (start, position + 1))
        seen = f" (it has {', '.join(keys[:8])})" if keys else ""
        return spans, position + 1, f"an object without a list {RECORDS_KEY!r}{seen}"[:300]

    def _key(self, position: int) -> tuple[object, int]:
        """A key and the position of its value."""
        if self._at(position) != '"':
            self._fail("Expecting property name enclosed in double quotes", position)
        key, position = _DECODER.raw_decode(self._text, position)
        position = self._skip(position)
        self._expect(":", position)
        return key, self._skip(position + 1)

    def _skip(self, position: int) -> int:
        match = _WHITESPACE.match(self._text, position)
        return match.end() if match else position

    def _at(self, position: int) -> str:
        return self._text[position : position + 1]

    def _expect(self, sign: str, position: int) -> None:
        if self._at(position) != sign:
            self._fail(f"Expecting {sign!r} delimiter", position)

    def _fail(self, message: str, position: int) -> NoReturn:
        raise json.JSONDecodeError(message, self._text, position)


def _entries(text: str, spans: array[int]) -> Iterator[Entry]:
    line, seen = 1, 0
    for index in range(0, len(spans), 2):
        start, end = spans[index], spans[index + 1]
        line += text.count("\n", seen, start)
        seen = start
        yield line, text[start:end].encode()


def _join(chunks: Iterable[bytes], name: str) -> bytes:
    parts, size = [], 0
    for chunk in chunks:
        size += len(chunk)
        if size > DOCUMENT_LIMIT:
            raise InputError(
                f"{name}: a JSON document of more than {DOCUMENT_LIMIT // 2**20} MB",
                hint="write one record a line (NDJSON): that is read piece by piece",
            )
        parts.append(chunk)
    return b"".join(parts)


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name}:{line}: not UTF-8 (byte 0x{data[error.start]:02x})",
            hint="save the file as UTF-8",
        ) from None
