"""What commitments became that others ask about, and what of that is new in a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from monitor.domain.derivation import Change
    from monitor.domain.records import StoredTransition
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.ports import Engine, Reader


class Asked:
    """The histories of one step that others ask about; these are derived after them."""

    def __init__(self, reader: Reader, engine: Engine) -> None:
        self._reader, self._engine = reader, engine
        self._turns: dict[str, set[Instant]] = {}

    def changes(self, key: str) -> Callable[[Instant | None], Iterable[Change]] | None:
        """What those became that a commitment asks about; None: it asks about none."""
        asked = self._engine.asks.get(key)
        return (lambda since: self._reader.read_changes(asked, since)) if asked else None

    def remember(
        self, key: str, new: Iterable[Transition], vanished: Iterable[StoredTransition]
    ) -> None:
        """When the history of a commitment turns out another one than before this step."""
        if self._engine.dependents(key):
            found = {transition.at for transition in new}
            self._turns[key] = found.union(row.transition.at for row in vanished)

    def turned(self, key: str) -> Sequence[Instant]:
        """When those that it asks about are not what they were at its last derivation.

        A step that changes one of them derives those that ask about it as well: whatever was kept
        of these knows all that earlier steps have found.
        """
        asked = self._engine.asks.get(key, ()) if self._turns else ()
        return sorted({at for other in asked for at in self._turns.get(other, ())})
