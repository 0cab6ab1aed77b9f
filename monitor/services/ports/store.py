"""The store as the use cases see it; implemented in `monitor.store`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from monitor.services.ports.alerts import AlertReader, AlertWriter
from monitor.services.ports.evidence import EvidenceReader, EvidenceWriter
from monitor.services.ports.history import HistoryReader, HistoryWriter
from monitor.services.ports.outbox import OutboxReader, OutboxWriter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from monitor.domain.records import Run


class Reader(EvidenceReader, HistoryReader, AlertReader, OutboxReader, Protocol):
    """One consistent view of the database."""

    def last_run(self) -> Run | None: ...

    def meta(self, key: str) -> str | None: ...

    def counts(self) -> Mapping[str, int]:
        """Rows by table, for `doctor`."""
        ...


class Writer(Reader, EvidenceWriter, HistoryWriter, AlertWriter, OutboxWriter, Protocol):
    """One transaction: everything in it commits together when its block ends, or nothing does."""

    def add_run(self, run: Run) -> None: ...

    def set_meta(self, key: str, value: str) -> None: ...


class Store(Protocol):
    """The database. Nothing is connected before the first block is entered."""

    def read(self) -> AbstractContextManager[Reader]: ...
    def write(self) -> AbstractContextManager[Writer]: ...
    def exclusive(self, *, wait: bool) -> AbstractContextManager[bool]:
        """Hold the right to run. Yields False at once where another process has it and not `wait`.

        A holder that dies lets go.
        """
        ...
