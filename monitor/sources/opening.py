"""A file or a stream, as chunks of bytes."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from monitor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD, CHUNK = 64 * 1024, 1024 * 1024
BOM = b"\xef\xbb\xbf"


@contextmanager
def opened(origin: Path | BinaryIO, name: str) -> Iterator[BinaryIO]:
    """A stream of bytes; a file is closed in the end, a stream that was given stays open.

    Raises:
        InputError: the file cannot be opened.
    """
    if not isinstance(origin, Path):
        yield origin
        return
    try:
        stream = origin.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable(name, error) from None
    with stream:
        yield stream


def begin(stream: BinaryIO, name: str) -> tuple[bytes, Iterator[bytes]]:
    """The first bytes, to judge the format by, and all chunks including them.

    A UTF-8 byte order mark is left out of both.

    Raises:
        InputError: the stream cannot be read; so does the iterator.
    """
    head = _read(stream, HEAD, name).removeprefix(BOM)
    return head, _chunks(head, stream, name)


def _chunks(head: bytes, stream: BinaryIO, name: str) -> Iterator[bytes]:
    yield head
    while chunk := _read(stream, CHUNK, name):
        yield chunk


def _read(stream: BinaryIO, size: int, name: str) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: OSError | ValueError) -> InputError:
    return InputError(f"cannot read {name}: {getattr(error, 'strerror', None) or error}")
