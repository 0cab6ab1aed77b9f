"""One POST at a time, with an end to every wait, over connections that are kept between them."""

from __future__ import annotations

import base64
import os
import socket
import ssl
import weakref
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from monitor import __version__
from monitor.errors import ConfigError
from monitor.notify.guard import Guard
from monitor.notify.pool import literal_refusal, make_pool, proxy_for
from monitor.notify.retry import Attempt

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpcore

    from monitor.notify.address import Address, Redactor
    from monitor.notify.connect import Timer

USER_AGENT = f"commitment-monitor/{__version__}"
DEFAULT_TIMEOUT = 15.0
"""Seconds; the Standard Webhooks specification recommends 15 to 30."""
LONGEST_TIMEOUT = 120.0
CONNECT_TIMEOUT = 10.0
KEPT = 1024
"""How many bytes of an answer are kept: enough for its reason."""


class Target(NamedTuple):
    """Where a receiver is. `timeout`: seconds for a whole attempt, lookup and answer included."""

    address: Address
    headers: Mapping[str, str]
    timeout: float
    guard: Guard = Guard()


class Caller:
    """Posts to one URL. Several threads may use one.

    Redirects are not followed. Certificates are always verified, against `SSL_CERT_FILE` or
    `SSL_CERT_DIR` where these are set; proxies are taken from the environment.
    """

    def __init__(self, target: Target, redactor: Redactor) -> None:
        self._target = target
        self._redactor = redactor

    def __repr__(self) -> str:
        return f"Caller({self._target.address.shown!r})"

    def post(self, body: bytes, headers: Mapping[str, str]) -> Attempt:
        """Make one attempt. Never raises for what the other side does."""
        import httpcore  # noqa: PLC0415 - only for who sends

        try:
            line = self._line
        except ValueError as error:
            return Attempt(None, self._failure(error))
        line.timer.begin(self._target.timeout)
        fields = {**line.headers, **headers, "user-agent": USER_AGENT}
        # A compressed answer could be a bomb, and only its first words are wanted.
        fields["accept-encoding"] = "identity"
        timeouts = {"pool": self._target.timeout, "connect": self._connect_timeout}
        while True:
            answer = _Answer()
            line.timer.opened = False
            try:
                with line.pool.stream(
                    "POST",
                    line.url,
                    headers=list(fields.items()),
                    content=body,
                    extensions={"timeout": timeouts},
                ) as response:
                    answer.read(response)
            except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
                if answer.status is None:
                    if line.timer.opened or line.timer.over:
                        return Attempt(None, self._failure(error))
                    # A kept connection that the other side had closed meanwhile; it is gone from
                    # the pool now. The id tells a receiver that did get it that it is a repetition.
                    continue
                # The status has arrived, and it is the answer; the rest only explains it.
            except (
                httpcore.TimeoutException,
                httpcore.LocalProtocolError,
                httpcore.ProxyError,
                OSError,
                ValueError,
            ) as error:
                if answer.status is None:
                    return Attempt(None, self._failure(error))
            return self._judge(answer)

    @cached_property
    def _line(self) -> _Line:
        line = _Line(self._target)
        weakref.finalize(self, line.pool.close)
        return line

    @property
    def _connect_timeout(self) -> float:
        return min(self._target.timeout, CONNECT_TIMEOUT)

    def _judge(self, answer: _Answer) -> Attempt:
        status = answer.status
        assert status is not None  # noqa: S101 - who has none does not come here
        if 200 <= status < 300:
            return Attempt(status, said=self._redactor.clean(answer.said))
        error = _title(status)
        if 300 <= status < 400:
            error += f": redirects are not followed{self._leads_to(answer)}"
        elif said := self._redactor.clean(answer.said):
            error += f": {said}"
        return Attempt(status, error, answer.headers.get("retry-after"))

    def _leads_to(self, answer: _Answer) -> str:
        try:
            host = urlsplit(answer.headers.get("location", "")).hostname
        except ValueError:
            host = None
        where = f" (this one leads to {self._redactor.clean(host)})" if host else ""
        return f"{where}; put the final URL into the configuration"

    def _failure(self, error: Exception) -> str:
        import httpcore  # noqa: PLC0415

        from monitor.notify.connect import Refused  # noqa: PLC0415

        shown = self._target.address.shown
        if isinstance(error, Refused):
            return f"not connected to {shown}: {error}"
        if isinstance(error, httpcore.ConnectTimeout):
            return f"no connection to {shown} within {self._connect_timeout:g} s"
        if isinstance(error, (TimeoutError, httpcore.TimeoutException)):
            return f"no answer from {shown} within {self._target.timeout:g} s"
        reason = self._redactor.clean(reason_of(error))[:KEPT]
        if isinstance(error, httpcore.ConnectError):
            return f"no connection to {shown}: {reason}"
        return f"no answer from {shown}: {reason}"


class _Answer:
    """What has come so far."""

    __slots__ = ("headers", "status", "text")

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.text = b""

    def read(self, response: httpcore.Response) -> None:
        self.status = response.status
        self.headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        for chunk in response.iter_stream():
            self.text += chunk
            if len(self.text) >= KEPT:
                break

    @property
    def said(self) -> str:
        return self.text[:KEPT].decode("utf-8", "replace")


class _Line:
    """What the attempts at one URL share.

    Raises:
        ValueError: the URL or the proxy cannot be used.
    """

    def __init__(self, target: Target) -> None:
        import httpx  # noqa: PLC0415 - a tenth of a second, only for who sends

        from monitor.notify.connect import GuardedBackend, Timer  # noqa: PLC0415

        try:
            url = httpx.URL(target.address.url)
        except httpx.InvalidURL as error:
            raise ValueError(str(error)) from None
        self.timer: Timer = Timer()
        self.headers = {"host": url.netloc.decode("ascii"), **_authorization(target.address)}
        self.headers |= target.headers
        proxy = proxy_for(target.address)
        # Who sets a proxy means it: it may be anywhere, and it looks the names up.
        guard = target.guard if proxy is None else Guard(private=True)
        if proxy is not None and (refusal := literal_refusal(url.host, target.guard)):
            raise ValueError(refusal)
        backend = GuardedBackend(guard, self.timer)
        self.pool = make_pool(backend, proxy)
        self.url = _Url(url.raw_scheme, url.raw_host, url.port, url.raw_path).of_httpcore()


class _Url(NamedTuple):
    scheme: bytes
    host: bytes
    port: int | None
    target: bytes

    def of_httpcore(self) -> httpcore.URL:
        import httpcore  # noqa: PLC0415

        return httpcore.URL(scheme=self.scheme, host=self.host, port=self.port, target=self.target)


def _authorization(address: Address) -> dict[str, str]:
    if address.parts.username is None:
        return {}
    user, password = unquote(address.parts.username), unquote(address.parts.password or "")
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def check_timeout(timeout: float, owner: str) -> float:
    """A timeout that an attempt can have.

    Raises:
        ConfigError: it cannot.
    """
    if not 0 < timeout <= LONGEST_TIMEOUT:
        raise ConfigError(
            f"{owner}: a timeout of {timeout:g} seconds is not possible",
            hint=f"write more than 0 and at most {LONGEST_TIMEOUT:g}",
        )
    return timeout


def _title(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def reason_of(error: BaseException) -> str:
    """The system's word for it ("Connection refused"), which libraries wrap."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, (ssl.SSLError, socket.gaierror)) and cause.strerror:
            return cause.strerror
        if isinstance(cause, OSError) and cause.errno:
            return os.strerror(cause.errno)
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__
