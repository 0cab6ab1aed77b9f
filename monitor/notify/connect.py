"""Connections that go only where the guard lets them, and end when their time is up.

The name is looked up here, the addresses are judged, and one of those judged is connected to: there
is no second lookup in which a name could change its mind. The name itself goes on into TLS (SNI and
the certificate) and the Host header.
"""

from __future__ import annotations

import socket
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpcore

from monitor.notify.guard import Guard

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Sequence


class Refused(httpcore.ConnectError):
    """The guard does not let it; the text says why and what would."""


class NameUnknown(httpcore.ConnectError):
    """The name could not be looked up."""


def look_up(host: str, port: int) -> Sequence[str]:
    """Every address of a name, in the system's order.

    Raises:
        OSError: it has none.
        UnicodeError: no name can be like that.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Timer(threading.local):
    """The end of the attempt that the current thread makes, and whether it opened a connection."""

    end: float = float("inf")
    opened: bool = False

    def begin(self, seconds: float) -> None:
        self.end = monotonic() + seconds
        self.opened = False

    def left(self, wanted: float | None = None) -> float:
        """Seconds that an operation may take, at least a moment: with 0 a socket does not wait."""
        left = max(self.end - monotonic(), 0.001)
        return left if wanted is None else min(left, wanted)

    @property
    def over(self) -> bool:
        return monotonic() >= self.end


class GuardedBackend(httpcore.NetworkBackend):
    """Where httpcore gets its connections.

    Args:
        guard: judges addresses.
        timer: limits every operation of an attempt.
        resolver: looks up a name.
    """

    def __init__(
        self,
        guard: Guard,
        timer: Timer,
        resolver: Callable[[str, int], Sequence[str]] | None = None,
    ) -> None:
        self._guard = guard
        self._timer = timer
        self._resolver = resolver or look_up
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to one of the permitted addresses of a host, the first that takes the call.

        Raises:
            Refused: it has none that is permitted.
            httpcore.ConnectError: none of them answers.
            httpcore.ConnectTimeout: not in time.
        """
        self._timer.opened = True
        failure: Exception | None = None
        for address in permitted(host, port, self._guard, self._timer, self._resolver):
            if self._timer.over:
                break
            try:
                stream = self._plain.connect_tcp(
                    address, port, self._timer.left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._timer)
        raise failure or httpcore.ConnectTimeout("the time is up")

    def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise Refused("sockets of this machine are not for receivers")


def permitted(
    host: str,
    port: int,
    guard: Guard,
    timer: Timer,
    resolver: Callable[[str, int], Sequence[str]] | None = None,
) -> Sequence[str]:
    """Those addresses of a host that may be connected to, at least one.

    Raises:
        Refused: none may.
        NameUnknown: it has no address.
        httpcore.ConnectTimeout: the lookup takes too long.
    """
    addresses = _looked_up(host, port, timer, resolver or look_up)
    refusals = [(address, guard.refusal(address)) for address in addresses]
    allowed = [address for address, refusal in refusals if refusal is None]
    if not allowed:
        reason = next((refusal for _, refusal in refusals if refusal), f"{host} has no address")
        raise Refused(reason)
    return allowed


def _looked_up(
    host: str, port: int, timer: Timer, resolver: Callable[[str, int], Sequence[str]]
) -> Sequence[str]:
    """Look a name up without waiting longer than the attempt may last."""
    answer: list[Sequence[str]] = []
    failure: list[BaseException] = []

    def work() -> None:
        try:
            answer.append(resolver(host, port))
        except (OSError, UnicodeError) as error:
            failure.append(error)

    # A lookup cannot be interrupted: a thread of its own is left behind where it hangs.
    thread = threading.Thread(target=work, name="lookup", daemon=True)
    thread.start()
    thread.join(timer.left())
    if failure:
        raise NameUnknown(str(failure[0])) from failure[0]
    if not answer:
        raise httpcore.ReadTimeout("the lookup of the name takes too long")
    return answer[0]


class _Stream(httpcore.NetworkStream):
    """A connection on which no operation outlasts the attempt: a slow drip stretches nothing."""

    def __init__(self, stream: httpcore.NetworkStream, timer: Timer) -> None:
        self._stream = stream
        self._timer = timer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._timer.over:
            raise httpcore.ReadTimeout("the time is up")
        return self._stream.read(max_bytes, self._timer.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._timer.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secure = self._stream.start_tls(ssl_context, server_hostname, self._timer.left(timeout))
        return _Stream(secure, self._timer)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
