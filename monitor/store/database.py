"""The database: blocks of reading and of writing, and the right to run."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar
from weakref import finalize

from monitor.errors import StoreBusyError, StoreUnwritableError
from monitor.store import lock
from monitor.store.dialect import (
    BEGIN,
    DRIVER_ERRORS,
    READ,
    WRITE,
    explained,
    sqlite_engine,
)
from monitor.store.history import HistoryReader, HistoryWriter
from monitor.store.journal import JournalReader, JournalWriter
from monitor.store.location import identify, is_at_rest, make_parents
from monitor.store.outbox import OutboxReader, OutboxWriter
from monitor.store.prepare import bring_up_to_date, use_wal
from monitor.store.states import StateReader, StateWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from monitor.domain.time import Seconds
    from monitor.store.location import Identity
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
        self._dispose: finalize[[], Database] | None = None
        self._identity: Identity | None = None
        self._wal = False

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """See one moment of the database, whatever is written meanwhile.

        A file that does not exist is an empty database, and is not made.

        Raises:
            StoreError: the database cannot be used; the subclass says why.
        """
        with self._readable() as engine, _block(engine, READ, Reader, str(self.path)) as reader:
            yield reader

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Hold the write lock from the beginning; commit at the end, or undo everything.

        Raises:
            StoreError: the database cannot be used; the subclass says why.
        """
        engine = self._ready()
        self._use_wal(engine)
        with _block(engine, WRITE, Writer, str(self.path)) as writer:
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
        self._engine = None
        if self._dispose is not None:
            self._dispose()

    @property
    def _lock(self) -> Path:
        return self.path.with_name(self.path.name + ".lock")

    @contextmanager
    def _readable(self) -> Iterator[Engine]:
        if identify(self.path) is None:
            with _disposed(sqlite_engine(None, busy_timeout=0)) as engine:
                from monitor.store import build  # noqa: PLC0415 - see `_ready`

                with engine.begin() as connection:
                    build.fill(connection)
                yield engine
            return
        try:
            engine = self._ready()
        except StoreUnwritableError:
            if not is_at_rest(self.path):
                raise
            with self._snapshot() as engine:
                yield engine
        else:
            yield engine

    @contextmanager
    def _snapshot(self) -> Iterator[Engine]:
        """Read a file that this user may not write.

        In WAL mode even a reader writes, beside the file. Where nobody has it open all of it is in
        the file, which SQLite then reads on the promise that it does not change; whether the
        promise was kept is seen afterwards.
        """
        before = self.path.stat()
        with _disposed(
            sqlite_engine(self.path, busy_timeout=0, uri="mode=ro&immutable=1")
        ) as engine:
            with explained(str(self.path)):
                bring_up_to_date(engine, self.path)
            yield engine
        after = self.path.stat()
        if (before.st_ino, before.st_mtime_ns) != (after.st_ino, after.st_mtime_ns):
            raise StoreBusyError(
                f"{self.path} was written while it was being read", hint="read it again"
            )

    def _ready(self) -> Engine:
        """An engine on a file that has today's schema."""
        found = identify(self.path)
        if self._engine is not None and found is not None and found == self._identity:
            return self._engine
        self.close()
        if found is None:
            make_parents(self.path)
        engine = sqlite_engine(self.path, busy_timeout=self._busy_timeout)
        try:
            with explained(str(self.path)):
                if found is None:
                    # Only who makes a database has to load the tables.
                    from monitor.store import build  # noqa: PLC0415

                    build.create(engine, self.path)
                bring_up_to_date(engine, self.path)
        except BaseException:
            engine.dispose()
            raise
        self._engine, self._identity, self._wal = engine, identify(self.path), False
        self._dispose = finalize(self, engine.dispose)
        return engine

    def _use_wal(self, engine: Engine) -> None:
        """Once for each engine; where somebody is in the way, the next block tries again."""
        if not self._wal:
            try:
                with explained(str(self.path)):
                    use_wal(engine)
            except StoreBusyError:
                return
            self._wal = True


@contextmanager
def _disposed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _block(engine: Engine, begin: str, kind: type[S], where: str) -> Iterator[S]:
    """A session in a transaction that ends with the block."""
    with explained(where):
        connection = engine.connect().execution_options(**{BEGIN: begin})
        transaction = connection.begin()
    session = kind(connection, where)
    try:
        yield session
        if begin == WRITE:
            session.raise_if_ended()
        with explained(where):
            transaction.commit()
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
