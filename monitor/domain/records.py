"""What is kept beside the values: rows with their second clock, and answers about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update


class Conflict(NamedTuple):
    """Two updates with one id and different content; the first one stays."""

    stored: Update
    refused: Update


class Added(NamedTuple):
    """What became of a batch: the new ones in the order given, and the rest."""

    new: tuple[Update, ...]
    duplicates: int
    conflicts: tuple[Conflict, ...]


class Evidence(NamedTuple):
    """An update concerns a commitment and occurred, in the agreement's zone, at `at`."""

    commitment: str
    at: Instant
    update: str


class StoredState(NamedTuple):
    """The evaluation cache of one commitment. Losing it loses nothing but time.

    `rules` is the hash of the compiled commitment: another hash means derive anew. `introduced` is
    when its standing was first announced. `due_clock` is the next instant at which the calendar may
    change the assessment, `due_watched` the same if coverage reaches that far: that of all where
    `watch` is "", else that of the agreement it names. `payload` is opaque. `standing` is the
    current assessment for listings, opaque JSON text.
    """

    commitment: str
    agreement: str
    rules: str
    introduced: Instant | None
    due_clock: Instant | None
    due_watched: Instant | None
    payload: bytes
    standing: str
    watch: str = ""


class StoredTransition(NamedTuple):
    """A transition with its second clock.

    It was part of the known history from `recorded` until `withdrawn` (None: still is). `rules` is
    the hash of the commitment's rules that concluded it. `announced`: receivers were told, or would
    have been.
    """

    transition: Transition
    recorded: Instant
    rules: str
    announced: bool
    withdrawn: Instant | None = None


class Run(NamedTuple):
    """One finished step of work, for `doctor` and for telling what was found late."""

    command: str
    now: Instant
    updates: int
    transitions: int
    alerts: int
