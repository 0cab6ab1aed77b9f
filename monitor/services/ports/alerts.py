"""What the use cases ask of alerts in the store: what was said, to whom, and what mutes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.notice import Ack, Notice, Silence, Suppression
    from monitor.domain.time import Instant


class AlertReader(Protocol):
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


class AlertWriter(Protocol):
    def add_alerts(self, alerts: Sequence[Alert]) -> Sequence[Alert]:
        """Those that were not there before: an id is announced once."""
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
