"""The single values a rulebook is written with: ids, words, durations, dates, numbers.

Each is an annotated type: how a value is read, what is said when it cannot be, and what an editor
is told about it (JSON Schema).
"""

from __future__ import annotations

import re
import string
import unicodedata
import warnings
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from monitor.domain.time import Occurred, load_zone, parse_duration, parse_occurred
from monitor.domain.update import KINDS
from monitor.language.context import context_of
from monitor.language.faults import did_you_mean, shorten

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler, ValidationInfo
    from pydantic_core import CoreSchema

MAX_TEXT = 10_000
MAX_NUMBER = Decimal(10) ** 12
PLACES = 6
"""Digits after the point that a number may have: the engine counts in millionths."""

PLACEHOLDERS = ("agreement", "commitment", "title", "status", "since", "rule", "reason")

T = TypeVar("T")


def refusal(
    code: str, message: str, hint: str | None = None, at: tuple[str | int, ...] = ()
) -> PydanticCustomError:
    """A fault in the making. `at` leads from the value being read to the one that is wrong.

    A leading ".." in `at` means: beside the value rather than inside of it.
    """
    context = {"message": message, "hint": hint, "at": at}
    return PydanticCustomError(code, "{message}", context)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, eq=False)
class Short:
    """Tells an editor that a short form is allowed as well."""

    form: tuple[tuple[str, Any], ...]

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [dict(self.form), handler(core)]}


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """Tells an editor that one item may stand without a list around it."""

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        many = handler(core)
        return {"anyOf": [many["items"], many]}


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Many = Annotated[
    tuple[T, ...], BeforeValidator(_listed), Field(min_length=1, max_length=1_000), OneOrMany()
]
"""One item, or a list of them."""


def _text(value: Any) -> str:
    if not isinstance(value, str):
        kind = "true or false" if isinstance(value, bool) else "a number"
        if isinstance(value, (int, Decimal, float)):
            raise refusal("not-text", f"must be text, not {kind}", f'write "{value}" in quotes')
        raise refusal("not-text", f"must be text, not {plain_type(value)}")
    text = value.strip()
    if not text:
        raise refusal("empty-text", "must not be empty")
    if len(text) > MAX_TEXT:
        raise refusal("text-too-long", f"must not be longer than {MAX_TEXT:,} characters")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def plain_type(value: Any) -> str:
    """What a value is, in the words of YAML."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "text" if isinstance(value, str) else "a number"


def _line(value: Any) -> str:
    return " ".join(_text(value).split())


Text = Annotated[
    str, PlainValidator(_text), WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"\S"})
]
"""Text that may have several lines."""

Line = Annotated[
    str, PlainValidator(_line), WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"\S"})
]
"""Text whose white space carries no meaning."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_ID_HINT = "an id is made of a-z, 0-9 and -, at most 100 of them"


def _identifier(value: Any) -> str:
    text = _text(value)
    if not _ID.fullmatch(text):
        near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:100]
        hint = f"did you mean '{near}'?" if near and len(near) <= 40 else _ID_HINT
        raise refusal("bad-id", f"'{shorten(text)}' is not an id ({_ID_HINT})", hint)
    return text


_ID_SCHEMA = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,99}$"}
Identifier = Annotated[str, PlainValidator(_identifier), WithJsonSchema(_ID_SCHEMA)]


_REFERENCE = re.compile(r"[a-z0-9][a-z0-9-]{0,99}(?:/[a-z0-9][a-z0-9-]{0,99})?")


def _reference(value: Any) -> str:
    text = _text(value)
    if not _REFERENCE.fullmatch(text):
        hint = "write the commitment's id, or agreement/id"
        raise refusal("bad-reference", f"'{shorten(text)}' names no commitment", hint)
    return text


Reference = Annotated[
    str,
    PlainValidator(_reference),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?$"}),
]
"""A commitment: its id, or "agreement/id"."""


def _label(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _line(value)


LabelValue = Annotated[str, PlainValidator(_label), WithJsonSchema({"type": ["string", "integer"]})]


def _item(value: Any) -> str:
    text = _line(value)
    if "," in text or ";" in text:
        raise refusal("list-in-text", "one item cannot hold a comma", "write a list: [a, b]")
    return text


Topic = Annotated[
    str,
    PlainValidator(lambda value: _item(value).lower()),
    WithJsonSchema({"type": "string", "pattern": "^[^,;]+$", "examples": ["clean-energy"]}),
]
Party = Annotated[
    str,
    PlainValidator(lambda value: _item(value).upper()),
    WithJsonSchema({"type": "string", "pattern": "^[^,;]+$", "examples": ["JP", "KR"]}),
]

_KIND = re.compile(r"[a-z][a-z0-9_-]{0,99}")
_KIND_FORM = {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,99}$"}


def _new_kind(value: Any) -> str:
    text = _text(value)
    if not _KIND.fullmatch(text):
        hint = "begin with a-z, go on with a-z, 0-9, _ and -"
        raise refusal("bad-kind", f"'{shorten(text)}' cannot name a kind", hint)
    return text


def _kind(value: Any, info: ValidationInfo) -> str:
    text = _text(value)
    context = context_of(info)
    if context and text not in context.kinds:
        hint = did_you_mean(text, context.kinds) or "declare it under kinds:"
        raise refusal("unknown-kind", f"unknown kind '{shorten(text)}'", hint)
    return text


NewKind = Annotated[str, PlainValidator(_new_kind), WithJsonSchema(_KIND_FORM)]
Kind = Annotated[
    str,
    PlainValidator(_kind),
    WithJsonSchema({"anyOf": [{"enum": list(KINDS)}, _KIND_FORM]}),
]


def _duration(value: Any) -> int:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        hint = f"write {value}d for days, {value}w for weeks"
        raise refusal("bad-duration", f"{value} has no unit", hint)
    text = _text(value)
    if re.fullmatch(r"\d+\s*(mo|months?|y|yr|years?|q|quarters?)", text):
        hint = "count in days or weeks: 90d, 365d"
        raise refusal("bad-duration", f"'{shorten(text)}': months and years vary in length", hint)
    if not text.isascii() or len(text) > 30:
        text = shorten(text, 30) + "?"
    try:
        return parse_duration(text)
    except ValueError as error:
        raise refusal("bad-duration", str(error)) from None


Duration = Annotated[
    int,
    PlainValidator(_duration),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*[0-9]+\s*"
            r"(s|m|min|h|d|w|seconds?|minutes?|hours?|days?|weeks?)\s*$",
            "examples": ["90d", "2w", "12h"],
        }
    ),
]


def _occurred(value: Any) -> Occurred:
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:04d}"
    text = _text(value)
    if not text.isascii() or len(text) > 40:
        text = shorten(text, 40) + "?"
    try:
        occurred = parse_occurred(text)
        occurred.end("UTC")
    except (ValueError, OverflowError) as error:
        reason = str(error)
        hint = None
        if text not in reason:
            reason, hint = f"{text}: there is no such date ({reason})", None
        raise refusal("bad-date", reason, hint) from None
    return occurred


Date = Annotated[
    Occurred,
    PlainValidator(_occurred),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2}([T ].+)?)?)?$"},
                {"type": "integer", "minimum": 1, "maximum": 9999},
            ],
            "examples": ["2025-08-23", "2025-12", "2025", "2025-09-04T15:30+09:00"],
        }
    ),
]


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        hint = "write it without quotes and without a unit" if isinstance(value, str) else None
        raise refusal("not-a-number", f"must be a number, not {_shown(value)}", hint)
    number = Decimal(value)
    if abs(number) >= MAX_NUMBER:
        hint = "measure in a larger unit"
        raise refusal("number-out-of-range", "must be less than 10^12 in size", hint)
    if number != round(number, PLACES):
        hint = "round it, or measure in a smaller unit"
        raise refusal("number-too-fine", f"must have at most {PLACES} decimals", hint)
    return Decimal(f"{number.normalize():f}")


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return "infinity or no number"
    return f"'{shorten(value)}'" if isinstance(value, str) else plain_type(value)


Number = Annotated[
    Decimal,
    PlainValidator(_number),
    WithJsonSchema({"type": "number", "exclusiveMinimum": -1e12, "exclusiveMaximum": 1e12}),
]


def _whole(low: int, high: int) -> Any:
    def read(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            shown = shorten(str(value)) if isinstance(value, (int, str, Decimal)) else "this"
            raise refusal(
                "out-of-range", f"must be a whole number from {low} to {high}, not {shown}"
            )
        return value

    return read


Tier = Annotated[
    int,
    PlainValidator(_whole(1, 3)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 3}),
]
Bound = Annotated[
    int,
    PlainValidator(_whole(0, 1_000)),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 1_000}),
]


def _zone(value: Any) -> str:
    text = _text(value)
    try:
        load_zone(text)
    except ValueError as error:
        from zoneinfo import available_timezones  # noqa: PLC0415 - reads a directory tree: only here

        hint = did_you_mean(text, sorted(available_timezones()))
        hint = hint or "write an IANA name such as Asia/Tokyo or UTC"
        raise refusal("unknown-zone", str(error), hint) from None
    return text


Zone = Annotated[
    str,
    PlainValidator(_zone),
    WithJsonSchema({"type": "string", "examples": ["UTC", "Asia/Tokyo", "Europe/Berlin"]}),
]


def _regex(value: str) -> str:
    if len(value) > 1_000:
        raise refusal("bad-regex", "a regex must not be longer than 1,000 characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(value, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise refusal("bad-regex", f"not a regular expression: {error}") from None
    return value


Regex = Annotated[
    Text, AfterValidator(_regex), WithJsonSchema({"type": "string", "format": "regex"})
]


def _template(value: str) -> str:
    try:
        parts = [part[1:] for part in string.Formatter().parse(value) if part[1] is not None]
    except ValueError as error:
        hint = "write {{ and }} for braces that are meant as such"
        raise refusal("bad-placeholder", f"the braces do not match: {error}", hint) from None
    for name, form, conversion in parts:
        if name not in PLACEHOLDERS or form or conversion:
            hint = (
                did_you_mean(name, PLACEHOLDERS) or "known are {" + "}, {".join(PLACEHOLDERS) + "}"
            )
            shown = shorten(f"{name}{'!' + conversion if conversion else ''}{form and ':'}{form}")
            raise refusal("unknown-placeholder", f"unknown placeholder {{{shown}}}", hint)
    return value


Template = Annotated[Text, AfterValidator(_template)]

_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def _host(value: Any) -> str:
    text = _line(value).lower()
    if not text.isascii():
        try:
            text = text.encode("idna").decode("ascii")
        except UnicodeError:
            raise refusal("bad-host", f"'{shorten(text)}' is not the name of a host") from None
    if len(text) > 253 or not _HOST.fullmatch(text):
        bare = re.sub(r"^[a-z]+://|[/:?#].*$", "", re.sub(r"^[a-z]+://", "", text))
        hint = f"did you mean '{shorten(bare)}'?" if bare != text and bare else None
        raise refusal("bad-host", f"'{shorten(text)}' is not the name of a host", hint)
    return text


Host = Annotated[
    str, PlainValidator(_host), WithJsonSchema({"type": "string", "examples": ["mofa.go.jp"]})
]
