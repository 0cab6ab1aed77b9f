"""What concerns each commitment, in a store that may have been written under another rulebook."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.services.ports import Engine, Reader

_PAGE = 10_000


class Routed:
    """Reports by commitment, as they were known at an instant.

    What a store says of a commitment is used where its rules are those of its last assessment. For
    all others every update is routed anew, once, and only their ids are held: of a million updates
    these take a tenth of the memory.
    """

    def __init__(self, reader: Reader, engine: Engine, known_at: Instant) -> None:
        self._reader, self._engine, self._known_at = reader, engine, known_at

    def reports(self, key: str) -> Sequence[tuple[Instant, Update]]:
        """What concerns a commitment and was known, ordered by instant and id."""
        if key not in self._stale:
            rows = self._reader.evidence(key)
            return [row for row in rows if row[1].recorded <= self._known_at]
        named = sorted(self._anew.get(key, ()))
        found = self._reader.updates([identity for _, identity in named])
        return [(at, found[identity]) for at, identity in named]

    @cached_property
    def _stale(self) -> frozenset[str]:
        """Commitments of which the store knows nothing, or by other rules."""
        if self._reader.meta("rules") == self._engine.fingerprint:
            return frozenset()
        known = self._reader.assessed_by()
        return frozenset(
            key
            for key in self._engine.commitments
            if known.get(key) != self._engine.rules_hash(key)
        )

    @cached_property
    def _anew(self) -> Mapping[str, list[tuple[Instant, str]]]:
        found: dict[str, list[tuple[Instant, str]]] = {key: [] for key in self._stale}
        for page in self._reader.pages(_PAGE):
            for update in page:
                if update.recorded > self._known_at:
                    continue
                for key, at in self._engine.route(update):
                    if key in found:
                        found[key].append((at, update.id))
        return found
