"""What the use cases ask of the store: small protocols, implemented in `monitor.store`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from monitor.domain.records import (
    Added,
    Conflict,
    Evidence,
    Run,
    StoredState,
    StoredTransition,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from monitor.domain.alert import Alert
    from monitor.domain.commitment import Commitment, Rulebook
    from monitor.domain.coverage import Coverage, Watch
    from monitor.domain.delivery import Delivery, DeliveryState, Outbound, Outcome
    from monitor.domain.derivation import Change, Checkpoint, Derivation
    from monitor.domain.edition import Edition
    from monitor.domain.inspection import Inspection
    from monitor.domain.message import Message
    from monitor.domain.notice import Ack, Notice, Silence, Suppression
    from monitor.domain.time import Instant, Seconds
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update

__all__ = [
    "Added",
    "Conflict",
    "Evidence",
    "Reader",
    "Run",
    "Store",
    "StoredState",
    "StoredTransition",
    "Writer",
]


class Reader(Protocol):
    """One consistent view of the database."""

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

    def checkpoints(self, commitment: str) -> Sequence[Checkpoint]:
        """The older states of a commitment that are kept, in order."""
        ...

    def coverage(self, known_at: Instant | None = None) -> Sequence[Coverage]:
        """Every row known by then, in the order in which they were learned."""
        ...

    def watched(self, known_at: Instant | None = None) -> Sequence[Coverage]:
        """As `coverage`, without what follows from other rows: the same instants are watched."""
        ...

    def coverage_after(self, number: int) -> tuple[int, Sequence[Coverage]]:
        """The rows that were learned after the one of that number; and the number of the last."""
        ...

    def states(self, commitments: Sequence[str] | None = None) -> Mapping[str, StoredState]:
        """Those that exist; None: all."""
        ...

    def due(self, now: Instant, watched_until: Mapping[str, Instant]) -> Sequence[str]:
        """Those with due_clock <= now or due_watched <= min(now, end of the agreement's coverage).

        By index: the cost follows the number of rows returned, not of rows stored.
        """
        ...

    def transitions(
        self,
        commitments: Sequence[str] | None = None,
        *,
        since: Instant | None = None,
        until: Instant | None = None,
        known_at: Instant | None = None,
        withdrawn: bool = False,
    ) -> Sequence[StoredTransition]:
        """Ordered by commitment, instant, then recording. `until` belongs to what is asked for.

        Without `known_at` those that stand now, with it those that stood then; `withdrawn` True:
        all, whenever they stood.
        """
        ...

    def standing_changes(self, commitment: str) -> Sequence[Transition]:
        """The transitions of a commitment that stand now, in order, without their reasons."""
        ...

    def alerts(
        self,
        *,
        commitment: str | None = None,
        agreement: str | None = None,
        kind: str | None = None,
        limit: int | None = None,
    ) -> Sequence[Alert]:
        """Newest first."""
        ...

    def alerts_named(self, ids: Sequence[str]) -> Mapping[str, Alert]:
        """Those that exist, by id."""
        ...

    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        receiver: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> Sequence[Delivery]:
        """Newest first; with `before`, those of lower ids only."""
        ...

    def deliveries_of(self, alert: str) -> Sequence[Delivery]:
        """Those whose message tells an alert, oldest first."""
        ...

    def told_by(self, deliveries: Sequence[int]) -> Mapping[int, frozenset[str]]:
        """The commitments that the messages of deliveries tell of."""
        ...

    def notices(self, alerts: Sequence[str]) -> Sequence[Notice]:
        """Those about alerts, in the order of their receivers' names."""
        ...

    def has_notices(self) -> bool:
        """Whether there are any: there are none where nothing was ever routed or silenced."""
        ...

    def wakes(self, now: Instant) -> bool:
        """Whether something is to be decided by now about any notice. By index."""
        ...

    def waking(self, now: Instant) -> Sequence[Notice]:
        """Those about which something is to be decided by now, the older alerts first. By index."""
        ...

    def held(self, *, limit: int | None = None) -> Sequence[Notice]:
        """Those that are not told yet, the soonest first."""
        ...

    def alerted(self, agreement: str | None) -> Sequence[str]:
        """The commitments that a condition was ever reported of (None: of any agreement)."""
        ...

    def group(self, receiver: str, group: str) -> tuple[Instant | None, Instant | None]:
        """When the waiting message of a group is due, and when it was last told anything."""
        ...

    def told_to(self, alerts: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Whom alerts were sent to, or are on their way to, by alert."""
        ...

    def suppressions(
        self, alert: str | None = None, *, limit: int | None = None
    ) -> Sequence[Suppression]:
        """Newest first."""
        ...

    def silences(self, at: Instant | None = None) -> Sequence[Silence]:
        """In the order they were made; with `at` only those that are not over by then."""
        ...

    def acks(self, alerts: Sequence[str]) -> Mapping[str, Ack]:
        """The first of each alert that has one."""
        ...

    def disabled_receivers(self) -> Mapping[str, str]:
        """Name and reason."""
        ...

    def last_run(self) -> Run | None: ...
    def meta(self, key: str) -> str | None: ...
    def counts(self) -> Mapping[str, int]:
        """Rows by table, for `doctor`."""
        ...


class Writer(Reader, Protocol):
    """One transaction: everything in it commits together when its block ends, or nothing does."""

    def add_updates(self, updates: Sequence[Update]) -> Added: ...
    def add_evidence(self, rows: Sequence[Evidence]) -> None: ...
    def add_checkpoints(self, commitment: str, rows: Sequence[Checkpoint]) -> None:
        """One of the same instant is replaced."""
        ...

    def drop_checkpoints(self, commitment: str, heads: Sequence[Instant]) -> None: ...
    def clear_checkpoints(self, commitments: Sequence[str]) -> None: ...
    def clear_evidence(self, commitments: Sequence[str]) -> None: ...
    def add_coverage(self, rows: Sequence[Coverage]) -> int:
        """How many said something new; a row that an older one already implies is not kept."""
        ...

    def save_states(self, states: Sequence[StoredState]) -> None: ...
    def forget_states(self, commitments: Sequence[str]) -> None: ...
    def add_transitions(self, rows: Sequence[StoredTransition]) -> None: ...
    def withdraw_transitions(self, ids: Sequence[str], at: Instant) -> None: ...
    def add_alerts(self, alerts: Sequence[Alert]) -> Sequence[Alert]:
        """Those that were not there before: an id is announced once."""
        ...

    def enqueue(self, rows: Sequence[tuple[str, str]], at: Instant) -> int:
        """(alert, receiver) pairs; a pair already there stays as it is."""
        ...

    def add_message(self, message: Message, at: Instant) -> int | None:
        """Put a message on its way, due at once; its delivery. None: it is on its way already."""
        ...

    def save_notices(self, notices: Sequence[Notice]) -> None:
        """New ones, and what has changed about those that are there."""
        ...

    def wake_muted(self, sources: Sequence[str], at: Instant) -> int:
        """What is muted by these alerts is to be looked at again; how many that are."""
        ...

    def add_suppressions(self, rows: Sequence[Suppression]) -> None: ...
    def add_silence(self, silence: Silence) -> int:
        """Its number; the one it was given is not looked at."""
        ...

    def expire_silence(self, number: int, at: Instant, by: str) -> int:
        """End one that is not over; how many that were. What it mutes is looked at again."""
        ...

    def add_ack(self, ack: Ack) -> None: ...
    def claim(self, now: Instant, *, lease: Seconds, limit: int) -> Sequence[Outbound]:
        """Pending deliveries that are due, of receivers not disabled, oldest first.

        They are leased until now + lease.
        """
        ...

    def record_outcomes(self, outcomes: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Dead with `gone` disables the receiver."""
        ...

    def revive(self, ids: Sequence[int] | None, now: Instant) -> int:
        """Dead deliveries become pending again (None: all); their receivers are enabled."""
        ...

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
        changes: Sequence[Change] | None = None,
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
