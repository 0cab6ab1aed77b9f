"""A receiver that is called over HTTP: one POST per alert, signed, with an end to every wait."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from monitor import __version__
from monitor.domain.delivery import Retry
from monitor.errors import ConfigError
from monitor.notify.address import Redactor, check_headers, parse_address
from monitor.notify.payload import CONTENT_TYPE, encode, rfc3339
from monitor.notify.retry import Attempt, asked_until, outcome
from monitor.notify.signature import Signer
from monitor.notify.signature import headers as signed_headers

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    import httpx

    from monitor.domain.alert import Alert
    from monitor.domain.delivery import Outbound, Outcome
    from monitor.domain.message import Message
    from monitor.domain.time import Instant

T = TypeVar("T")

USER_AGENT = f"commitment-monitor/{__version__}"
DEFAULT_TIMEOUT = 15.0
"""Seconds; the Standard Webhooks specification recommends 15 to 30."""
LONGEST_TIMEOUT = 120.0
CONNECT_TIMEOUT = 10.0
KEPT = 1024
"""How many bytes of an answer are kept: enough for its reason."""


class WebhookReceiver:
    """Sends alerts to one URL.

    A `monitor.services.deliver.Receiver`. Several threads may use one; apart from the wait that the
    other side asked for it holds no state, and each attempt has a connection of its own, so no
    attempt fails because an earlier one left a stale connection behind.

    Redirects are not followed. Certificates are always verified, against `SSL_CERT_FILE` or
    `SSL_CERT_DIR` where these are set; proxies are taken from the environment.

    Args:
        name: as in the configuration.
        url: absolute, http or https. User and password in it become basic authentication.
        secret: `whsec_…`, or None for alerts without a signature.
        headers: sent along, such as Authorization.
        timeout: seconds for a whole attempt, from looking up the name to the end of the answer.

    Raises:
        ConfigError: an argument is wrong; the text shows neither the secret nor the URL.
    """

    __slots__ = ("_address", "_headers", "_quiet_until", "_redactor", "_signer", "name", "timeout")

    def __init__(
        self,
        name: str,
        url: str,
        secret: str | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> None:
        owner = f"receiver {name!r}"
        if not 0 < timeout <= LONGEST_TIMEOUT:
            raise ConfigError(
                f"{owner}: a timeout of {timeout:g} seconds is not possible",
                hint=f"write more than 0 and at most {LONGEST_TIMEOUT:g}",
            )
        self.name = name
        self.timeout = timeout
        self._address = parse_address(url, owner)
        self._headers = check_headers(headers or {}, owner)
        self._signer = None if secret is None else Signer(secret, owner=owner)
        self._redactor = Redactor(self._address, self._headers, secret)
        self._quiet_until: Instant | None = None

    def __repr__(self) -> str:
        return f"WebhookReceiver({self.name!r}, {self._address.shown!r})"

    def deliver(self, outbound: Outbound, now: Instant) -> Outcome:
        """Make the next attempt of a delivery and decide what becomes of it.

        While the other side has asked for quiet (429 or 503 with Retry-After) nothing is sent, and
        the attempt does not count.
        """
        if self._quiet_until is not None and now < self._quiet_until:
            until = rfc3339(self._quiet_until)
            return Retry(
                self._quiet_until, f"the receiver asked for quiet until {until}", attempted=False
            )
        message = outbound.message
        attempt = self.send(message, now)
        if (asked := asked_until(attempt, now)) is not None:
            self._quiet_until = asked
        key = (message.id, self.name)
        return outcome(attempt, outbound.delivery.attempts + 1, now, key)

    def send(self, what: Alert | Message, now: Instant) -> Attempt:
        """Make one attempt at the instant `now`. Never raises for what the other side does."""
        try:
            body = encode(what)
        except ValueError as error:
            return Attempt(None, self._redactor.clean(str(error)))
        headers = {
            "content-type": CONTENT_TYPE,
            **self._headers,
            **signed_headers(what.id, now, body, self._signer),
            "user-agent": USER_AGENT,
            # A compressed answer could be a bomb, and only its first words are wanted.
            "accept-encoding": "identity",
        }
        return _run(self._post(body, headers))

    async def _post(self, body: bytes, headers: dict[str, str]) -> Attempt:
        import httpx  # noqa: PLC0415 - a tenth of a second, only for who sends

        _silence_request_log()
        answer = _Answer()
        try:
            # httpx limits each read, so one byte a second would last for ever: this limits all.
            async with (
                asyncio.timeout(self.timeout),
                httpx.AsyncClient(
                    verify=_tls(),
                    follow_redirects=False,
                    timeout=httpx.Timeout(self.timeout, connect=self._connect_timeout),
                ) as client,
                client.stream("POST", self._address.url, content=body, headers=headers) as response,
            ):
                answer.response = response
                async for chunk in response.aiter_raw():
                    answer.text += chunk
                    if len(answer.text) >= KEPT:
                        break
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            if answer.response is None:
                return Attempt(None, self._failure(error))
            # The status has arrived, and it is the answer; the rest is only its explanation.
        return self._judge(answer)

    @property
    def _connect_timeout(self) -> float:
        return min(self.timeout, CONNECT_TIMEOUT)

    def _judge(self, answer: _Answer) -> Attempt:
        assert answer.response is not None  # noqa: S101 - who has none does not come here
        status = answer.response.status_code
        if 200 <= status < 300:
            return Attempt(status)
        error = _title(status)
        if 300 <= status < 400:
            error += f": redirects are not followed{self._target(answer.response)}"
        elif said := self._redactor.clean(answer.text[:KEPT].decode("utf-8", "replace")):
            error += f": {said}"
        return Attempt(status, error, answer.response.headers.get("retry-after"))

    def _target(self, response: httpx.Response) -> str:
        try:
            host = urlsplit(response.headers.get("location", "")).hostname
        except ValueError:
            host = None
        where = f" (this one leads to {self._redactor.clean(host)})" if host else ""
        return f"{where}; put the final URL into the configuration"

    def _failure(self, error: Exception) -> str:
        import httpx  # noqa: PLC0415

        shown = self._address.shown
        if isinstance(error, httpx.ConnectTimeout):
            return f"no connection to {shown} within {self._connect_timeout:g} s"
        if isinstance(error, (TimeoutError, httpx.TimeoutException)):
            return f"no answer from {shown} within {self.timeout:g} s"
        reason = self._redactor.clean(_reason(error))[:KEPT]
        if isinstance(error, httpx.ConnectError):
            return f"no connection to {shown}: {reason}"
        return f"no answer from {shown}: {reason}"


class _Answer:
    """What has come so far."""

    __slots__ = ("response", "text")

    def __init__(self) -> None:
        self.response: httpx.Response | None = None
        self.text = b""


def _title(status: int) -> str:
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def _reason(error: BaseException) -> str:
    """The system's word for it ("Connection refused"), which httpx wraps twice."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, (ssl.SSLError, socket.gaierror)) and cause.strerror:
            return cause.strerror
        if isinstance(cause, OSError) and cause.errno:
            return os.strerror(cause.errno)  # asyncio puts the address in place of the reason
        cause = cause.__cause__ or cause.__context__
    return str(error) or type(error).__name__


def _run(work: Coroutine[Any, Any, T]) -> T:
    # Not asyncio.run: that would wait for a name lookup that the timeout has given up.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    # Reading the certificates takes longer than a whole attempt: once per process.
    import httpx  # noqa: PLC0415

    return httpx.create_ssl_context()


def _silence_request_log() -> None:
    # httpx logs the whole URL of every request at INFO, and with it the token in its path.
    import logging  # noqa: PLC0415

    logging.getLogger("httpx").setLevel(logging.WARNING)
