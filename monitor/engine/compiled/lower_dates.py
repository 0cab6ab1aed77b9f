"""What rules ask about dates, as comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.engine import fields
from monitor.engine.evaluators.program import And, Flag, Node, Op
from monitor.engine.memory.names import DEADLINE

if TYPE_CHECKING:
    from monitor.domain import condition as ask
    from monitor.engine.compiled.columns import Columns


def lower_milestone(work: Columns, test: ask.MilestoneTest) -> Node:
    """Everything that is asked about a milestone must hold."""
    parts: list[Node] = []
    if test.states:
        state = fields.MilestoneIs(test.milestone, frozenset(test.states))
        parts.append(Flag(work.column(state)))
    if test.slips is not None:
        parts += _slips(work, test.milestone, test.slips)
    if test.current is not None:
        parts.append(_near(work, test.milestone, test.current, current=True))
    if test.missed is not None:
        asked = test.missed
        parts += work.timed_amount(fields.Missed(test.milestone), asked.at_least, asked.at_most)
    return And(tuple(parts))


def lower_deadline(work: Columns, test: ask.Deadline) -> Node:
    """The deadline is near, behind, or was put off."""
    if test.slips is not None:
        return And(tuple(_slips(work, DEADLINE, test.slips)))
    return _near(work, DEADLINE, test, current=test.current)


def _slips(work: Columns, name: str, asked: ask.Slips) -> list[Node]:
    return work.amount(fields.Slips(name), asked.at_least, asked.at_most)


def _near(work: Columns, name: str, test: ask.Deadline, *, current: bool) -> Node:
    column = work.column(fields.Remaining(name, current=current))
    if test.passed or test.within is None:
        return work.compare(column, Op.AT_MOST, 0)
    ahead = work.compare(column, Op.ABOVE, 0)
    return And((ahead, work.compare(column, Op.AT_MOST, test.within)))
