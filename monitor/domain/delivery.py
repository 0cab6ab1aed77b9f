"""One alert on its way to one receiver."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from monitor.domain.alert import Alert
    from monitor.domain.time import Instant


class DeliveryState(StrEnum):
    """`pending` waits for its next attempt; `dead` has none left, until somebody retries it."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class Delivery(NamedTuple):
    """`attempts` counts those made. `status` is the last HTTP status, None where none came."""

    id: int
    alert: str
    receiver: str
    state: DeliveryState
    attempts: int
    next_attempt: Instant
    created: Instant
    delivered: Instant | None = None
    status: int | None = None
    error: str | None = None


class Outbound(NamedTuple):
    """A claimed delivery with the alert it carries."""

    delivery: Delivery
    alert: Alert


class Delivered(NamedTuple):
    """The receiver took it (2xx)."""

    at: Instant
    status: int


class Retry(NamedTuple):
    """It did not; `at` is when the next attempt is due. `attempted` False: not even tried."""

    at: Instant
    error: str
    status: int | None = None
    attempted: bool = True


class Dead(NamedTuple):
    """It never will. `gone`: the receiver asked not to be called again (410)."""

    error: str
    status: int | None = None
    gone: bool = False


Outcome = Delivered | Retry | Dead
"""What became of one attempt: a value, never an exception."""
