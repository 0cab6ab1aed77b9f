"""What is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from monitor.domain.time import Instant


class View(NamedTuple):
    """What is looked at: the world as of `as_of`, by what was known at `known_at`."""

    as_of: Instant
    known_at: Instant
