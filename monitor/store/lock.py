"""The right to run, held by one process at a time and let go by the kernel when it dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitor.errors import StoreUnwritableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def hold(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold an exclusive lock on a file of its own; False where another has it and not `wait`.

    The file says who holds it (a process id) and stays when it is let go: to remove it would let
    two processes hold two files of one name. A lock file, and not the database, because SQLite
    gives up its own locks when any descriptor of the database is closed.

    Raises:
        StoreUnwritableError: the file cannot be made or locked.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            held = False
        except OSError as error:
            raise _unusable(path, error) from error
        else:
            held = True
            _sign(descriptor, f"{os.getpid()}\n")
        try:
            yield held
        finally:
            if held:
                _sign(descriptor, "")
    finally:
        os.close(descriptor)


def holder(path: Path) -> int | None:
    """The process id that the lock file names, None where it names none.

    For a message only: a process that was killed leaves its name behind.
    """
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _sign(descriptor: int, text: str) -> None:
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text.encode(), 0)
    except OSError:
        # The name is a courtesy: on a full disk the lock holds without it.
        return


def _unusable(path: Path, error: OSError) -> StoreUnwritableError:
    return StoreUnwritableError(
        f"the lock file {path} cannot be used: {error.strerror}",
        hint="give this user the right to write the directory of the database",
    )
