"""From the conditions of a rulebook to shapes, fields, slots and predicates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from monitor.domain import condition as ask
from monitor.engine import fields
from monitor.engine.program import And, Compare, Flag, Negate, Node, Op, Or, Shape
from monitor.engine.slots import SCALE, Newest, Series, Slot, Steps, Tally

if TYPE_CHECKING:
    from collections.abc import Hashable

    from monitor.domain.commitment import Commitment, Indicator, Rule
    from monitor.domain.condition import Condition, UpdatePattern


@dataclass(frozen=True, slots=True)
class Lowered:
    """Everything the rules of a commitment ask, flattened.

    `patterns[i]` sets bit i of an update's mask; `slots` remember; `columns` make the view;
    `shape.conditions[when[r]]` is rule r's condition, `recover[r]` its recovery (or None).
    `screens` are the conditions of `ignore` rules over Event columns.
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


def lower(commitment: Commitment, rules: tuple[Rule, ...], ignores: tuple[Rule, ...]) -> Lowered:
    """Flatten the rules (without `ignore`) and the screens of one commitment."""
    work = _Lowering(commitment)
    conditions: list[Node] = []
    when: list[int] = []
    recover: list[int | None] = []
    work.gate = commitment.tier
    for rule in rules:
        when.append(_index(conditions, work.node(rule.when)))
        recover.append(
            None if rule.recover is None else _index(conditions, work.node(rule.recover))
        )
    milestone_bits = tuple(
        (
            milestone.id,
            1 << work.bit(ask.UpdatePattern(milestone=(milestone.id,)))
            | (0 if milestone.done is None else 1 << work.bit(milestone.done)),
        )
        for milestone in commitment.milestones
    )
    work.gate = None  # whatever its source, what is beside the point is ignored
    screens = tuple(work.node(rule.when) for rule in ignores)
    columns = work.finished_columns()
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
    )


class _Lowering:
    def __init__(self, commitment: Commitment) -> None:
        self.commitment = commitment
        self.indicators = {indicator.id: indicator for indicator in commitment.indicators}
        self.gate: int | None = None
        self.patterns: list[UpdatePattern] = []
        self.slots: list[Slot] = []
        self.columns: list[fields.Field] = []
        self.thresholds: dict[int, set[int]] = {}
        self.params: list[int] = []

    def bit(self, pattern: UpdatePattern) -> int:
        if pattern.tier is None and self.gate is not None:
            pattern = replace(pattern, tier=self.gate)
        return _index(self.patterns, pattern)

    def node(self, condition: Condition) -> Node:
        match condition:
            case ask.All(of):
                return And(tuple(self.node(part) for part in of))
            case ask.Any(of):
                return Or(tuple(self.node(part) for part in of))
            case ask.Not(of):
                return Negate(self.node(of))
            case ask.OnUpdate(update):
                return Flag(_index(self.columns, fields.Event(self.bit(update))))
            case ask.Count():
                return self._count(condition)
            case ask.PartyCount():
                return self._parties(condition)
            case ask.Silence(duration, update):
                slot = None if update is None else self._newest(update, 1)
                column = _index(self.columns, fields.Silent(slot))
                return self._compare(column, Op.AT_LEAST, duration)
            case ask.Sequence(steps, within):
                slot = _index(self.slots, Steps(tuple(self.bit(step) for step in steps), within))
                return Flag(_index(self.columns, fields.Completed(slot)))
            case ask.IndicatorTest():
                return self._indicator(condition)
            case ask.MilestoneTest(milestone, states):
                state = fields.MilestoneIs(milestone, frozenset(states))
                return Flag(_index(self.columns, state))
            case ask.Deadline(within, passed):
                return self._deadline(within, passed=passed)
            case ask.StatusTest():
                return self._status(condition)

    def _count(self, test: ask.Count) -> Node:
        most = max((test.at_least or 0), -1 if test.at_most is None else test.at_most + 1, 1)
        column = _index(self.columns, fields.CountIn(self._newest(test.update, most), test.within))
        parts: list[Node] = []
        if test.at_least is not None:
            parts.append(self._compare(column, Op.AT_LEAST, test.at_least))
            self.thresholds[column].add(test.at_least)
        if test.at_most is not None:
            parts.append(self._compare(column, Op.AT_MOST, test.at_most))
            self.thresholds[column].add(test.at_most + 1)
        return And(tuple(parts))

    def _parties(self, test: ask.PartyCount) -> Node:
        done = self.bit(test.update)
        undone = None if test.undone_by is None else self.bit(test.undone_by)
        parties = self.commitment.parties
        slot = _index(self.slots, Tally(done, undone, frozenset(parties)))
        one = dict.fromkeys(parties, 1)
        number = fields.PartiesDone(slot, tuple(one.items()), len(one))
        parts = self._amount(number, test.at_least, test.at_most)
        share = test.share
        if share is not None and share.of is None:
            parts += self._share(number, share.bounds)
        elif share is not None:
            weights = next(w for w in self.commitment.weights if w.id == share.of)
            known = dict(weights.parties)
            each = tuple((p, _scaled(known.get(p, Decimal(0)))) for p in one)
            whole = _scaled(weights.whole(parties))
            parts += self._share(fields.PartiesDone(slot, each, whole, share.of), share.bounds)
        return And(tuple(parts))

    def _amount(self, field: fields.Field, least: int | None, most: int | None) -> list[Node]:
        parts: list[Node] = []
        if least is None and most is None:
            return parts
        column = _index(self.columns, field)
        if least is not None:
            parts.append(self._compare(column, Op.AT_LEAST, least))
        if most is not None:
            parts.append(self._compare(column, Op.AT_MOST, most))
        return parts

    def _share(self, field: fields.PartiesDone, bounds: ask.Range) -> list[Node]:
        """Percentages of a whole number as whole numbers, exactly: rounded to the safe side.

        Where the whole is nothing, no share of it is ever reached.
        """
        column, whole = _index(self.columns, field), max(field.whole, 1)
        tests = (
            (Op.AT_LEAST, bounds.at_least, True),
            (Op.AT_MOST, bounds.at_most, False),
            (Op.ABOVE, bounds.above, False),
            (Op.BELOW, bounds.below, True),
        )
        parts: list[Node] = []
        for op, percent, up in tests:
            if percent is not None:
                exact, hundred = _scaled(percent) * whole, 100 * SCALE
                number = -(-exact // hundred) if up else exact // hundred
                parts.append(self._compare(column, op, number))
        return parts

    def _newest(self, pattern: UpdatePattern, keep: int) -> int:
        """One memory per pattern, as long as the longest that anybody asks for."""
        bit = self.bit(pattern)
        for index, slot in enumerate(self.slots):
            if isinstance(slot, Newest) and slot.bit == bit:
                self.slots[index] = Newest(bit, max(slot.keep, keep))
                return index
        return _index(self.slots, Newest(bit, keep))

    def _indicator(self, test: ask.IndicatorTest) -> Node:
        indicator = self.indicators[test.indicator]
        slot = self._series(indicator, test.within or 0)
        parts: list[Node] = []
        if test.value is not None:
            column = _index(self.columns, fields.Latest(slot))
            parts += self._range(column, test.value)
        if test.change is not None or test.trend is not None:
            parts.append(
                Flag(_index(self.columns, fields.Measured(slot, change=True, within=test.within)))
            )
            column = _index(self.columns, fields.Change(slot, test.within))
            if test.change is not None:
                parts += self._range(column, test.change)
            if test.trend is not None:
                op = Op.ABOVE if test.trend is ask.Trend.RISING else Op.BELOW
                parts.append(self._compare(column, op, 0))
        if test.target is not None and indicator.target is not None:
            target = fields.Target(slot, _scaled(indicator.target), indicator.at_most, test.target)
            parts.append(Flag(_index(self.columns, target)))
        return And((Flag(_index(self.columns, fields.Measured(slot))), *parts))

    def _series(self, indicator: Indicator, window: int) -> int:
        bit = self.bit(ask.UpdatePattern(indicator=(indicator.id,)))
        for index, slot in enumerate(self.slots):
            if isinstance(slot, Series) and slot.bit == bit:
                self.slots[index] = Series(bit, max(slot.window, window))
                return index
        return _index(self.slots, Series(bit, window))

    def _range(self, column: int, bounds: ask.Range) -> list[Node]:
        tests = (
            (Op.AT_LEAST, bounds.at_least),
            (Op.AT_MOST, bounds.at_most),
            (Op.ABOVE, bounds.above),
            (Op.BELOW, bounds.below),
        )
        return [self._compare(column, op, _scaled(n)) for op, n in tests if n is not None]

    def _deadline(self, within: int | None, *, passed: bool) -> Node:
        column = _index(self.columns, fields.Remaining())
        if passed or within is None:
            return self._compare(column, Op.AT_MOST, 0)
        return And((self._compare(column, Op.ABOVE, 0), self._compare(column, Op.AT_MOST, within)))

    def _status(self, test: ask.StatusTest) -> Node:
        parts: list[Node] = []
        level = fields.LevelOf(test.commitment)
        if test.level_at_least is not None:
            column = _index(self.columns, level)
            parts.append(self._compare(column, Op.AT_LEAST, test.level_at_least))
        if test.level_at_most is not None:
            column = _index(self.columns, level)
            parts.append(self._compare(column, Op.AT_MOST, test.level_at_most))
        if test.activity or test.schedule or test.standing or test.status:
            axes = fields.StatusIs(
                test.commitment,
                frozenset(test.activity),
                frozenset(test.schedule),
                frozenset(test.standing),
                frozenset(test.status),
            )
            parts.append(Flag(_index(self.columns, axes)))
        return And(tuple(parts))

    def _compare(self, column: int, op: Op, number: int) -> Node:
        self.thresholds.setdefault(column, set()).add(number)
        return Compare(column, op, _index(self.params, number))

    def finished_columns(self) -> tuple[fields.Field, ...]:
        """Columns that depend on time are told the thresholds they are compared with."""
        return tuple(
            replace(column, thresholds=tuple(sorted(self.thresholds.get(index, ()))))
            if isinstance(column, fields.THRESHOLDED)
            else column
            for index, column in enumerate(self.columns)
        )


def _scaled(number: Decimal) -> int:
    return int(number * SCALE)


def _index(items: list[Any], item: Hashable) -> int:
    """The place of an item in a list that grows as needed."""
    try:
        return items.index(item)
    except ValueError:
        items.append(item)
        return len(items) - 1
