"""One pass of deriving: from what is kept, or from nothing, up to an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import NOT_BEGUN
from monitor.domain.derivation import Change, Derivation, Standing
from monitor.engine.cache import Kept, dump_cache, load_cache, renewed
from monitor.engine.fold import Fold
from monitor.engine.gather import gather, known_at_start
from monitor.engine.state import dump_state, load_state

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitor.domain.coverage import Watch
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.engine.plan import Plan
    from monitor.engine.tiers import Grader


def derive(
    plan: Plan,
    grader: Grader,
    payload: bytes | None,
    news: Sequence[tuple[Instant, Update]],
    fetch: Callable[[Instant | None], Sequence[tuple[Instant, Update]]],
    watch: Watch,
    now: Instant,
    affected: Instant | None,
    rewritten: Instant | None,
    changes: Sequence[Change] | None,
) -> Derivation:
    """`Engine.derive` for a compiled commitment and the grader of its agreement."""
    if now < plan.start:
        return _not_begun(plan)
    cache = None if not payload or changes is not None else load_cache(payload)
    # what lay in the future of the last pass may have come since: it is not among the news
    matured = cache is not None and cache.pending is not None and cache.pending <= now
    touched = [at for at, _ in news[:1] if at <= now]
    touched += [at for at in (affected, rewritten) if at is not None]
    base = None if cache is None else cache.restart(min(touched, default=None))
    if cache is None or base is None:
        known = known_at_start(changes or (), plan.start)
        fold, evidence = Fold(plan, None, watch, known), fetch(None)
    else:
        fold = Fold(plan, load_state(base.text), watch)
        complete = base is cache.newest and not matured and rewritten is None
        evidence = news if complete else fetch(base.head + 1)
    future = [at for at, _ in evidence if at > now]
    if rewritten is None and cache is not None and cache.pending and cache.pending > now:
        future.append(cache.pending)
    pending = min(future, default=None)
    groups = gather(plan, grader, evidence, changes or (), now)
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
        due_watched=_watched_again(fold.turns.on_the_watch(now), newest.head, transitions, watch),
        due_clock=_earliest(fold.turns.on_the_clock(), pending),
        payload=dump_cache(renewed(cache, base, newest, before, transitions, now, pending)),
    )


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
