"""The tracer: folds a commitment once more and says what every rule saw (law 7)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.domain.inspection import Inspection, RuleView
from monitor.engine.compiled.core import IGNORED
from monitor.engine.evaluators.plain import holds
from monitor.engine.folding.fold import Fold
from monitor.engine.memory.moment import Moment
from monitor.engine.tracing.counted import counted_members, counted_parties
from monitor.engine.tracing.findings import findings
from monitor.engine.tracing.tree import STRONGEST, Seen, grow
from monitor.engine.tracing.whole import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.domain.coverage import Watch
    from monitor.domain.derivation import Change
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.compiled.plan import Plan
    from monitor.engine.evidence.tiers import Grader


def inspect(
    plan: Plan,
    grader: Grader,
    evidence: Sequence[tuple[Instant, Update]],
    changes: Sequence[Change],
    watch: Watch,
    at: Instant,
) -> Inspection:
    """Everything about one commitment at `at`. The arguments are those of `folded`."""
    fold = folded(Fold, plan, grader, evidence, changes, watch, at)
    moment = Moment(plan.terms, fold.state, watch)
    moment.move(at)
    known = [(when, update) for when, update in evidence if when <= at]
    masks = [
        (u, plan.core.match(u, grader.tier(u)), grader.tier(u)) for w, u in known if w >= plan.start
    ]
    reference = plan.start if fold.state.advanced is None else fold.state.advanced
    spans = watch.spans
    return Inspection(
        fold.standing,
        tuple(fold.transitions),
        tuple(_rule(plan, moment, index, masks) for index in range(len(plan.core.rules))),
        tuple(_ignored(plan, grader, [u for u, mask, _ in masks if mask == IGNORED])),
        tuple(u.id for u, mask, _ in masks if mask == 0),
        tuple(u.id for when, u in known if when < plan.start),
        watch.watched(reference, at),
        None
        if not spans or watch.covers(at)
        else max((e for _, e in spans if e <= at), default=None),
        tuple((a[1], b[0]) for a, b in pairwise(spans) if b[0] > reference),
        tuple(_screens(plan, grader, moment, [(u, tier) for u, _, tier in masks])),
    )


def _rule(
    plan: Plan, moment: Moment, index: int, masks: Sequence[tuple[Update, int, int]]
) -> RuleView:
    core, state = plan.core, moment.state
    rule = core.rules[index]
    node = core.low.shape.conditions[core.low.when[index]]
    view = core.view(moment)
    speech = core.speeches[index]
    columns = [core.columns[i] for i in core.columns_of[index]]
    bits = speech.bits
    remembered = [i for column in speech.remembered for i in column.evidence(moment)]
    matched = [u.id for u, mask, _ in masks if mask > 0 and mask & bits]
    weak = [
        u.id
        for u, mask, tier in masks
        if mask >= 0
        and not mask & bits
        and tier > STRONGEST
        and core.match(u, STRONGEST) & bits > 0
    ]
    seen, ends = Seen(core, view, moment, masks), core.low.recover[index]
    stay, dwell = state.stays.get(index), dict(core.dwelling).get(index, 0)
    held_on = stay is not None and not state.active[index]
    return RuleView(
        rule,
        holds(node, view, core.low.params),
        held_on or (state.active[index] and not core.event[index]),
        stay.first if stay is not None else state.since[index],
        tuple(dict.fromkeys([*matched, *remembered])),
        tuple(weak),
        tuple(findings(plan.core, node, view, moment, negated=False)),
        tuple(counted_parties(moment, columns)),
        tuple(counted_members(moment, columns)),
        1 if stay is None else stay.times,
        stay.last + dwell if stay is not None and held_on else None,
        _recovered(plan, view, index),
        grow(rule.when, node, seen),
        None
        if rule.recover is None or ends is None
        else grow(rule.recover, core.low.shape.conditions[ends], seen),
    )


def _screens(
    plan: Plan, grader: Grader, moment: Moment, reports: Sequence[tuple[Update, int]]
) -> Iterator[RuleView]:
    """The `ignore` rules: whatever its source, what is beside the point is dropped."""
    core = plan.core
    masks = [(u, core.mask(u, tier), tier) for u, tier in reports]
    dropped = dict(_ignored(plan, grader, [u for u, mask, _ in masks if core.dropped_by(mask)]))
    seen = Seen(core, core.view(moment), moment, masks)
    for rule, node in zip(core.ignores, core.low.screens, strict=True):
        mine = tuple(u for u, by in dropped.items() if by == rule.id)
        tree = grow(rule.when, node, seen)
        yield RuleView(rule, tree.holds, False, None, mine, (), (), tree=tree)


def _recovered(plan: Plan, view: Sequence[int], index: int) -> bool:
    """Whether an update would begin nothing now, because what ends it holds."""
    core = plan.core
    ends = core.low.recover[index]
    if not core.instant[index] or not core.cleared[index] or ends is None:
        return False
    return holds(core.low.shape.conditions[ends], view, core.low.params)


def _ignored(plan: Plan, grader: Grader, updates: Sequence[Update]) -> list[tuple[str, str]]:
    """(update, rule) for those that a screen drops."""
    found = []
    for update in updates:
        rule = plan.core.dropped_by(plan.core.mask(update, grader.tier(update)))
        found.append((update.id, "" if rule is None else rule.id))
    return found
