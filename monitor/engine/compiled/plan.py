"""A commitment, compiled: everything that folding it needs, decided once.

The expensive part (predicates, slots, columns, the prepared evaluator) depends only on rules and
thresholds and is shared by all commitments that have the same ones: a `Core`. A `Plan` adds the
instants of one commitment. Ten thousand commitments with one profile share one core.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from monitor.domain.condition import PartyCount, atoms
from monitor.engine.compiled.core import Core
from monitor.engine.memory.terms import Terms
from monitor.engine.version import ENGINE_VERSION

if TYPE_CHECKING:
    from monitor.domain.commitment import Commitment
    from monitor.domain.time import Instant
    from monitor.engine.evaluators.program import Evaluator


class Plan:
    """One commitment, ready to fold."""

    __slots__ = ("commitment", "core", "hash", "start", "terms")

    def __init__(self, commitment: Commitment, core: Core, rules_hash: str) -> None:
        self.commitment = commitment
        self.core = core
        self.hash = rules_hash
        self.terms = Terms(commitment, core.concluding)
        self.start: Instant = commitment.start


class Planner:
    """Compiles commitments, sharing cores."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._cores: dict[tuple[object, ...], tuple[Core, str]] = {}
        self._counting: dict[tuple[int, ...], bool] = {}

    def plan(self, commitment: Commitment, sources: str = "") -> Plan:
        """The plan of a commitment.

        `sources` says, for its hash, who counts for how much and how it is known who looks.
        Cores are found by the identity of the rule objects: the loader hands out the same objects
        to all commitments that inherit them, and comparing trees would cost more than it saves.
        """
        c = commitment
        rules = tuple(map(id, c.rules))
        counting = self._counting.get(rules)
        if counting is None:
            counting = self._counting[rules] = _counts_parties(c)
        key: tuple[object, ...] = (rules, c.tier, c.thresholds, c.milestones, c.indicators)
        key = (*key, c.deadline is not None)
        if counting:
            key = (*key, c.parties, c.weights)
        found = self._cores.get(key)
        if found is None:
            meaning = repr((ENGINE_VERSION, c.rules, *key[1:]))
            digest = hashlib.blake2b(meaning.encode(), digest_size=8).hexdigest()
            found = self._cores[key] = (Core(c, self._evaluator), digest)
        core, digest = found
        own = repr(
            (digest, sources, c.start, c.zone, c.about, c.deadline, c.moved, c.superseded, c.rated)
        )
        return Plan(c, core, hashlib.blake2b(own.encode(), digest_size=8).hexdigest())


def _counts_parties(commitment: Commitment) -> bool:
    """Whether its rules ask for its parties: then only commitments with the same ones are alike."""
    return any(
        isinstance(atom, PartyCount)
        for rule in commitment.rules
        for condition in (rule.when, rule.recover)
        if condition is not None
        for atom in atoms(condition)
    )
