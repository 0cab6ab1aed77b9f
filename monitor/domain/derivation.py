"""What the engine answers when it is asked to bring one commitment up to an instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.assessment import Assessment, Schedule
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition


class Change(NamedTuple):
    """Another commitment's assessment became this."""

    at: Instant
    commitment: str
    assessment: Assessment


class Moved(NamedTuple):
    """A date was moved at an instant, by somebody. `end` is the first instant after `to`.

    `update` is the id of the update that says so; None: the rulebook does.
    """

    at: Instant
    end: Instant
    to: str
    by: str
    url: str
    update: str | None = None


class Dated(NamedTuple):
    """One date of a commitment: its deadline (`name` is empty) or that of a milestone (its id).

    `end` is the first instant after the original date, None where it waits for a milestone; `said`
    is how the rulebook says it. `done` is when what was due was done. `moves` are those so far, in
    order: lateness counts from the original all the same. Of a milestone that recurs, `end` is the
    first date that is not met, and `missed` how many went by.
    """

    name: str
    said: str
    end: Instant | None
    done: Instant | None
    schedule: Schedule
    moves: tuple[Moved, ...] = ()
    missed: int = 0

    @property
    def current(self) -> Instant | None:
        """The first instant after the date as it stands now."""
        return self.moves[-1].end if self.moves else self.end

    @property
    def slips(self) -> int:
        """How often it was put off; a move to an earlier date is none."""
        return slips(self.end, self.moves)


def slips(original: Instant | None, moves: Iterable[Moved]) -> int:
    """How many of these moves go to a later date than the one that stood."""
    count, stands = 0, original
    for move in moves:
        count += stands is not None and move.end > stands
        stands = move.end
    return count


class Standing(NamedTuple):
    """How a commitment stands now, with the dates a listing shows.

    `since` is when the present headline began, `known_since` when the last known one did (they
    differ only while coverage has ended). `advanced` is the last advance, `due` the next instant at
    which time alone changes something.
    """

    assessment: Assessment
    since: Instant
    known_since: Instant
    advanced: Instant | None
    due: Instant | None
    dates: tuple[Dated, ...] = ()


class Checkpoint(NamedTuple):
    """A dumped state of a commitment that contains everything up to `head` (inclusive)."""

    head: Instant
    text: str


class Span(NamedTuple):
    """The instants between two others, without the first one; `last` belongs to it."""

    after: Instant
    last: Instant

    def __contains__(self, instant: object) -> bool:
        return isinstance(instant, int) and self.after < instant <= self.last


class Derivation(NamedTuple):
    """What a pass found.

    `transitions` are those after `since` (None: all of them); `replaced` are the ids that stood
    there before, as far as the cache knew (None: it was not used, ask the store). In `settled`
    everything stands as it did, and `transitions` hold nothing of it. `due_clock` and `due_watched`
    are what a store needs to find the commitment when it is due. `payload` is the cache for the
    next pass; `checkpoints` are older states to keep beside it, and those in `stale` hold no more.
    `turns` is how often time alone turned something in the pass, whatever came of it.
    """

    transitions: tuple[Transition, ...]
    since: Instant | None
    replaced: tuple[str, ...] | None
    standing: Standing
    due_clock: Instant | None
    due_watched: Instant | None
    payload: bytes
    settled: Span | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    stale: Span | None = None
    turns: int = 0
