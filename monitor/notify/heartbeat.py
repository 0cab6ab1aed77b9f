"""Heartbeats: a dead man's switch is told that a run began, and how it ended.

What watches the monitor must be elsewhere: a machine that is off sends no alert that it is off. The
signals are those of Healthchecks (https://healthchecks.io/docs/http_api/): the URL itself after
success, with `/start` before and `/fail` after a failure; the body is kept as a note.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from monitor.notify.address import Redactor, check_headers, parse_address
from monitor.notify.http import Caller, Target, check_timeout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.notify.guard import Guard

LONGEST = 10_000
"""Bytes of a note; Healthchecks keeps 100,000, others less."""


class Signal(StrEnum):
    START = "/start"
    SUCCESS = ""
    FAIL = "/fail"


class Heartbeat:
    """Tells one address how runs do.

    Args:
        url: absolute, http or https; the signal goes to the end of its path.
        headers: sent along.
        timeout: seconds for each signal.
        guard: says which addresses may be connected to.
        start: whether the beginning of a run is told as well.

    Raises:
        ConfigError: an argument is wrong; the text shows neither a secret nor the URL.
    """

    def __init__(
        self, url: str, headers: Mapping[str, str], timeout: float, guard: Guard, *, start: bool
    ) -> None:
        owner = "heartbeat"
        self._address = parse_address(url, owner)
        self._headers = check_headers(headers, owner)
        self._timeout = check_timeout(timeout, owner)
        self._guard = guard
        self._start = start

    @property
    def shown(self) -> str:
        """Where it goes, fit to be printed."""
        return self._address.shown

    def tell(self, signal: Signal, note: str = "") -> str | None:
        """Send a signal once; what went wrong, or None. Never raises for what the others do."""
        if signal is Signal.START and not self._start:
            return None
        address = parse_address(with_signal(self._address.url, signal), "heartbeat")
        redactor = Redactor(address, self._headers)
        caller = Caller(Target(address, {}, self._timeout, self._guard), redactor)
        content = {"content-type": "text/plain; charset=utf-8"}
        body = note.encode()[:LONGEST]
        return caller.post(body, {**content, **self._headers}).error


def with_signal(url: str, signal: Signal) -> str:
    """The URL for a signal: at the end of the path, before a query."""
    if not signal.value:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + signal.value))
