"""Conditions as both evaluators read them: comparisons of whole numbers.

A *view* is a flat row of integers, one per field, made by `monitor.engine.fields`. A condition is a
tree over comparisons of a field with a parameter. The tree is the *shape* of a rule: two rules that
differ only in their thresholds have one shape, because thresholds travel beside the view.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Op(StrEnum):
    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"


@dataclass(frozen=True, slots=True)
class Flag:
    """The field is 1 (fields that are compared so are only ever 0 or 1)."""

    field: int


@dataclass(frozen=True, slots=True)
class Compare:
    """field OP parameter."""

    field: int
    op: Op
    param: int


@dataclass(frozen=True, slots=True)
class And:
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    of: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Negate:
    of: Node


Node = Flag | Compare | And | Or | Negate


@dataclass(frozen=True, slots=True)
class Shape:
    """The conditions of one commitment's rules, without their thresholds.

    `fields` and `params` are the lengths of the rows that travel with it.
    """

    conditions: tuple[Node, ...]
    fields: int
    params: int


LIMIT = 2**61
"""Views and thresholds stay well inside 64 bits, where durable-rules compares exactly.

The largest are changes of an indicator: values below 10^12, in millionths, apart by twice that.
"""


Row = Sequence[int]
"""A view, or the parameters that travel with it."""


class Evaluator(Protocol):
    """Answers which conditions of a shape hold in a view. Two exist; they agree (law 8)."""

    @property
    def name(self) -> str: ...
    def prepare(self, shape: Shape, params: Row) -> Callable[[Row], int]:
        """A function from a view to a bit mask over the conditions of the shape."""
        ...


def columns_in(node: Node) -> tuple[int, ...]:
    """The columns a condition looks at, each once, in order."""
    match node:
        case Flag(field) | Compare(field=field):
            return (field,)
        case Negate(of):
            return columns_in(of)
        case And(of) | Or(of):
            return tuple(dict.fromkeys(c for part in of for c in columns_in(part)))
