"""One instant of one commitment: everything that its fields and its assessment may look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.due import After, fixed_end
from monitor.domain.recurring import Periods
from monitor.engine import moves
from monitor.engine.names import DEADLINE
from monitor.engine.recurring import next_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.commitment import Commitment, ConclusionKind
    from monitor.domain.coverage import Watch
    from monitor.domain.time import Instant, Seconds
    from monitor.engine.state import State


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
        self.moved = moves.written(commitment)
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


class Moment:
    """One instant of one commitment: what a field may look at.

    `deadline` and `milestone_due` are the dates as they stand now: those that wait for a milestone
    have come with it.
    """

    __slots__ = (
        "at",
        "deadline",
        "elapsed",
        "mask",
        "milestone_due",
        "reference",
        "seen",
        "state",
        "terms",
        "watch",
    )

    def __init__(self, terms: Terms, state: State, watch: Watch) -> None:
        self.terms = terms
        self.state = state
        self.watch = watch
        self.at: Instant = state.head
        self.seen: Instant = state.head
        self.mask = 0
        # since when the stall clock has been running, and how far: set by each assessment
        self.reference: Instant = terms.start
        self.elapsed: Seconds = 0
        self.deadline = terms.deadline
        self.milestone_due = terms.milestone_due
        if terms.waiting or terms.recurring:
            self.renew_dates()

    def move(self, at: Instant) -> None:
        """Look at another instant."""
        self.at = at
        self.seen = self.watch.seen(at)

    def renew_dates(self) -> None:
        """After a milestone was done, what waited for it has its date; it may be due again."""
        terms, due = self.terms, dict(self.terms.milestone_due)
        for name in terms.recurring:
            due[name] = next_end(self.state, terms, name)
        for name, after in terms.waiting.items():
            done = self.state.milestones.get(str(after.milestone))
            end = None if done is None else after.once(done, terms.zone)
            if name == DEADLINE:
                self.deadline = end
            else:
                due[name] = end
        self.milestone_due = due

    def dates(self) -> list[Instant]:
        """Every instant at which, once it is seen, the schedule may turn."""
        ends = [d for d in (self.deadline, *self.milestone_due.values()) if d is not None]
        soon = self.terms.due_soon
        return [instant for end in ends for instant in (end - soon, end)]
