"""The dates of a commitment, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.due import After
from monitor.domain.time import format_date

if TYPE_CHECKING:
    from monitor.domain.commitment import Commitment
    from monitor.domain.derivation import Dated
    from monitor.domain.time import Instant


def date_words(date: Dated, commitment: Commitment) -> str:
    """One date in a phrase: "due 2026-12-31", "First meeting: 2026-01-04 (10 working days …)"."""
    return f"{_title(date, commitment)} {_when(date, commitment)}"


def _title(date: Dated, commitment: Commitment) -> str:
    if not date.name:
        return "due"
    return next(f"{m.title}:" for m in commitment.milestones if m.id == date.name)


def _when(date: Dated, commitment: Commitment) -> str:
    if not _is_relative(date, commitment):
        return date.said
    if date.end is None:
        return f"{date.said}, which is not done"
    return f"{format_date(date.end - 1, commitment.zone)} ({date.said})"


def _is_relative(date: Dated, commitment: Commitment) -> bool:
    due = {"": commitment.deadline} | {m.id: m.due for m in commitment.milestones}
    return isinstance(due[date.name], After)


def date_body(date: Dated, zone: str) -> dict[str, Any]:
    """One date, JSON-ready: `{milestone, said, due, done, schedule}`.

    `milestone` is null for the deadline. `due` is its last day, null where it waits for a milestone
    that is not done; `done` the day on which it was met.
    """

    def day(instant: Instant | None, before: int = 0) -> str | None:
        return None if instant is None else format_date(instant - before, zone)

    return {
        "milestone": date.name or None,
        "said": date.said,
        "due": day(date.end, 1),
        "done": day(date.done),
        "schedule": date.schedule.value,
    }
