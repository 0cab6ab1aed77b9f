"""The database: blocks of reading and of writing, and the right to run."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from monitor.store import lock
from monitor.store.dialect import (
    BEGIN,
    DRIVER_ERRORS,
    READ,
    WRITE,
    explain_error,
    sqlite_engine,
)
from monitor.store.history import HistoryReader, HistoryWriter
from monitor.store.journal import JournalReader, JournalWriter
from monitor.store.location import is_present, make_parents
from monitor.store.outbox import OutboxReader, OutboxWriter
from monitor.store.prepare import bring_up_to_date, create, fill, use_wal
from monitor.store.states import StateReader, StateWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from monitor.domain.time import Seconds
    from monitor.store.session import Session

    S = TypeVar("S", bound=Session)


class Reader(StateReader, HistoryReader, OutboxReader, JournalReader):
    """One consistent view of the database."""


class Writer(Reader, StateWriter, HistoryWriter, OutboxWriter, JournalWriter):
    """One transaction: everything in it commits together when its block ends, or nothing does."""


class Database:
    """A file with today's schema. Nothing is opened before the first block is entered."""

    def __init__(self, path: Path, *, busy_timeout: Seconds) -> None:
        self.path = path
        self._busy_timeout = busy_timeout
        self._engine: Engine | None = None

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """See one moment of the database, whatever is written meanwhile.

        A file that does not exist is an empty database, and is not made.

        Raises:
            StoreError: the database cannot be used; the subclass says why.
        """
        if not is_present(self.path):
            with self._empty() as engine, _block(engine, READ, Reader, "memory") as reader:
                yield reader
            return
        with _block(self._ready(), READ, Reader, str(self.path)) as reader:
            yield reader

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Hold the write lock from the beginning; commit at the end, or undo everything.

        Raises:
            StoreError: the database cannot be used; the subclass says why.
        """
        with _block(self._ready(), WRITE, Writer, str(self.path)) as writer:
            yield writer

    @contextmanager
    def exclusive(self, *, wait: bool) -> Iterator[bool]:
        """Hold the right to run. Yields False at once where another process has it and not `wait`.

        A holder that dies lets go.
        """
        make_parents(self.path)
        with lock.hold(self._lock, wait=wait) as held:
            yield held

    def holder(self) -> int | None:
        """The process that holds the right to run, for a message; None where none is named."""
        return lock.holder(self._lock)

    def close(self) -> None:
        """Close what is open. The next block opens it again."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    @property
    def _lock(self) -> Path:
        return self.path.with_name(self.path.name + ".lock")

    @contextmanager
    def _empty(self) -> Iterator[Engine]:
        engine = sqlite_engine(None, busy_timeout=0)
        with engine.begin() as connection:
            fill(connection)
        try:
            yield engine
        finally:
            engine.dispose()

    def _ready(self) -> Engine:
        """An engine on a file that has today's schema."""
        present = is_present(self.path)
        if self._engine is not None and present:
            return self._engine
        self.close()
        if not present:
            make_parents(self.path)
        engine = sqlite_engine(self.path, busy_timeout=self._busy_timeout)
        try:
            if not present:
                create(engine, self.path)
            bring_up_to_date(engine, self.path)
            use_wal(engine)
        except BaseException as error:
            engine.dispose()
            if isinstance(error, DRIVER_ERRORS):
                raise explain_error(error, str(self.path)) from error
            raise
        self._engine = engine
        return engine


@contextmanager
def _block(engine: Engine, begin: str, kind: type[S], where: str) -> Iterator[S]:
    """A session in a transaction that ends with the block."""
    try:
        connection = engine.connect().execution_options(**{BEGIN: begin})
        transaction = connection.begin()
    except DRIVER_ERRORS as error:
        raise explain_error(error, where) from error
    session = kind(connection, where)
    try:
        yield session
        if begin == WRITE:
            session.raise_if_ended()
        try:
            transaction.commit()
        except DRIVER_ERRORS as error:
            raise explain_error(error, where) from error
    except BaseException:
        # What cannot even be undone goes with its connection: SQLite undoes it.
        try:
            transaction.rollback()
        except DRIVER_ERRORS:
            connection.invalidate()
        raise
    finally:
        session.end()
        with suppress(*DRIVER_ERRORS):
            connection.close()
