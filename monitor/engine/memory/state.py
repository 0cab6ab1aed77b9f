"""What one commitment remembers between updates, and its exact round trip through JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.assessment import Assessment, Level, from_row
from monitor.domain.derivation import Moved

if TYPE_CHECKING:
    from monitor.domain.time import Instant
    from monitor.engine.memory.slots import Cell

FORMAT = 5


class Stay(NamedTuple):
    """A conclusion that stands: since when, when it was last drawn anew, and how often."""

    first: Instant
    last: Instant
    times: int


class Round(NamedTuple):
    """The last period that is settled, and how many were met in time."""

    period: int
    met: int


@dataclass(slots=True)
class State:
    """The fold of a commitment's evidence up to `head` (inclusive).

    `since[i]` is when the condition of rule i began to hold (None: it does not), `active[i]`
    whether its conclusion is drawn. `stays` are those that stand under a dwell, drawn or only held
    on to, by rule; `flapped` is how often those came and went that ended while another one of their
    kind stood. `moves` are those of its dates, by name; `rounds` how far its milestones that
    recur have come. `others` are the assessments of the commitments its rules ask about. `due` (not
    kept: coverage may have changed it) is the next instant at which time alone turns something. A
    state is owned by one fold; from outside it is a value.
    """

    head: Instant
    level: Level = Level.NONE
    reversed: bool = False
    delivered: Instant | None = None
    advanced: Instant | None = None
    milestones: dict[str, Instant] = field(default_factory=dict)
    moves: dict[str, list[Moved]] = field(default_factory=dict)
    rounds: dict[str, Round] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    since: list[Instant | None] = field(default_factory=list)
    active: list[bool] = field(default_factory=list)
    stays: dict[int, Stay] = field(default_factory=dict)
    flapped: dict[int, int] = field(default_factory=dict)
    others: dict[str, Assessment] = field(default_factory=dict)
    assessment: Assessment | None = None
    status_since: Instant = 0
    known_since: Instant = 0
    due: Instant | None = None


def begin(head: Instant, slots: int, rules: int) -> State:
    """Nothing has happened yet to a commitment with so many slots and rules."""
    return State(head, cells=[None] * slots, since=[None] * rules, active=[False] * rules)


def dump_state(state: State) -> str:
    """Compact JSON on one line; an assessment becomes the list that `from_row` reads."""
    return _dump(
        [
            FORMAT,
            state.head,
            state.level,
            int(state.reversed),
            state.delivered,
            state.advanced,
            state.milestones,
            state.moves,
            state.rounds,
            state.cells,
            state.since,
            [int(flag) for flag in state.active],
            [[index, *stay] for index, stay in sorted(state.stays.items())],
            sorted(state.flapped.items()),
            dict(sorted(state.others.items())),
            state.assessment,
            state.status_since,
            state.known_since,
        ]
    )


# Made once: `json.dumps` makes an encoder for each call that is not the usual one.
_dump = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def load_state(text: str) -> State:
    """Inverse of `dump_state`."""
    (
        _format,
        head,
        level,
        is_reversed,
        delivered,
        advanced,
        milestones,
        moves,
        rounds,
        cells,
        since,
        active,
        stays,
        flapped,
        others,
        assessment,
        status_since,
        known_since,
    ) = json.loads(text)
    return State(
        head,
        LEVELS[level],
        bool(is_reversed),
        delivered,
        advanced,
        milestones,
        {name: [Moved(*row) for row in rows] for name, rows in moves.items()},
        {name: Round(*row) for name, row in rounds.items()},
        cells,
        since,
        [bool(flag) for flag in active],
        {index: Stay(*stay) for index, *stay in stays},
        dict(flapped),
        {key: from_row(value) for key, value in others.items()},
        None if assessment is None else from_row(assessment),
        status_since,
        known_since,
    )


LEVELS = tuple(Level)
