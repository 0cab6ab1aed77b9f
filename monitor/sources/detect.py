"""What kind of file this is: by its name, else by how it begins."""

from __future__ import annotations

import codecs
import json
import re
from enum import StrEnum
from pathlib import PurePath

from monitor.errors import InputError
from monitor.sources.document import RECORDS_KEY


class Format(StrEnum):
    NDJSON = "ndjson"
    JSON = "json"
    CSV = "csv"


_BY_SUFFIX = {
    ".jsonl": Format.NDJSON,
    ".ndjson": Format.NDJSON,
    ".json": Format.JSON,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
}
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_FOREIGN = {
    b"\x1f\x8b": ("is compressed with gzip", "unpack it first: gunzip"),
    b"PK\x03\x04": ("is a spreadsheet or a zip archive", "export the sheet as CSV in UTF-8"),
    b"SQLite format 3\0": ("is a database", "export its rows as CSV or NDJSON"),
    b"PAR1": ("is a Parquet file", "export it as CSV or NDJSON"),
}
_UPDATES = re.compile(rb'"%s"\s*:\s*\[' % RECORDS_KEY.encode())


def detect(name: str, head: bytes, declared: Format | None) -> Format:
    """The format of a file.

    Args:
        name: of the file, for its suffix and for messages.
        head: its first bytes (tens of kilobytes), without the UTF-8 byte order mark.
        declared: what the user said it is, which wins.

    Raises:
        InputError: the bytes are not text in UTF-8, or belong to a program.
    """
    _refuse_foreign(name, head)
    found = declared or _BY_SUFFIX.get(PurePath(name).suffix.lower()) or _by_content(head)
    if found is Format.CSV:
        _refuse_encoding(name, head)
    return found


def _refuse_foreign(name: str, head: bytes) -> None:
    for magic, (what, hint) in _FOREIGN.items():
        if head.startswith(magic):
            raise InputError(f"{name} {what}", hint=hint)
    # Two bytes a character leave a zero beside every Latin letter; UTF-8 text has none.
    if head.startswith(_WIDE) or head[:400].count(0) > len(head[:400]) // 4:
        raise InputError(f"{name} is not UTF-8 (it looks like UTF-16)", hint=_convert("UTF-16"))


def _refuse_encoding(name: str, head: bytes) -> None:
    """A table in another encoding: one clear error is better than a reject for every row."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        line = head.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name}:{line}: not UTF-8 (byte 0x{head[error.start]:02x})",
            hint=_convert("ITS-ENCODING"),
        ) from None


def _convert(encoding: str) -> str:
    return f"save it as UTF-8, for instance: iconv -f {encoding} -t UTF-8"


def _by_content(head: bytes) -> Format:
    """An array or {"updates": [...]} is JSON, other objects are NDJSON, all else is CSV."""
    begin = head.lstrip()
    if begin.startswith(b"["):
        return Format.JSON
    if begin.startswith(b"{"):
        return Format.JSON if _is_document(begin) else Format.NDJSON
    return Format.CSV if begin else Format.NDJSON


def _is_document(begin: bytes) -> bool:
    first = begin.partition(b"\n")[0]
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return _UPDATES.search(begin) is not None or _is_whole(begin)
    return isinstance(record.get(RECORDS_KEY), list)


def _is_whole(begin: bytes) -> bool:
    """Whether it is one object on several lines, to its end."""
    try:
        return isinstance(json.loads(begin), dict)
    except (ValueError, RecursionError):
        return False
