"""Updates, and which commitment each of them is evidence about."""

# ruff: noqa: S608 - what is put into statements are names of this package; values are parameters
from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.records import Added, Conflict
from monitor.domain.update import content_id
from monitor.errors import StoreError
from monitor.store.dialect import json_list
from monitor.store.session import Session
from monitor.store.update_codec import BRIEF, UPDATE_COLUMNS, decode_update, encode_updates

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from monitor.domain.records import Evidence
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.store.dialect import Connection

_COLUMNS = ", ".join(f"u.{name}" for name in UPDATE_COLUMNS)
# Joined in this order, and not asked for with IN, for which SQLite first sorts the list.
_NAMED = "FROM json_each(?) j CROSS JOIN updates u ON u.id = j.value"
_BY_ID = f"SELECT {_COLUMNS} {_NAMED}"
# A partial index each: a store in which nothing takes anything back pays for neither.
TAKERS = (
    f"SELECT {_COLUMNS} FROM json_each(?) j CROSS JOIN updates u ON u.retracts = j.value"
    f" UNION SELECT {_COLUMNS} FROM json_each(?) j CROSS JOIN updates u ON u.supersedes = j.value"
)
ANY_TAKERS = (
    "SELECT EXISTS (SELECT 1 FROM updates WHERE retracts IS NOT NULL)"
    " OR EXISTS (SELECT 1 FROM updates WHERE supersedes IS NOT NULL)"
)
_ALL = f"SELECT {_COLUMNS} FROM updates u {{where}} ORDER BY u.recorded, u.seq"
_PAGE = f"SELECT {_COLUMNS}, u.seq FROM updates u WHERE u.seq > ? ORDER BY u.seq LIMIT ?"
_EVIDENCE = (
    f"SELECT {_COLUMNS}, e.at FROM evidence e JOIN updates u ON u.seq = e.seq"
    " WHERE e.commitment = ? {since} ORDER BY e.at, u.id"
)


def _insert(columns: Sequence[str]) -> str:
    return (
        f"INSERT INTO updates ({', '.join(columns)}, seq)"
        f" VALUES ({'?, ' * len(columns)}?) ON CONFLICT (id) DO NOTHING"
    )


_INSERT_BRIEF, _INSERT_FULL = _insert(UPDATE_COLUMNS[:BRIEF]), _insert(UPDATE_COLUMNS)


class EvidenceReader(Session):
    def updates(self, ids: Sequence[str]) -> Mapping[str, Update]:
        return {row[0]: decode_update(row) for row in self.rows(_BY_ID, json_list(ids))}

    def has_takers(self) -> bool:
        """Whether any update at all retracts or supersedes one."""
        return bool(self.rows(ANY_TAKERS)[0][0])

    def takers(self, ids: Collection[str]) -> Sequence[Update]:
        """The updates that retract or supersede one of these, known or not, each once."""
        asked = json_list(ids)
        return [decode_update(row) for row in self.rows(TAKERS, asked, asked)]

    def all_updates(self, known_at: Instant | None = None) -> Iterable[Update]:
        """Every update recorded by `known_at`, in the order in which they were recorded.

        They are read as they are asked for: only inside the block, and once.
        """
        if known_at is None:
            rows = self.stream(_ALL.format(where=""))
        else:
            rows = self.stream(_ALL.format(where="WHERE u.recorded <= ?"), known_at)
        return map(decode_update, rows)

    def pages(self, size: int) -> Iterator[Sequence[Update]]:
        """Every update, in the order in which they were stored, so many at a time.

        Between two pages anything may be read and written.
        """
        last = 0
        while rows := self.rows(_PAGE, last, size):
            last = rows[-1][-1]
            yield [decode_update(row) for row in rows]

    def evidence(
        self, commitment: str, since: Instant | None = None
    ) -> Sequence[tuple[Instant, Update]]:
        """Ordered by instant, then id."""
        return list(self.read_evidence(commitment, since))

    def read_evidence(
        self, commitment: str, since: Instant | None = None
    ) -> Iterator[tuple[Instant, Update]]:
        """The same, read as it is asked for: only inside the block, and once."""
        key = self.keys([commitment]).get(commitment)
        if key is None:
            return
        if since is None:
            rows = self.stream(_EVIDENCE.format(since=""), key)
        else:
            rows = self.stream(_EVIDENCE.format(since="AND e.at >= ?"), key, since)
        for row in rows:
            yield row[-1], decode_update(row)


class EvidenceWriter(EvidenceReader):
    def __init__(self, connection: Connection, where: str) -> None:
        super().__init__(connection, where)
        self._seqs: dict[str, int] = {}
        self._added: dict[str, Update] = {}

    def updates(self, ids: Sequence[str]) -> Mapping[str, Update]:
        """Those that exist, by id; what this transaction added is not read again."""
        added = self._added
        found = {id_: added[id_] for id_ in ids if id_ in added}
        if len(found) < len(ids):
            found.update(super().updates([id_ for id_ in ids if id_ not in added]))
        return found

    def add_updates(self, updates: Sequence[Update]) -> Added:
        """Keep those whose id is not there yet.

        One with a known id is a duplicate if it says the same (whenever it was recorded), and a
        conflict if not; then the first one stays. What is stored is compared instead of a digest
        of it, because a digest would have to be made for every new update.

        Raises:
            InputError: a text holds what cannot be stored.
        """
        by_id = {update[0]: update for update in updates}
        if len(by_id) == len(updates) and self._insert_unseen(updates, by_id):
            return Added(tuple(updates), 0, ())
        stored = self.rows(_BY_ID, json_list(by_id))
        known = {row[0]: decode_update(row) for row in stored}
        new: dict[str, Update] = {}
        duplicates = 0
        conflicts: list[Conflict] = []
        for update in updates:
            first = known.get(update.id)
            if first is None:
                known[update.id] = new[update.id] = update
            elif _same_report(first, update):
                duplicates += 1
            else:
                conflicts.append(Conflict(first, update))
        if new:
            self._insert(tuple(new.values()), new)
        return Added(tuple(new.values()), duplicates, tuple(conflicts))

    def _insert_unseen(self, updates: Sequence[Update], by_id: dict[str, Update]) -> bool:
        """Insert a batch that looks new as a whole; False, and nothing inserted, if it is not.

        A feed that was read before begins with what is known. Of one that does not, to look up
        every update first would cost as much as a quarter of storing them.
        """
        if not updates or self.one("SELECT 1 FROM updates WHERE id = ?", updates[0].id):
            return False
        return self._insert(updates, by_id)

    def _insert(self, updates: Sequence[Update], by_id: dict[str, Update]) -> bool:
        """Insert all, or none where one of them is there already."""
        (last,) = self.rows("SELECT coalesce(max(seq), 0) FROM updates")[0]
        brief, full = encode_updates(updates, last + 1)
        if self.many(_INSERT_BRIEF, brief) + self.many(_INSERT_FULL, full) < len(updates):
            self.run("DELETE FROM updates WHERE seq > ?", last)
            return False
        self._seqs.update(zip(by_id, range(last + 1, last + 1 + len(updates)), strict=True))
        self._added = {**self._added, **by_id} if self._added else by_id
        return True

    def add_evidence(self, rows: Sequence[Evidence]) -> None:
        """Keep what is not there yet.

        Raises:
            StoreError: a row names an update that is not stored.
        """
        if not rows:
            return
        keys = self.new_keys({row[0] for row in rows})
        seqs: Mapping[str, int] = self._seqs
        try:
            numbered = [(keys[commitment], at, seqs[update]) for commitment, at, update in rows]
        except KeyError:  # not all of it was added by this transaction
            seqs = self._seqs_of(rows)
            numbered = [(keys[commitment], at, seqs[update]) for commitment, at, update in rows]
        self.many(
            "INSERT INTO evidence (commitment, at, seq) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            numbered,
        )

    def _seqs_of(self, rows: Sequence[Evidence]) -> Mapping[str, int]:
        """What this transaction added is known; the rest, maybe all there is, is not kept."""
        known = self._seqs
        missing = [id_ for _, _, id_ in rows if id_ not in known]
        found: dict[str, int] = dict(self.rows(f"SELECT u.id, u.seq {_NAMED}", json_list(missing)))
        for id_ in missing:
            if id_ not in found:
                raise StoreError(f"the update {id_!r} is evidence, but it is not stored")
        return found if len(missing) == len(rows) else {**known, **found}

    def clear_evidence(self, commitments: Sequence[str]) -> None:
        keys = self.keys(commitments)
        self.many(
            "DELETE FROM evidence WHERE commitment = ?",
            [(keys[key],) for key in commitments if key in keys],
        )


def _same_report(one: Update, other: Update) -> bool:
    """Whether two updates say the same, whenever they were recorded."""
    if one.occurred == other.occurred and one[3:] == other[3:]:
        return True
    return content_id(one) == content_id(other)
