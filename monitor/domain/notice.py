"""That one receiver is to be told of one alert, and what keeps it from being told."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.interval import Window
    from monitor.domain.matching import Facts
    from monitor.domain.message import MessageReason
    from monitor.domain.time import Instant


class NoticeState(StrEnum):
    """`held` until an instant, `muted` while something mutes it, `sent`, or `dropped` for good.

    `told`: not sent itself, because a correction that was sent speaks for it.
    """

    HELD = "held"
    MUTED = "muted"
    SENT = "sent"
    TOLD = "told"
    DROPPED = "dropped"

    @property
    def heard(self) -> bool:
        """Whether the receiver knows of it, or will as soon as it can be reached."""
        return self in (NoticeState.SENT, NoticeState.TOLD)


class Why(StrEnum):
    """Why a receiver was not told, or not then."""

    SILENCE = "silence"
    DEPENDENCY = "dependency"
    INTERVAL = "interval"
    ACKNOWLEDGED = "acknowledged"
    NOBODY = "nobody"
    RESOLVED = "resolved"
    CORRECTED = "corrected"
    UNHEARD = "unheard"


class Notice(NamedTuple):
    """One alert for one receiver: there is never a second one.

    `group`: notices of a group that are due together make one message. `wake` is the next instant
    at which something is to be decided about it, None: none. `held` says what it waits for.
    `follows`: it ends or corrects what the receiver was sent, and nothing mutes it. `muted_by` is
    the alert that mutes it. `formed` is when its message was made, `delivery` that message.
    `repeat` and `escalate` are when it is told again, and to somebody else; `level` counts the
    escalations there were.
    """

    alert: str
    receiver: str
    state: NoticeState
    route: str
    group: str
    reason: MessageReason
    facts: Mapping[str, Sequence[str]]
    recorded: Instant
    wake: Instant | None = None
    held: str = ""
    follows: bool = False
    muted_by: str | None = None
    formed: Instant | None = None
    delivery: int | None = None
    repeat: Instant | None = None
    escalate: Instant | None = None
    level: int = 0

    @property
    def next(self) -> Instant | None:
        """When what was sent is to be looked at again."""
        times = [at for at in (self.repeat, self.escalate) if at is not None]
        return min(times, default=None)


class Suppression(NamedTuple):
    """That a receiver was not told of an alert at `at`: why, by what, and until when if known."""

    alert: str
    receiver: str
    at: Instant
    why: Why
    by: str
    until: Instant | None = None


class Silence(NamedTuple):
    """Nothing that the matchers speak of is sent while it lasts.

    It holds from `since` to before `until` (None: without end), and of that only in the weekly
    window `recurring`, if it has one, in `zone`. `recorded` is when it was made; `expired` when
    somebody ended it.
    """

    id: int
    matchers: tuple[str, ...]
    since: Instant
    until: Instant | None
    recurring: str
    zone: str
    by: str
    reason: str
    recorded: Instant
    expired: Instant | None = None
    expired_by: str | None = None

    def holds(self, at: Instant) -> bool:
        """Whether it lasts at an instant."""
        if at < self.since or (self.until is not None and at >= self.until):
            return False
        if self.expired is not None and at >= self.expired:
            return False
        return not self.recurring or self._window().contains(at)

    def mutes(self, facts: Facts, at: Instant) -> bool:
        """Whether it keeps an alert from being sent at an instant."""
        if not self.holds(at):
            return False
        from monitor.domain.matching import all_hold, parse_matcher  # noqa: PLC0415 - see `_window`

        return all_hold(map(parse_matcher, self.matchers), facts)

    def ends(self, at: Instant) -> Instant | None:
        """When it ceases to hold, if it holds now; None: never."""
        if not self.recurring:
            return self.until
        from monitor.domain.interval import next_close  # noqa: PLC0415 - see `_window`

        close = next_close(self._window(), at)
        return close if self.until is None else min(close, self.until)

    def _window(self) -> Window:
        # who opens a database loads this module, and seldom asks about a silence
        from monitor.domain.interval import parse_window  # noqa: PLC0415

        return parse_window(self.recurring, self.zone)


class Ack(NamedTuple):
    """Somebody has taken note of an open alert: no reminders and no escalation any more."""

    alert: str
    at: Instant
    by: str
    reason: str
