"""What every column of a view can be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.time import Instant, Seconds
    from monitor.engine.memory.moment import Moment


class Field(ABC):
    """A column. Frozen subclasses; equal fields of one commitment share a column."""

    __slots__ = ()

    @abstractmethod
    def value(self, moment: Moment) -> int:
        """The column at a moment."""

    def next_seen(self, moment: Moment) -> Instant | None:
        """The next instant, once it is seen, at which a test of this field may turn."""
        del moment
        return None

    def next_watched(self, moment: Moment) -> Iterator[tuple[Instant, Seconds]]:
        """Turns on the watched clock: (reference instant, watched duration since it)."""
        del moment
        return iter(())

    def evidence(self, moment: Moment) -> list[str]:
        """Ids of the updates that the present value rests on."""
        del moment
        return []


def ahead(moment: Moment, instants: list[Instant | None]) -> Instant | None:
    """The first of these that has not been seen yet."""
    return min((i for i in instants if i is not None and i > moment.seen), default=None)
