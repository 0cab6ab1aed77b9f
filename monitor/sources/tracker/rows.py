"""The records of a tracker's file, whatever its form, with their numbers and lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.tracker import Place, Problem
from monitor.errors import InputError
from monitor.sources.detect import Format, detect
from monitor.sources.document import DOCUMENT_LIMIT
from monitor.sources.lines import Broken, ndjson_entries
from monitor.sources.mapping import FieldMap
from monitor.sources.opening import begin, opened
from monitor.sources.table import Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


class Record(NamedTuple):
    place: Place
    cells: dict[str, Any]
    raw: str


class Rows(NamedTuple):
    """`whole` is the JSON document where the file is one."""

    records: list[Record]
    problems: list[Problem]
    whole: Any = None


def read_rows(
    path: Path,
    columns: Collection[str],
    *,
    declared: str | None,
    at: str | None,
    hints: Collection[str] = (),
) -> Rows:
    """Read every record.

    Args:
        path: the file.
        columns: those that the mapping names; a table without any of them is not the right one.
        declared: its format; None: by its suffix, else by its content.
        hints: columns by which a table is recognised as well, and which it need not have.
        at: where the list of records stands in a JSON document, keys joined by dots.

    Raises:
        InputError: the file cannot be used.
    """
    name = str(path)
    seen: set[str] = set()
    with opened(path, name) as stream:
        head, chunks = begin(stream, name)
        found = detect(name, head, None if declared is None else Format(declared))
        if found is Format.JSON or (at is not None and found is Format.NDJSON):
            whole = _document(chunks, name)
            rows = _listed(whole, name, at)
        elif found is Format.NDJSON:
            whole, rows = None, _split(_lines(chunks, name))
        else:
            table = Table(
                chunks, name, FieldMap(tuple((column, column) for column in (*columns, *hints)))
            )
            whole, rows = None, _split(_table(table, name))
            seen.update(table.columns)
    _check_columns(rows.records, columns, name, seen)
    return rows._replace(whole=whole)


def _split(items: Iterable[Record | Problem]) -> Rows:
    rows = Rows([], [])
    for item in items:
        if isinstance(item, Record):
            rows.records.append(item)
        else:
            rows.problems.append(item)
    return rows


def _table(table: Table, name: str) -> Iterator[Record | Problem]:
    for number, (line, content) in enumerate(table.entries(), 1):
        place = Place(name, number, line)
        if isinstance(content, Broken):
            yield Problem(
                place, "unreadable", content.reason, content.raw.decode("utf-8", "replace")
            )
        else:
            yield Record(place, dict(content.cells), content.raw)


def _lines(chunks: Iterator[bytes], name: str) -> Iterator[Record | Problem]:
    for number, (line, content) in enumerate(ndjson_entries(chunks), 1):
        place = Place(name, number, line)
        if isinstance(content, Broken):
            yield Problem(
                place, "unreadable", content.reason, content.raw.decode("utf-8", "replace")
            )
            continue
        text = content.decode("utf-8", "replace")
        try:
            yield _record(place, json.loads(content), text)
        except (ValueError, RecursionError):
            yield Problem(place, "unreadable", "not valid JSON", text)


def _record(place: Place, value: Any, text: str) -> Record | Problem:
    if isinstance(value, dict):
        return Record(place, value, text)
    return Problem(place, "unreadable", "not an object of keys and values", text)


def _document(chunks: Iterator[bytes], name: str) -> Any:
    data = b""
    for chunk in chunks:
        data += chunk
        if len(data) > DOCUMENT_LIMIT:
            raise InputError(
                f"{name}: a JSON document of more than {DOCUMENT_LIMIT // 2**20} MB",
                hint="write one record a line (NDJSON)",
            )
    try:
        return json.loads(data)
    except UnicodeDecodeError:
        raise InputError(f"{name}: not UTF-8", hint="save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        where = f"{name}:{error.lineno}:{error.colno}"
        raise InputError(f"{where}: not valid JSON: {error.msg}") from None
    except RecursionError:
        raise InputError(f"{name}: not valid JSON: nested too deeply") from None


def look_up(value: Any, path: str) -> Any:
    """What stands at keys joined by dots; None: nothing."""
    for key in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def _listed(whole: Any, name: str, at: str | None) -> Rows:
    found = whole if at is None else look_up(whole, at)
    if not isinstance(found, list):
        keys = (
            f" (it has {', '.join(map(repr, list(whole)[:8]))})" if isinstance(whole, dict) else ""
        )
        what = "the document is no list of records" if at is None else f"no list stands at {at!r}"
        raise InputError(
            f"{name}: {what}{keys}", hint="say where it stands: records: KEY in the mapping"
        )
    return _split(
        _record(Place(name, number), value, json.dumps(value, ensure_ascii=False))
        for number, value in enumerate(found, 1)
    )


def _check_columns(
    records: list[Record], columns: Collection[str], name: str, seen: set[str]
) -> None:
    seen.update(key for record in records for key in record.cells)
    missing = sorted(set(columns) - seen)
    if records and missing:
        raise InputError(
            f"{name}: no record has {', '.join(map(repr, missing))}",
            hint="its columns are " + ", ".join(map(str, sorted(seen)[:30])),
        )
