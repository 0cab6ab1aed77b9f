"""The shape of a record: one pydantic type per field, and the adapter for a mapping."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Any, NamedTuple, Required

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter
from typing_extensions import TypedDict  # pydantic brings it, and wants it before Python 3.12

from monitor.sources.mapping import FIELDS, FieldMap

TITLE_LIMIT, TEXT_LIMIT, WORD_LIMIT, URL_LIMIT = 10_000, 100_000, 200, 4_000
"""Characters. A text of 100,000 fits into the csv module's largest field."""

ID_PATTERN = r"^[A-Za-z0-9._:/-]{1,200}$"
KIND_PATTERN = r"^[a-z][a-z0-9_-]*$"
URL_PATTERN = r"^(?:[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#\[\]]+(?:[/?#]\S*)?)?$"

SHADOW = "-"
"""Before a field's name: a column of that name which the mapping leaves unread."""

SEPARATOR = re.compile(r"[,;]")

_Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=WORD_LIMIT)] | None
_Id = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^$|" + ID_PATTERN)] | None

_TYPES: dict[str, Any] = {
    "id": _Id,
    "occurred_at": Annotated[str, StringConstraints(strip_whitespace=True)],
    "recorded_at": Annotated[str, StringConstraints(strip_whitespace=True)] | None,
    "kind": Annotated[
        str,
        StringConstraints(strip_whitespace=True, pattern=KIND_PATTERN, max_length=WORD_LIMIT),
    ],
    "title": Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LIMIT)
    ],
    "topics": Any,  # str, list or null: read in record.py, which remembers the usual ones
    "parties": Any,
    "source": _Word,
    "url": Annotated[
        str,
        StringConstraints(strip_whitespace=True, pattern=URL_PATTERN, max_length=URL_LIMIT),
    ]
    | None,
    "text": Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXT_LIMIT)] | None,
    "agreement": _Word,
    "commitment": _Word,
    "milestone": _Word,
    "indicator": _Word,
    "value": Any,  # pydantic reads a JSON number as a double first, which loses digits
    "unit": _Word,
    "supersedes": _Id,
    "retracts": _Id,
    "moves_to": Annotated[str, StringConstraints(strip_whitespace=True)] | None,
}
REQUIRED = ("occurred_at", "kind", "title")


class Shape(NamedTuple):
    """How to validate one record under one mapping.

    `constants` are validated values by field; they win over what the record says.
    """

    validate_json: Callable[[bytes], dict[str, Any]]
    validate_python: Callable[[object], dict[str, Any]]
    constants: dict[str, Any]


@lru_cache(maxsize=64)
def shape(mapping: FieldMap) -> Shape:
    """The adapter for records under `mapping`.

    A record becomes a dict of the fields it has, plus unknown columns under their own names, plus
    `SHADOW + name` for a column that bears a field's name but is not where that field is read.

    Raises:
        ValidationError: a constant does not suit its field.
    """
    constants = dict(mapping.constants)
    translations = dict(mapping.values)
    used = {mapping.column(field) for field in FIELDS if field not in constants}
    record: dict[str, Any] = {}
    for field in FIELDS:
        if field not in constants:
            kind = _TYPES[field]
            if field in translations:
                kind = Annotated[kind, BeforeValidator(_translator(field, translations[field]))]
            column = mapping.column(field)
            if column != field:
                kind = Annotated[kind, Field(validation_alias=column)]
            record[field] = Required[kind] if field in REQUIRED else kind
        if field not in used:
            record[SHADOW + field] = Annotated[Any, Field(validation_alias=field)]
    adapter = _adapter(record, extra="allow")
    fixed = _adapter({field: _TYPES[field] for field in constants}, extra="forbid")
    return Shape(
        adapter.validator.validate_json,
        adapter.validator.validate_python,
        fixed.validate_python(constants),
    )


def _adapter(fields: dict[str, Any], *, extra: Any) -> TypeAdapter[dict[str, Any]]:
    record = TypedDict("Record", fields, total=False)  # type: ignore[misc]
    record.__pydantic_config__ = ConfigDict(extra=extra)  # type: ignore[attr-defined]
    adapter: TypeAdapter[dict[str, Any]] = TypeAdapter(record)  # type: ignore[arg-type]
    return adapter


def _translator(field: str, pairs: tuple[tuple[str, str], ...]) -> Callable[[object], object]:
    table = dict(pairs)

    def translate(value: object) -> object:
        if field in {"topics", "parties"} and isinstance(value, str):
            value = SEPARATOR.split(value)
        if isinstance(value, list):
            return [translate_one(item) for item in value]
        return translate_one(value)

    def translate_one(value: object) -> object:
        return table.get(value.strip(), value) if isinstance(value, str) else value

    return translate
