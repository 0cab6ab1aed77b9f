"""One message on its way to one receiver."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.message import Message, MessageReason

if TYPE_CHECKING:
    from monitor.domain.alert import Alert
    from monitor.domain.time import Instant


class DeliveryState(StrEnum):
    """`pending` waits for its next attempt; `dead` has none left, until somebody retries it."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"


class Delivery(NamedTuple):
    """One message on its way; `alert` is the first, or only, one that it tells.

    `attempts` counts those made. `status` is the last HTTP status, None where none came. `message`
    is the message's id, empty where that is the alert's own. `more` counts its other alerts.
    """

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
    message: str = ""
    reason: MessageReason = MessageReason.IMMEDIATE
    more: int = 0


class Outbound(NamedTuple):
    """A claimed delivery with the alert it carries, and the others where it carries several."""

    delivery: Delivery
    alert: Alert
    others: tuple[Alert, ...] = ()

    @property
    def message(self) -> Message:
        """What is to be sent."""
        return Message(
            self.delivery.message or self.alert.id,
            self.delivery.receiver,
            (self.alert, *self.others),
            self.delivery.reason,
        )


class Delivered(NamedTuple):
    """The receiver took it (2xx). `status` None: it tells none."""

    at: Instant
    status: int | None


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
