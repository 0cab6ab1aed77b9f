"""The evaluation cache, and which of it is due."""

# ruff: noqa: S608 - what is put into statements are names of this package; values are parameters
from __future__ import annotations

import json
from typing import TYPE_CHECKING

from monitor.domain.derivation import Checkpoint
from monitor.domain.records import StoredState
from monitor.store.dialect import json_list
from monitor.store.evidence import EvidenceReader, EvidenceWriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.time import Instant

_COLUMNS = (
    "s.agreement, s.rules, s.introduced, s.due_clock, s.due_watched, s.payload, s.standing, s.watch"
)
_ALL = (
    f"SELECT c.key, {_COLUMNS} FROM states s JOIN commitments c ON c.id = s.commitment"
    " ORDER BY c.key"
)
_SOME = (
    f"SELECT s.commitment, {_COLUMNS} FROM json_each(?) w JOIN states s ON s.commitment = w.value"
)
DUE_CLOCK = (
    "SELECT c.key, c.id FROM states s JOIN commitments c ON c.id = s.commitment"
    " WHERE s.due_clock <= ?"
)
DUE_WATCHED = (
    "SELECT c.key, c.id FROM json_each(?) w CROSS JOIN states s"
    " ON s.watch = w.key AND s.due_watched <= w.value"
    " JOIN commitments c ON c.id = s.commitment"
)
"""Of all coverage in one statement: hundreds may have their own, and nothing due in any."""
CHECKPOINTS = "SELECT at, state FROM checkpoints WHERE commitment = ? ORDER BY at"
_HAD = "(length(states.payload) + length(states.standing) + coalesce(length(states.room), 0))"
_NEEDS = "(length(excluded.payload) + length(excluded.standing))"
_SAVE = f"""
    INSERT INTO states
        (commitment, agreement, rules, introduced, due_clock, due_watched, payload, standing, watch,
        room)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (commitment) DO UPDATE SET
        agreement = excluded.agreement, rules = excluded.rules, introduced = excluded.introduced,
        due_clock = excluded.due_clock, due_watched = excluded.due_watched,
        payload = excluded.payload, standing = excluded.standing, watch = excluded.watch,
        room = substr(excluded.room, 1, CASE
            WHEN {_NEEDS} > {_HAD} THEN length(excluded.room) ELSE {_HAD} - {_NEEDS} END)
"""
_ROOM = bytes(128)
"""What a row may grow by and stay where it is; one that has outgrown it gets as much again.

One that grows on a full page, as all are that were written in one go, makes SQLite write the page's
neighbours anew: four pages for each commitment that a step touches, instead of one.
"""


class StateReader(EvidenceReader):
    def states(self, commitments: Sequence[str] | None = None) -> Mapping[str, StoredState]:
        """Those that exist; None: all. In the order of their keys."""
        if commitments is None:
            return {row[0]: StoredState(*row) for row in self.rows(_ALL)}
        keys = self.keys(commitments)
        named = {keys[key]: key for key in sorted(set(commitments)) if key in keys}
        rows = {row[0]: row[1:] for row in self.rows(_SOME, json_list(named))}
        return {key: StoredState(key, *rows[n]) for n, key in named.items() if n in rows}

    def assessed_by(self) -> Mapping[str, str]:
        """By commitment, the hash of the rules that it was last assessed by, as `states` has it."""
        return dict(
            self.rows(
                "SELECT c.key, s.rules FROM states s JOIN commitments c ON c.id = s.commitment"
            )
        )

    def due(self, now: Instant, watched_until: Mapping[str, Instant]) -> Sequence[str]:
        """Those with due_clock <= now or due_watched <= min(now, watched_until[watch]).

        Sorted. By index: the cost follows the number of rows returned, not of rows stored.
        """
        found: dict[str, int] = dict(self.rows(DUE_CLOCK, now))
        until = {watch: min(now, end) for watch, end in watched_until.items()}
        found.update(self.rows(DUE_WATCHED, json.dumps(until)))
        self.learn(found)
        return sorted(found)

    def checkpoints(self, commitment: str) -> Sequence[Checkpoint]:
        """The older states of a commitment that are kept, in order."""
        key = self.keys([commitment]).get(commitment)
        rows = self.rows(CHECKPOINTS, key)
        return [Checkpoint(*row) for row in rows]


class StateWriter(StateReader, EvidenceWriter):
    def save_states(self, states: Sequence[StoredState]) -> None:
        keys = self.new_keys([state.commitment for state in states])
        self.many(_SAVE, [(keys[state[0]], *state[1:], _ROOM) for state in states])

    def add_checkpoints(self, commitment: str, rows: Sequence[Checkpoint]) -> None:
        """One of the same instant is replaced."""
        key = self.new_keys([commitment])[commitment]
        self.many(
            "INSERT INTO checkpoints (commitment, at, state) VALUES (?, ?, ?)"
            " ON CONFLICT (commitment, at) DO UPDATE SET state = excluded.state",
            [(key, *row) for row in rows],
        )

    def drop_checkpoints(self, commitment: str, heads: Sequence[Instant]) -> None:
        key = self.keys([commitment]).get(commitment)
        self.many(
            "DELETE FROM checkpoints WHERE commitment = ? AND at = ?",
            [(key, head) for head in heads],
        )

    def clear_checkpoints(self, commitments: Sequence[str]) -> None:
        keys = self.keys(commitments)
        self.many(
            "DELETE FROM checkpoints WHERE commitment = ?",
            [(keys[key],) for key in commitments if key in keys],
        )
