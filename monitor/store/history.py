"""What was concluded, and what was said about it."""

# ruff: noqa: S608 - what is put into statements are names of this package; values are parameters
from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.derivation import Change
from monitor.domain.records import StoredTransition
from monitor.domain.time import EARLIEST
from monitor.domain.transition import Transition
from monitor.store.alert_codec import ALERT_COLUMNS, decode_alerts, encode_alerts
from monitor.store.codec import (
    decode_assessment,
    decode_reasons,
    encode_assessment,
    encode_reasons,
)
from monitor.store.dialect import NO_LIMIT, json_list
from monitor.store.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.time import Instant
    from monitor.domain.transition import Reason
    from monitor.store.dialect import Connection
    from monitor.store.session import Row

_TRANSITIONS = (
    "SELECT c.key, t.at, t.before, t.after, t.reasons, t.recorded, t.rules, t.announced,"
    " t.withdrawn, t.seq FROM transitions t JOIN commitments c ON c.id = t.commitment WHERE "
)
_STANDS, _STOOD = "t.withdrawn IS NULL", "t.withdrawn IS NOT NULL"
"""Each has an index of its own."""

_IN_ORDER = " ORDER BY key, at, recorded, seq"
WITHDRAW = (
    "UPDATE transitions SET withdrawn = ?"
    " WHERE commitment = ? AND at = ? AND id = ? AND withdrawn IS NULL"
)
# A null is the dearest thing to bind: what stands says nothing of its withdrawal.
_ADD_TRANSITION = (
    "INSERT INTO transitions"
    " (id, commitment, at, before, after, reasons, recorded, rules, announced)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_ADD_WITHDRAWN = (
    "INSERT INTO transitions"
    " (id, commitment, at, before, after, reasons, recorded, rules, announced, withdrawn)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_ALERTS = f"SELECT {', '.join(ALERT_COLUMNS)} FROM alerts"
_BOUND = {"opening": "nullif(?, 0)"}
_ADD_ALERT = (
    f"INSERT INTO alerts ({', '.join(ALERT_COLUMNS)})"
    f" VALUES ({', '.join(_BOUND.get(name, '?') for name in ALERT_COLUMNS)})"
    " ON CONFLICT (id) DO NOTHING"
)


_CHANGES = (
    "SELECT t.at, t.before, t.after FROM transitions t JOIN commitments c ON c.id = t.commitment"
    " WHERE c.key = ? AND t.withdrawn IS NULL ORDER BY t.at, t.recorded, t.seq"
)
READ_CHANGES = (
    "SELECT t.at, c.key, t.after FROM json_each(?) j CROSS JOIN commitments c ON c.key = j.value"
    " JOIN transitions t ON t.commitment = c.id"
    " WHERE t.withdrawn IS NULL AND t.at >= ? ORDER BY t.at, t.recorded, t.seq"
)


class HistoryReader(Session):
    def transitions(
        self,
        commitments: Sequence[str] | None = None,
        *,
        since: Instant | None = None,
        until: Instant | None = None,
        known_at: Instant | None = None,
        withdrawn: bool = False,
    ) -> Sequence[StoredTransition]:
        """Ordered by commitment, instant, then recording.

        Without `known_at` those that stand now, with it those that stood then; `withdrawn` True:
        all that were recorded by then, whenever they stood. `since` and `until` (which belongs to
        it) are about when they happened.
        """
        tests: list[tuple[str, tuple[int | str, ...]]] = []
        if commitments is not None:
            keys = "c.key IN (SELECT value FROM json_each(?))"
            tests.append((keys, (json_list(commitments),)))
        if since is not None:
            tests.append(("t.at >= ?", (since,)))
        if until is not None:
            tests.append(("t.at <= ?", (until,)))
        if known_at is not None:
            tests.append(("t.recorded <= ?", (known_at,)))
        where = "".join(f" AND {test}" for test, _ in tests)
        values = [value for _, values in tests for value in values]
        sql, given = f"{_TRANSITIONS}{_STANDS}{where}", list(values)
        if withdrawn or known_at is not None:
            sql += f" UNION ALL {_TRANSITIONS}{_STOOD}{where}"
            given += values
            if not withdrawn and known_at is not None:
                sql += " AND t.withdrawn > ?"
                given.append(known_at)
        return [_transition(row) for row in self.rows(sql + _IN_ORDER, *given)]

    def standing_changes(self, commitment: str) -> Sequence[Transition]:
        """Those that stand now, in order, without their reasons, which are most of the cost."""
        rows = self.rows(_CHANGES, commitment)
        return [
            Transition(
                commitment,
                at,
                None if before is None else decode_assessment(before),
                decode_assessment(after),
            )
            for at, before, after in rows
        ]

    def read_changes(
        self, commitments: Sequence[str], since: Instant | None = None
    ) -> Iterator[Change]:
        """What these became, by the transitions that stand now, in order of time.

        Read as it is asked for: only inside the block, and once.
        """
        first = EARLIEST if since is None else since
        for at, key, after in self.stream(READ_CHANGES, json_list(commitments), first):
            yield Change(at, key, decode_assessment(after))

    def alerts(
        self,
        *,
        commitment: str | None = None,
        agreement: str | None = None,
        kind: str | None = None,
        limit: int | None = None,
    ) -> Sequence[Alert]:
        """Newest first: by when they were recorded, then by when their cause happened."""
        asked = {"commitment": commitment, "agreement": agreement, "kind": kind}
        wanted = {column: value for column, value in asked.items() if value is not None}
        where = " AND ".join(f"{column} = ?" for column in wanted) or "1 = 1"
        rows = self.rows(
            f"{_ALERTS} WHERE {where} ORDER BY recorded DESC, at DESC, seq DESC LIMIT ?",
            *wanted.values(),
            NO_LIMIT if limit is None else limit,
        )
        return decode_alerts(self, rows)

    def alerts_named(self, ids: Sequence[str]) -> Mapping[str, Alert]:
        """Those that exist, by id."""
        rows = self.rows(
            f"{_ALERTS} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY seq", json_list(ids)
        )
        return {alert.id: alert for alert in decode_alerts(self, rows)}


class HistoryWriter(HistoryReader):
    def __init__(self, connection: Connection, where: str) -> None:
        super().__init__(connection, where)
        # by identity: what a transition of this block rests on is told again by its alerts
        self._spelled: dict[int, tuple[tuple[Reason, ...], str]] = {}

    def add_transitions(self, rows: Sequence[StoredTransition]) -> None:
        """One that stands already stays as it is."""
        keys = self.new_keys({row[0][0] for row in rows})
        standing = [self._encode(row, keys) for row in rows if row[4] is None]
        self.many(_ADD_TRANSITION, standing)
        if len(standing) < len(rows):
            gone = [row for row in rows if row[4] is not None]
            self.many(_ADD_WITHDRAWN, [(*self._encode(row, keys), row[4]) for row in gone])

    def _encode(self, row: StoredTransition, keys: Mapping[str, int]) -> Row:
        transition, recorded, rules, announced, _ = row
        key, at, before, after, reasons = transition
        spelled = encode_reasons(reasons)
        self._spelled[id(reasons)] = reasons, spelled
        return (
            transition.id,
            keys[key],
            at,
            None if before is None else encode_assessment(before),
            encode_assessment(after),
            spelled,
            recorded,
            rules,
            1 if announced else 0,
        )

    def _spell(self, reasons: tuple[Reason, ...]) -> str:
        known = self._spelled.get(id(reasons))
        return encode_reasons(reasons) if known is None else known[1]

    def withdraw_transitions(self, gone: Sequence[Transition], at: Instant) -> None:
        """Those that stand do so no longer; they may be added, and stand, again."""
        keys = self.keys([one.commitment for one in gone])
        rows = [(at, keys.get(one.commitment), one.at, one.id) for one in gone]
        self.many(WITHDRAW, rows)

    def add_alerts(self, alerts: Sequence[Alert]) -> Sequence[Alert]:
        """Those that were not there before: an id is announced once."""
        if not alerts:
            return []
        (last,) = self.rows("SELECT coalesce(max(seq), 0) FROM alerts")[0]
        if self.many(_ADD_ALERT, encode_alerts(alerts, self._spell)) == len(alerts):
            return alerts
        added = {id_ for (id_,) in self.rows("SELECT id FROM alerts WHERE seq > ?", last)}
        first: dict[str, Alert] = {}
        for alert in alerts:
            if alert.id in added:
                first.setdefault(alert.id, alert)
        return list(first.values())


def _transition(row: Row) -> StoredTransition:
    key, at, before, after, reasons, recorded, rules, announced, withdrawn, _ = row
    transition = Transition(
        key,
        at,
        None if before is None else decode_assessment(before),
        decode_assessment(after),
        decode_reasons(reasons),
    )
    return StoredTransition(transition, recorded, rules, bool(announced), withdrawn)
