"""Everything else, through Apprise (`pip install commitment-monitor[apprise]`).

What Apprise cannot tell: whether a failure is for good, what status there was, how long to wait,
and, where its address names several services, which of them failed. So a failure is always tried
again, at all of them. It makes its own connections: the guard cannot look at them.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from monitor.errors import ConfigError
from monitor.notify.fitting import Fitting
from monitor.notify.http import check_timeout
from monitor.notify.retry import Attempt
from monitor.notify.telling import lines

if TYPE_CHECKING:
    from monitor.domain.message import Message
    from monitor.domain.time import Instant
    from monitor.notify.telling import Letter
    from monitor.notify.wording import Own, Wording

TITLE = 250
BODY = 30_000
"""Characters; Apprise cuts further by what the service takes."""


class AppriseSender:
    """Hands messages to Apprise.

    Args:
        name: of the receiver.
        url: an address in Apprise's own form, which is a secret.
        wording: in whose words.
        timeout: seconds until an attempt is taken for failed. What it began may still arrive.

    Raises:
        ConfigError: Apprise is not installed, or does not know the address.
    """

    def __init__(self, name: str, url: str, wording: Wording, timeout: float) -> None:
        owner = f"receiver {name!r}"
        self.timeout = check_timeout(timeout, owner)
        self._service = _service(url, owner)
        self._wording = wording
        scheme = url.partition(":")[0].lower()
        self.shown = f"apprise {scheme}://" if scheme.isalnum() else "apprise"

    def send(self, message: Message, now: Instant) -> Attempt:
        """Make one attempt. Never raises for what the other side does."""
        del now
        try:
            letter, own = self._wording.letter(message)
        except ValueError as error:
            return Attempt(None, str(error))
        title, body = _texts(letter, own)
        kind = "success" if letter.good else _KINDS[letter.lead]
        answer: list[tuple[bool, str]] = []

        def work() -> None:
            try:
                said = self._service.notify(body=body, title=title, notify_type=kind)
                answer.append((bool(said), ""))  # version 2 has a result of its own here
            except Exception as error:  # noqa: BLE001 - a plugin may raise anything
                answer.append((False, f" ({type(error).__name__})"))

        thread = threading.Thread(target=work, name="apprise", daemon=True)
        thread.start()
        thread.join(self.timeout)
        if not answer:
            return Attempt(None, f"{self.shown}: no answer within {self.timeout:g} s")
        arrived, why = answer[0]
        if arrived:
            return Attempt(None, arrived=True)
        return Attempt(None, f"{self.shown}: not delivered{why}; Apprise does not tell why")

    def preview(self, message: Message, now: Instant) -> str:
        """Title and text."""
        del now
        letter, own = self._wording.letter(message)
        return "\n\n".join(_texts(letter, own))


_KINDS = {"critical": "failure", "warning": "warning", "info": "info"}


def _service(url: str, owner: str) -> Any:
    try:
        import apprise  # noqa: PLC0415 - an extra, and half a second
    except ImportError:
        raise ConfigError(
            f"{owner}: Apprise is not installed",
            hint="pip install 'commitment-monitor[apprise]'",
        ) from None
    # It logs what it sends, and where to.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    service = apprise.Apprise()
    if not service.add(url):
        raise ConfigError(
            f"{owner}: Apprise does not know an address like this",
            hint="see https://github.com/caronc/apprise/wiki",
        )
    return service


def _texts(letter: Letter, own: Own) -> tuple[str, str]:
    """Title and body."""
    fit = Fitting(letter.texts, letter.see)
    title = fit.cut(letter.title, TITLE)
    return title, fit.text(lines(letter) if own.body is None else own.body.split("\n"), BODY)
