"""From the conditions of a rulebook to shapes, fields, slots and predicates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from monitor.domain import condition as ask
from monitor.domain.assessment import Level
from monitor.engine import fields
from monitor.engine.compiled.columns import Columns, bounds_of, index_of, scaled
from monitor.engine.compiled.lower_dates import lower_deadline, lower_milestone
from monitor.engine.evaluators.program import And, Flag, Negate, Node, Op, Or, Shape
from monitor.engine.memory.slots import Newest, Series, Slot, Steps, Tally

if TYPE_CHECKING:
    from monitor.domain.commitment import Commitment, Indicator, Rule
    from monitor.domain.condition import Condition, UpdatePattern


@dataclass(frozen=True, slots=True)
class Lowered:
    """Everything the rules of a commitment ask, flattened.

    `patterns[i]` sets bit i of an update's mask; `slots` remember; `columns` make the view;
    `shape.conditions[when[r]]` is rule r's condition, `recover[r]` its recovery (or None).
    `screens` are the conditions of `ignore` rules over Event columns. `moves` is the bit of the
    updates that move a date; 0 where the commitment has none.
    """

    patterns: tuple[UpdatePattern, ...]
    slots: tuple[Slot, ...]
    columns: tuple[fields.Field, ...]
    params: tuple[int, ...]
    shape: Shape
    when: tuple[int, ...]
    recover: tuple[int | None, ...]
    screens: tuple[Node, ...]
    milestone_bits: tuple[tuple[str, int], ...]
    moves: int


def lower(commitment: Commitment, rules: tuple[Rule, ...], ignores: tuple[Rule, ...]) -> Lowered:
    """Flatten the rules (without `ignore`) and the screens of one commitment."""
    work = _Lowering(commitment)
    conditions: list[Node] = []
    when: list[int] = []
    recover: list[int | None] = []
    work.gate = commitment.tier
    for rule in rules:
        when.append(index_of(conditions, work.node(rule.when)))
        recover.append(
            None if rule.recover is None else index_of(conditions, work.node(rule.recover))
        )
    milestone_bits = tuple(
        (
            milestone.id,
            1 << work.bit(ask.UpdatePattern(milestone=(milestone.id,)))
            | (0 if milestone.done is None else 1 << work.bit(milestone.done)),
        )
        for milestone in commitment.milestones
    )
    dated = commitment.deadline or any(m.due or m.recurs for m in commitment.milestones)
    moves = 1 << work.bit(ask.UpdatePattern(moves=True)) if dated else 0
    work.gate = None  # whatever its source, what is beside the point is ignored
    screens = tuple(work.node(rule.when) for rule in ignores)
    columns = work.finished()
    return Lowered(
        patterns=tuple(work.patterns),
        slots=tuple(work.slots),
        columns=columns,
        params=tuple(work.params),
        shape=Shape(tuple(conditions), len(columns), len(work.params)),
        when=tuple(when),
        recover=tuple(recover),
        screens=screens,
        milestone_bits=milestone_bits,
        moves=moves,
    )


class _Lowering(Columns):
    def __init__(self, commitment: Commitment) -> None:
        super().__init__()
        self.commitment = commitment
        self.indicators = {indicator.id: indicator for indicator in commitment.indicators}
        self.gate: int | None = None
        self.patterns: list[UpdatePattern] = []
        self.slots: list[Slot] = []

    def bit(self, pattern: UpdatePattern) -> int:
        if pattern.tier is None and self.gate is not None:
            pattern = replace(pattern, tier=self.gate)
        return index_of(self.patterns, pattern)

    def node(self, condition: Condition) -> Node:
        match condition:
            case ask.All(of):
                return And(tuple(self.node(part) for part in of))
            case ask.Any(of):
                return Or(tuple(self.node(part) for part in of))
            case ask.Not(of):
                return Negate(self.node(of))
            case ask.OnUpdate(update):
                return Flag(self.column(fields.Event(self.bit(update))))
            case ask.Count():
                return self._count(condition)
            case ask.PartyCount():
                return self._parties(condition)
            case ask.Silence(duration, update):
                slot = None if update is None else self._newest(update, 1)
                column = self.column(fields.Silent(slot))
                return self.compare(column, Op.AT_LEAST, duration)
            case ask.Sequence(steps, within):
                slot = index_of(self.slots, Steps(tuple(self.bit(step) for step in steps), within))
                return Flag(self.column(fields.Completed(slot)))
            case ask.IndicatorTest():
                return self._indicator(condition)
            case ask.MilestoneTest():
                return lower_milestone(self, condition)
            case ask.MilestoneCount():
                return self._milestones(condition)
            case ask.Deadline():
                return lower_deadline(self, condition)
            case ask.StatusTest():
                return self._status(condition)
            case ask.CommitmentCount():
                return self._commitments(condition)

    def _count(self, test: ask.Count) -> Node:
        most = max((test.at_least or 0), -1 if test.at_most is None else test.at_most + 1, 1)
        number = fields.CountIn(self._newest(test.update, most), test.within)
        return And(tuple(self.timed_amount(number, test.at_least, test.at_most)))

    def _parties(self, test: ask.PartyCount) -> Node:
        done = self.bit(test.update)
        undone = None if test.undone_by is None else self.bit(test.undone_by)
        parties = self.commitment.parties
        slot = index_of(self.slots, Tally(done, undone, frozenset(parties)))
        one = dict.fromkeys(parties, 1)
        number = fields.PartiesDone(slot, tuple(one.items()), len(one))
        parts = self.amount(number, test.at_least, test.at_most)
        share = test.share
        if share is not None and share.of is None:
            parts += self.share(number, len(one), share.bounds)
        elif share is not None:
            weights = next(w for w in self.commitment.weights if w.id == share.of)
            known = dict(weights.parties)
            each = tuple((p, scaled(known.get(p, Decimal(0)))) for p in one)
            whole = scaled(weights.whole(parties))
            weighed = fields.PartiesDone(slot, each, whole, share.of)
            parts += self.share(weighed, whole, share.bounds)
        return And(tuple(parts))

    def _milestones(self, test: ask.MilestoneCount) -> Node:
        among = test.milestones or tuple(m.id for m in self.commitment.milestones)
        number = fields.MilestonesIn(among, frozenset(test.states))
        parts = self.amount(number, test.at_least, test.at_most)
        if test.share is not None:
            parts += self.share(number, len(among), test.share)
        return And(tuple(parts))

    def _newest(self, pattern: UpdatePattern, keep: int) -> int:
        """One memory per pattern, as long as the longest that anybody asks for."""
        bit = self.bit(pattern)
        for index, slot in enumerate(self.slots):
            if isinstance(slot, Newest) and slot.bit == bit:
                self.slots[index] = Newest(bit, max(slot.keep, keep))
                return index
        return index_of(self.slots, Newest(bit, keep))

    def _indicator(self, test: ask.IndicatorTest) -> Node:
        indicator = self.indicators[test.indicator]
        slot = self._series(indicator, test.within or 0)
        parts: list[Node] = []
        if test.value is not None:
            column = self.column(fields.Latest(slot))
            parts += self.range(column, test.value)
        if test.change is not None or test.trend is not None:
            parts.append(Flag(self.column(fields.Measured(slot, change=True, within=test.within))))
            column = self.column(fields.Change(slot, test.within))
            if test.change is not None:
                parts += self.range(column, test.change)
            if test.trend is not None:
                op = Op.ABOVE if test.trend is ask.Trend.RISING else Op.BELOW
                parts.append(self.compare(column, op, 0))
        if test.target is not None:
            goal = None if indicator.target is None else scaled(indicator.target)
            target = fields.Target(slot, goal, indicator.at_most, test.target)
            parts.append(Flag(self.column(target)))
        if test.pace is not None:
            parts += self._pace(indicator, slot, test.pace)
        return And((Flag(self.column(fields.Measured(slot))), *parts))

    def _pace(self, indicator: Indicator, slot: int, bounds: ask.Range) -> list[Node]:
        """Without a line there is no pace: then target and baseline are one."""
        line = (indicator.baseline, indicator.target)
        baseline, target = (0, 0) if None in line else (scaled(n) for n in line if n is not None)
        paces = [
            fields.Pace(slot, indicator.id, baseline, target, op, scaled(percent))
            for op, percent in bounds_of(bounds)
        ]
        return [Flag(self.column(pace)) for pace in paces]

    def _series(self, indicator: Indicator, window: int) -> int:
        bit = self.bit(ask.UpdatePattern(indicator=(indicator.id,)))
        for index, slot in enumerate(self.slots):
            if isinstance(slot, Series) and slot.bit == bit:
                self.slots[index] = Series(bit, max(slot.window, window))
                return index
        return index_of(self.slots, Series(bit, window))

    def _status(self, test: ask.StatusTest) -> Node:
        parts: list[Node] = []
        level = fields.LevelOf(test.commitment)
        if test.level_at_least is not None:
            column = self.column(level)
            parts.append(self.compare(column, Op.AT_LEAST, test.level_at_least))
        if test.level_at_most is not None:
            column = self.column(level)
            parts.append(self.compare(column, Op.AT_MOST, test.level_at_most))
        if test.activity or test.schedule or test.standing or test.status or test.last_known:
            parts.append(Flag(self.column(_axes(test))))
        return And(tuple(parts))

    def _commitments(self, test: ask.CommitmentCount) -> Node:
        of, axes = test.members.of, _axes(test.test)
        least, most = test.test.level_at_least, test.test.level_at_most
        levels = (Level(least or 0), Level.COMPLETE if most is None else Level(most))
        one = tuple((key, 1) for key, _ in of)
        number = fields.CommitmentsIn(one, len(of), axes, *levels)
        parts = self.amount(number, test.at_least, test.at_most)
        if test.every:
            parts += self.amount(number, max(len(of), 1), None)
        if test.share is not None:
            each = tuple((key, scaled(weight)) for key, weight in of)
            whole = sum(weight for _, weight in each)
            weighed = fields.CommitmentsIn(each, whole, axes, *levels, weighed=True)
            alike = len({weight for _, weight in of}) == 1 and whole > 0
            parts += self.share(
                number if alike else weighed, len(of) if alike else whole, test.share
            )
        return And(tuple(parts))


def _axes(test: ask.StatusTest) -> fields.StatusIs:
    return fields.StatusIs(
        test.commitment,
        frozenset(test.activity),
        frozenset(test.schedule),
        frozenset(test.standing),
        frozenset(test.status),
        frozenset(test.last_known),
    )
