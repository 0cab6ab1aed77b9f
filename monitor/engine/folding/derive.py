"""One pass of deriving: from what is kept, or from nothing, up to an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.assessment import NOT_BEGUN
from monitor.domain.derivation import Change, Checkpoint, Derivation, Span, Standing
from monitor.domain.time import EARLIEST, LATEST
from monitor.engine.folding.fold import Fold
from monitor.engine.folding.gather import beginning, gather
from monitor.engine.memory.cache import Cache, dump_cache, load_cache, recent_after
from monitor.engine.memory.state import dump_state, load_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from monitor.domain.coverage import Watch
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.engine.compiled.plan import Plan
    from monitor.engine.evidence.tiers import Grader
    from monitor.engine.folding.gather import Group


class Ask(NamedTuple):
    """What a pass is asked, beside the rules: what is new, and where the rest is to be had.

    `news`: evidence that the payload does not know, ordered by (instant, id). `fetch`: all evidence
    from an instant on (None: all), ordered, news included. `earlier`: the checkpoints, in order.
    `affected`: the first instant at which `watch` differs from what the payload knew. `rewritten`:
    the first and the last instant at which evidence that the payload knew is gone, or back.
    `changes`: as `fetch`, of the commitments it asks about (None: it asks about none); `turned`:
    the instants at which these are not as the payload knew, in order.
    """

    news: Sequence[tuple[Instant, Update]]
    fetch: Callable[[Instant | None], Iterable[tuple[Instant, Update]]]
    earlier: Callable[[], Sequence[Checkpoint]]
    watch: Watch
    now: Instant
    affected: Instant | None
    rewritten: tuple[Instant, Instant] | None
    changes: Callable[[Instant | None], Iterable[Change]] | None
    turned: Sequence[Instant]
    every: int


def derive(plan: Plan, grader: Grader, payload: bytes | None, ask: Ask) -> Derivation:
    """`Engine.derive` for a compiled commitment and the grader of its agreement."""
    if ask.now < plan.start:
        return _not_begun(plan)
    cache = load_cache(payload) if payload else None
    touched = [at for at, _ in ask.news[:1] if at <= ask.now]
    touched += ask.turned[:1]
    touched += [] if ask.affected is None else [ask.affected]
    touched += [] if ask.rewritten is None else [ask.rewritten[0]]
    first = min(touched, default=None)
    base = None if cache is None else cache.restart(first)
    if cache is None or base is not None or first is None:
        return _Pass(plan, grader, ask, cache, base).finished()
    return _from_further_back(plan, grader, ask, cache, first)


def _from_further_back(
    plan: Plan, grader: Grader, ask: Ask, cache: Cache, first: Instant
) -> Derivation:
    """Go on from a checkpoint, as far as it makes a difference.

    Where a state comes out as it was kept, everything after it is as it was: what is left is what
    is new after the newest state, as in any pass.
    """
    stored = () if cache.marked is None else ask.earlier()
    base = next((kept for kept in reversed(stored) if kept.head < first), None)
    marks = {kept.head: kept.text for kept in stored if base is None or kept.head > base.head}
    back = _Pass(plan, grader, ask, cache, base, marks)
    before = cache.before
    if ask.affected is not None or before is None:
        return back.finished()
    late = [at for at, _ in ask.news if at <= cache.newest.head]
    late += [at for at in ask.turned if at <= cache.newest.head]
    latest = max([*late, first] if ask.rewritten is None else [*late, first, ask.rewritten[1]])
    goals = {head: text for head, text in marks.items() if latest <= head < before.head}
    if latest <= before.head:
        goals[before.head] = before.text
    met = back.until(goals)
    if met is None:
        return back.finished()
    fresh = ask._replace(news=[row for row in ask.news if row[0] > cache.newest.head])
    rest = _Pass(plan, grader, fresh, cache, cache.newest).finished()
    return rest._replace(
        transitions=(*back.fold.transitions, *rest.transitions),
        since=None if base is None else base.head,
        replaced=None,
        settled=Span(met, cache.newest.head),
        checkpoints=(*back.checkpoints, *rest.checkpoints),
        stale=Span(_head(base), met - 1),
        turns=back.fold.turned + rest.turns,
    )


class _Pass:
    """One pass from a state (None: from nothing) to the present, and what is to be kept of it.

    `marks` are the checkpoints after the base, which the pass makes anew.
    """

    def __init__(
        self,
        plan: Plan,
        grader: Grader,
        ask: Ask,
        cache: Cache | None,
        base: Checkpoint | None,
        marks: Mapping[Instant, str] | None = None,
    ) -> None:
        self.ask, self.cache, self.base = ask, cache, base
        self.marks = marks or {}
        self.checkpoints: list[Checkpoint] = []
        near = cache is not None and base in (cache.newest, cache.before)
        self.newest = base
        self.before = cache.before if near and cache is not None else None
        self.near, self.taken = near, 0
        self.count = cache.counted if cache is not None and near else 0
        changes: Iterable[Change] = ()
        if ask.changes is not None:
            changes = ask.changes(None if base is None else base.head + 1)
        if base is None:
            known, changes = beginning(changes, plan.start)
            self.fold = Fold(plan, None, ask.watch, known)
        else:
            self.fold = Fold(plan, load_state(base.text), ask.watch)
        self._ahead: list[Instant] = []
        self._groups = gather(plan, grader, self._evidence(), changes, ask.now, self._ahead)
        self._group = next(self._groups, None)

    def _evidence(self) -> Iterable[tuple[Instant, Update]]:
        ask, cache, base = self.ask, self.cache, self.base
        if cache is None or base is None:
            return ask.fetch(None)
        if cache.pending is not None and cache.pending > ask.now and ask.rewritten is None:
            self._ahead.append(cache.pending)
        # what lay in the future of the last pass may have come since: it is not among the news
        matured = cache.pending is not None and cache.pending <= ask.now
        if base is cache.newest and not matured and ask.rewritten is None:
            return ask.news
        return ask.fetch(base.head + 1)

    def until(self, goals: Mapping[Instant, str]) -> Instant | None:
        """Go on until the state is that of a goal of the same instant; None: it never is."""
        last = max(goals, default=None)
        while last is not None and self._group is not None and self._group.at <= last:
            at = self._group.at
            text = self._take(self._group)
            if at in goals and (text or dump_state(self.fold.state)) == goals[at]:
                if text:
                    self.checkpoints.pop()  # it is there already
                return at
        return None

    def _take(self, group: Group) -> str | None:
        """Fold a group; the state after it, dumped, where that is to be a checkpoint."""
        fold, text = self.fold, None
        self._group = next(self._groups, None)
        if self._group is None and (self.base is None or self.taken):
            self.before = Checkpoint(fold.state.head, dump_state(fold.state))
        elif self._group is None:
            self.before = self.base
        fold.take(group)
        self.taken += 1
        self.count += len(group.matched) + len(group.changes)
        # a state that knows many others is kept as seldom as it is large
        often = max(self.ask.every, len(fold.state.others))
        if self.count >= often or group.at in self.marks:
            text = dump_state(fold.state)
            self.checkpoints.append(Checkpoint(group.at, text))
            self.count = 0
        if self._group is None:
            self.newest = Checkpoint(group.at, text or dump_state(fold.state))
        return text

    def finished(self) -> Derivation:
        """Take everything that is left, and advance to the present."""
        while self._group is not None:
            self._take(self._group)
        fold, ask, cache, base, before = self.fold, self.ask, self.cache, self.base, self.before
        newest = self.newest or Checkpoint(fold.state.head, dump_state(fold.state))
        fold.advance(ask.now)
        transitions = tuple(fold.transitions)
        pending = min(self._ahead, default=None)
        floor = newest.head if before is None else before.head
        recent = recent_after(cache if self.near else None, base, floor, transitions)
        stale, marked = self._marked()
        kept = Cache(ask.now, newest, before, recent, pending, self.count, marked)
        due = fold.turns.on_the_watch(ask.now)
        return Derivation(
            transitions=transitions,
            since=None if base is None else base.head,
            replaced=cache.standing_after(base.head) if self.near and cache and base else None,
            standing=fold.standing,
            due_watched=_watched_again(due, newest.head, transitions, ask.watch),
            due_clock=_earliest(fold.turns.on_the_clock(), pending),
            payload=dump_cache(kept),
            checkpoints=tuple(self.checkpoints),
            stale=stale,
            turns=fold.turned,
        )

    def _marked(self) -> tuple[Span | None, Instant | None]:
        """Which checkpoints hold no more, and an instant after which there is none."""
        marked = None if self.cache is None else self.cache.marked
        stale = None
        if marked is not None and marked > _head(self.base):
            stale = Span(_head(self.base), LATEST)
            marked = None if self.base is None else self.base.head
        if self.checkpoints:
            marked = self.checkpoints[-1].head
        return stale, marked


def _head(base: Checkpoint | None) -> Instant:
    return EARLIEST - 1 if base is None else base.head


def _earliest(*instants: Instant | None) -> Instant | None:
    """The first of those that there are."""
    return min((instant for instant in instants if instant is not None), default=None)


def _watched_again(
    due: Instant | None, head: Instant, transitions: Sequence[Transition], watch: Watch
) -> Instant | None:
    """What happened after the end of coverage is read anew as soon as coverage goes on.

    Silence before it may then have been watched, so it is due at once.
    """
    latest = max(head, transitions[-1].at) if transitions else head
    return due if due is None or latest <= watch.end else min(due, watch.end + 1)


def _not_begun(plan: Plan) -> Derivation:
    """Before its start a commitment has no history; it is due at its start."""
    standing = Standing(NOT_BEGUN, plan.start, plan.start, None, plan.start)
    return Derivation((), None, None, standing, plan.start, None, b"")
