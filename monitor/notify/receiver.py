"""A receiver: something that takes messages, and what becomes of each attempt."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, Protocol

from monitor.domain.delivery import Retry
from monitor.notify.address import Redactor, check_headers, parse_address
from monitor.notify.guard import Guard
from monitor.notify.http import DEFAULT_TIMEOUT, Caller, Target, check_timeout
from monitor.notify.payload import rfc3339
from monitor.notify.retry import Attempt, asked_until, outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.delivery import Outbound, Outcome
    from monitor.domain.message import Message
    from monitor.domain.time import Instant


class Sender(Protocol):
    """Makes single attempts. Called from several threads at once."""

    @property
    def timeout(self) -> float:
        """The longest that one attempt can take, in seconds."""
        ...

    @property
    def shown(self) -> str:
        """Where it sends to, fit to be printed."""
        ...

    def send(self, message: Message, now: Instant) -> Attempt:
        """Make one attempt at the instant `now`. Never raises for what the other side does."""
        ...

    def preview(self, message: Message, now: Instant) -> str:
        """What would be sent, readable, without secrets.

        Raises:
            ValueError: it cannot be made.
        """
        ...


class Receiver:
    """A named sender that heeds what the other side asks for. A `services.deliver.Receiver`.

    Apart from the wait that the other side asked for it holds no state.
    """

    __slots__ = ("__weakref__", "_quiet_until", "name", "sender")

    def __init__(self, name: str, sender: Sender) -> None:
        self.name = name
        self.sender = sender
        self._quiet_until: Instant | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.sender.shown!r})"

    @property
    def timeout(self) -> float:
        return self.sender.timeout

    def send(self, message: Message, now: Instant) -> Attempt:
        """Make one attempt, whatever was asked for before."""
        return self.sender.send(message, now)

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
        attempt = self.sender.send(message, now)
        if (asked := asked_until(attempt, now)) is not None:
            self._quiet_until = asked
        return outcome(attempt, outbound.delivery.attempts + 1, now, (message.id, self.name))


class Parcel(NamedTuple):
    """What is posted for a message: its bytes, and the headers that belong to them."""

    body: bytes
    headers: Mapping[str, str]


class Form(Protocol):
    """The form in which a service wants its messages."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be printed."""
        ...

    def parcel(self, message: Message, now: Instant) -> Parcel:
        """What to post.

        Raises:
            ValueError: the message cannot be put into this form.
        """
        ...


class HttpSender:
    """Posts messages in one form to one URL.

    Args:
        name: of the receiver, as in the configuration.
        url: absolute, http or https. User and password in it become basic authentication.
        form: makes the bodies.
        headers: sent along, such as Authorization.
        timeout: seconds for a whole attempt, from looking up the name to the end of the answer.
        guard: says which addresses may be connected to.

    Raises:
        ConfigError: an argument is wrong; the text shows neither a secret nor the URL.
    """

    __slots__ = ("_caller", "_form", "_headers", "_redactor", "shown", "timeout")

    def __init__(
        self,
        name: str,
        url: str,
        form: Form,
        headers: Mapping[str, str] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        guard: Guard | None = None,
    ) -> None:
        owner = f"receiver {name!r}"
        self.timeout = check_timeout(timeout, owner)
        address = parse_address(url, owner)
        self.shown = address.shown
        self._headers = check_headers(headers or {}, owner)
        self._form = form
        self._redactor = Redactor(address, self._headers, form.secrets)
        target = Target(address, {}, timeout, guard or Guard())
        self._caller = Caller(target, self._redactor)

    def send(self, message: Message, now: Instant) -> Attempt:
        try:
            parcel = self._form.parcel(message, now)
        except ValueError as error:
            return Attempt(None, self._redactor.clean(str(error)))
        content = {"content-type": parcel.headers.get("content-type", "application/json")}
        return self._caller.post(parcel.body, {**content, **self._headers, **_rest(parcel)})

    def preview(self, message: Message, now: Instant) -> str:
        """The body, readable, without secrets."""
        text = self._form.parcel(message, now).body.decode()
        with suppress(ValueError):  # a template may make anything
            text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
        for secret in self._form.secrets:
            text = text.replace(secret, "***")
        return text


def _rest(parcel: Parcel) -> dict[str, str]:
    """All but the content type, which a receiver's own headers may change."""
    return {name: value for name, value in parcel.headers.items() if name != "content-type"}
