"""When dates of a commitment were moved, and when the monitor learned of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.time import format_date, format_instant
from monitor.services.views.standing import Derived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.derivation import Moved
    from monitor.domain.time import Instant
    from monitor.services.ports import Engine, Reader
    from monitor.services.views.view import View


class Learned(NamedTuple):
    """A move of a date, and when its report was recorded (None: the rulebook tells of it).

    `milestone` is the id of the one whose date it is; None: the deadline.
    """

    milestone: str | None
    move: Moved
    recorded: Instant | None


def moves_learned(reader: Reader, engine: Engine, view: View, key: str) -> Sequence[Learned]:
    """The moves of all dates of a commitment, in order of time; [] of one that is not there."""
    one = engine.commitments.get(key)
    if one is None or one.start > view.as_of or not (one.deadline or one.milestones):
        return []
    dates = Derived(reader, engine, view).history(key).standing.dates
    moves = [(date.name or None, move) for date in dates for move in date.moves]
    named = reader.updates([move.update for _, move in moves if move.update is not None])
    found = [
        Learned(name, move, None if move.update is None else named[move.update].recorded)
        for name, move in moves
    ]
    return sorted(found, key=lambda learned: (learned.move.at, learned.milestone or ""))


def move_body(learned: Learned, zone: str) -> dict[str, Any]:
    """JSON-ready: `{milestone, at, recorded, lag_seconds, to, by, url, update}`.

    `at` and `to` as in `monitor status`; `recorded` is a date-time. Where the rulebook tells of the
    move, `recorded`, `lag_seconds` and `update` are null.
    """
    move, recorded = learned.move, learned.recorded
    return {
        "milestone": learned.milestone,
        "at": format_date(move.at, zone),
        "recorded": None if recorded is None else format_instant(recorded, zone),
        "lag_seconds": None if recorded is None else recorded - move.at,
        "to": move.to,
        "by": move.by,
        "url": move.url,
        "update": move.update,
    }
