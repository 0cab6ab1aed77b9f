r"""The reject file: what was refused and why, one JSON object a line.

    {"number": 3, "line": 7, "reason": "title is missing", "record": "{\"kind\": ...}"}

`record` is the text as it stood in the source, to be mended and read again.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

from monitor.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from monitor.sources.reader import Reject


def reject_path(store: Path, source: str) -> Path:
    """Where the rejects of a source go by default: beside the store, named for both."""
    safe = re.sub(r"[^\w.-]+", "-", source).strip("-.") or "input"
    return store.with_name(f"{store.stem}.{safe}.rejects.ndjson")


class RejectFile:
    """Writes the file as a whole or not at all.

    Rejects go to a temporary file beside it, which takes its place when the block ends well.
    Without any reject nothing is written, and a file of an earlier reading stays as it is.

        with RejectFile(path) as rejects:
            for batch in reading:
                rejects.add(batch.rejects)
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        self._stream: TextIO | None = None

    def add(self, rejects: Iterable[Reject]) -> None:
        """Write more of them.

        Raises:
            InputError: the file cannot be written.
        """
        try:
            for reject in rejects:
                if self._stream is None:
                    self._stream = self._temporary.open("w", encoding="utf-8", newline="\n")
                self._stream.write(json.dumps(reject._asdict(), ensure_ascii=False) + "\n")
                self.count += 1
        except OSError as error:
            raise self._unwritable(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._stream is None:
            return
        try:
            with self._stream as stream:
                if kind is None:
                    stream.flush()
                    os.fsync(stream.fileno())
            if kind is None:
                self._temporary.replace(self.path)
        except OSError as fault:
            if kind is None:
                raise self._unwritable(fault) from None
        finally:
            self._temporary.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> InputError:
        return InputError(
            f"cannot write the rejects to {self.path}: {error.strerror or error}",
            hint="name another place for the reject file",
        )


def write_rejects(path: Path, rejects: Iterable[Reject]) -> int:
    """Write all rejects at once; how many there were.

    Raises:
        InputError: the file cannot be written.
    """
    with RejectFile(path) as file:
        file.add(rejects)
    return file.count
