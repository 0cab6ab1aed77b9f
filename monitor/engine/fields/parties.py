"""Columns about the parties of a commitment: how many have done something, or what they weigh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.engine.fields.base import Field

if TYPE_CHECKING:
    from monitor.engine.memory.moment import Moment
    from monitor.engine.memory.slots import Cell


@dataclass(frozen=True, slots=True)
class PartiesDone(Field):
    """The weights of the parties that have done it, added up.

    `weights` are (party, whole number): 1 each where parties are counted (`of` None), else
    millionths of what `of` measures. `whole` is what a share is a share of.
    """

    slot: int
    weights: tuple[tuple[str, int], ...]
    whole: int
    of: str | None = None
    thresholds: tuple[int, ...] = ()

    def value(self, moment: Moment) -> int:
        done = self.done(moment)
        return sum(weight for party, weight in self.weights if party in done)

    def evidence(self, moment: Moment) -> list[str]:
        done = self.done(moment)
        entries = [done[party] for party, _ in self.weights if party in done]
        return [entry[1] for entry in sorted(entries)]

    def done(self, moment: Moment) -> dict[str, Cell]:
        """Those that have done it: {party: [since, id, 1]}."""
        cell: dict[str, Cell] = moment.state.cells[self.slot] or {}
        return {party: entry for party, entry in cell.items() if entry[2]}
