"""Faults of what recurs that only the commitment as a whole shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.recurring import Periods
from monitor.language import convert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.time import Instant
    from monitor.language.commitments import CommitmentModel
    from monitor.language.document import Document
    from monitor.language.faults import Fault, Path


def check_periods(
    model: CommitmentModel, document: Document, path: Path, start: Instant, zone: str
) -> Iterator[Fault]:
    """What recurs has at least one date, and a deadline cannot wait for the end of it."""
    again = {m.id for m in model.milestones if m.every is not None}
    after = model.deadline and model.deadline.after and model.deadline.after.milestone
    if after in again:
        message = f"'{after}' recurs, so it is never done for good"
        hint = "name another milestone, or a date"
        at = (*path, "deadline", "after", "milestone")
        yield document.fault(at, message, "after-recurring", hint)
    for number, milestone in enumerate(model.milestones):
        recurring = convert.recurring(milestone)
        if recurring is None or recurring.until is None:
            continue
        if not Periods(recurring, start, zone).any:
            message = f"no date of it comes by {recurring.until.text}"
            place = (*path, "milestones", number, "until")
            hint = "correct `until`, `from` or `every`"
            yield document.fault(place, message, "until-too-early", hint)
