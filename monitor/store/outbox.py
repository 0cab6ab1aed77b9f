"""Deliveries: what waits to be sent, who is sending it, and what became of it.

A claim is a lease: it keeps others away until it expires, so that what a dead process had claimed
is claimed again by itself. One delivery may thus be attempted twice, never lost; outcomes that
arrive late change nothing that is already settled, except that what was delivered was delivered.
"""

# ruff: noqa: S608 - what is put into statements are names of this package; values are parameters
from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from monitor.domain.delivery import Dead, Delivered, Outbound, Retry
from monitor.store.alert_codec import ALERT_COLUMNS, decode_alerts
from monitor.store.codec import DELIVERY_COLUMNS, decode_delivery
from monitor.store.dialect import NO_LIMIT, json_list
from monitor.store.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.delivery import Delivery, DeliveryState, Outcome
    from monitor.domain.message import Message
    from monitor.domain.time import Instant, Seconds

_DELIVERY = ", ".join(f"d.{name}" for name in DELIVERY_COLUMNS)
_ALERT = ", ".join(f"a.{name}" for name in ALERT_COLUMNS)

CLAIM = """
    UPDATE deliveries SET claimed = ?, leased_until = ?
    WHERE id IN (
        SELECT id FROM deliveries
        WHERE state = 'pending' AND next_attempt <= ?
            AND (leased_until IS NULL OR leased_until <= ?)
            AND receiver NOT IN (SELECT name FROM receivers)
        ORDER BY next_attempt, id LIMIT ?
    )
    RETURNING id
"""
_CLAIMED = (
    f"SELECT {_DELIVERY}, {_ALERT} FROM deliveries d JOIN alerts a ON a.id = d.alert"
    " WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.next_attempt, d.id"
)
_OTHERS = (
    f"SELECT p.delivery, {_ALERT} FROM parts p JOIN alerts a ON a.id = p.alert"
    " WHERE p.delivery IN (SELECT value FROM json_each(?)) ORDER BY p.delivery, p.place"
)
_ADD_MESSAGE = """
    INSERT INTO deliveries (alert, receiver, next_attempt, created, message, reason, more)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (alert, receiver, message) DO NOTHING RETURNING id
"""
_TOLD = """
    SELECT d.id, a.commitment, a.agreement, a.id FROM deliveries d JOIN alerts a ON a.id = d.alert
    WHERE d.id IN (SELECT value FROM json_each(?1))
    UNION SELECT p.delivery, a.commitment, a.agreement, a.id
    FROM parts p JOIN alerts a ON a.id = p.alert
    WHERE p.delivery IN (SELECT value FROM json_each(?1))
"""
_TOLD_IN = """
    WITH named AS (SELECT id, alert FROM deliveries WHERE message = ?1
        UNION ALL SELECT id, alert FROM deliveries WHERE alert = ?1 AND message = '')
    SELECT alert FROM (
        SELECT id, 0 AS place, alert FROM named
        UNION ALL SELECT p.delivery, p.place, p.alert FROM parts p JOIN named n ON n.id = p.delivery
    ) ORDER BY id, place
"""
_DELIVERED = """
    UPDATE deliveries SET state = 'delivered', attempts = attempts + 1, delivered = ?, status = ?,
        error = NULL, leased_until = NULL
    WHERE id = ? AND state <> 'delivered'
"""
_RETRY = """
    UPDATE deliveries SET attempts = attempts + 1, next_attempt = ?, status = ?, error = ?,
        leased_until = NULL
    WHERE id = ? AND state = 'pending'
"""
_NOT_TRIED = """
    UPDATE deliveries SET next_attempt = ?, error = ?, leased_until = NULL
    WHERE id = ? AND state = 'pending'
"""
_DEAD = """
    UPDATE deliveries SET state = 'dead', attempts = attempts + 1, status = ?, error = ?,
        leased_until = NULL
    WHERE id = ? AND state = 'pending'
"""
_DISABLE = """
    INSERT INTO receivers (name, disabled, reason)
    SELECT receiver, coalesce(claimed, next_attempt), ? FROM deliveries WHERE id = ?
    ON CONFLICT (name) DO NOTHING
"""


class OutboxReader(Session):
    def deliveries(
        self,
        *,
        state: DeliveryState | None = None,
        receiver: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> Sequence[Delivery]:
        """Newest first; with `before`, those of lower ids only."""
        tests = [
            (test, value)
            for test, value in (
                ("d.state = ?", None if state is None else state.value),
                ("d.receiver = ?", receiver),
                ("d.id < ?", before),
            )
            if value is not None
        ]
        where = " AND ".join(test for test, _ in tests) or "true"
        rows = self.rows(
            f"SELECT {_DELIVERY} FROM deliveries d WHERE {where} ORDER BY d.id DESC LIMIT ?",
            *(value for _, value in tests),
            NO_LIMIT if limit is None else limit,
        )
        return [decode_delivery(row) for row in rows]

    def deliveries_of(self, alert: str) -> Sequence[Delivery]:
        """Those whose message tells an alert, oldest first."""
        rows = self.rows(
            f"SELECT {_DELIVERY} FROM deliveries d WHERE d.alert = ?1"
            " OR d.id IN (SELECT delivery FROM parts WHERE alert = ?1) ORDER BY d.id",
            alert,
        )
        return [decode_delivery(row) for row in rows]

    def told_in(self, message: str) -> Sequence[str]:
        """The ids of the alerts that a message tells, in its order."""
        rows = self.rows(_TOLD_IN, message)
        return list(dict.fromkeys(alert for (alert,) in rows))

    def told_by(self, deliveries: Sequence[int]) -> Mapping[int, frozenset[str]]:
        """What messages tell of: commitments, or whole agreements and the alerts about them."""
        found: dict[int, set[str]] = defaultdict(set)
        listed = json_list(deliveries)
        for delivery, commitment, agreement, alert in self.rows(_TOLD, listed):
            found[delivery] |= {agreement, alert} if commitment is None else {commitment}
        return {delivery: frozenset(keys) for delivery, keys in found.items()}

    def disabled_receivers(self) -> Mapping[str, str]:
        """Name and reason."""
        return dict(self.rows("SELECT name, reason FROM receivers ORDER BY name"))


class OutboxWriter(OutboxReader):
    def enqueue(self, rows: Sequence[tuple[str, str]], at: Instant) -> int:
        """(alert, receiver) pairs; a pair already there stays as it is. How many were new.

        Raises:
            StoreError: a pair names an alert that is not stored.
        """
        return self.many(
            "INSERT INTO deliveries (alert, receiver, next_attempt, created)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (alert, receiver, message) DO NOTHING",
            [(alert, receiver, at, at) for alert, receiver in rows],
        )

    def add_message(self, message: Message, at: Instant) -> int | None:
        """Put a message on its way, due at once; its delivery. None: it is on its way already.

        Raises:
            StoreError: it tells an alert that is not stored.
        """
        first, *others = message.alerts
        own = "" if message.id == first.id else message.id
        row = self.one(
            _ADD_MESSAGE,
            *(first.id, message.receiver, at, at),
            *(own, message.reason.value, len(others)),
        )
        if row is None:
            return None
        self.many(
            "INSERT INTO parts (delivery, place, alert) VALUES (?, ?, ?)",
            [(row[0], place, alert.id) for place, alert in enumerate(others, 1)],
        )
        found: int = row[0]
        return found

    def claim(self, now: Instant, *, lease: Seconds, limit: int) -> Sequence[Outbound]:
        """Pending deliveries that are due, of receivers not disabled: due for longest first.

        They are leased until now + lease.
        """
        claimed = self.rows(CLAIM, now, now + lease, now, now, limit)
        if not claimed:
            return []
        rows = self.rows(_CLAIMED, json_list(id_ for (id_,) in claimed))
        split = len(DELIVERY_COLUMNS)
        alerts = decode_alerts(self, [row[split:] for row in rows])
        found = [Outbound(*one) for one in zip(map(decode_delivery, rows), alerts, strict=True)]
        if not any(outbound.delivery.more for outbound in found):
            return found
        others: dict[int, list[Alert]] = defaultdict(list)
        told = self.rows(_OTHERS, json_list(o.delivery.id for o in found))
        for row, alert in zip(told, decode_alerts(self, [row[1:] for row in told]), strict=True):
            others[row[0]].append(alert)
        return [o._replace(others=tuple(others[o.delivery.id])) for o in found]

    def record_outcomes(self, outcomes: Sequence[tuple[Delivery, Outcome]]) -> None:
        """Dead with `gone` disables the receiver, as of the claim that led to it."""
        for delivery, outcome in outcomes:
            match outcome:
                case Delivered(at=at, status=status):
                    self.run(_DELIVERED, at, status, delivery.id)
                case Retry(at=at, error=error, attempted=False):
                    self.run(_NOT_TRIED, at, error, delivery.id)
                case Retry(at=at, error=error, status=status):
                    self.run(_RETRY, at, status, error, delivery.id)
                case Dead(error=error, status=status, gone=gone):
                    self.run(_DEAD, status, error, delivery.id)
                    if gone:
                        self.run(_DISABLE, error, delivery.id)

    def revive(self, ids: Sequence[int] | None, now: Instant) -> int:
        """Dead deliveries become pending again (None: all); their receivers are enabled.

        They are due at once. The attempts they have had still count.
        """
        if ids is None:
            chosen = self.rows("SELECT id FROM deliveries WHERE state = 'dead'")
        else:
            chosen = [(id_,) for id_ in dict.fromkeys(ids)]
        self.many(
            "DELETE FROM receivers WHERE name ="
            " (SELECT receiver FROM deliveries WHERE id = ? AND state = 'dead')",
            chosen,
        )
        return self.many(
            "UPDATE deliveries SET state = 'pending', next_attempt = ?, leased_until = NULL"
            " WHERE id = ? AND state = 'dead'",
            [(now, id_) for (id_,) in chosen],
        )
