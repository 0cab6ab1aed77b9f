"""One transaction: runs statements, and never a further one after one has failed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from monitor.errors import StoreError
from monitor.store.dialect import explained, json_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

Row = tuple[Any, ...]

_CHUNK = 1000


class Session:
    """The statements of one transaction on one connection.

    Rows come as plain tuples from the driver: SQLAlchemy's own rows cost as much again as reading
    them. SQLite ends a transaction by itself after some errors, so that a statement after an error
    would be stored at once and alone: after the first error this session refuses all others.
    """

    def __init__(self, connection: Connection, where: str) -> None:
        self._connection = connection
        self._where = where
        self._keys: dict[str, int] = {}
        self._ended: str | None = None

    def end(self, why: str = "its block has ended") -> None:
        """Refuse every further statement."""
        self._ended = self._ended or why

    def raise_if_ended(self) -> None:
        """Complain if the block has ended, or a statement in it has failed.

        Raises:
            StoreError: it has.
        """
        if self._ended:
            raise StoreError(f"the transaction on {self._where} is over: {self._ended}")

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """All rows of a statement."""
        with self._explained():
            found: list[Row] = self._execute(sql, parameters).fetchall()
            return found

    def stream(self, sql: str, *parameters: Any) -> Iterator[Row]:
        """The rows of a statement, read as they are asked for, while the transaction lasts."""
        with self._explained():
            cursor = self._execute(sql, parameters)
        while True:
            with self._explained():
                rows = cursor.fetchmany(_CHUNK)
            if not rows:
                return
            yield from rows

    def one(self, sql: str, *parameters: Any) -> Row | None:
        """The first row of a statement, None if there is none."""
        found = self.rows(sql, *parameters)
        return found[0] if found else None

    def run(self, sql: str, *parameters: Any) -> int:
        """How many rows a statement changed."""
        with self._explained():
            return int(self._connection.exec_driver_sql(sql, parameters).rowcount)

    def many(self, sql: str, rows: list[Row]) -> int:
        """Run a statement once a row, as one batch; how many rows it changed."""
        if not rows:
            return 0
        with self._explained():
            return int(self._connection.exec_driver_sql(sql, rows).rowcount)

    def _execute(self, sql: str, parameters: tuple[Any, ...]) -> Any:
        """The driver's own cursor."""
        return self._connection.exec_driver_sql(sql, parameters or None).cursor

    @contextmanager
    def _explained(self) -> Iterator[None]:
        self.raise_if_ended()
        try:
            with explained(self._where):
                yield
        except BaseException:
            self.end("a statement in it has failed")
            raise

    def keys(self, commitments: Iterable[str]) -> dict[str, int]:
        """The numbers of those commitments that have one.

        The result may hold others as well: it is what this transaction has learned so far.
        """
        missing = [key for key in dict.fromkeys(commitments) if key not in self._keys]
        if missing:
            self._keys.update(
                self.rows(
                    "SELECT key, id FROM commitments WHERE key IN (SELECT value FROM json_each(?))",
                    json_list(missing),
                )
            )
        return self._keys

    def new_keys(self, commitments: Iterable[str]) -> dict[str, int]:
        """The numbers of commitments; those that have none get one."""
        wanted = list(dict.fromkeys(commitments))
        known = self.keys(wanted)
        missing = [key for key in wanted if key not in known]
        if missing:
            (last,) = self.rows("SELECT coalesce(max(id), 0) FROM commitments")[0]
            rows = list(enumerate(missing, last + 1))
            self.many("INSERT INTO commitments (id, key) VALUES (?, ?)", rows)
            known.update((key, number) for number, key in rows)
        return known
