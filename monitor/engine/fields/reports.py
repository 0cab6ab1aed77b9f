"""Columns about the updates that went by: one now, how many, how long none, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.domain.time import Instant, Seconds
from monitor.engine.fields.base import Field
from monitor.engine.memory.slots import Cell

if TYPE_CHECKING:
    from monitor.engine.memory.moment import Moment


@dataclass(frozen=True, slots=True)
class Event(Field):
    """1 where an update of this instant matches."""

    bit: int

    def value(self, moment: Moment) -> int:
        return moment.mask >> self.bit & 1


@dataclass(frozen=True, slots=True)
class CountIn(Field):
    """How many in (seen - within, now], as far as it matters (the largest threshold)."""

    slot: int
    within: Seconds | None
    thresholds: tuple[int, ...] = ()

    def value(self, moment: Moment) -> int:
        cell = moment.state.cells[self.slot]
        if cell is None:
            return 0
        if self.within is None:
            return len(cell)
        after = moment.seen - self.within
        inside = len(cell)
        for at, _ in cell:
            if at > after:
                break
            inside -= 1
        return inside

    def _inside(self, moment: Moment) -> list[Cell]:
        cell: list[Cell] = moment.state.cells[self.slot] or []
        return cell[len(cell) - self.value(moment) :]

    def next_seen(self, moment: Moment) -> Instant | None:
        cell = moment.state.cells[self.slot]
        if cell is None or self.within is None:
            return None
        after, kept, turn = moment.at - self.within, len(cell), None
        for count in self.thresholds:
            if 0 < count <= kept and cell[-count][0] > after:
                turn = cell[-count][0] + self.within  # larger counts end sooner: the last one wins
        return turn

    def evidence(self, moment: Moment) -> list[str]:
        return [entry[1] for entry in self._inside(moment)]


@dataclass(frozen=True, slots=True)
class Silent(Field):
    """Watched seconds since the last match; `slot` None: since the last advance."""

    slot: int | None
    thresholds: tuple[Seconds, ...] = ()

    def reference(self, moment: Moment) -> Instant:
        if self.slot is None:
            advanced = moment.state.advanced
            return moment.terms.start if advanced is None else advanced
        cell = moment.state.cells[self.slot]
        return cell[-1][0] if cell else moment.terms.start

    def value(self, moment: Moment) -> int:
        return moment.watch.watched(self.reference(moment), moment.at)

    def next_watched(self, moment: Moment) -> Iterator[tuple[Instant, Seconds]]:
        reference = self.reference(moment)
        elapsed = moment.watch.watched(reference, moment.at)
        for threshold in self.thresholds:
            if threshold > elapsed:
                yield reference, threshold

    def evidence(self, moment: Moment) -> list[str]:
        cell = None if self.slot is None else moment.state.cells[self.slot]
        return [cell[-1][1]] if cell else []


@dataclass(frozen=True, slots=True)
class Completed(Field):
    """1 once a sequence has come to its last step."""

    slot: int

    def value(self, moment: Moment) -> int:
        cell = moment.state.cells[self.slot]
        return int(cell is not None and cell[-1] is not None)

    def evidence(self, moment: Moment) -> list[str]:
        cell = moment.state.cells[self.slot]
        return list(cell[-1][1]) if cell and cell[-1] else []
