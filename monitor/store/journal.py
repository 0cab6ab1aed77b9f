"""Coverage, runs, notes of the program to itself, and how much of everything there is."""

# ruff: noqa: S608 - what is put into statements are names of this package; values are parameters
from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.coverage import Coverage
from monitor.domain.records import Run
from monitor.store.dialect import NO_LIMIT
from monitor.store.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.time import Instant

_COUNTED = (
    *("updates", "commitments", "evidence", "coverage", "states", "transitions", "alerts"),
    *("deliveries", "receivers", "runs"),
)
_IMPLIED = """
    SELECT 1 FROM coverage
    WHERE source = ? AND until >= ? AND recorded <= ?
        AND (agreement IS NULL OR agreement = ?) AND (since IS NULL OR since <= ?)
    LIMIT 1
"""
_WATCHED = """
    SELECT min(source), since, max(until), max(recorded), agreement FROM coverage
    WHERE recorded <= ? GROUP BY agreement, since ORDER BY agreement, since
"""
_REACHES = """
    SELECT source, CASE WHEN count(since) = count(*) THEN min(since) END, max(until),
        max(recorded), agreement FROM coverage
    WHERE recorded <= ? GROUP BY source, agreement ORDER BY max(until) DESC, source, agreement
"""
_AFTER = (
    "SELECT source, since, until, recorded, agreement, id FROM coverage WHERE id > ? ORDER BY id"
)


class JournalReader(Session):
    def coverage(self, known_at: Instant | None = None) -> Sequence[Coverage]:
        """What was known by `known_at` (None: everything), in the order it was learned."""
        columns = "SELECT source, since, until, recorded, agreement FROM coverage"
        if known_at is None:
            rows = self.rows(f"{columns} ORDER BY recorded, id")
        else:
            rows = self.rows(f"{columns} WHERE recorded <= ? ORDER BY recorded, id", known_at)
        return [Coverage(*row) for row in rows]

    def watched(self, known_at: Instant | None = None) -> Sequence[Coverage]:
        """As `coverage`, without what follows from other rows: the same instants are watched.

        Of the rows that begin together only the longest is given, recorded as late as any. A feed
        that is read every minute adds a row each time it has news.
        """
        rows = self.rows(_WATCHED, NO_LIMIT if known_at is None else known_at)
        return [Coverage(*row) for row in rows]

    def reaches(self, known_at: Instant | None = None) -> Sequence[Coverage]:
        """As `coverage`, joined to one row for a source and agreement; who reaches furthest first.

        Its `since` is the first of any (None: one has none), its `until` and `recorded` the last.
        """
        rows = self.rows(_REACHES, NO_LIMIT if known_at is None else known_at)
        return [Coverage(*row) for row in rows]

    def coverage_after(self, number: int) -> tuple[int, Sequence[Coverage]]:
        """The rows that were learned after the one of that number; and the number of the last."""
        rows = self.rows(_AFTER, number)
        return (rows[-1][-1] if rows else number), [Coverage(*row[:-1]) for row in rows]

    def last_run(self) -> Run | None:
        row = self.one(
            "SELECT command, now, updates, transitions, alerts FROM runs ORDER BY id DESC LIMIT 1"
        )
        return None if row is None else Run(*row)

    def meta(self, key: str) -> str | None:
        row = self.one("SELECT value FROM meta WHERE key = ?", key)
        return None if row is None else row[0]

    def counts(self) -> Mapping[str, int]:
        """Rows by table."""
        return {table: self.rows(f"SELECT count(*) FROM {table}")[0][0] for table in _COUNTED}


class JournalWriter(JournalReader):
    def add_coverage(self, rows: Sequence[Coverage]) -> int:
        """How many said something new; a row that an older one already implies is not kept."""
        return sum(self._add_coverage(row) for row in rows)

    def _add_coverage(self, row: Coverage) -> int:
        if row.since is not None and row.until <= row.since:
            return 0
        source, since, until, recorded, agreement = row
        if self.one(_IMPLIED, source, until, recorded, agreement, since):
            return 0
        return self.run(
            "INSERT INTO coverage (source, since, until, recorded, agreement)"
            " VALUES (?, ?, ?, ?, ?)",
            *row,
        )

    def add_run(self, run: Run) -> None:
        self.run(
            "INSERT INTO runs (command, now, updates, transitions, alerts) VALUES (?, ?, ?, ?, ?)",
            *run,
        )

    def set_meta(self, key: str, value: str) -> None:
        self.run(
            "INSERT INTO meta (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            key,
            value,
        )
