"""What differs between databases: how one connects, begins, spells and fails.

Statements elsewhere are written as SQLite reads them (`?` for a parameter, `json_each(?)` for a
list). They run on the driver itself: what a session needs of it is DB-API 2, which another
database's driver offers as well, and SQLAlchemy, which costs more to load than most commands take,
is left to those who make or migrate a database (`build`).
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import quote

from monitor.errors import (
    ForeignDatabaseError,
    InputError,
    MonitorError,
    StoreBusyError,
    StoreError,
    StoreUnwritableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from monitor.domain.time import Seconds

READ, WRITE = "BEGIN", "BEGIN IMMEDIATE"
"""What a transaction begins with: a writer takes the write lock before it reads."""

DRIVER_ERRORS = (sqlite3.Error, UnicodeEncodeError)
"""What a statement can fail with."""

NO_LIMIT = 2**62
"""What to write after LIMIT for all rows; there is no word for it that every database reads."""

OLDEST_SQLITE = (3, 35, 0)
"""The first with RETURNING, which a claim needs."""

_PRAGMAS = """
    PRAGMA busy_timeout = {milliseconds};
    PRAGMA foreign_keys = ON;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -65536;
    PRAGMA temp_store = MEMORY;
"""


class Cursor(Protocol):
    """What a session needs of a driver's cursor."""

    @property
    def rowcount(self) -> int: ...
    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any: ...
    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def fetchmany(self, size: int) -> list[Any]: ...
    def close(self) -> None: ...


class Connection(Protocol):
    """What a session needs of a driver's connection; `rollback` without a transaction is nothing.

    Transactions begin when they are told to (`READ`, `WRITE`), and not before.
    """

    def cursor(self) -> Cursor: ...
    def commit(self) -> None: ...
    def rollback(self) -> None: ...
    def close(self) -> None: ...


def connect(path: Path | None, *, busy_timeout: Seconds, uri: str = "") -> Connection:
    """Open a file (None: an empty database in memory).

    sqlite3 by itself sends no BEGIN before a SELECT, so that two processes that read, think and
    write lose updates. Therefore it is told to leave transactions alone.

    Args:
        path: the file, which is made where it does not exist.
        busy_timeout: how long to wait for another process's transaction.
        uri: parameters of an SQLite URI, such as `mode=ro`.

    Raises:
        StoreError: Python came with an SQLite that cannot run the statements.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(
            f"Python's SQLite is {sqlite3.sqlite_version}, too old for this program",
            hint=f"use a Python with SQLite {'.'.join(map(str, OLDEST_SQLITE))} or newer",
        )
    name = ":memory:" if path is None else f"file:{quote(str(path))}?{uri}"
    connection = sqlite3.connect(
        name, timeout=busy_timeout, isolation_level=None, check_same_thread=False, uri=True
    )
    try:
        connection.executescript(_PRAGMAS.format(milliseconds=busy_timeout * 1000))
    except BaseException:
        connection.close()
        raise
    return connection


def copy_file(path: Path, target: Path, *, busy_timeout: Seconds, uri: str) -> None:
    """Copy one moment of a database into a new file, whoever writes it meanwhile.

    The database is only read: not even its write-ahead log is brought home.

    Args:
        path: the database.
        target: where the copy goes; nothing is there yet.
        busy_timeout: how long to wait for another process.
        uri: as for `connect`, for instance `mode=ro`.
    """
    source = connect(path, busy_timeout=busy_timeout, uri=uri)
    with closing(source), closing(sqlite3.connect(target)) as copy:
        cast("sqlite3.Connection", source).backup(copy)


def json_list(values: Iterable[str | int]) -> str:
    """The parameter for `json_each(?)`.

    Raises:
        InputError: a value contains NUL, at which SQLite's JSON would cut it off.
    """
    values = list(values)
    text = json.dumps(values, ensure_ascii=False)
    if "\\u0000" in text and any("\0" in str(value) for value in values):
        raise nul_error()
    return text


def nul_error() -> InputError:
    """The error for a text that no database keeps faithfully."""
    return InputError(
        "a text contains the character NUL, which cannot be stored",
        hint="remove it from the update or the rulebook",
    )


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turn what a driver raises in the block into what it means to the user.

    Raises:
        StoreError: the database failed; the subclass says how.
        InputError: a value cannot be stored.
    """
    try:
        yield
    except DRIVER_ERRORS as error:
        raise explain_error(error, where) from error


def explain_error(error: Exception, where: str) -> MonitorError:
    """What a driver's error means to the user of the database at `where`."""
    if isinstance(error, UnicodeEncodeError):
        return InputError(
            f"a text contains half a character (U+{ord(error.object[error.start]):04X}), "
            "which cannot be stored",
            hint="the text was cut in the middle of a character: read it again as UTF-8",
        )
    code = getattr(error, "sqlite_errorcode", None)
    # The low byte is the primary code (https://www.sqlite.org/rescode.html).
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusyError(
                f"{where} is being written by another process",
                hint="try again when it has finished",
            )
        case sqlite3.SQLITE_FULL:
            return StoreUnwritableError(
                f"{where} cannot be written: the disk is full",
                hint="make room; nothing of this run was stored, and the next run repeats it",
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StoreUnwritableError(
                f"{where} cannot be written: it is read-only",
                hint="give this user the right to write the file and its directory",
            )
        case sqlite3.SQLITE_CANTOPEN:
            return StoreUnwritableError(
                f"{where} cannot be opened",
                hint="give this user the right to write the file and its directory",
            )
        case sqlite3.SQLITE_IOERR:
            return StoreUnwritableError(
                f"{where} cannot be read or written: {error}",
                hint="look at the disk and its quota; nothing of this run was stored",
            )
        case sqlite3.SQLITE_NOTADB:
            return ForeignDatabaseError(
                f"{where} is not a database", hint="name another file; this one was left as it is"
            )
        case sqlite3.SQLITE_CORRUPT:
            return StoreError(
                f"{where} is damaged: {error}",
                hint="restore it from a backup, or see the .recover command of sqlite3",
            )
    return StoreError(f"{where} refused a statement: {error}")
