"""The engine from outside: a rulebook that can be asked to derive histories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import NOT_BEGUN
from monitor.domain.condition import StatusTest, atoms
from monitor.domain.derivation import Change, Derivation, Standing
from monitor.engine.cache import Kept, dump_cache, load_cache, renewed
from monitor.engine.fold import Fold
from monitor.engine.gather import gather, known_at_start
from monitor.engine.plan import Plan, Planner
from monitor.engine.router import Router
from monitor.engine.state import dump_state, load_state
from monitor.engine.version import ENGINE_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.domain.commitment import Commitment, Rulebook
    from monitor.domain.coverage import Watch
    from monitor.domain.inspection import Inspection
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.program import Evaluator
    from monitor.engine.tiers import Grader


class Engine:
    """Derives the history of each commitment of a rulebook. Holds no evidence."""

    def __init__(self, rulebook: Rulebook, evaluator: Evaluator) -> None:
        self.rulebook = rulebook
        self.evaluator = evaluator
        self.commitments: Mapping[str, Commitment] = rulebook.commitments
        self._planner = Planner(evaluator)
        self._sources = {a.id: repr(a.sources) for a in rulebook.agreements}
        self._plans: dict[str, Plan] = {}
        self._router: Router | None = None
        self.asks = {key: asked for key, c in self.commitments.items() if (asked := _asks(c))}
        """Other commitments that a commitment's rules ask about (acyclic: the loader saw to it)."""

    @property
    def fingerprint(self) -> str:
        """Changes with the meaning of the rulebook or of the engine."""
        return f"{ENGINE_VERSION}-{self.rulebook.hash}"

    def plan(self, key: str) -> Plan:
        """Compiled when first needed."""
        plan = self._plans.get(key)
        if plan is None:
            commitment = self.commitments[key]
            sources = self._sources[commitment.agreement]
            plan = self._plans[key] = self._planner.plan(commitment, sources)
        return plan

    @property
    def router(self) -> Router:
        if self._router is None:
            self._router = Router(self.rulebook)
        return self._router

    def rules_hash(self, key: str) -> str:
        """Changes when what the commitment's rules mean changes, or who counts for how much."""
        return self.plan(key).hash

    def route(self, update: Update) -> list[tuple[str, Instant]]:
        """(commitment, instant) for each commitment that an update concerns."""
        return self.router.route(update)

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
        return [asker for asker, asked in self.asks.items() if key in asked]

    def derive(
        self,
        key: str,
        payload: bytes | None,
        news: Sequence[tuple[Instant, Update]],
        fetch: Callable[[Instant | None], Sequence[tuple[Instant, Update]]],
        watch: Watch,
        now: Instant,
        *,
        affected: Instant | None = None,
        changes: Sequence[Change] | None = None,
    ) -> Derivation:
        """Bring one commitment up to `now`.

        Args:
            key: the commitment.
            payload: what the last derivation returned as `payload`, or None to begin at the start.
            news: evidence that the payload does not know, ordered by (instant, id).
            fetch: all evidence from an instant on (None: all), ordered, news included.
            watch: the coverage of its agreement.
            now: the instant to advance to.
            affected: the first instant at which `watch` differs from what the payload knew.
            changes: assessments of the commitments it asks about; given, the pass begins at the
                start.
        """
        plan = self.plan(key)
        if now < plan.start:
            return _not_begun(plan)
        cache = None if not payload or changes is not None else load_cache(payload)
        # what lay in the future of the last pass may have come since: it is not among the news
        matured = cache is not None and cache.pending is not None and cache.pending <= now
        touched = [at for at, _ in news[:1] if at <= now] + ([] if affected is None else [affected])
        base = None if cache is None else cache.restart(min(touched, default=None))
        if cache is None or base is None:
            known = known_at_start(changes or (), plan.start)
            fold, evidence = Fold(plan, None, watch, known), fetch(None)
        else:
            fold = Fold(plan, load_state(base.text), watch)
            complete = base is cache.newest and not matured
            evidence = news if complete else fetch(base.head + 1)
        future = [at for at, _ in evidence if at > now]
        if cache is not None and cache.pending is not None and cache.pending > now:
            future.append(cache.pending)
        pending = min(future, default=None)
        groups = gather(plan, self._grader(plan), evidence, changes or (), now)
        newest, before = base, None if cache is None or base is None else cache.before
        for group in groups[:-1]:
            fold.take(group)
        if groups:
            untouched = base is not None and len(groups) == 1
            before = base if untouched else Kept(fold.state.head, dump_state(fold.state))
            fold.take(groups[-1])
        if groups or newest is None:
            newest = Kept(fold.state.head, dump_state(fold.state))
        fold.advance(now)
        transitions = tuple(fold.transitions)
        return Derivation(
            transitions=transitions,
            since=None if base is None else base.head,
            replaced=cache.standing_after(base.head) if cache and base else None,
            standing=fold.standing,
            due_watched=fold.turns.on_the_watch(now),
            due_clock=_earliest(fold.turns.on_the_clock(), pending),
            payload=dump_cache(renewed(cache, base, newest, before, transitions, now, pending)),
        )

    def inspect(
        self,
        key: str,
        evidence: Sequence[tuple[Instant, Update]],
        watch: Watch,
        at: Instant,
        changes: Sequence[Change] | None = None,
    ) -> Inspection:
        """Why a commitment stands as it does at an instant, from all of its evidence."""
        from monitor.engine.inspect import inspect  # noqa: PLC0415 - only `explain` needs it

        plan = self.plan(key)
        return inspect(plan, self._grader(plan), evidence, changes or (), watch, at)

    def _grader(self, plan: Plan) -> Grader:
        return self.router.graders[plan.commitment.agreement]


def _earliest(*instants: Instant | None) -> Instant | None:
    """The first of those that there are."""
    return min((instant for instant in instants if instant is not None), default=None)


def _not_begun(plan: Plan) -> Derivation:
    """Before its start a commitment has no history; it is due at its start."""
    standing = Standing(NOT_BEGUN, plan.start, plan.start, None, plan.start)
    return Derivation((), None, None, standing, plan.start, None, b"")


def _asks(commitment: Commitment) -> tuple[str, ...]:
    """The other commitments that a commitment's rules ask about."""
    asked = {
        atom.commitment
        for rule in commitment.rules
        for condition in (rule.when, rule.recover)
        if condition is not None
        for atom in atoms(condition)
        if isinstance(atom, StatusTest) and atom.commitment is not None
    }
    return tuple(sorted(asked - {commitment.key}))
