"""The engine from outside: a rulebook that can be asked to derive histories.

What derives is loaded when something is derived: `monitor check`, which mostly reads what was
derived before, starts without it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from monitor.domain.condition import CommitmentCount, StatusTest, atoms
from monitor.engine.version import stamped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.domain.commitment import Agreement, Commitment, Rulebook
    from monitor.domain.coverage import Watch
    from monitor.domain.derivation import Change, Checkpoint, Derivation
    from monitor.domain.edition import Edition
    from monitor.domain.inspection import Inspection
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.compiled.plan import Plan, Planner
    from monitor.engine.evaluators.program import Evaluator
    from monitor.engine.evidence.router import Router
    from monitor.engine.evidence.tiers import Grader

CHECKPOINT_EVERY = 256


class Engine:
    """Derives the history of each commitment of a rulebook. Holds no evidence."""

    def __init__(
        self, rulebook: Rulebook, evaluator: Evaluator, *, every: int = CHECKPOINT_EVERY
    ) -> None:
        """`every`: after how many updates that matter a state is kept as a checkpoint."""
        self.rulebook = rulebook
        self.evaluator = evaluator
        self.every = every
        self.commitments: Mapping[str, Commitment] = rulebook.commitments
        self._plans: dict[str, Plan] = {}
        self.asks = {key: asked for key, c in self.commitments.items() if (asked := _asks(c))}
        """Other commitments that a commitment's rules ask about (acyclic: the loader saw to it)."""

    @property
    def fingerprint(self) -> str:
        """Changes with the meaning of the rulebook or of the engine."""
        return stamped(self.rulebook.hash)

    @property
    def origin(self) -> str:
        """Changes with the bytes that the rulebook was read from, or with the engine; "": none."""
        return stamped(self.rulebook.origin) if self.rulebook.origin else ""

    def plan(self, key: str) -> Plan:
        """Compiled when first needed."""
        plan = self._plans.get(key)
        if plan is None:
            commitment = self.commitments[key]
            sources = self._sources[commitment.agreement]
            plan = self._plans[key] = self._planner.plan(commitment, sources)
        return plan

    def _compiled(self, key: str) -> tuple[Plan, Grader]:
        """A commitment's rules, and who judges its sources."""
        plan = self.plan(key)
        return plan, self.router.graders[plan.commitment.agreement]

    @cached_property
    def router(self) -> Router:
        from monitor.engine.evidence.router import Router

        return Router(self.rulebook)

    @cached_property
    def _planner(self) -> Planner:
        from monitor.engine.compiled.plan import Planner

        return Planner(self.evaluator)

    @cached_property
    def _sources(self) -> dict[str, str]:
        return {a.id: repr((a.sources, a.coverage)) for a in self.rulebook.agreements}

    def rules_hash(self, key: str) -> str:
        """Changes when what the commitment's rules mean changes, or who counts for how much."""
        return self.plan(key).hash

    def edition(self, key: str) -> Edition:
        """What that hash stands for, in parts that can be compared with another edition."""
        from monitor.engine.editions import edition

        commitment = self.commitments[key]
        return edition(commitment, self._agreements[commitment.agreement], self.rules_hash(key))

    @cached_property
    def _agreements(self) -> Mapping[str, Agreement]:
        return {a.id: a for a in self.rulebook.agreements}

    def route(self, update: Update) -> list[tuple[str, Instant]]:
        """(commitment, instant) for each commitment that an update concerns."""
        return self.router.route(update)

    def tier(self, agreement: str, update: Update) -> int:
        """How strong the source of an update is in an agreement; 1 is the strongest."""
        return self.router.graders[agreement].tier(update)

    def in_order(self, keys: Iterable[str]) -> list[list[str]]:
        """Keys in ranks: a commitment comes after those that its rules ask about."""
        ranks: dict[int, list[str]] = {}
        depth: dict[str, int] = {}

        def rank(key: str) -> int:
            if key not in self.asks:
                return 0
            if key not in depth:
                depth[key] = 1 + max(rank(other) for other in self.asks[key])
            return depth[key]

        for key in sorted(keys):
            ranks.setdefault(rank(key), []).append(key)
        return [ranks[number] for number in sorted(ranks)]

    def dependents(self, key: str) -> list[str]:
        """Commitments whose rules ask about this one, directly."""
        return self._askers.get(key, [])

    @cached_property
    def _askers(self) -> dict[str, list[str]]:
        askers: dict[str, list[str]] = {}
        for asker, asked in self.asks.items():
            for key in asked:
                askers.setdefault(key, []).append(asker)
        return askers

    def derive(
        self,
        key: str,
        payload: bytes | None,
        news: Sequence[tuple[Instant, Update]],
        fetch: Callable[[Instant | None], Iterable[tuple[Instant, Update]]],
        watch: Watch,
        now: Instant,
        *,
        earlier: Callable[[], Sequence[Checkpoint]] = tuple,
        affected: Instant | None = None,
        rewritten: tuple[Instant, Instant] | None = None,
        changes: Callable[[Instant | None], Iterable[Change]] | None = None,
        turned: Sequence[Instant] = (),
    ) -> Derivation:
        """Bring one commitment up to `now`.

        Args:
            key: the commitment.
            payload: what the last derivation returned as `payload`, or None to begin at the start.
            news: evidence that the payload does not know, ordered by (instant, id).
            fetch: all evidence from an instant on (None: all), ordered, news included; it is read
                as far as needed.
            watch: the coverage of its agreement.
            now: the instant to advance to.
            earlier: the checkpoints that stand, in order: those that derivations returned, without
                those that later ones called stale. Some may be missing.
            affected: the first instant at which `watch` differs from what the payload knew.
            rewritten: the first and the last instant at which evidence that the payload knew is
                gone, or back.
            changes: assessments of the commitments it asks about, from an instant on (None: all),
                in order of time; None where it asks about none.
            turned: the instants at which these are not as the payload knew, in order.
        """
        from monitor.engine.folding.derive import Ask, derive

        ask = Ask(
            news, fetch, earlier, watch, now, affected, rewritten, changes, turned, self.every
        )
        return derive(*self._compiled(key), payload, ask)

    def inspect(
        self,
        key: str,
        evidence: Sequence[tuple[Instant, Update]],
        watch: Watch,
        at: Instant,
        changes: Sequence[Change] | None = None,
    ) -> Inspection:
        """Why a commitment stands as it does at an instant, from all of its evidence."""
        from monitor.engine.tracing.inspect import inspect

        return inspect(*self._compiled(key), evidence, changes or (), watch, at)

    def spoken(
        self,
        key: str,
        evidence: Sequence[tuple[Instant, Update]],
        watch: Watch,
        at: Instant,
        changes: Sequence[Change] | None = None,
    ) -> frozenset[str]:
        """The ids of the rules of a commitment that concluded something up to an instant."""
        from monitor.engine.tracing.spoken import spoken

        return spoken(*self._compiled(key), evidence, changes or (), watch, at)


def _asks(commitment: Commitment) -> tuple[str, ...]:
    """The other commitments that a commitment's rules ask about."""
    asked: set[str] = set()
    for rule in commitment.rules:
        for condition in (rule.when, rule.recover):
            for atom in atoms(condition) if condition is not None else ():
                if isinstance(atom, StatusTest) and atom.commitment is not None:
                    asked.add(atom.commitment)
                elif isinstance(atom, CommitmentCount):
                    asked.update(key for key, _ in atom.members.of)
    return tuple(sorted(asked - {commitment.key}))
