"""Where a database is, and whether the file there is one of ours."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from monitor.errors import ConfigError, ForeignDatabaseError, StoreUnwritableError

APPLICATION_ID = 0x6D6F6E31
"""Stored at byte 68 of the file (https://www.sqlite.org/fileformat2.html); reads "mon1"."""


class Identity(NamedTuple):
    """Device and inode: another one under the same name is another database."""

    device: int
    inode: int


_held: dict[int, Identity] = {}
"""The files that this process has open, by connection."""

_MAGIC = b"SQLite format 3\x00"
_PREFIX = "sqlite:///"


def parse_url(url: str) -> Path:
    """The file that a database URL names.

    Raises:
        ConfigError: another kind of database, or no file.
    """
    hint = "write for instance sqlite:///monitor.db or sqlite:////var/lib/monitor/monitor.db"
    if not url.startswith(_PREFIX):
        kind = url.partition(":")[0]
        raise ConfigError(f"a database of the kind {kind!r} cannot be used", hint=hint)
    name = url.removeprefix(_PREFIX)
    if not name or name.startswith(":") or "\0" in name:
        raise ConfigError(f"the database URL {url!r} names no file", hint=hint)
    return Path(name)


def identify(path: Path) -> Identity | None:
    """Which file of ours is at `path`; None where there is no database yet.

    The file is only looked at: SQLite would take a lock, or recover a journal, in a file that may
    belong to somebody else. The answer is in the header from the very first commit, because a
    database is made with a rollback journal and switched to WAL afterwards.

    A file that this process has open is not even looked into. To close any descriptor of a file
    drops all locks that the process has on it, SQLite's among them; another process that ends would
    then take itself for the last one, and remove the write-ahead log under the hands of this one.

    Raises:
        ForeignDatabaseError: something else is there.
        StoreUnwritableError: it cannot be read.
    """
    try:
        status = path.stat()
        identity = Identity(status.st_dev, status.st_ino)
        if identity in list(_held.values()):
            return identity
        with path.open("rb") as file:
            header = file.read(100)
            status = os.fstat(file.fileno())
    except FileNotFoundError:
        return None
    except IsADirectoryError as error:
        raise ForeignDatabaseError(
            f"{path} is a directory", hint="name a file inside it as the database"
        ) from error
    except NotADirectoryError as error:
        raise StoreUnwritableError(
            f"{path} cannot be made: a file stands where a directory should be",
            hint="name another place for the database",
        ) from error
    except OSError as error:
        raise StoreUnwritableError(
            f"{path} cannot be opened: {error.strerror}",
            hint="give this user the right to read and write it",
        ) from error
    if not header:
        return None
    if header[:16] != _MAGIC:
        raise ForeignDatabaseError(
            f"{path} is not a database", hint="name another file; this one was left as it is"
        )
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise foreign(path)
    return Identity(status.st_dev, status.st_ino)


def opened(connection: object, identity: Identity) -> None:
    """Remember that a connection has the file open."""
    _held[id(connection)] = identity


def closed(connection: object) -> None:
    """Forget it."""
    _held.pop(id(connection), None)


def is_at_rest(path: Path) -> bool:
    """Whether everything is in the file itself, and nothing in a log or journal beside it."""
    try:
        return not any(
            beside.exists() and beside.stat().st_size
            for beside in (path.with_name(path.name + end) for end in ("-wal", "-journal"))
        )
    except OSError:
        return False


def foreign(path: Path) -> ForeignDatabaseError:
    """The error for a database that somebody else made."""
    return ForeignDatabaseError(
        f"{path} is a database of another program",
        hint="name another file; this one was left as it is",
    )


def make_parents(path: Path) -> None:
    """Make the directories above `path`.

    Raises:
        StoreUnwritableError: they cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnwritableError(
            f"the directory {path.parent} cannot be made: {error.strerror}",
            hint="make it, or name another place for the database",
        ) from error
