"""A condition as a tree: what each part of it asks, what is there, and whether that is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain import condition as ask
from monitor.domain.inspection import Branch, Finding
from monitor.engine import fields
from monitor.engine.evaluators.plain import holds
from monitor.engine.evaluators.program import And, Negate, Node, Or, columns_in
from monitor.engine.tracing.asked import pattern_words
from monitor.engine.tracing.counted import counted_members, counted_parties
from monitor.engine.tracing.findings import findings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.domain.condition import Condition
    from monitor.domain.update import Update
    from monitor.engine.compiled.core import Core
    from monitor.engine.memory.moment import Moment

STRONGEST = 1

KINDS: dict[type, str] = {
    ask.OnUpdate: "update",
    ask.Count: "count",
    ask.PartyCount: "parties",
    ask.Silence: "silence",
    ask.Sequence: "sequence",
    ask.IndicatorTest: "indicator",
    ask.MilestoneTest: "milestone",
    ask.MilestoneCount: "milestones",
    ask.Deadline: "deadline",
    ask.StatusTest: "status",
    ask.CommitmentCount: "commitments",
    ask.All: "all",
    ask.Any: "any",
    ask.Not: "not",
}
"""The key of the rule language for each kind of condition."""


class Seen(NamedTuple):
    """What a condition is looked at with.

    `reports`: (update, the patterns it matches, its tier), without what came before the start.
    """

    core: Core
    view: Sequence[int]
    moment: Moment
    reports: Sequence[tuple[Update, int, int]]


def grow(condition: Condition, node: Node, seen: Seen) -> Branch:
    """The tree of a condition, beside what it was lowered to."""
    kind, met = KINDS[type(condition)], holds(node, seen.view, seen.core.low.params)
    match condition, node:
        case (ask.All(of), And(parts)) | (ask.Any(of), Or(parts)):
            below = (grow(each, part, seen) for each, part in zip(of, parts, strict=True))
            return Branch(kind, met, of=tuple(below))
        case ask.Not(inner), Negate(part):
            return Branch(kind, met, of=(grow(inner, part, seen),))
    core, moment = seen.core, seen.moment
    columns = [core.columns[index] for index in columns_in(node)]
    bits = _bits(core, columns)
    counting = [i for column in columns for i in column.evidence(moment)]
    if any(isinstance(column, fields.Event) for column in columns):
        counting += [u.id for u, mask, _ in seen.reports if mask > 0 and mask & bits]
    found = findings(core, node, seen.view, moment, negated=False)
    if isinstance(condition, ask.Sequence):
        found = [_steps(condition, column, seen) for column in columns]
    return Branch(
        kind,
        met,
        tuple(found),
        tuple(dict.fromkeys(counting)),
        tuple(_too_weak(core, seen.reports, bits)),
        max((core.low.patterns[bit].tier or 0 for bit in _each(bits)), default=0) or None,
        tuple(counted_parties(moment, columns)),
        tuple(counted_members(moment, columns)),
        asks=_asks(condition),
    )


def _asks(condition: Condition) -> str:
    """Of which updates a condition speaks."""
    match condition:
        case ask.OnUpdate(pattern) | ask.Count(pattern):
            return pattern_words(pattern)
        case ask.PartyCount(pattern, undone):
            until = "" if undone is None else f", until {pattern_words(undone)}"
            return pattern_words(pattern) + until
        case ask.Silence(_, pattern):
            return "" if pattern is None else pattern_words(pattern)
        case ask.Sequence(steps):
            return ", then ".join(pattern_words(step) for step in steps)
        case ask.IndicatorTest(indicator):
            return indicator
        case _:
            return ""


def _bits(core: Core, columns: Sequence[fields.Field]) -> int:
    """The patterns that a condition listens to."""
    total, milestones = 0, dict(core.low.milestone_bits)
    for column in columns:
        slot: int | None = getattr(column, "slot", None)
        if isinstance(column, fields.Event):
            total |= 1 << column.bit
        elif slot is not None:
            total |= core.slots[slot].bits
        elif isinstance(column, fields.MilestoneIs):
            total |= milestones[column.milestone]
        elif isinstance(column, fields.MilestonesIn):
            for milestone in column.milestones:
                total |= milestones[milestone]
        elif isinstance(column, fields.Slips) or getattr(column, "current", False):
            total |= core.low.moves
    return total


def _each(bits: int) -> Iterator[int]:
    return (index for index in range(bits.bit_length()) if bits >> index & 1)


def _too_weak(core: Core, reports: Sequence[tuple[Update, int, int]], bits: int) -> Iterator[str]:
    """Those that would match if their source were the strongest."""
    for update, mask, tier in reports:
        if mask < 0 or tier <= STRONGEST:
            continue
        if core.match(update, STRONGEST) & bits & ~mask > 0:
            yield update.id


def _steps(condition: ask.Sequence, column: fields.Field, seen: Seen) -> Finding:
    """How far a sequence has come, in a chain that can still be completed."""
    cell, count = None, len(condition.steps)
    if isinstance(column, fields.Completed):
        cell = seen.moment.state.cells[column.slot]
    reached = 0
    for number, chain in enumerate(cell or (), start=1):
        alive = number == count or condition.within is None
        if chain and (alive or seen.moment.seen - chain[0] <= (condition.within or 0)):
            reached = number
    return Finding("steps of the sequence", str(reached), f">= {count}", reached == count)
