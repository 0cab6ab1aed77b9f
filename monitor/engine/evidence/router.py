"""Which commitments an update concerns."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from monitor.domain.retraction import is_evidence
from monitor.engine.evidence.predicates import Predicate, compile_pattern
from monitor.engine.evidence.tiers import Grader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.commitment import Agreement, Commitment, Rulebook
    from monitor.domain.time import Instant
    from monitor.domain.update import Update


class Router:
    """An index from topics to commitments; the cost of an update follows those it concerns."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.graders = {a.id: Grader(a.sources) for a in rulebook.agreements}
        self._named: dict[str, list[_Route]] = defaultdict(list)
        self._by_topic: dict[str, list[_Route]] = defaultdict(list)
        self._anything: list[_Route] = []
        compiled: dict[int, Predicate] = {}
        for agreement in rulebook.agreements:
            for commitment in agreement.commitments:
                self._add(_Route(agreement, commitment, compiled))

    def _add(self, route: _Route) -> None:
        for key in (route.key, route.part_of):
            if key is not None:
                self._named[key].append(route)
                self._named[key.partition("/")[2]].append(route)
        if route.whole:
            return  # its parts hear what it is about; what names no party is nobody's
        for topic in route.topics:
            self._by_topic[topic.lower()].append(route)
        if not route.topics:
            self._anything.append(route)

    def route(self, update: Update) -> list[tuple[str, Instant]]:
        """(commitment key, instant in its agreement's zone) of every commitment concerned.

        What only retracts another update concerns nothing itself.
        """
        routes: Sequence[_Route]
        if update.retracts is not None and not is_evidence(update):
            return []
        if update.commitment is not None:
            routes = self._named.get(update.commitment, ())
            return [(r.key, update.occurred.start(r.zone)) for r in routes if r.admits(update)]
        topics = update.topics
        if len(topics) == 1 and not self._anything:
            routes = self._by_topic.get(topics[0], ())
            if len(routes) == 1 and routes[0].where is None and update.agreement is None:
                return [(routes[0].key, update.occurred.start(routes[0].zone))]
        else:
            found = {r.key: r for topic in topics for r in self._by_topic.get(topic, ())}
            routes = (*found.values(), *self._anything)
        return [
            (r.key, update.occurred.start(r.zone))
            for r in routes
            if r.admits(update)
            and (r.where is None or r.where(update, self.graders[r.agreement].tier(update)))
        ]


class _Route:
    __slots__ = ("agreement", "key", "part_of", "party", "topics", "where", "whole", "zone")

    def __init__(
        self, agreement: Agreement, commitment: Commitment, compiled: dict[int, Predicate]
    ) -> None:
        self.agreement = agreement.id
        self.key = commitment.key
        self.zone = commitment.zone
        self.party = commitment.party
        self.part_of = commitment.part_of
        self.whole = commitment.per_party is not None
        self.topics = commitment.about.topics
        pattern = commitment.about.where
        self.where: Predicate | None = None
        if pattern is not None:
            self.where = compiled.setdefault(id(pattern), compile_pattern(pattern))

    def admits(self, update: Update) -> bool:
        """An update that names an agreement concerns no other one, and a party's part that party.

        Only one that names the part itself need not name the party.
        """
        if update.agreement is not None and update.agreement != self.agreement:
            return False
        if self.party is None or self.party in update.parties:
            return True
        return update.commitment is not None and update.commitment.endswith(
            self.key.partition("/")[2]
        )
