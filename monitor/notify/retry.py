"""When an attempt that failed is made again, and when it is given up: pure arithmetic.

The schedule is the one that the Standard Webhooks specification gives as its example (section
"Deliverability and reliability"): ten attempts over a little more than three days.

Every failure is retried, also 400, 401, 403, 404, 405, 413 and 422: a wrong path, an expired token
or a proxy's size limit is a fault of configuration, and such faults are often mended within a day.
An alert thrown away at the first 404 would be gone for good. Only 410 says "never again".
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.delivery import Dead, Delivered, Retry
from monitor.domain.time import DAY, HOUR, MINUTE

if TYPE_CHECKING:
    from monitor.domain.delivery import Outcome
    from monitor.domain.time import Instant, Seconds

SCHEDULE: tuple[Seconds, ...] = (
    0,
    5,
    5 * MINUTE,
    30 * MINUTE,
    2 * HOUR,
    5 * HOUR,
    10 * HOUR,
    14 * HOUR,
    20 * HOUR,
    24 * HOUR,
)
"""The delay before each attempt, counted from the one before it."""

JITTER = 0.2
"""At most this share of a delay is added to it, so that what failed together is not retried
together. It is taken from the delivery itself: a rerun waits for the same instant."""

LONGEST_WAIT = DAY
"""A receiver that asks for more than this is called again after this."""

_FRACTION = re.compile(r"[0-9]+\.[0-9]+")

GONE = 410
THROTTLED = frozenset({429, 503})
"""Answers whose Retry-After is heeded."""


class Attempt(NamedTuple):
    """What one attempt brought: `status` None where no answer came, `error` None only with 2xx.

    `retry_after` is the header's text, `said` what a receiver that took it answered. `arrived`: it
    was taken by something that tells no status.
    """

    status: int | None
    error: str | None = None
    retry_after: str | None = None
    said: str = ""
    arrived: bool = False


def outcome(attempt: Attempt, attempts: int, now: Instant, key: tuple[str, str]) -> Outcome:
    """What becomes of a delivery after an attempt.

    Args:
        attempt: what the attempt brought.
        attempts: how many have been made, this one included. More than the schedule has (after
            somebody revived a dead delivery) means that this was the last.
        now: the instant of the attempt.
        key: the alert's id and the receiver's name; with `attempts` they decide the jitter.
    """
    status = attempt.status
    if attempt.arrived or (status is not None and 200 <= status < 300):
        return Delivered(now, status)
    error = attempt.error or "failed without a word"
    if status == GONE:
        return Dead(error, status, gone=True)
    if attempts >= len(SCHEDULE):
        return Dead(f"given up after {attempts} attempts; the last: {error}", status)
    at = now + delay(attempts, key)
    # Neither sooner than asked nor sooner than planned: "Retry-After: 0" must not use up the
    # whole schedule within seconds.
    asked = asked_until(attempt, now)
    return Retry(at if asked is None else max(at, asked), error, status)


def delay(attempts: int, key: tuple[str, str]) -> Seconds:
    """How long to wait after so many failed attempts, at least 1 second, jitter included."""
    planned = SCHEDULE[attempts]
    seed = "|".join((*key, str(attempts))).encode()
    share = int.from_bytes(hashlib.blake2b(seed, digest_size=4).digest()) / 2**32
    return max(1, planned + int(planned * JITTER * share))


def asked_until(attempt: Attempt, now: Instant) -> Instant | None:
    """The instant before which the receiver asked not to be called again; None: it did not ask."""
    if attempt.status not in THROTTLED or attempt.retry_after is None:
        return None
    wait = _wait(attempt.retry_after.strip(), now)
    return None if wait is None else now + min(max(wait, 0), LONGEST_WAIT)


def _wait(text: str, now: Instant) -> Seconds | None:
    if text.isascii() and text.isdigit():
        return int(text) if len(text) < 10 else LONGEST_WAIT
    if _FRACTION.fullmatch(text):  # no standard, but Discord does it
        return ceil(float(text)) if len(text) < 10 else LONGEST_WAIT
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:  # the obsolete asctime form of RFC 9110, which is in UTC too
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp()) - now
