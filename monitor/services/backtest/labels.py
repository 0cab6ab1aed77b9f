"""What people say a commitment's headline was at a date: the measure of a backtest."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.assessment import Status
from monitor.domain.time import format_date, parse_moment, parse_occurred
from monitor.errors import InputError, UsageError
from monitor.language.document import parse_document
from monitor.language.faults import did_you_mean
from monitor.services.views.naming import commitment_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from monitor.domain.commitment import Commitment
    from monitor.domain.time import Instant
    from monitor.services.backtest.replay import Span

FIELDS = ("commitment", "date", "label")
_SHOWN = 20


class Label(NamedTuple):
    """At `at`, the last second of a date that begins at `begin`, the headline was `status`.

    `where` names the record: file and line, or file and number.
    """

    where: str
    key: str
    date: str
    begin: Instant
    at: Instant
    status: Status


class Record(NamedTuple):
    """One record of a file, not judged yet."""

    where: str
    fields: Any


def read_labels(
    path: Path, name: str, commitments: Mapping[str, Commitment], span: Span
) -> list[Label]:
    """Read a file of labels: CSV, JSON, NDJSON or YAML, by its ending.

    Args:
        path: the file.
        name: what to call it.
        commitments: those that there are, by key.
        span: within which every label must lie.

    Raises:
        InputError: it cannot be read, or records are wrong; the text names each of them.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{name}: {(error.strerror or str(error)).lower()}") from None
    faults: list[str] = []
    found: dict[tuple[str, Instant], Label] = {}
    for record in _records(raw, name, path.suffix.lower()):
        try:
            label = _label(record, commitments, span)
        except (InputError, UsageError) as error:
            hint = f"; {error.hint}" if error.hint else ""
            faults.append(f"{record.where}: {error.message}{hint}")
            continue
        first = found.setdefault((label.key, label.at), label)
        if first is not label:
            faults.append(f"{label.where}: {first.where} labels this day already; keep one of them")
    if faults:
        more = [f"… and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
        raise InputError("\n".join([*faults[:_SHOWN], *more]))
    if not found:
        raise InputError(f"{name}: there is no label in it", hint="each needs " + ", ".join(FIELDS))
    return list(found.values())


def _records(raw: bytes, name: str, suffix: str) -> Iterator[Record]:
    if suffix in (".yaml", ".yml"):
        yield from _yaml(raw, name)
        return
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{name}: this is not UTF-8 text") from None
    match suffix:
        case ".csv":
            yield from _csv(text, name)
        case ".json":
            yield from _listed(_json(text, name), name)
        case ".jsonl" | ".ndjson":
            for number, line in enumerate(text.splitlines(), 1):
                if line.strip():
                    yield Record(f"{name}:{number}", _json(line, f"{name}:{number}"))
        case _:
            raise InputError(
                f"{name}: the ending does not say what it is",
                hint="labels are read from .csv, .json, .jsonl, .ndjson, .yaml and .yml",
            )


def _csv(text: str, name: str) -> Iterator[Record]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = [column.strip() for column in reader.fieldnames or ()]
    reader.fieldnames = columns
    missing = [field for field in FIELDS if field not in columns]
    if missing:
        raise InputError(
            f"{name}:1: no column is called {missing[0]!r}",
            hint=f"the columns are {', '.join(FIELDS)}; others are not looked at",
        )
    try:
        for row in reader:
            yield Record(f"{name}:{reader.line_num}", row)
    except csv.Error as error:
        raise InputError(f"{name}:{reader.line_num}: {error}") from None


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: this is not JSON: {error}") from None


def _listed(data: Any, name: str) -> Iterator[Record]:
    if not isinstance(data, list):
        raise InputError(f"{name}: this is no list of labels", hint=_FORM)
    for number, fields in enumerate(data, 1):
        yield Record(f"{name}, record {number}", fields)


def _yaml(raw: bytes, name: str) -> Iterator[Record]:
    document, faults = parse_document(raw, name)
    if document is None or faults:
        raise InputError("\n".join(str(fault) for fault in faults))
    if not isinstance(document.data, list):
        raise InputError(f"{name}: this is no list of labels", hint=_FORM)
    for number, fields in enumerate(document.data):
        yield Record(str(document.locate((number,))), fields)


_FORM = "such as [{commitment: clean-energy, date: 2026-02-28, label: stalled}]"


def _label(record: Record, commitments: Mapping[str, Commitment], span: Span) -> Label:
    if not isinstance(record.fields, dict):
        raise InputError("this is no mapping of names to values", hint=_FORM)
    name, date, label = (str(record.fields.get(field) or "").strip() for field in FIELDS)
    for field, value in zip(FIELDS, (name, date, label), strict=True):
        if not value:
            raise InputError(f"{field} is missing")
    commitment = commitments[commitment_key(name, commitments)]
    status = _status(label)
    try:
        at = parse_moment(date, commitment.zone)
    except ValueError as error:
        raise InputError(str(error)) from None
    _check_place(at, commitment, span)
    begin = parse_occurred(date).start(commitment.zone)
    return Label(record.where, commitment.key, date, begin, at, status)


def _status(text: str) -> Status:
    word = text.lower().replace(" ", "_").replace("-", "_")
    try:
        return Status(word)
    except ValueError:
        words = [status.value for status in Status]
        near = did_you_mean(word, words)
        raise InputError(
            f"no headline is called {text!r}", hint=near or f"there are {', '.join(words)}"
        ) from None


def _check_place(at: Instant, commitment: Commitment, span: Span) -> None:
    zone = commitment.zone
    if not span.first <= at <= span.last:
        first, last = (format_date(instant, zone) for instant in span)
        raise InputError(
            f"{format_date(at, zone)} is not replayed", hint=f"--from and --to: {first} to {last}"
        )
    if at < commitment.start:
        begins = format_date(commitment.start, zone)
        raise InputError(
            f"{commitment.id} begins on {begins}", hint="leave out labels of the time before"
        )
