"""Text, ids and the other words a rulebook is written with.

Each is an annotated type: how a value is read, what is said when it cannot be, and what an editor
is told about it (JSON Schema).
"""

from __future__ import annotations

import re
import string
import unicodedata
import warnings
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, PlainValidator, WithJsonSchema

from monitor.domain.update import KINDS
from monitor.language.context import context_of
from monitor.language.faults import did_you_mean, shorten
from monitor.language.forms import plain_type, refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import ValidationInfo

MAX_TEXT = 10_000

PLACEHOLDERS = ("agreement", "commitment", "title", "status", "since", "rule", "reason")


def plain_text(value: Any) -> str:
    if not isinstance(value, str):
        hint = None
        if isinstance(value, (int, Decimal, float)):
            hint = f'write "{str(value).lower()}" in quotes'
        raise refusal("not-text", f"must be text, not {plain_type(value)}", hint)
    text = value.strip()
    if not text:
        raise refusal("empty-text", "must not be empty")
    if len(text) > MAX_TEXT:
        raise refusal("text-too-long", f"must not be longer than {MAX_TEXT:,} characters")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


T = TypeVar("T")


def remembered(read: Callable[[Any], T]) -> Callable[[Any], T]:
    """The same, but a word that was read lately is not read again: most words stand often."""
    known = lru_cache(maxsize=2_000)(read)

    def ask(value: Any) -> T:
        return known(value) if type(value) is str else read(value)

    return ask


def _line(value: Any) -> str:
    if type(value) is str and value.isascii() and len(value) <= MAX_TEXT:
        text = " ".join(value.split())
        if text:
            return text
    return " ".join(plain_text(value).split())


Text = Annotated[
    str,
    PlainValidator(plain_text),
    WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"\S"}),
]
"""Text that may have several lines."""

Line = Annotated[
    str, PlainValidator(_line), WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"\S"})
]
"""Text whose white space carries no meaning."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_ID_HINT = "an id is made of a-z, 0-9 and -, at most 100 of them"


def _identifier(value: Any) -> str:
    if type(value) is str and _ID.fullmatch(value):
        return value
    text = plain_text(value)
    if not _ID.fullmatch(text):
        near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:100]
        hint = f"did you mean '{near}'?" if near and len(near) <= 40 else _ID_HINT
        raise refusal("bad-id", f"'{shorten(text)}' is not an id", hint)
    return text


_ID_SCHEMA = {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]{0,99}$"}
Identifier = Annotated[str, PlainValidator(_identifier), WithJsonSchema(_ID_SCHEMA)]


_REFERENCE = re.compile(r"[a-z0-9][a-z0-9-]{0,99}(?:/[a-z0-9][a-z0-9-]{0,99})?(?:@[\w-]{1,99})?")


def _reference(value: Any) -> str:
    text = plain_text(value)
    if not _REFERENCE.fullmatch(text):
        hint = "write the commitment's id, or agreement/id"
        raise refusal("bad-reference", f"'{shorten(text)}' names no commitment", hint)
    return text


Reference = Annotated[
    str,
    PlainValidator(_reference),
    WithJsonSchema(
        {"type": "string", "pattern": r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)?(@[^\s/@]+)?$"}
    ),
]
"""A commitment: its id, or "agreement/id"; one party's part of it: the same and "@party"."""


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
    PlainValidator(remembered(lambda value: _item(value).lower())),
    WithJsonSchema({"type": "string", "pattern": "^[^,;]+$", "examples": ["clean-energy"]}),
]
Party = Annotated[
    str,
    PlainValidator(remembered(lambda value: _item(value).upper())),
    WithJsonSchema({"type": "string", "pattern": "^[^,;]+$", "examples": ["JP", "KR"]}),
]

_KIND = re.compile(r"[a-z][a-z0-9_-]{0,99}")
_KIND_FORM = {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,99}$"}


def _new_kind(value: Any) -> str:
    text = plain_text(value)
    if not _KIND.fullmatch(text):
        hint = "begin with a-z, go on with a-z, 0-9, _ and -"
        raise refusal("bad-kind", f"'{shorten(text)}' cannot name a kind", hint)
    return text


def _kind(value: Any, info: ValidationInfo) -> str:
    context = context_of(info)
    if context and type(value) is str and value in context.kinds:
        return value
    text = plain_text(value)
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
    str,
    PlainValidator(remembered(_host)),
    WithJsonSchema({"type": "string", "pattern": r"^[^\s/:?#@]+$", "examples": ["mofa.go.jp"]}),
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
