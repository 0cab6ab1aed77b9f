"""Leave a receiver alone that is down, so that a run ends however much waits for it."""

from __future__ import annotations

from collections import Counter
from threading import Lock
from typing import TYPE_CHECKING

from monitor.domain.delivery import Dead, Delivered, Retry
from monitor.domain.time import MINUTE

if TYPE_CHECKING:
    from monitor.domain.delivery import Outcome
    from monitor.domain.time import Instant, Seconds

BREAK_AFTER = 5
"""So many failures in a row show that a receiver is down ..."""

BREAK_WAIT: Seconds = MINUTE
"""... and the rest of its alerts wait so long, untried."""

TOO_MANY = 429


class Breaker:
    """Counts failures in a row by receiver. Used from several threads at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures: Counter[str] = Counter()
        self._until: dict[str, Instant] = {}
        self._gone: set[str] = set()

    def open_until(self, receiver: str, now: Instant) -> Instant | None:
        """Until when the receiver is not to be tried; None: try it.

        One that has said that it is gone is due at once, for whoever enables it again.
        """
        with self._lock:
            if receiver in self._gone:
                return now
            until = self._until.get(receiver)
            return until if until is not None and until > now else None

    def record(self, receiver: str, outcome: Outcome, now: Instant) -> None:
        """Take note of what an attempt at the instant `now` brought."""
        with self._lock:
            if isinstance(outcome, Dead) and outcome.gone:
                self._gone.add(receiver)
            elif not _is_down(outcome):
                self._failures[receiver] = 0
            else:
                self._failures[receiver] += 1
                if self._failures[receiver] >= BREAK_AFTER:
                    self._until[receiver] = now + BREAK_WAIT


def _is_down(outcome: Outcome) -> bool:
    """A receiver that answers, even with 400 or 404, costs no waiting and is not down."""
    if isinstance(outcome, Delivered):
        return False
    if isinstance(outcome, Retry) and not outcome.attempted:
        return False
    return outcome.status is None or outcome.status >= 500 or outcome.status == TOO_MANY
