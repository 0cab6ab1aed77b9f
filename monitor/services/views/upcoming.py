"""What the calendar holds for a commitment: the next date at which time alone changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.assessment import FINAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.commitment import Commitment
    from monitor.domain.coverage import Watch
    from monitor.domain.derivation import Standing
    from monitor.domain.time import Instant
    from monitor.services.views.standing import Stands


class Upcoming(NamedTuple):
    """`why` is what the commitment becomes then, in a word or two."""

    at: Instant
    why: str


def upcoming(stands: Stands, watch: Watch | None, as_of: Instant) -> Upcoming | None:
    """The next date that matters, with its reason; None where time alone changes nothing.

    Args:
        stands: the commitment as of `as_of`.
        watch: the coverage of its agreement; None: not known, the reasons that need it are then
            given as "a rule".
        as_of: the instant of the view.
    """
    commitment, standing = stands.commitment, stands.standing
    if standing.assessment.status in FINAL:
        over = commitment.superseded
        at = None if over is None else over.on.start(commitment.zone)
        return None if at is None or at <= as_of else Upcoming(at, "superseded")
    if standing.due is None or standing.due <= as_of:
        return None
    for at, why in _dates(commitment, standing, watch, as_of):
        if at == standing.due:
            return Upcoming(at, why)
    return Upcoming(standing.due, "a rule")


def _dates(
    commitment: Commitment, standing: Standing, watch: Watch | None, as_of: Instant
) -> Iterator[tuple[Instant, str]]:
    zone, limits = commitment.zone, commitment.thresholds
    if commitment.superseded is not None:
        yield commitment.superseded.on.start(zone), "superseded"
    for end in (date.end for date in standing.dates if date.end is not None):
        yield end, "overdue"
        yield end - limits.due_soon, "due soon"
    if watch is None:
        return
    turn = watch.next_change(as_of)
    if turn is not None:
        yield turn, "no data" if watch.covers(as_of) else "watched again"
    reference = commitment.start if standing.advanced is None else standing.advanced
    for duration, why in (
        (limits.dormant, "dormant"),
        (limits.stalled, "stalled"),
        (limits.quiet, "quiet"),
    ):
        at = watch.when(reference, duration)
        if at is not None:
            yield at, why
