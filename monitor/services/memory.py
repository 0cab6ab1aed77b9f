"""The part of a store that a derivation reads, without a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.retraction import targets

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from monitor.domain.coverage import Coverage
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update


class Memory:
    """Updates and coverage, all of them known from the beginning."""

    def __init__(self, updates: Sequence[Update], rows: Sequence[Coverage]) -> None:
        self._updates = {update.id: update for update in updates}
        self._rows = rows
        self._takers = [update for update in updates if targets(update)]

    def meta(self, _key: str) -> None:
        return None

    def assessed_by(self) -> Mapping[str, str]:
        return {}

    def watched(self, _known_at: Instant | None = None) -> Sequence[Coverage]:
        return self._rows

    def all_updates(self, _known_at: Instant | None = None) -> Sequence[Update]:
        return list(self._updates.values())

    def pages(self, _size: int) -> Sequence[Sequence[Update]]:
        return [self.all_updates()]

    def updates(self, ids: Sequence[str]) -> Mapping[str, Update]:
        return {i: self._updates[i] for i in ids if i in self._updates}

    def has_takers(self) -> bool:
        return bool(self._takers)

    def takers(self, ids: Collection[str]) -> Sequence[Update]:
        asked = set(ids)
        return [update for update in self._takers if asked.intersection(targets(update))]


class Past:
    """The part of a store that an alert reads: the history it belongs to, and what it cites."""

    def __init__(self, transitions: Sequence[Transition], memory: Memory) -> None:
        self._transitions, self._memory = transitions, memory

    def updates(self, ids: Sequence[str]) -> Mapping[str, Update]:
        return self._memory.updates(ids)

    def standing_changes(self, _commitment: str) -> Sequence[Transition]:
        return self._transitions
