"""What is kept: evidence, coverage, history and the outbox, in one database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.time import Seconds
    from monitor.store.database import Database

__all__ = ["open_store"]


def open_store(url: str, *, busy_timeout: Seconds = 30) -> Database:
    """The database at `url`; nothing is opened before its first block is entered.

    Args:
        url: `sqlite:///relative/path` or `sqlite:////absolute/path`. The file, and the directories
            above it, are made by the first `write()`; a `read()` of a file that does not exist
            shows an empty database and makes nothing.
        busy_timeout: how long a `write()` waits for another process's transaction, in seconds.

    Raises:
        ConfigError: the URL names no database this version can use.
    """
    # Only who opens a store pays for what it needs.
    from monitor.store.database import Database  # noqa: PLC0415
    from monitor.store.location import parse_url  # noqa: PLC0415

    return Database(parse_url(url), busy_timeout=busy_timeout)
