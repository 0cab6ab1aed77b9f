"""Why a record was refused, in words that tell its author what to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.sources.mapping import FIELDS, nearest, suggestion
from monitor.sources.values import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pydantic import ValidationError

_NEAR_NAMES = {
    "occurred_at": ("occurred", "date", "datetime", "occurred_on", "published", "timestamp"),
    "kind": ("type", "category"),
    "title": ("headline", "summary", "name"),
}
"""What other people call the fields that a record cannot do without."""

_FORMS = {
    "url": "must begin with http:// or https:// and a host, and hold no blank",
    "id": "must be 1 to 200 letters, digits and . _ : / -",
    "supersedes": "must be the id of an update",
    "retracts": "must be the id of an update",
}


def explain(
    error: ValidationError,
    columns: Iterable[str],
    renamed: Mapping[str, str],
    kinds: Collection[str] | None,
) -> str:
    """One line for all that pydantic found in one record.

    Args:
        error: what it raised.
        columns: the columns of the record, for near misses.
        renamed: field by mapped column.
        kinds: the known kinds, None where any is allowed.
    """
    names = set(columns)
    faults = error.errors(include_url=False, include_context=True)
    return "; ".join(_one(fault, names, renamed, kinds) for fault in faults[:5])


def unknown_kind(kind: str, kinds: Collection[str]) -> str:
    near = suggestion(kind, sorted(kinds))
    return f"unknown kind {shown(kind)}{near or ': known are ' + ', '.join(sorted(kinds))}"


def _one(
    fault: Any, columns: set[str], renamed: Mapping[str, str], kinds: Collection[str] | None
) -> str:
    kind, given, context = fault["type"], fault["input"], fault.get("ctx", {})
    if kind == "json_invalid":
        return f"not valid JSON: {context['error']}".replace(" at line 1 column", " at column")
    if kind == "string_unicode":
        where = str(fault["loc"][0]) if fault["loc"] else "the name of a column"
        return f"{where} holds half a surrogate pair, which is not text"
    if not fault["loc"]:
        return f"a record must be an object with named fields, not {_noun(given)}"
    column = str(fault["loc"][0])
    field = renamed.get(column, column)
    name = column if field == column else f"{column} (read as {field})"
    if kind == "missing":
        return f"{name} is missing{_elsewhere(field, columns)}"
    if kind == "string_type":
        return f"{name} must be text, not {_noun(given)}"
    if kind == "string_too_short":
        return f"{name} is empty"
    if kind == "string_too_long":
        return f"{name} is longer than {context['max_length']:,} characters"
    if kind == "string_pattern_mismatch":
        if field == "kind":
            return _malformed_kind(given, kinds)
        return f"{name} {shown(given)} {_FORMS[field]}"
    return f"{name}: {fault['msg']}"


def _malformed_kind(given: Any, kinds: Collection[str] | None) -> str:
    near = suggestion(given, sorted(kinds or ()))
    if not given.strip():
        return "kind is empty"
    return f"kind {shown(given)} is not a lower-case word of letters, digits, - and _{near}"


def _elsewhere(field: str, columns: set[str]) -> str:
    """A hint where another column looks like the missing one."""
    spare = {column for column in columns if column not in FIELDS}
    lowered = {column.lower(): column for column in sorted(spare)}
    for name in (field, *_NEAR_NAMES.get(field, ())):
        if name in lowered:
            return f" (map it: {field}={lowered[name]})"
    near = nearest(field, lowered)
    return f" (there is {shown(lowered[near])})" if near else ""


def _noun(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    return f"the number {shown(value)}" if isinstance(value, int | float) else shown(value)
