"""Where every commitment stands, at any instant and with any knowledge (laws 1 and 5)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.derivation import Change
from monitor.services.evidence.retractions import Retractions
from monitor.services.evidence.watching import watches
from monitor.services.views.routed import Routed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.domain.commitment import Commitment
    from monitor.domain.coverage import Watch
    from monitor.domain.derivation import Derivation, Standing
    from monitor.domain.inspection import Inspection
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.ports import Engine, Reader
    from monitor.services.views.view import View


class Stands(NamedTuple):
    """One commitment in a view. `transitions` is its whole history up to there."""

    commitment: Commitment
    standing: Standing
    transitions: Sequence[Transition]


def standings(
    reader: Reader, engine: Engine, view: View, keys: Sequence[str] | None = None
) -> list[Stands]:
    """Derive the commitments anew from the evidence, in the order of the rulebook.

    Nothing that was derived before is used: this is the assessment as a pure function of evidence,
    coverage and rules. A commitment begins only at its start; earlier it is not listed.
    """
    work = Derived(reader, engine, view)
    wanted = list(engine.commitments) if keys is None else keys
    listed = [engine.commitments[key] for key in wanted]
    return [
        Stands(c, work.history(c.key).standing, work.history(c.key).transitions)
        for c in listed
        if c.start <= view.as_of
    ]


class Histories(ABC):
    """Histories up to an instant, each derived once, those that others ask about first."""

    def __init__(self, engine: Engine, watches: Mapping[str, Watch], until: Instant) -> None:
        """`watches`: the coverage of each agreement."""
        self.engine, self.watches, self._until = engine, watches, until
        self._histories: dict[str, Derivation] = {}

    @abstractmethod
    def evidence(self, key: str) -> Sequence[tuple[Instant, Update]]:
        """What counts for a commitment, ordered by instant and id."""

    def history(self, key: str) -> Derivation:
        """The derivation of one commitment from nothing."""
        found = self._histories.get(key)
        if found is None:
            evidence = self.evidence(key)
            found = self._histories[key] = self.engine.derive(
                key,
                None,
                (),
                lambda _since: evidence,
                self.watches[self.engine.commitments[key].agreement],
                self._until,
                changes=self._asked(key),
            )
        return found

    def _asked(self, key: str) -> Callable[[Instant | None], Sequence[Change]] | None:
        changes = self.changes(key)
        return None if changes is None else lambda _since: changes

    def changes(self, key: str) -> list[Change] | None:
        """The assessments of the commitments it asks about, in order of time."""
        asked = self.engine.asks.get(key)
        if not asked:
            return None
        found = [
            Change(t.at, other, t.after) for other in asked for t in self.history(other).transitions
        ]
        return sorted(found, key=lambda change: change.at)


class Derived(Histories):
    """Histories in a view, from the evidence that is stored."""

    def __init__(self, reader: Reader, engine: Engine, view: View) -> None:
        rows = reader.watched(view.known_at)
        super().__init__(engine, watches(engine.rulebook.agreements, rows), view.as_of)
        self.view = view
        self._routed = Routed(reader, engine, view.known_at)
        self.retractions = Retractions(reader, engine, view.known_at)

    def reports(self, key: str) -> Sequence[tuple[Instant, Update]]:
        """What concerns a commitment and was known, ordered by instant and id."""
        return self._routed.reports(key)

    def evidence(self, key: str) -> Sequence[tuple[Instant, Update]]:
        """The same without what was taken back by what was known."""
        return self.retractions.counting(key, self.reports(key))

    def inspect(self, key: str) -> Inspection:
        """Why the commitment stands as it does in this view."""
        agreement = self.engine.commitments[key].agreement
        return self.engine.inspect(
            key, self.evidence(key), self.watches[agreement], self.view.as_of, self.changes(key)
        )
