"""From shapes to durable-rules definitions: only the subset that was measured to be safe.

One flat fact of integers, no joins, negation, regular expressions, timers or `any`; negation is
pushed down to the comparisons, thresholds are other properties of the same fact (`$m`). What would
leave the subset (a condition with too many true paths, each of which would fire) is computed by
Python and enters the view as a flag of its own. Rulesets stay far below the limits of the library:
at most 50 rules, 60 first conditions and 200 properties, where it fails at 64, 253 and more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from monitor.engine.evaluators.program import And, Compare, Flag, Negate, Node, Op, Or, Shape

MAX_RULES = 50
MAX_FIRST_CONDITIONS = 60
MAX_PROPERTIES = 200
MAX_PATHS = 8
MAX_DEPTH = 8

_OPERATORS = {Op.AT_LEAST: "$gte", Op.AT_MOST: "$lte", Op.ABOVE: "$gt", Op.BELOW: "$lt"}
_NEGATED = {
    Op.AT_LEAST: Op.BELOW,
    Op.AT_MOST: Op.ABOVE,
    Op.ABOVE: Op.AT_MOST,
    Op.BELOW: Op.AT_LEAST,
}


@dataclass(frozen=True, slots=True)
class Ruleset:
    """One durable-rules definition and the view it expects.

    `definition` is JSON; rule "c3" is condition 3 of the shape. `fields` and `params` are the
    indexes that travel, as properties "f3" and "p2"; `computed` are conditions that Python answers,
    as "c3" flags.
    """

    definition: str
    fields: tuple[int, ...]
    params: tuple[int, ...]
    computed: tuple[int, ...]


@lru_cache(maxsize=4096)
def compile_shape(shape: Shape) -> tuple[Ruleset, ...]:
    """The rulesets of a shape, split where a single one would pass a limit."""
    rulesets: list[Ruleset] = []
    batch: list[int] = []
    for index in range(len(shape.conditions)):
        if batch and not _fits(shape, [*batch, index]):
            rulesets.append(_ruleset(shape, batch))
            batch = []
        batch.append(index)
    if batch:
        rulesets.append(_ruleset(shape, batch))
    return tuple(rulesets)


def _fits(shape: Shape, batch: Sequence[int]) -> bool:
    nodes = [shape.conditions[index] for index in batch]
    firsts = sum(1 if is_computed(node) else count_paths(node) for node in nodes)
    properties = {
        name
        for node in nodes
        for test in _tests(node)
        for name in (
            (f"f{test.field}",) if isinstance(test, Flag) else (f"f{test.field}", f"p{test.param}")
        )
    }
    return (
        len(batch) <= MAX_RULES
        and firsts <= MAX_FIRST_CONDITIONS
        and len(properties) + len(batch) <= MAX_PROPERTIES
    )


def _ruleset(shape: Shape, batch: Sequence[int]) -> Ruleset:
    rules: dict[str, Any] = {}
    fields: set[int] = set()
    params: set[int] = set()
    computed: list[int] = []
    for index in batch:
        node = shape.conditions[index]
        if is_computed(node):
            computed.append(index)
            expression: dict[str, Any] = {f"c{index}": 1}
        else:
            expression = _expression(node, negated=False)
            for test in _tests(node):
                fields.add(test.field)
                if isinstance(test, Compare):
                    params.add(test.param)
        rules[f"c{index}"] = {"all": [{"m": expression}]}
    definition = json.dumps(rules, separators=(",", ":"))
    return Ruleset(definition, tuple(sorted(fields)), tuple(sorted(params)), tuple(computed))


def _expression(node: Node, *, negated: bool) -> dict[str, Any]:
    match node:
        case Flag(field):
            return {f"f{field}": 0 if negated else 1}
        case Compare(field, op, param):
            effective = _NEGATED[op] if negated else op
            return {_OPERATORS[effective]: {f"f{field}": {"$m": f"p{param}"}}}
        case Negate(of):
            return _expression(of, negated=not negated)
        case And(of) | Or(of):
            if len(of) == 1:
                return _expression(of[0], negated=negated)
            word = "$and" if isinstance(node, And) is not negated else "$or"
            return {word: [_expression(part, negated=negated) for part in of]}


def is_computed(node: Node) -> bool:
    """Whether Python answers the condition as a whole: durable-rules fires once per true path."""
    return count_paths(node) > MAX_PATHS or _depth(node) > MAX_DEPTH


def count_paths(node: Node, *, negated: bool = False) -> int:
    """In how many ways the condition can become true after negation is pushed down."""
    match node:
        case Negate(of):
            return count_paths(of, negated=not negated)
        case And(of) | Or(of):
            counts = [count_paths(part, negated=negated) for part in of]
            if isinstance(node, And) is negated:
                return sum(counts)
            total = 1
            for count in counts:
                total = min(total * count, 1_000_000)
            return total
        case _:
            return 1


def _depth(node: Node) -> int:
    match node:
        case Negate(of):
            return _depth(of)
        case And(of) | Or(of):
            return 1 + max(_depth(part) for part in of)
        case _:
            return 0


def _tests(node: Node) -> Iterator[Flag | Compare]:
    match node:
        case Flag() | Compare():
            yield node
        case Negate(of):
            yield from _tests(of)
        case And(of) | Or(of):
            for part in of:
                yield from _tests(part)
