"""Somebody else's tracker: promises, the ratings they were given, and the published totals.

All of it as it stands there, contradictions included.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from monitor.domain.time import Occurred


class Means(StrEnum):
    """What a word of a tracker's own vocabulary means.

    The words are those that promise meters have in common: PolitiFact's "Not Yet Rated", "In the
    Works", "Stalled", "Compromise", "Promise Kept" and "Promise Broken"; the Polimètre's "En voie
    de réalisation", "En suspens", "Partiellement réalisée", "Réalisée" and "Rompue"; and the
    "Not started", "Limited", "Substantial" and "Completed" of the Open Government Partnership's
    Independent Reporting Mechanism.
    """

    NOT_RATED = "not_rated"
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PARTLY = "partly"
    KEPT = "kept"
    STALLED = "stalled"
    BROKEN = "broken"


TERMINAL = frozenset({Means.PARTLY, Means.KEPT, Means.BROKEN})
"""After these a tracker says nothing more, unless its vocabulary says otherwise."""

INITIAL = frozenset({Means.NOT_RATED, Means.NOT_STARTED})
"""What a promise is before anything was heard of it; that needs no date."""


RATED = "rated_"
"""Before what a rating means, in the kind of an imported update: `rated_kept`."""

LOWERED = "lowered_"
"""The same where the rating before it was higher: `lowered_in_progress`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A record: its file, its number there from 1, and its line (0: not known).

    `part` is the number of an update in the list of a promise, 0: the promise itself.
    """

    file: str
    number: int
    line: int = 0
    part: int = 0

    def __str__(self) -> str:
        part = f", update {self.part}" if self.part else ""
        line = f" (line {self.line})" if self.line else ""
        return f"{self.file}: record {self.number}{part}{line}"


@dataclass(frozen=True, slots=True)
class Word:
    """One status of the vocabulary."""

    text: str
    means: Means
    terminal: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """One row. `id` and `status` are as written; `status` is "" where there is none."""

    place: Place
    id: str
    title: str
    quote: str = ""
    theme: str = ""
    status: str = ""
    made: Occurred | None = None
    deadline: Occurred | None = None
    parties: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a tracker noted about a promise. `occurred` None: without a date."""

    place: Place
    promise: str
    title: str
    status: str = ""
    occurred: Occurred | None = None
    text: str = ""
    url: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Total:
    """A number that was published. `status` None: of all; `theme` None: of all themes."""

    place: Place
    status: str | None = None
    theme: str | None = None
    count: int | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read or mapped. `record` is its text as it stands in the file."""

    place: Place
    code: str
    reason: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Tracker:
    """All of it, in the order of the files."""

    name: str
    zone: str
    words: Mapping[str, Word]
    promises: tuple[Promise, ...] = ()
    entries: tuple[Entry, ...] = ()
    totals: tuple[Total, ...] = ()
    problems: tuple[Problem, ...] = ()

    def word(self, status: str) -> Word | None:
        """What a status means; None: there is none, or it is unknown."""
        return self.words.get(status.casefold())

    def misread(self) -> frozenset[Place]:
        """The records of which a date could not be read: that they have none is known already."""
        return frozenset(p.place for p in self.problems if p.code == "unreadable-date")

    def of_promises(self) -> dict[str, list[Entry]]:
        """The dated entries of each promise by its id, in the order in which they happened."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.occurred is not None:
                found.setdefault(entry.promise, []).append(entry)
        for entries in found.values():
            entries.sort(key=lambda e: e.occurred.start(self.zone) if e.occurred else 0)
        return found
