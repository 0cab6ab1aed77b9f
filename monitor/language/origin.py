"""What a rulebook was read from: files are the same where their bytes are, whatever their dates."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from monitor import __version__
from monitor.language.document import MAX_BYTES
from monitor.language.faults import Fault, FaultSeverity
from monitor.language.files import is_there, read_bytes, rulebook_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from monitor.language.files import RulebookFile


class Digester:
    """Takes files in, one after the other."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256(__version__.encode())

    def add(self, raw: bytes) -> None:
        """The next file. Its length stands before it, so that no two rows of files are alike."""
        self._hash.update(b"\0%d\0" % len(raw))
        self._hash.update(raw)

    @property
    def digest(self) -> str:
        """16 hex digits. Another version of this program, which may read otherwise, has others."""
        return self._hash.hexdigest()[:16]


class Origin(NamedTuple):
    """The files, in the order in which they are read, and the digest of what they hold."""

    files: tuple[RulebookFile, ...]
    digest: str

    def holds(self, documents: Iterable[str | None]) -> bool:
        """Whether the documents are there that the files name, one or none each."""
        pairs = zip(self.files, documents, strict=True)
        return all(document is None or is_there(file, document) for file, document in pairs)


def origin_of(paths: Sequence[Path]) -> Origin | None:
    """What a rulebook would be read from; None where something cannot be read at all."""
    files, faults = rulebook_files(paths)
    if any(fault.severity is FaultSeverity.ERROR for fault in faults):
        return None
    digester = Digester()
    for file in files:
        raw = read_bytes(file, MAX_BYTES)
        if isinstance(raw, Fault):
            return None
        digester.add(raw)
    return Origin(tuple(files), digester.digest)
