"""What alerts cite: the updates that reasons rest on, each read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.ports import Reader


class Citations:
    """The updates that transitions rest on; `known` are those that were read, by id."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._asked: set[str] = set()
        self.known: dict[str, Update] = {}

    def prepare(self, transitions: Iterable[Transition]) -> None:
        """Read at once what the reasons of many transitions rest on."""
        named = {i for t in transitions for reason in t[4] if reason[4] for i in reason[4]}
        missing = named - self._asked
        if missing:
            self._asked |= missing
            self.known.update(self._reader.updates(list(missing)))
