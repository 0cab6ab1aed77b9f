"""The columns of a view while they are being found, and what they are compared with."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from monitor.engine import fields
from monitor.engine.evaluators.program import Compare, Node, Op
from monitor.engine.memory.slots import SCALE

if TYPE_CHECKING:
    from collections.abc import Hashable

    from monitor.domain.bounds import Range


class Columns:
    """Fields and parameters, each once, in the order in which they were first asked for."""

    def __init__(self) -> None:
        self.columns: list[fields.Field] = []
        self.thresholds: dict[int, set[int]] = {}
        self.params: list[int] = []

    def column(self, field: fields.Field) -> int:
        """The place of a field in the view."""
        return index_of(self.columns, field)

    def compare(self, column: int, op: Op, number: int) -> Node:
        self.thresholds.setdefault(column, set()).add(number)
        return Compare(column, op, index_of(self.params, number))

    def amount(self, field: fields.Field, least: int | None, most: int | None) -> list[Node]:
        parts: list[Node] = []
        if least is None and most is None:
            return parts
        column = self.column(field)
        if least is not None:
            parts.append(self.compare(column, Op.AT_LEAST, least))
        if most is not None:
            parts.append(self.compare(column, Op.AT_MOST, most))
        return parts

    def timed_amount(self, field: fields.Field, least: int | None, most: int | None) -> list[Node]:
        """The same of what time alone changes: that turns at the first number beyond, too."""
        parts = self.amount(field, least, most)
        if most is not None:
            self.thresholds[self.column(field)].add(most + 1)
        return parts

    def share(self, field: fields.Field, whole: int, bounds: Range) -> list[Node]:
        """Percentages of a whole number as whole numbers, exactly: rounded to the safe side.

        Where the whole is nothing, no share of it is ever reached.
        """
        column, whole = self.column(field), max(whole, 1)
        parts: list[Node] = []
        for op, percent in bounds_of(bounds):
            exact, hundred = scaled(percent) * whole, 100 * SCALE
            up = op in (Op.AT_LEAST, Op.BELOW)
            number = -(-exact // hundred) if up else exact // hundred
            parts.append(self.compare(column, op, number))
        return parts

    def range(self, column: int, bounds: Range) -> list[Node]:
        return [self.compare(column, op, scaled(number)) for op, number in bounds_of(bounds)]

    def finished(self) -> tuple[fields.Field, ...]:
        """Columns that depend on time are told the thresholds they are compared with."""
        return tuple(
            replace(column, thresholds=tuple(sorted(self.thresholds.get(index, ()))))
            if isinstance(column, fields.THRESHOLDED)
            else column
            for index, column in enumerate(self.columns)
        )


def bounds_of(bounds: Range) -> list[tuple[Op, Decimal]]:
    """The comparisons that an interval asks for."""
    tests = (
        (Op.AT_LEAST, bounds.at_least),
        (Op.AT_MOST, bounds.at_most),
        (Op.ABOVE, bounds.above),
        (Op.BELOW, bounds.below),
    )
    return [(op, number) for op, number in tests if number is not None]


def scaled(number: Decimal) -> int:
    """In whole millionths."""
    return int(number * SCALE)


def index_of(items: list[Any], item: Hashable) -> int:
    """The place of an item in a list that grows as needed."""
    try:
        return items.index(item)
    except ValueError:
        items.append(item)
        return len(items) - 1
