"""What the use cases ask of the evidence in the store: updates, whose they are, and coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from monitor.domain.coverage import Coverage
    from monitor.domain.records import Added, Evidence
    from monitor.domain.time import Instant
    from monitor.domain.update import Update


class EvidenceReader(Protocol):
    def updates(self, ids: Sequence[str]) -> Mapping[str, Update]: ...

    def has_takers(self) -> bool:
        """Whether any update at all retracts or supersedes one."""
        ...

    def takers(self, ids: Collection[str]) -> Sequence[Update]:
        """The updates that retract or supersede one of these, known or not, each once."""
        ...

    def all_updates(self, known_at: Instant | None = None) -> Iterable[Update]:
        """Every update recorded by `known_at`, in the order in which they were recorded."""
        ...

    def pages(self, size: int) -> Iterable[Sequence[Update]]:
        """Every update, in the order in which they were stored, so many at a time."""
        ...

    def evidence(
        self, commitment: str, since: Instant | None = None
    ) -> Sequence[tuple[Instant, Update]]:
        """Ordered by instant, then id."""
        ...

    def read_evidence(
        self, commitment: str, since: Instant | None = None
    ) -> Iterable[tuple[Instant, Update]]:
        """The same, read as it is asked for: only inside the block, and once."""
        ...

    def coverage(self, known_at: Instant | None = None) -> Sequence[Coverage]:
        """Every row known by then, in the order in which they were learned."""
        ...

    def watched(self, known_at: Instant | None = None) -> Sequence[Coverage]:
        """As `coverage`, without what follows from other rows: the same instants are watched."""
        ...

    def reaches(self, known_at: Instant | None = None) -> Sequence[Coverage]:
        """As `coverage`, joined to one row for a source and agreement; who reaches furthest first.

        Its `since` is the first of any (None: one has none), its `until` and `recorded` the last.
        """
        ...

    def coverage_after(self, number: int) -> tuple[int, Sequence[Coverage]]:
        """The rows that were learned after the one of that number; and the number of the last."""
        ...


class EvidenceWriter(Protocol):
    def add_updates(self, updates: Sequence[Update]) -> Added: ...

    def add_evidence(self, rows: Sequence[Evidence]) -> None: ...

    def clear_evidence(self, commitments: Sequence[str]) -> None: ...

    def add_coverage(self, rows: Sequence[Coverage]) -> int:
        """How many said something new; a row that an older one already implies is not kept."""
        ...
