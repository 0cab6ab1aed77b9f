"""The dates and durations of one commitment, as instants and seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.derivation import Moved
from monitor.domain.due import After, fixed_end
from monitor.domain.recurring import Periods
from monitor.engine.memory.names import DEADLINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.commitment import Commitment, ConclusionKind
    from monitor.domain.due import Move
    from monitor.domain.time import Instant


class Terms:
    """The dates and durations of one commitment, as instants and seconds.

    `deadline` and `milestone_due` are the dates that stand from the start; `waiting` are those that
    a milestone has to be done for first, by the name of what is due (see `DEADLINE`); `said` is how
    the rulebook says each. `lines` are the dates of indicators between which they go from their
    baseline to their target. `moved` are the moves that the rulebook tells of. `concluding` are
    (rule number, conclusion) of the rules that conclude something lasting.
    """

    __slots__ = (
        "concluding",
        "dated",
        "deadline",
        "due_soon",
        "lines",
        "milestone_due",
        "moved",
        "recurring",
        "said",
        "start",
        "superseded",
        "thresholds",
        "waiting",
        "zone",
    )

    def __init__(
        self, commitment: Commitment, concluding: tuple[tuple[int, ConclusionKind], ...]
    ) -> None:
        self.zone = zone = commitment.zone
        self.start: Instant = commitment.start
        self.thresholds = commitment.thresholds
        self.due_soon = commitment.thresholds.due_soon
        start = commitment.start
        self.deadline = fixed_end(commitment.deadline, start, zone)
        self.milestone_due: dict[str, Instant | None] = (
            {m.id: fixed_end(m.due, start, zone) for m in commitment.milestones}
            if commitment.milestones
            else _NO_MILESTONES
        )
        self.lines: dict[str, tuple[Instant, Instant]] = (
            dict(_lines(commitment)) if commitment.indicators else _NO_LINES
        )
        named = [(DEADLINE, commitment.deadline), *((m.id, m.due) for m in commitment.milestones)]
        self.waiting: dict[str, After] = {
            name: due for name, due in named if isinstance(due, After) and due.milestone is not None
        }
        self.said = {name: due.text for name, due in named if due is not None}
        self.recurring = {
            m.id: Periods(m.recurs, start, zone) for m in commitment.milestones if m.recurs
        }
        self.said |= {m.id: m.recurs.text for m in commitment.milestones if m.recurs}
        self.moved = _moved(commitment)
        self.dated = commitment.deadline is not None or bool(self.milestone_due)
        moved = commitment.superseded
        self.superseded = None if moved is None else moved.on.start(zone)
        self.concluding = concluding


_NO_MILESTONES: dict[str, Instant | None] = {}
_NO_LINES: dict[str, tuple[Instant, Instant]] = {}


def _lines(commitment: Commitment) -> Iterator[tuple[str, tuple[Instant, Instant]]]:
    """When the way of each indicator from its baseline to its target begins and ends."""
    zone, start = commitment.zone, commitment.start
    for indicator in commitment.indicators:
        begin = indicator.baseline_date
        end = fixed_end(indicator.target_date or commitment.deadline, start, zone)
        if end is not None:
            yield indicator.id, (start if begin is None else begin.start(zone), end)


def _moved(commitment: Commitment) -> dict[str, tuple[Moved, ...]]:
    """The moves that the rulebook tells of, by the name of what was due; without a date, none."""
    named = [(DEADLINE, commitment.deadline, commitment.moved)]
    named += [(m.id, m.due, m.moved) for m in commitment.milestones]
    return {
        name: tuple(_written(move, commitment.zone) for move in moves)
        for name, due, moves in named
        if moves and due is not None
    }


def _written(move: Move, zone: str) -> Moved:
    return Moved(move.on.start(zone), move.to.end(zone), move.to.text, move.by, move.url)
