"""Milestones that are due again and again: what a report does to them, and when they are next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.engine.memory.state import Round

if TYPE_CHECKING:
    from monitor.domain.time import Instant
    from monitor.engine.memory.state import State
    from monitor.engine.memory.terms import Terms


NONE_YET = Round(0, 0)


def note_round(state: State, terms: Terms, name: str, at: Instant) -> None:
    """Remember that it was done at `at`: that meets its period, and ends what was missed before.

    After the last period it is done for good; done after the last date, it is late.
    """
    periods = terms.recurring[name]
    number, last = periods.number(at), periods.last
    known = state.rounds.get(name, NONE_YET)
    late = last is not None and number > last
    number = last if late and last is not None else number
    if number > known.period:
        state.rounds[name] = Round(number, known.met + (not late))
        if number == last:
            state.milestones[name] = at


def next_end(state: State, terms: Terms, name: str) -> Instant:
    """The first instant after the first date that is not met; after the last one of all, that."""
    periods = terms.recurring[name]
    number = state.rounds.get(name, NONE_YET).period + 1
    return periods.end(number if periods.last is None else min(number, periods.last))
