"""Bytes to lines, with bounded memory whatever comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LINE_LIMIT = 2 * 1024 * 1024
"""Bytes of one line. The longest honest record, all of it in escapes, is about 0.7 MB."""

_KEPT = 2_000


class Broken(NamedTuple):
    """What stands where a record should: the reason, and the beginning of it."""

    reason: str
    raw: bytes


Entry = tuple[int, bytes | Broken]
"""The number of a line, counted from 1, and the line without its end."""


def split_lines(chunks: Iterable[bytes]) -> Iterator[Entry]:
    r"""Split at \n. A line over `LINE_LIMIT` is dropped as it passes; `Broken` takes its place."""
    number, carry, dropped = 0, b"", b""
    for chunk in chunks:
        data = carry + chunk
        if dropped:
            _, end, data = chunk.partition(b"\n")
            if not end:
                continue
            number += 1
            yield number, _too_long(dropped)
            dropped = b""
        lines = data.split(b"\n")
        carry = lines.pop()
        for line in lines:
            number += 1
            yield number, line if len(line) <= LINE_LIMIT else _too_long(line)
        if len(carry) > LINE_LIMIT:
            carry, dropped = b"", carry[:_KEPT]
    if dropped:
        yield number + 1, _too_long(dropped)
    elif carry:
        yield number + 1, carry


def ndjson_entries(chunks: Iterable[bytes]) -> Iterator[Entry]:
    """The lines that hold something: one record each."""
    for entry in split_lines(chunks):
        line = entry[1]
        if not line or (type(line) is bytes and line.isspace()):
            continue
        yield entry


def _too_long(line: bytes) -> Broken:
    return Broken(f"the line is longer than {LINE_LIMIT // 2**20} MB", line[:_KEPT])
