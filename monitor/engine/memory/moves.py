"""Dates that were moved: who said so, when, and to when. Lateness counts from the original."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.derivation import Moved
from monitor.engine.memory.names import DEADLINE

if TYPE_CHECKING:
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.memory.moment import Moment
    from monitor.engine.memory.state import State
    from monitor.engine.memory.terms import Terms


def note_move(state: State, terms: Terms, at: Instant, update: Update) -> None:
    """Remember that an update moves a date. Of one instant the latest date counts."""
    name = update.milestone or DEADLINE
    if update.moves_to is None or name not in terms.said or name in terms.recurring:
        return
    end = update.moves_to.end(terms.zone)
    row = Moved(at, end, update.moves_to.text, update.source, update.url, update.id)
    kept = state.moves.setdefault(name, [])
    if not kept or kept[-1].at < at:
        kept.append(row)
    elif end > kept[-1].end:
        kept[-1] = row


def moves_of(moment: Moment, name: str) -> list[Moved]:
    """The moves of a date so far, in order; what only repeats the date that stands is none."""
    written = moment.terms.moved.get(name, ())
    known = [move for move in written if move.at <= moment.seen]
    known += moment.state.moves.get(name, ())
    found: list[Moved] = []
    original = original_end(moment, name)
    latest = {move.at: move for move in sorted(known, key=lambda move: move.end)}
    for at in sorted(latest):
        stands = found[-1].end if found else original
        if latest[at].end != stands:
            found.append(latest[at])
    return found


def original_end(moment: Moment, name: str) -> Instant | None:
    """The first instant after a date as it was set first."""
    return moment.deadline if name == DEADLINE else moment.milestone_due[name]


def current_end(moment: Moment, name: str) -> Instant | None:
    """The first instant after a date as it stands after all its moves."""
    moves = moves_of(moment, name)
    return moves[-1].end if moves else original_end(moment, name)


def ahead_of(moment: Moment, name: str) -> list[Instant]:
    """When the rulebook's own moves of a date happen."""
    return [move.at for move in moment.terms.moved.get(name, ())]
