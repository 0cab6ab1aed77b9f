"""Connections to one database, opened when they are needed and kept for the next block."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from monitor.store import location
from monitor.store.dialect import DRIVER_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from monitor.store.dialect import Connection
    from monitor.store.location import Identity


class Pool:
    """Who is done with a connection leaves it to the next, without a transaction.

    Args:
        connect: opens one.
        identity: the file that they open; None where it is none.
    """

    def __init__(self, connect: Callable[[], Connection], identity: Identity | None) -> None:
        self._connect = connect
        self._identity = identity
        self._idle: list[Connection] = []
        self._open = True

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for one block; what the block has not committed is undone."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
            if self._identity is not None:
                location.opened(connection, self._identity)
        try:
            yield connection
        finally:
            self._take_back(connection)

    def close(self) -> None:
        """Close those that nobody uses; the others are closed when they come back."""
        self._open = False
        while self._idle:
            _close(self._idle.pop())

    def _take_back(self, connection: Connection) -> None:
        try:
            connection.rollback()
        except DRIVER_ERRORS:
            # What cannot even be undone goes with its connection: the database undoes it.
            _close(connection)
            return
        if self._open:
            self._idle.append(connection)
        else:
            _close(connection)


def _close(connection: Connection) -> None:
    with suppress(*DRIVER_ERRORS):
        connection.close()
    location.closed(connection)
