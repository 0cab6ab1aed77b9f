"""One instant of one commitment: everything that its fields and its assessment may look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.commitment import Commitment, ConclusionKind
    from monitor.domain.coverage import Watch
    from monitor.domain.time import Instant, Seconds
    from monitor.engine.state import State


class Terms:
    """The dates and durations of one commitment, as instants and seconds.

    `lines` are the dates of indicators between which they go from their baseline to their target.
    `concluding` are (rule number, conclusion) of the rules that conclude something lasting.
    """

    __slots__ = (
        "concluding",
        "dated",
        "deadline",
        "due_soon",
        "lines",
        "milestone_due",
        "start",
        "superseded",
        "thresholds",
    )

    def __init__(
        self, commitment: Commitment, concluding: tuple[tuple[int, ConclusionKind], ...]
    ) -> None:
        zone = commitment.zone
        self.start: Instant = commitment.start
        self.thresholds = commitment.thresholds
        self.due_soon = commitment.thresholds.due_soon
        self.deadline = None if commitment.deadline is None else commitment.deadline.end(zone)
        self.milestone_due: dict[str, Instant | None] = (
            {m.id: None if m.due is None else m.due.end(zone) for m in commitment.milestones}
            if commitment.milestones
            else _NO_MILESTONES
        )
        self.lines: dict[str, tuple[Instant, Instant]] = (
            dict(_lines(commitment)) if commitment.indicators else _NO_LINES
        )
        self.dated = self.deadline is not None or bool(self.milestone_due)
        moved = commitment.superseded
        self.superseded = None if moved is None else moved.on.start(zone)
        self.concluding = concluding

    def dates(self) -> list[Instant]:
        """Every instant at which, once it is seen, the schedule may turn."""
        ends = [d for d in (self.deadline, *self.milestone_due.values()) if d is not None]
        return [instant for end in ends for instant in (end - self.due_soon, end)]


_NO_MILESTONES: dict[str, Instant | None] = {}
_NO_LINES: dict[str, tuple[Instant, Instant]] = {}


def _lines(commitment: Commitment) -> Iterator[tuple[str, tuple[Instant, Instant]]]:
    """When the way of each indicator from its baseline to its target begins and ends."""
    zone = commitment.zone
    for indicator in commitment.indicators:
        begin, end = indicator.baseline_date, indicator.target_date or commitment.deadline
        if end is not None:
            since = commitment.start if begin is None else begin.start(zone)
            yield indicator.id, (since, end.end(zone))


class Moment:
    """One instant of one commitment: what a field may look at."""

    __slots__ = ("at", "elapsed", "mask", "reference", "seen", "state", "terms", "watch")

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

    def move(self, at: Instant) -> None:
        """Look at another instant."""
        self.at = at
        self.seen = self.watch.seen(at)
