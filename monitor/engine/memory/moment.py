"""One instant of one commitment: everything that its fields and its assessment may look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.engine.memory.names import DEADLINE
from monitor.engine.memory.recurring import next_end

if TYPE_CHECKING:
    from monitor.domain.coverage import Watch
    from monitor.domain.time import Instant, Seconds
    from monitor.engine.memory.state import State
    from monitor.engine.memory.terms import Terms


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
