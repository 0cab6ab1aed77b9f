"""Who is to be told of what and when, and what kept them from it."""

# ruff: noqa: S608 - what is put into statements are names of this package; values are parameters
from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.domain.message import MessageReason
from monitor.domain.notice import Ack, Notice, NoticeState, Silence, Suppression, Why
from monitor.store.codec import to_json
from monitor.store.dialect import NO_LIMIT, json_list
from monitor.store.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.time import Instant
    from monitor.store.session import Row

_COLUMNS = (
    *("alert", "receiver", "state", "route", "grp", "reason", "facts", "recorded", "wake", "held"),
    *("follows", "muted_by", "formed", "delivery", "repeat", "escalate", "level"),
)
"""In the order of the fields of `Notice`."""

_NOTICE = ", ".join(f"n.{name}" for name in _COLUMNS)
_CHANGING = ("state", "wake", "held", "muted_by", "formed", "delivery", "repeat", "escalate")
_SAVE = (
    f"INSERT INTO notices ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
    " ON CONFLICT (alert, receiver) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*_CHANGING, "level"))
)
WAKES = "SELECT 1 FROM notices WHERE wake IS NOT NULL AND wake <= ? LIMIT 1"
WAKING = (
    f"SELECT {_NOTICE} FROM notices n JOIN alerts a ON a.id = n.alert"
    " WHERE n.wake IS NOT NULL AND n.wake <= ? ORDER BY a.seq, n.receiver"
)
_SILENCE = (
    "SELECT id, matchers, since, until, recurring, zone, by, reason, recorded, expired, expired_by"
    " FROM silences"
)
_SUPPRESSION = "SELECT alert, receiver, at, why, by, until FROM suppressions"


class NoticeReader(Session):
    def notices(self, alerts: Sequence[str]) -> Sequence[Notice]:
        """Those about alerts, in the order of their receivers' names."""
        rows = self.rows(
            f"SELECT {_NOTICE} FROM notices n WHERE n.alert IN (SELECT value FROM json_each(?))"
            " ORDER BY n.alert, n.receiver",
            json_list(alerts),
        )
        return [_notice(row) for row in rows]

    def has_notices(self) -> bool:
        """Whether there are any: there are none where nothing was ever routed or silenced."""
        return self.one("SELECT 1 FROM notices LIMIT 1") is not None

    def wakes(self, now: Instant) -> bool:
        """Whether something is to be decided by now."""
        return self.one(WAKES, now) is not None

    def alerted(self, agreement: str | None) -> Sequence[str]:
        """The commitments that a condition was ever reported of (None: of any agreement)."""
        where, values = ("", ()) if agreement is None else (" AND agreement = ?", (agreement,))
        rows = self.rows(
            "SELECT DISTINCT commitment FROM alerts WHERE phase = 'opened'"
            f" AND commitment IS NOT NULL{where} ORDER BY commitment",
            *values,
        )
        return [key for (key,) in rows]

    def waking(self, now: Instant) -> Sequence[Notice]:
        """Those about which something is to be decided by now, the older alerts first."""
        return [_notice(row) for row in self.rows(WAKING, now)]

    def held(self, *, limit: int | None = None) -> Sequence[Notice]:
        """Those that are not told yet, the soonest first."""
        rows = self.rows(
            f"SELECT {_NOTICE} FROM notices n WHERE n.wake IS NOT NULL"
            " AND n.state IN ('held', 'muted') ORDER BY n.wake, n.alert, n.receiver LIMIT ?",
            NO_LIMIT if limit is None else limit,
        )
        return [_notice(row) for row in rows]

    def group(self, receiver: str, group: str) -> tuple[Instant | None, Instant | None]:
        """When the waiting message of a group is due, and when it was last told anything."""
        row = self.one(
            "SELECT min(CASE WHEN state = 'held' THEN wake END), max(formed) FROM notices"
            " WHERE receiver = ? AND grp = ?",
            receiver,
            group,
        )
        return (None, None) if row is None else (row[0], row[1])

    def told_to(self, alerts: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Whom alerts were sent to, or are on their way to, by alert."""
        found: dict[str, set[str]] = {}
        for alert, receiver in self.rows(
            "SELECT d.alert, d.receiver FROM deliveries d"
            " WHERE d.alert IN (SELECT value FROM json_each(?1))"
            " UNION SELECT p.alert, d.receiver FROM parts p JOIN deliveries d ON d.id = p.delivery"
            " WHERE p.alert IN (SELECT value FROM json_each(?1))",
            json_list(alerts),
        ):
            found.setdefault(alert, set()).add(receiver)
        return {alert: frozenset(names) for alert, names in found.items()}

    def suppressions(
        self, alert: str | None = None, *, limit: int | None = None
    ) -> Sequence[Suppression]:
        """Newest first."""
        where, values = ("", ()) if alert is None else (" WHERE alert = ?", (alert,))
        rows = self.rows(
            f"{_SUPPRESSION}{where} ORDER BY id DESC LIMIT ?",
            *values,
            NO_LIMIT if limit is None else limit,
        )
        return [Suppression(a, r, at, Why(why), by, until) for a, r, at, why, by, until in rows]

    def silences(self, at: Instant | None = None) -> Sequence[Silence]:
        """In the order they were made; with `at` only those that are not over by then."""
        if at is None:
            rows = self.rows(f"{_SILENCE} ORDER BY id")
        else:
            rows = self.rows(
                f"{_SILENCE} WHERE (until IS NULL OR until > ?)"
                " AND (expired IS NULL OR expired > ?) ORDER BY id",
                at,
                at,
            )
        return [Silence(id_, tuple(json.loads(matchers)), *rest) for id_, matchers, *rest in rows]

    def acks(self, alerts: Sequence[str]) -> Mapping[str, Ack]:
        """The first of each alert that has one."""
        rows = self.rows(
            "SELECT alert, at, by, reason FROM acks"
            " WHERE alert IN (SELECT value FROM json_each(?)) ORDER BY id DESC",
            json_list(alerts),
        )
        return {row[0]: Ack(*row) for row in rows}


class NoticeWriter(NoticeReader):
    def save_notices(self, notices: Sequence[Notice]) -> None:
        """New ones, and what has changed about those that are there."""
        self.many(_SAVE, [_encode(notice) for notice in notices])

    def wake_muted(self, sources: Sequence[str], at: Instant) -> int:
        """What is muted by these alerts is to be looked at again; how many that are."""
        return self.run(
            "UPDATE notices SET wake = ? WHERE muted_by IN (SELECT value FROM json_each(?))"
            " AND state = 'muted'",
            at,
            json_list(sources),
        )

    def add_suppressions(self, rows: Sequence[Suppression]) -> None:
        self.many(
            "INSERT INTO suppressions (alert, receiver, at, why, by, until)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [(r.alert, r.receiver, r.at, r.why.value, r.by, r.until) for r in rows],
        )

    def add_silence(self, silence: Silence) -> int:
        """Its number; the one it was given is not looked at."""
        _, matchers, *rest = silence
        row = self.one(
            "INSERT INTO silences (matchers, since, until, recurring, zone, by, reason, recorded,"
            " expired, expired_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            to_json(matchers),
            *rest,
        )
        assert row is not None  # noqa: S101 - the statement returns the row it has made
        number: int = row[0]
        return number

    def expire_silence(self, number: int, at: Instant, by: str) -> int:
        """End one that is not over; how many that were."""
        changed = self.run(
            "UPDATE silences SET expired = ?, expired_by = ? WHERE id = ? AND expired IS NULL"
            " AND (until IS NULL OR until > ?)",
            *(at, by, number, at),
        )
        if changed:
            # What it mutes is looked at again at once.
            self.run("UPDATE notices SET wake = ? WHERE state = 'muted' AND wake > ?", at, at)
        return changed

    def add_ack(self, ack: Ack) -> None:
        self.run("INSERT INTO acks (alert, at, by, reason) VALUES (?, ?, ?, ?)", *ack)


def _notice(row: Row) -> Notice:
    notice = Notice._make(row)
    return notice._replace(
        state=NoticeState(notice.state),
        reason=MessageReason(notice.reason),
        facts=json.loads(row[6]),
        follows=bool(notice.follows),
    )


def _encode(notice: Notice) -> Row:
    return tuple(
        notice._replace(
            state=notice.state.value,  # type: ignore[arg-type]
            reason=notice.reason.value,  # type: ignore[arg-type]
            facts=to_json(notice.facts),  # type: ignore[arg-type]
        )
    )
