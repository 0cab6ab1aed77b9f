"""What the comparisons of a rule come to, in words and numbers (law 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import Level, Status
from monitor.domain.inspection import Finding
from monitor.domain.time import LATEST, format_duration
from monitor.engine import fields
from monitor.engine.evaluators.plain import holds
from monitor.engine.evaluators.program import And, Compare, Flag, Negate, Node, Op, Or
from monitor.engine.folding.reasons import amount, days, member_amount, milestone_words
from monitor.engine.memory.slots import SCALE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.engine.compiled.core import Core
    from monitor.engine.memory.moment import Moment

_NEGATED = {
    Op.AT_LEAST: Op.BELOW,
    Op.BELOW: Op.AT_LEAST,
    Op.ABOVE: Op.AT_MOST,
    Op.AT_MOST: Op.ABOVE,
}


def findings(
    core: Core, node: Node, view: Sequence[int], moment: Moment, *, negated: bool
) -> list[Finding]:
    """Every comparison of a condition that can be put in numbers."""
    match node:
        case Negate(of):
            return findings(core, of, view, moment, negated=not negated)
        case And(of) | Or(of):
            found = (findings(core, part, view, moment, negated=negated) for part in of)
            return [finding for part in found for finding in part]
        case Flag(field):
            column = core.columns[field]
            if isinstance(column, fields.Event):
                return []
            met = (view[field] == 1) is not negated
            if isinstance(column, fields.Pace):
                op = _NEGATED[column.op] if negated else column.op
                asked = f"{op.value} {column.percent / SCALE:g}%"
                said = str(column.progress(moment) or "not known")
                return [Finding(f"the pace of {column.indicator}", said, asked, met)]
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
        case fields.CommitmentsIn():
            what = "the share of commitments" if column.weighed else "commitments"
            return f"{what} that are {axes_words(column)}".removesuffix(" that are ")
        case fields.MilestonesIn():
            return milestone_words(column)
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
        case fields.Remaining(name=name, current=current):
            return f"time until {'the present date of ' if current else ''}{_dated(name)}"
        case fields.Missed(name=name):
            return f"missed dates of {_dated(name)}"
        case fields.Slips(name=name):
            return f"slips of {_dated(name)}"
        case fields.LevelOf(commitment=commitment):
            return f"the level of {commitment or 'this commitment'}"
        case fields.StatusIs(commitment=commitment):
            return f"{commitment or 'this commitment'} is {_axes(column)}"
        case _:
            return type(column).__name__.lower()


def axes_words(column: fields.CommitmentsIn) -> str:
    """How commitments have to stand to be counted."""
    words = [] if column.least is Level.NONE else [f"{column.least.word} or better"]
    words += [] if column.most is Level.COMPLETE else [f"{column.most.word} at most"]
    return " and ".join([*words, *filter(None, [_axes(column.axes)])])


def _axes(column: fields.StatusIs) -> str:
    """The values asked for; of nearly all of an axis, those that are not."""
    found = []
    for axis in (column.activity, column.schedule, column.standing, column.status):
        found += [" or ".join(sorted(axis))] if axis else []
    known = column.last_known
    if len(known) > len(Status) / 2:
        found.append(f"not {' or '.join(sorted(set(Status) - known))}")
    elif known:
        found.append(f"last known {' or '.join(sorted(known))}")
    return " and ".join(found)


def printable(column: fields.Field, number: int) -> str:
    """A value of a column as people write it."""
    match column:
        case fields.PartiesDone():
            return amount(column, number)
        case fields.CommitmentsIn():
            return member_amount(column, number)
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


def _dated(name: str) -> str:
    return f"the milestone {name}" if name else "the deadline"
