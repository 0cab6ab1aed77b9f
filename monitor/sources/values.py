"""Values of a record that pydantic does not read for us: names, exact numbers, clean text."""

from __future__ import annotations

import json
import re
import unicodedata
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from monitor.sources.fields import SEPARATOR, WORD_LIMIT
from monitor.sources.mapping import FIELDS

NAMES_LIMIT = 100
"""Topics or parties in one record."""

NAMES_TEXT_LIMIT = 5_000
"""Characters of topics or parties that are written as one text."""

VALUE_LIMIT = Decimal(10) ** 12
"""The engine compares numbers as integers of millionths; larger ones would not be exact."""

DECIMALS = 6

_NUMBER = re.compile(r"[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_EXACT = Context(prec=200)
_ONE = Decimal(1)
_AS_WRITTEN = json.JSONDecoder(parse_float=str, parse_int=str)


def read_topics(value: object) -> tuple[str, ...]:
    """Topics in lower case, sorted, each once.

    Raises:
        ValueError: neither text nor a list of texts, or too long.
    """
    return _topics(_hashable("topics", value)) if value else ()


def read_parties(value: object) -> tuple[str, ...]:
    """Parties in upper case, sorted, each once.

    Raises:
        ValueError: neither text nor a list of texts, or too long.
    """
    return _parties(_hashable("parties", value)) if value else ()


def read_number(value: object) -> Decimal:
    """An exact number without trailing zeros.

    Args:
        value: an int, a Decimal, or its text. A float is taken as the digits that Python prints.

    Raises:
        ValueError: no number, not finite, 10^12 or more, or with more than six decimals.
    """
    if type(value) is int and -VALUE_LIMIT < value < VALUE_LIMIT:
        return Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise ValueError(  # noqa: TRY004 - every fault of a record is a ValueError
            f"value must be a number, not {shown(value)}"
        )
    text = value.strip() if isinstance(value, str) else str(value)
    if text.lower().lstrip("+-") in {"nan", "snan", "inf", "infinity"}:
        raise ValueError(f"value {text} is not a finite number")
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"value {shown(value)} is not a number: write for instance 15 or -2.75")
    number = Decimal(text)
    if abs(number) >= VALUE_LIMIT:
        raise ValueError(f"value {text[:60]} is too large: at most 12 digits before the point")
    number = number.normalize(_EXACT)
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # noqa: S101 - the pattern admits finite numbers only
    if exponent < -DECIMALS:
        raise ValueError(f"value {text[:60]} has more than {DECIMALS} decimals")
    if not number:
        return Decimal(0)
    return number.quantize(_ONE, context=_EXACT) if exponent > 0 else number


def number_as_written(line: bytes, column: str) -> object:
    """The digits of a JSON number that a double could not hold: "12345678901.123456"."""
    return _AS_WRITTEN.decode(line.decode())[column]


def clean(record: dict[str, Any]) -> None:
    """Bring every field of a validated record to NFC, in place.

    Columns that are not read may hold what they like.

    Raises:
        ValueError: a text holds NUL or half a surrogate pair, which no store can keep.
    """
    for column, value in record.items():
        if type(value) is str and not (value.isascii() and "\0" not in value) and column in FIELDS:
            record[column] = nfc(column, value)
    url = record.get("url")
    if url and not url.isascii():  # of the ASCII ones the pattern has left only sound ones
        try:
            urlsplit(url)
        except ValueError as error:
            raise ValueError(f"url {shown(url)} is malformed: {error}") from None


def nfc(column: str, text: str) -> str:
    """The text in Unicode normal form C: one spelling for one text.

    Raises:
        ValueError: it holds NUL or half a surrogate pair.
    """
    if bad := _UNWRITABLE.search(text):
        raise ValueError(f"{column} holds the character U+{ord(bad[0]):04X}, which is not text")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def shown(value: object) -> str:
    """A value for a message, short."""
    if value is None:
        return "null"
    text = ascii(value) if isinstance(value, str) and _UNWRITABLE.search(value) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _hashable(field: str, value: object) -> str | tuple[Any, ...]:
    if type(value) is list:
        if len(value) > NAMES_LIMIT:
            raise ValueError(f"{field} has {len(value):,} entries: at most {NAMES_LIMIT}")
        for item in value:
            if type(item) is not str:
                raise ValueError(f"{field} must be texts, not {shown(item)}")
        return tuple(value)
    if type(value) is not str:
        raise ValueError(f"{field} must be a text or a list of texts, not {shown(value)}")
    if len(value) > NAMES_TEXT_LIMIT:
        raise ValueError(f"{field} is longer than {NAMES_TEXT_LIMIT:,} characters")
    return value


# The same few lists come again and again: a cache saves most of their cost.
@lru_cache(maxsize=4096)
def _topics(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return _sorted("topics", (name.lower() for name in _split(value)))


@lru_cache(maxsize=4096)
def _parties(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return _sorted("parties", (name.upper() for name in _split(value)))


def _split(value: str | tuple[str, ...]) -> list[str]:
    parts = SEPARATOR.split(value) if isinstance(value, str) else value
    return [part for part in map(str.strip, parts) if part]


def _sorted(field: str, names: Any) -> tuple[str, ...]:
    unique = {nfc(field, name) for name in names}
    if len(unique) > NAMES_LIMIT:
        raise ValueError(f"{field} has {len(unique):,} entries: at most {NAMES_LIMIT}")
    for name in unique:
        if len(name) > WORD_LIMIT:
            raise ValueError(f"{field}: {shown(name)} is longer than {WORD_LIMIT} characters")
    return tuple(sorted(unique))
