"""The dates of a commitment, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.due import After
from monitor.domain.time import DAY, format_date

if TYPE_CHECKING:
    from monitor.domain.commitment import Commitment
    from monitor.domain.derivation import Dated
    from monitor.domain.time import Instant


def date_words(date: Dated, commitment: Commitment) -> str:
    """One date in a phrase: "due 2026-12-31", "First meeting: 2026-01-04 (10 working days …)"."""
    moved = moved_words(date, commitment.zone)
    return f"{_title(date, commitment)} {_when(date, commitment)}{moved and ', '}{moved}"


def moved_words(date: Dated, zone: str) -> str:
    """Where a moved date stands: "moved to 2026-06-30 by the ministry on 2025-11-03, 2 slips"."""
    if date.missed:
        return f"{date.missed} missed"
    if not date.moves:
        return ""
    last = date.moves[-1]
    by = f" by {last.by}" if last.by else ""
    slips = f", {date.slips} slip{'' if date.slips == 1 else 's'}" if date.slips else ""
    return f"moved to {last.to}{by} on {format_date(last.at, zone)}{slips}"


def _title(date: Dated, commitment: Commitment) -> str:
    if not date.name:
        return "due"
    return next(f"{m.title}:" for m in commitment.milestones if m.id == date.name)


def _when(date: Dated, commitment: Commitment) -> str:
    if any(m.id == date.name and m.recurs for m in commitment.milestones):
        due = "" if date.end is None else f" {format_date(date.end - 1, commitment.zone)}"
        return f"next{due} ({date.said})"
    if not _is_relative(date, commitment):
        return date.said
    if date.end is None:
        return f"{date.said}, which is not done"
    return f"{format_date(date.end - 1, commitment.zone)} ({date.said})"


def _is_relative(date: Dated, commitment: Commitment) -> bool:
    due = {"": commitment.deadline} | {m.id: m.due for m in commitment.milestones}
    return isinstance(due[date.name], After)


def date_body(date: Dated, zone: str) -> dict[str, Any]:
    """One date, JSON-ready.

    `{milestone, said, due, done, schedule, current, slips, moved_days, missed, moves: [{at, to, by,
    url, update}]}`.

    `milestone` is null for the deadline. `due` is its last day as it was set first, null where it
    waits for a milestone that is not done; `done` the day on which it was met. `current` is the
    last day after all `moves`, `slips` how many of them put it off, `moved_days` by how many days
    it was moved in all. `update` is the id of the update that says so, null where the rulebook
    does. Of a milestone that recurs `due` is the first date that is not met, and `missed` how
    many went by.
    """
    apart = None
    if date.end is not None and date.current is not None:
        apart = round((date.current - date.end) / DAY)

    def day(instant: Instant | None, before: int = 0) -> str | None:
        return None if instant is None else format_date(instant - before, zone)

    return {
        "milestone": date.name or None,
        "said": date.said,
        "due": day(date.end, 1),
        "done": day(date.done),
        "schedule": date.schedule.value,
        "current": day(date.current, 1),
        "slips": date.slips,
        "moved_days": apart,
        "missed": date.missed,
        "moves": [
            {
                "at": day(move.at),
                "to": move.to,
                "by": move.by,
                "url": move.url,
                "update": move.update,
            }
            for move in date.moves
        ],
    }
