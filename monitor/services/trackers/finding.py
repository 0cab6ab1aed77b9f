"""One contradiction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.domain.tracker import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """`places` are the records that contradict each other, `evidence` what stands in them.

    `promise` is the tracker's own id of the promise, "" where it is about none. `code` is stable.
    """

    code: str
    places: tuple[Place, ...]
    message: str
    evidence: tuple[str, ...] = ()
    promise: str = ""

    @property
    def order(self) -> tuple[bool, str, int, int, str, str]:
        """By record; what is about none comes last."""
        if not self.places:
            return (True, "", 0, 0, self.code, self.message)
        first = self.places[0]
        return (False, first.file, first.number, first.part, self.code, self.message)
