"""A copy of a database to try something on, which is thrown away afterwards."""

from __future__ import annotations

import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.store.database import Database
from monitor.store.dialect import copy_file, explained
from monitor.store.location import identify, is_at_rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.time import Seconds


@contextmanager
def rehearsal(path: Path, *, busy_timeout: Seconds = 30) -> Iterator[Database]:
    """One moment of the database at `path`, in a file of its own; empty where there is none yet.

    The original is not written: not one byte of it is another one afterwards.

    Raises:
        StoreError: it cannot be read; the subclass says why.
    """
    with tempfile.TemporaryDirectory(prefix="monitor-") as folder:
        target = Path(folder) / "monitor.db"
        if identify(path) is not None:
            _copy(path, target, busy_timeout)
        with closing(Database(target, busy_timeout=busy_timeout)) as database:
            yield database


def _copy(path: Path, target: Path, busy_timeout: Seconds) -> None:
    """A file that rests is read as it is: in WAL mode even a reader leaves files beside it.

    SQLite reads it so on the promise that it does not change; whether that was kept is seen
    afterwards, and where it was not, the file is read as one that others write.
    """
    before = path.stat()
    if is_at_rest(path):
        with explained(str(path)):
            copy_file(path, target, busy_timeout=0, uri="mode=ro&immutable=1")
        after = path.stat()
        if (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns):
            return
        target.unlink()
    with explained(str(path)):
        copy_file(path, target, busy_timeout=busy_timeout, uri="mode=ro")
