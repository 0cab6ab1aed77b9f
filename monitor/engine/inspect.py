"""The tracer: folds a commitment once more and says what every rule saw (law 7)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.domain.coverage import Watch
from monitor.domain.inspection import Finding, Inspection, PartyView, RuleView
from monitor.domain.time import LATEST, format_duration
from monitor.engine import fields
from monitor.engine.core import IGNORED, Core
from monitor.engine.fold import Fold
from monitor.engine.gather import gather, known_at_start
from monitor.engine.moment import Moment
from monitor.engine.plain import holds
from monitor.engine.program import And, Compare, Flag, Negate, Node, Op, Or
from monitor.engine.reasons import amount, days
from monitor.engine.slots import SCALE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.derivation import Change
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.engine.plan import Plan
    from monitor.engine.tiers import Grader

_AHEAD = 3
_STRONGEST = 1
_NEGATED = {
    Op.AT_LEAST: Op.BELOW,
    Op.BELOW: Op.AT_LEAST,
    Op.ABOVE: Op.AT_MOST,
    Op.AT_MOST: Op.ABOVE,
}


def inspect(
    plan: Plan,
    grader: Grader,
    evidence: Sequence[tuple[Instant, Update]],
    changes: Sequence[Change],
    watch: Watch,
    at: Instant,
) -> Inspection:
    """Everything about one commitment at `at`.

    Args:
        plan: of the commitment.
        grader: of its agreement.
        evidence: all of it, ordered by instant and id.
        changes: of the commitments it asks about, in order.
        watch: the coverage of its agreement.
        at: the instant; later evidence does not exist yet.
    """
    fold, moment = _folded(plan, grader, evidence, changes, watch, at)
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
        _what_comes(plan, grader, evidence, changes, watch, at),
    )


def _folded(
    plan: Plan,
    grader: Grader,
    evidence: Sequence[tuple[Instant, Update]],
    changes: Sequence[Change],
    watch: Watch,
    at: Instant,
) -> tuple[Fold, Moment]:
    fold = Fold(plan, None, watch, known_at_start(changes, plan.start))
    for group in gather(plan, grader, evidence, changes, at):
        fold.take(group)
    fold.advance(at)
    moment = Moment(plan.terms, fold.state, watch)
    moment.move(at)
    return fold, moment


def _what_comes(
    plan: Plan,
    grader: Grader,
    evidence: Sequence[tuple[Instant, Update]],
    changes: Sequence[Change],
    watch: Watch,
    at: Instant,
) -> tuple[Transition, ...]:
    """The same fold, gone on in silence: somebody looks from now on and nothing happens."""
    spans = watch.spans
    if spans and spans[-1][1] > at:
        on = (*spans[:-1], (spans[-1][0], LATEST))
    else:
        on = (*spans, (at, LATEST))
    fold, _ = _folded(plan, grader, evidence, changes, Watch(on, watch.grace), at)
    before = len(fold.transitions)
    while len(fold.transitions) < before + _AHEAD and fold.state.due is not None:
        fold.advance(fold.state.due)
    return tuple(fold.transitions[before:])


def _rule(
    plan: Plan, moment: Moment, index: int, masks: Sequence[tuple[Update, int, int]]
) -> RuleView:
    core, state = plan.core, moment.state
    rule = core.rules[index]
    node = core.low.shape.conditions[core.low.when[index]]
    view = core.view(moment)
    speech = core.speeches[index]
    bits = speech.bits
    remembered = [i for column in speech.remembered for i in column.evidence(moment)]
    matched = [u.id for u, mask, _ in masks if mask > 0 and mask & bits]
    weak = [
        u.id
        for u, mask, tier in masks
        if mask >= 0
        and not mask & bits
        and tier > _STRONGEST
        and core.match(u, _STRONGEST) & bits > 0
    ]
    stay, dwell = state.stays.get(index), dict(core.dwelling).get(index, 0)
    held_on = stay is not None and not state.active[index]
    return RuleView(
        rule,
        holds(node, view, core.low.params),
        held_on or (state.active[index] and not core.event[index]),
        stay.first if stay is not None else state.since[index],
        tuple(dict.fromkeys([*matched, *remembered])),
        tuple(weak),
        tuple(_findings(plan.core, node, view, negated=False)),
        tuple(_parties(moment, [core.columns[i] for i in core.columns_of[index]])),
        1 if stay is None else stay.times,
        stay.last + dwell if stay is not None and held_on else None,
    )


def _parties(moment: Moment, columns: Sequence[fields.Field]) -> list[PartyView]:
    """Every party that a rule counts: those that have done it in order of time, then the rest."""
    found: dict[int, fields.PartiesDone] = {}
    for column in columns:
        if isinstance(column, fields.PartiesDone) and not (column.slot in found and not column.of):
            found[column.slot] = column
    views: list[PartyView] = []
    for column in found.values():
        weights, done = dict(column.weights), column.done(moment)
        order = {p: (0, done[p][0], p) if p in done else (1, -weights[p], p) for p in weights}
        for party in sorted(weights, key=order.__getitem__):
            since, update, _ = done.get(party, (None, None, 0))
            share = "" if column.of is None else amount(column, weights[party])
            views.append(PartyView(party, since, update, share))
    return views


def _ignored(plan: Plan, grader: Grader, updates: Sequence[Update]) -> list[tuple[str, str]]:
    """(update, rule) for those that a screen drops."""
    found = []
    for update in updates:
        rule = plan.core.dropped_by(plan.core.mask(update, grader.tier(update)))
        found.append((update.id, "" if rule is None else rule.id))
    return found


def _findings(core: Core, node: Node, view: Sequence[int], *, negated: bool) -> list[Finding]:
    """Every comparison of a condition that can be put in numbers."""
    match node:
        case Negate(of):
            return _findings(core, of, view, negated=not negated)
        case And(of) | Or(of):
            return [f for part in of for f in _findings(core, part, view, negated=negated)]
        case Flag(field):
            column = core.columns[field]
            if isinstance(column, fields.Event):
                return []
            met = (view[field] == 1) is not negated
            return [
                Finding(
                    describe(column),
                    "yes" if view[field] else "no",
                    "no" if negated else "yes",
                    met,
                )
            ]
        case Compare(field, op, param):
            column = core.columns[field]
            number = core.low.params[param]
            effective = _NEGATED[op] if negated else op
            met = holds(node, view, core.low.params) is not negated
            shown = f"{effective.value} {printable(column, number)}"
            return [Finding(describe(column), printable(column, view[field]), shown, met)]


def describe(column: fields.Field) -> str:
    """What a column measures, as a phrase."""
    match column:
        case fields.CountIn(within=None):
            return "matching updates so far"
        case fields.CountIn(within=int(within)):
            return f"matching updates within {format_duration(within)}"
        case fields.PartiesDone(of=None):
            return "parties"
        case fields.PartiesDone(of=of):
            return f"the share of {of}"
        case fields.Silent(slot=None):
            return "watched time since the last advance"
        case fields.Silent():
            return "watched time since the last matching update"
        case fields.Completed():
            return "the sequence is complete"
        case fields.Measured(change=True):
            return "the indicator has two values to compare"
        case fields.Measured():
            return "the indicator has a value"
        case fields.Latest():
            return "the latest value of the indicator"
        case fields.Change():
            return "the change of the indicator"
        case fields.Target(state=state):
            return f"the target is {state.value}"
        case fields.MilestoneIs(milestone=milestone, states=states):
            return f"milestone {milestone} is {' or '.join(sorted(states))}"
        case fields.Remaining():
            return "time until the deadline"
        case fields.LevelOf(commitment=commitment):
            return f"the level of {commitment or 'this commitment'}"
        case fields.StatusIs(commitment=commitment):
            axes = (column.activity, column.schedule, column.standing, column.status)
            words = " and ".join(" or ".join(sorted(axis)) for axis in axes if axis)
            return f"{commitment or 'this commitment'} is {words}"
        case _:
            return type(column).__name__.lower()


def printable(column: fields.Field, number: int) -> str:
    """A value of a column as people write it."""
    match column:
        case fields.PartiesDone():
            return amount(column, number)
        case fields.Silent() | fields.Remaining():
            return "none" if number >= LATEST else days(number)
        case fields.Latest() | fields.Change():
            return f"{number / SCALE:g}"
        case fields.LevelOf():
            return (
                ("none", "limited", "substantial", "complete")[number]
                if 0 <= number <= 3
                else str(number)
            )
        case _:
            return str(number)
