"""The plain evaluator: the same conditions walked in Python.

It is the oracle that durable-rules is tested against (law 8), the tracer behind `explain`, and the
engine where durable-rules cannot be built.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from monitor.engine.evaluators.program import And, Compare, Flag, Negate, Node, Op, Or, Row, Shape

_OPERATORS: dict[Op, Callable[[int, int], bool]] = {
    Op.AT_LEAST: operator.ge,
    Op.AT_MOST: operator.le,
    Op.ABOVE: operator.gt,
    Op.BELOW: operator.lt,
}


def holds(node: Node, view: Row, params: Row) -> bool:
    """Whether one condition holds in a view."""
    match node:
        case Flag(field):
            return view[field] == 1
        case Compare(field, op, param):
            return _OPERATORS[op](view[field], params[param])
        case And(of):
            return all(holds(part, view, params) for part in of)
        case Or(of):
            return any(holds(part, view, params) for part in of)
        case Negate(of):
            return not holds(of, view, params)


class PlainEvaluator:
    """Conditions that hold, as a bit mask over `shape.conditions`."""

    name = "plain"

    def prepare(self, shape: Shape, params: Row) -> Callable[[Row], int]:
        """A function from a view to the mask."""
        conditions = shape.conditions

        def decide(view: Row) -> int:
            mask = 0
            for index, node in enumerate(conditions):
                if holds(node, view, params):
                    mask |= 1 << index
            return mask

        return decide
