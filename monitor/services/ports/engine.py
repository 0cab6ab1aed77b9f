"""The engine as the use cases see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.domain.commitment import Commitment, Rulebook
    from monitor.domain.coverage import Watch
    from monitor.domain.derivation import Change, Checkpoint, Derivation
    from monitor.domain.edition import Edition
    from monitor.domain.inspection import Inspection
    from monitor.domain.time import Instant
    from monitor.domain.update import Update


class Engine(Protocol):
    """What derives histories; implemented in `monitor.engine`."""

    @property
    def rulebook(self) -> Rulebook: ...
    @property
    def commitments(self) -> Mapping[str, Commitment]: ...
    @property
    def asks(self) -> Mapping[str, Sequence[str]]:
        """The other commitments that a commitment's rules ask about."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes with the meaning of the rulebook or of the engine."""
        ...

    @property
    def origin(self) -> str:
        """Changes with the bytes that the rulebook was read from, or with the engine; "": none."""
        ...

    def rules_hash(self, key: str) -> str: ...
    def edition(self, key: str) -> Edition:
        """What that hash stands for."""
        ...

    def route(self, update: Update) -> Sequence[tuple[str, Instant]]: ...
    def tier(self, agreement: str, update: Update) -> int: ...
    def in_order(self, keys: Iterable[str]) -> Sequence[Sequence[str]]: ...
    def dependents(self, key: str) -> Sequence[str]: ...
    def derive(
        self,
        key: str,
        payload: bytes | None,
        news: Sequence[tuple[Instant, Update]],
        fetch: Callable[[Instant | None], Iterable[tuple[Instant, Update]]],
        watch: Watch,
        now: Instant,
        *,
        earlier: Callable[[], Sequence[Checkpoint]] = ...,
        affected: Instant | None = None,
        rewritten: tuple[Instant, Instant] | None = None,
        changes: Callable[[Instant | None], Iterable[Change]] | None = None,
        turned: Sequence[Instant] = ...,
    ) -> Derivation: ...

    def inspect(
        self,
        key: str,
        evidence: Sequence[tuple[Instant, Update]],
        watch: Watch,
        at: Instant,
        changes: Sequence[Change] | None = None,
    ) -> Inspection: ...

    def spoken(
        self,
        key: str,
        evidence: Sequence[tuple[Instant, Update]],
        watch: Watch,
        at: Instant,
        changes: Sequence[Change] | None = None,
    ) -> frozenset[str]:
        """The ids of the rules of a commitment that concluded something up to an instant."""
        ...
