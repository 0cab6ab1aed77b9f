"""The database: blocks of reading and of writing, and the right to run."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from weakref import finalize

from monitor.errors import StoreBusyError, StoreUnwritableError
from monitor.store import lock
from monitor.store.dialect import READ, WRITE, connect, explained
from monitor.store.history import HistoryReader, HistoryWriter
from monitor.store.journal import JournalReader, JournalWriter
from monitor.store.location import identify, is_at_rest, make_parents
from monitor.store.notices import NoticeReader, NoticeWriter
from monitor.store.outbox import OutboxReader, OutboxWriter
from monitor.store.pool import Pool
from monitor.store.prepare import bring_up_to_date, use_wal
from monitor.store.states import StateReader, StateWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.domain.time import Seconds
    from monitor.store.dialect import Connection
    from monitor.store.location import Identity
    from monitor.store.session import Session

    S = TypeVar("S", bound=Session)


class Reader(StateReader, HistoryReader, OutboxReader, NoticeReader, JournalReader):
    """One consistent view of the database."""


class Writer(Reader, StateWriter, HistoryWriter, OutboxWriter, NoticeWriter, JournalWriter):
    """One transaction: everything in it commits together when its block ends, or nothing does."""


class Database:
    """A file with today's schema. Nothing is opened before the first block is entered."""

    def __init__(self, path: Path, *, busy_timeout: Seconds) -> None:
        self.path = path
        self._busy_timeout = busy_timeout
        self._pool: Pool | None = None
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
        with self._readable() as pool, _block(pool, READ, Reader, str(self.path)) as reader:
            yield reader

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Hold the write lock from the beginning; commit at the end, or undo everything.

        Raises:
            StoreError: the database cannot be used; the subclass says why.
        """
        pool = self._ready()
        self._use_wal(pool)
        with _block(pool, WRITE, Writer, str(self.path)) as writer:
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
        self._pool = None
        if self._dispose is not None:
            self._dispose()

    @property
    def _lock(self) -> Path:
        return self.path.with_name(self.path.name + ".lock")

    @contextmanager
    def _readable(self) -> Iterator[Pool]:
        if identify(self.path) is None:
            with closing(Pool(partial(connect, None, busy_timeout=0), None)) as pool:
                from monitor.store import build  # noqa: PLC0415 - see `_make`

                with pool.connection() as connection:
                    build.fill(connection)
                yield pool
            return
        try:
            pool = self._ready()
        except StoreUnwritableError:
            if not is_at_rest(self.path):
                raise
            with self._snapshot() as pool:
                yield pool
        else:
            yield pool

    @contextmanager
    def _snapshot(self) -> Iterator[Pool]:
        """Read a file that this user may not write.

        In WAL mode even a reader writes, beside the file. Where nobody has it open all of it is in
        the file, which SQLite then reads on the promise that it does not change; whether the
        promise was kept is seen afterwards.
        """
        before = self.path.stat()
        frozen = partial(connect, self.path, busy_timeout=0, uri="mode=ro&immutable=1")
        with closing(Pool(frozen, identify(self.path))) as pool:
            with explained(str(self.path)), pool.connection() as connection:
                bring_up_to_date(connection, self.path)
            yield pool
        after = self.path.stat()
        if (before.st_ino, before.st_mtime_ns) != (after.st_ino, after.st_mtime_ns):
            raise StoreBusyError(
                f"{self.path} was written while it was being read", hint="read it again"
            )

    def _ready(self) -> Pool:
        """Connections to a file that has today's schema."""
        found = identify(self.path)
        if self._pool is not None and found is not None and found == self._identity:
            return self._pool
        self.close()
        if found is None:
            self._make()
            found = identify(self.path)
        pool = Pool(partial(connect, self.path, busy_timeout=self._busy_timeout), found)
        try:
            with explained(str(self.path)), pool.connection() as connection:
                bring_up_to_date(connection, self.path)
        except BaseException:
            pool.close()
            raise
        self._pool, self._identity, self._wal = pool, found, False
        self._dispose = finalize(self, pool.close)
        return pool

    def _make(self) -> None:
        """Make the file, with a connection of its own."""
        # Only who makes a database has to load the tables.
        from monitor.store import build  # noqa: PLC0415

        make_parents(self.path)
        own = Pool(partial(connect, self.path, busy_timeout=self._busy_timeout), None)
        with closing(own), explained(str(self.path)), own.connection() as connection:
            build.create(connection, self.path)

    def _use_wal(self, pool: Pool) -> None:
        """Once for each file; where somebody is in the way, the next block tries again."""
        if not self._wal:
            try:
                with explained(str(self.path)), pool.connection() as connection:
                    use_wal(connection)
            except StoreBusyError:
                return
            self._wal = True


@contextmanager
def _block(pool: Pool, begin: str, kind: type[S], where: str) -> Iterator[S]:
    """A session in a transaction that ends with the block."""
    with _begun(pool, begin, where) as connection:
        session = kind(connection, where)
        try:
            yield session
            if begin == WRITE:
                session.commit()
        finally:
            session.end()


@contextmanager
def _begun(pool: Pool, begin: str, where: str) -> Iterator[Connection]:
    """A connection in a transaction; only what goes wrong in getting it is explained."""
    with ExitStack() as stack:
        with explained(where):
            connection = stack.enter_context(pool.connection())
            connection.cursor().execute(begin)
        yield connection
