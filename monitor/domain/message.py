"""What one delivery carries to one receiver: one alert, or several that are told together."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from monitor.domain.alert import Alert


class MessageReason(StrEnum):
    """Why a receiver is called.

    `immediate`: something is news. `digest`: what has gathered since the last one. `reminder`: it
    is still so, and nobody has acknowledged it. `escalation`: the same, to somebody else. `test`:
    somebody tries the receiver out.
    """

    IMMEDIATE = "immediate"
    DIGEST = "digest"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    TEST = "test"


class Message(NamedTuple):
    """One message to one receiver.

    `id` and what it holds are stored when it is formed, and stay the same in every retry. A message
    that tells one alert for the first time has the alert's own id. `alerts` has at least one, the
    oldest first.
    """

    id: str
    receiver: str
    alerts: tuple[Alert, ...]
    reason: MessageReason = MessageReason.IMMEDIATE


def in_full(message: Message) -> str:
    """The command that shows all that a message tells."""
    if len(message.alerts) == 1:
        return show_in_full(message.alerts[0].id)
    return list_in_full(message.id)


def list_in_full(message: str) -> str:
    """The command that lists all alerts of a message."""
    return f"monitor alerts list --message {message}"


def show_in_full(alert: str) -> str:
    """The command that shows all of one alert."""
    return f"monitor alerts show {alert}"
