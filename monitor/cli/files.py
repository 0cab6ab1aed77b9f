"""Writing files: whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from monitor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Put new content into a file: at no instant is there less than one of the two.

    A link goes on leading where it leads; a file that is there keeps its mode.

    Raises:
        InputError: it cannot be written; then it is as it was.
    """
    real = path.resolve()
    part = real.with_name(f".{real.name}.{os.getpid()}.tmp")
    try:
        with part.open("xb") as stream:
            if real.exists():
                part.chmod(real.stat().st_mode & 0o7777)
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(real)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise InputError(
            f"cannot write {path}: {error.strerror or error}", hint="it is as it was"
        ) from None


@contextmanager
def folder_for(path: Path) -> Iterator[None]:
    """The folder of a file is there meanwhile; afterwards too, where the file is."""
    missing = [folder for folder in path.absolute().parents if not folder.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {path.parent}: {error.strerror or error}") from None
    try:
        yield
    finally:
        if not path.exists():
            for folder in missing:
                folder.rmdir()
