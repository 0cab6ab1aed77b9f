"""Reading the mapping of a tracker: all faults at once, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from monitor.domain.tracker import Means
from monitor.domain.zones import load_zone
from monitor.errors import InputError, RulebookError
from monitor.language.document import MAX_BYTES, parse_document
from monitor.language.faults import did_you_mean, listing
from monitor.language.files import RulebookFile, read_bytes
from monitor.sources.dates import read_occurred
from monitor.sources.tracker import form
from monitor.sources.tracker.dates import check_format

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from monitor.language.document import Document
    from monitor.sources.tracker.form import TrackerForm

_MODELS: dict[str, type[form.Form]] = {
    "promise": form.PromiseForm,
    "updates": form.UpdatesForm,
    "totals": form.TotalsForm,
    "statuses": form.WordForm,
}


def load_mapping(path: Path) -> TrackerForm:
    """Read a mapping.

    Raises:
        InputError: the file cannot be read.
        RulebookError: it is not of the form; every fault is located.
    """
    label = str(path)
    raw = read_bytes(RulebookFile(path, label), MAX_BYTES)
    if not isinstance(raw, bytes):
        raise InputError(f"{label}: {raw.message}", hint=raw.suggestion)
    document, faults = parse_document(raw, label)
    if document is None or faults:
        raise _error([str(fault) for fault in faults], label)
    try:
        mapping = form.TrackerForm.model_validate(document.data)
    except ValidationError as error:
        lines = [_told(fault, document) for fault in error.errors(include_url=False)]
        raise _error(list(dict.fromkeys(lines)), label) from None
    if lines := [
        str(document.fault(where, message, "mapping-form")) for where, message in _odd(mapping)
    ]:
        raise _error(lines, label)
    return mapping


def _error(lines: list[str], label: str) -> RulebookError:
    count = "1 fault" if len(lines) == 1 else f"{len(lines)} faults"
    return RulebookError(f"{count} in {label}", lines)


def _told(fault: Mapping[str, Any], document: Document) -> str:
    where = tuple(part for part in fault["loc"] if part != "[key]")
    message = str(fault["msg"]).removeprefix("Value error, ")
    if fault["type"] == "enum":
        near = did_you_mean(fault["input"], list(Means)) or f"known are {listing(Means)}"
        message = f"unknown meaning {fault['input']!r}, {near}"
    elif fault["type"] == "missing":
        message = f"`{where[-1]}` is missing"
    elif fault["type"] == "extra_forbidden":
        inner = _MODELS.get(str(where[0])) if len(where) > 1 else None
        model: type[form.Form] = inner or form.TrackerForm
        known = model.model_fields
        hint = did_you_mean(where[-1], known) or f"known are {', '.join(known)}"
        message = f"unknown key {str(where[-1])!r}, {hint}"
    key = fault["type"] == "extra_forbidden"
    return str(document.fault(where, message, "mapping-form", key=key))


def _odd(mapping: TrackerForm) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What the form allows and cannot be meant."""
    try:
        load_zone(mapping.timezone)
    except ValueError as error:
        yield ("timezone",), str(error)
    try:
        read_occurred(mapping.date)
    except ValueError as error:
        yield ("date",), str(error)
    for index, text in enumerate(mapping.dates):
        try:
            check_format(text)
        except ValueError as error:
            yield ("dates", index), str(error)
    folded: dict[str, str] = {}
    for text in mapping.statuses:
        other = folded.setdefault(text.casefold(), text)
        if other is not text:
            yield (
                ("statuses", text),
                f"{text!r} and {other!r} are one status: small letters count as large",
            )
    updates, totals = mapping.updates, mapping.totals
    if updates is not None:
        if (updates.within is None) == (updates.file is None):
            yield (
                ("updates",),
                "give either within (a list in each promise) or file (one of its own)",
            )
        elif updates.file is not None and updates.promise is None:
            yield ("updates",), "updates of a file need promise: the column with the promise's id"
        if updates.file is not None and mapping.promise.id is None:
            yield ("promise",), "updates of a file name promises by id: say where the id stands"
        if mapping.promise.updated is not None:
            yield (
                ("promise", "updated"),
                "updated dates the status of a row; with updates it is not read",
            )
    if totals is not None:
        given = [n for n in ("file", "at", "given") if getattr(totals, n) is not None]
        if len(given) != 1:
            yield ("totals",), "give exactly one of file, at and given"
        if totals.status is not None and totals.count is None and totals.percent is None:
            yield ("totals",), "status needs count or percent beside it"
