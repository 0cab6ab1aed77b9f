"""Lints about the dates of a commitment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.calendar import PLAIN
from monitor.domain.due import After, Unit, fixed_end
from monitor.domain.time import Occurred, unclear
from monitor.language.lints.note import info, warning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.commitment import Commitment
    from monitor.domain.due import Due
    from monitor.language.document import Document
    from monitor.language.faults import Fault, Path


def lint_dates(commitment: Commitment, document: Document, index: int) -> Iterator[Fault]:
    """Dates before the start, local times that are not clear, working days of nowhere."""
    path = ("commitments", index)
    yield from _due(commitment.deadline, commitment, document, (*path, "deadline"))
    for number, milestone in enumerate(commitment.milestones):
        where = (*path, "milestones", number, "due")
        yield from _due(milestone.due, commitment, document, where)
        end = fixed_end(milestone.due, commitment.start, commitment.zone)
        if end is not None and end <= commitment.start:
            message = f"the milestone '{milestone.id}' is due before the commitment begins"
            yield warning(document, where, "before-start", message)
    superseded = commitment.superseded
    if superseded and superseded.on.end(commitment.zone) <= commitment.start:
        message = "superseded before it began"
        yield warning(document, (*path, "superseded", "on"), "before-start", message)


def _due(
    due: Due | None, commitment: Commitment, document: Document, path: Path
) -> Iterator[Fault]:
    if isinstance(due, After):
        if due.span.unit is Unit.WORKING_DAY and due.calendar == PLAIN:
            message = "counts working days without a calendar: only Saturdays and Sundays are free"
            hint = "name the countries whose holidays count, for instance calendar: [JP, KR]"
            yield info(document, (*path, "within"), "working-days-without-calendar", message, hint)
        due = due.date
    if isinstance(due, Occurred):
        yield from _local(due, commitment.zone, document, path)


def _local(date: Occurred, zone: str, document: Document, path: Path) -> Iterator[Fault]:
    found = unclear(date, zone)
    if found is None:
        return
    message = f"{date.text} comes twice in {zone}, when the clocks are put back: the first is meant"
    if found == "never":
        message = f"{date.text} never comes in {zone}, when the clocks are put forward"
    hint = "write the offset, for instance 2025-10-26T02:30+01:00"
    yield warning(document, path, "unclear-local-time", message, hint)
