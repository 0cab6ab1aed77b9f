"""What the use cases ask of messages on their way in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.delivery import Delivery, DeliveryState, Outbound, Outcome
    from monitor.domain.message import Message
    from monitor.domain.time import Instant, Seconds


class OutboxReader(Protocol):
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

    def told_in(self, message: str) -> Sequence[str]:
        """The ids of the alerts that a message tells, in its order."""
        ...

    def told_by(self, deliveries: Sequence[int]) -> Mapping[int, frozenset[str]]:
        """What messages tell of: commitments, or whole agreements and the alerts about them."""
        ...

    def disabled_receivers(self) -> Mapping[str, str]:
        """Name and reason."""
        ...


class OutboxWriter(Protocol):
    def enqueue(self, rows: Sequence[tuple[str, str]], at: Instant) -> int:
        """(alert, receiver) pairs; a pair already there stays as it is."""
        ...

    def add_message(self, message: Message, at: Instant) -> int | None:
        """Put a message on its way, due at once; its delivery. None: it is on its way already."""
        ...

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
