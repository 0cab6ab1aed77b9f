"""One transaction: runs statements, and never a further one after one has failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from monitor.errors import StoreError
from monitor.store.dialect import DRIVER_ERRORS, explain_error, explained, json_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from monitor.store.dialect import Connection, Cursor

Row = tuple[Any, ...]

_FIRST, _CHUNK = 100, 1000


class Session:
    """The statements of one transaction on one connection.

    SQLite ends a transaction by itself after some errors, so that a statement after an error would
    be stored at once and alone: after the first error this session refuses all others.
    """

    def __init__(self, connection: Connection, where: str) -> None:
        self._connection = connection
        self._where = where
        self._keys: dict[str, int] = {}
        self._streams: list[Cursor] = []
        self._ended: str | None = None

    def commit(self) -> None:
        """Keep everything, and end.

        Raises:
            StoreError: a statement has failed, or the database does not keep it.
        """
        self.raise_if_ended()
        self.end()
        with explained(self._where):
            self._connection.commit()

    def end(self, why: str = "its block has ended") -> None:
        """Refuse every further statement.

        What is still being read is let go: it would hold the next block on this connection to the
        moment that this one saw.
        """
        self._ended = self._ended or why
        while self._streams:
            self._streams.pop().close()

    def raise_if_ended(self) -> None:
        """Complain if the block has ended, or a statement in it has failed.

        Raises:
            StoreError: it has.
        """
        if self._ended:
            raise StoreError(f"the transaction on {self._where} is over: {self._ended}")

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """All rows of a statement."""
        self.raise_if_ended()
        try:
            found: list[Row] = self._connection.cursor().execute(sql, parameters).fetchall()
        except BaseException as error:  # noqa: BLE001 - `_fail` raises it again
            self._fail(error)
        return found

    def stream(self, sql: str, *parameters: Any) -> Iterator[Row]:
        """The rows of a statement, read as they are asked for, while the transaction lasts."""
        self.raise_if_ended()
        cursor = self._connection.cursor()
        self._streams.append(cursor)
        rows: list[Row] | None = None
        try:
            while rows is None or rows:
                self.raise_if_ended()
                try:
                    if rows is None:
                        cursor.execute(sql, parameters)
                    # few at first: who reads only the beginning does not pay for the rest
                    rows = cursor.fetchmany(_FIRST if rows is None else _CHUNK)
                except BaseException as error:  # noqa: BLE001 - `_fail` raises it again
                    self._fail(error)
                yield from rows
        finally:
            if cursor in self._streams:
                self._streams.remove(cursor)
                cursor.close()

    def one(self, sql: str, *parameters: Any) -> Row | None:
        """The first row of a statement, None if there is none."""
        found = self.rows(sql, *parameters)
        return found[0] if found else None

    def run(self, sql: str, *parameters: Any) -> int:
        """How many rows a statement changed."""
        self.raise_if_ended()
        try:
            cursor = self._connection.cursor()
            cursor.execute(sql, parameters)
        except BaseException as error:  # noqa: BLE001 - `_fail` raises it again
            self._fail(error)
        return cursor.rowcount

    def many(self, sql: str, rows: list[Row]) -> int:
        """Run a statement once a row, as one batch; how many rows it changed."""
        if not rows:
            return 0
        self.raise_if_ended()
        try:
            cursor = self._connection.cursor()
            cursor.executemany(sql, rows)
        except BaseException as error:  # noqa: BLE001 - `_fail` raises it again
            self._fail(error)
        return cursor.rowcount

    def _fail(self, error: BaseException) -> NoReturn:
        """End because a statement has failed, and say so in words for the user."""
        self.end("a statement in it has failed")
        if isinstance(error, DRIVER_ERRORS):
            raise explain_error(error, self._where) from error
        raise error

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

    def learn(self, keys: Mapping[str, int]) -> None:
        """Remember the numbers of commitments, where a statement has told them anyway."""
        self._keys.update(keys)

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
