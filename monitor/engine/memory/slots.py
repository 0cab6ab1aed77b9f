"""Accumulators: what is remembered of the updates that went by.

A slot is a recipe, shared by every commitment with the same rules; its *cell* is the memory of one
commitment: JSON-ready, small, and bounded by the rule rather than by the number of updates.
Cells are replaced, never changed in place: a step sees the cell as it was before its instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.domain.time import Instant, Seconds
    from monitor.domain.update import Update

Cell = Any
"""JSON-ready: None, or lists of numbers and strings."""

SCALE = 1_000_000
"""Indicator values are compared as whole millionths (the rule engine misjudges floats)."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest `keep` matching updates: [[instant, id], ...], oldest first.

    Enough for "count at least `keep`" in any window, and for "silence since the last".
    """

    bit: int
    keep: int

    @property
    def bits(self) -> int:
        return 1 << self.bit

    def add(self, cell: Cell, at: Instant, update: Update, mask: int, prior: Cell) -> Cell:
        del mask, prior
        entry = [at, update.id]
        if cell is None:
            return [entry]
        if len(cell) < self.keep:
            return [*cell, entry]
        return [*cell[1:], entry]


@dataclass(frozen=True, slots=True)
class Steps:
    """How far a sequence has come: per step [first instant, [ids]] of the latest-begun chain.

    A later begin is never worse: it ends within the window whenever an earlier one does. A step
    must come at a later instant than the one before it: of one day's reports nobody can tell the
    order. `prior` is the cell before the present instant.
    """

    steps: tuple[int, ...]
    within: Seconds | None

    @property
    def bits(self) -> int:
        total = 0
        for bit in self.steps:
            total |= 1 << bit
        return total

    def add(self, cell: Cell, at: Instant, update: Update, mask: int, prior: Cell) -> Cell:
        before = prior or [None] * len(self.steps)
        after = list(cell or before)
        for index, bit in enumerate(self.steps):
            if not mask >> bit & 1:
                continue
            if index == 0:
                candidate = [at, [update.id]]
            else:
                chain = before[index - 1]
                if chain is None or (self.within is not None and at - chain[0] > self.within):
                    continue
                candidate = [chain[0], [*chain[1], update.id]]
            if after[index] is None or candidate[0] > after[index][0]:
                after[index] = candidate
        return after


@dataclass(frozen=True, slots=True)
class Series:
    """Values of an indicator: [[instant, millionths, id], ...], oldest first.

    Keeps the last two, and with `window` every value in it and the one before.
    """

    bit: int
    window: Seconds

    @property
    def bits(self) -> int:
        return 1 << self.bit

    def add(self, cell: Cell, at: Instant, update: Update, mask: int, prior: Cell) -> Cell:
        del mask, prior
        if update.value is None:
            return cell
        points = [*(cell or ()), [at, int(update.value * SCALE), update.id]]
        first = 0
        while len(points) - first > 2 and points[first + 1][0] <= at - self.window:
            first += 1
        return points[first:]


@dataclass(frozen=True, slots=True)
class Tally:
    """Which parties have done something: {party: [since, id, 1]}, or [since, id, 0] where undone.

    `undone` None: it cannot be undone. What is undone at an instant is not done again within it.
    """

    bit: int
    undone: int | None
    parties: frozenset[str]

    @property
    def bits(self) -> int:
        return 1 << self.bit | (0 if self.undone is None else 1 << self.undone)

    def add(self, cell: Cell, at: Instant, update: Update, mask: int, prior: Cell) -> Cell:
        del prior
        undone = self.undone is not None and mask >> self.undone & 1
        after: dict[str, Cell] = dict(cell or {})
        for party in self.parties.intersection(update.parties):
            known = after.get(party)
            if undone:
                after[party] = [at, update.id, 0]
            elif known is None or (not known[2] and known[0] != at):
                after[party] = [at, update.id, 1]
        return after


Slot = Newest | Steps | Series | Tally
