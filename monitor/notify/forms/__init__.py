"""The forms of the services: how each wants a message, and how much of it each takes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.notify.fitting import Fitting, dump
from monitor.notify.receiver import Parcel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.message import Message
    from monitor.domain.time import Instant
    from monitor.notify.telling import Letter
    from monitor.notify.wording import Own, Wording


class Page(NamedTuple):
    """One message to be put into a form: in words, in the receiver's own words, and when."""

    message: Message
    letter: Letter
    own: Own
    now: Instant

    def fitting(self) -> Fitting:
        """What makes its texts fit."""
        return Fitting(self.letter.texts, self.letter.see)


class JsonForm(ABC):
    """A message in words, posted as JSON.

    Args:
        wording: in whose words.
        headers: sent along.
        secrets: what must never be printed.
    """

    def __init__(
        self,
        wording: Wording,
        headers: Mapping[str, str] | None = None,
        secrets: tuple[str, ...] = (),
    ) -> None:
        self.secrets = secrets
        self._wording = wording
        self._headers = {"content-type": "application/json", **(headers or {})}

    def parcel(self, message: Message, now: Instant) -> Parcel:
        """What to post.

        Raises:
            ValueError: the template failed.
        """
        letter, own = self._wording.letter(message)
        return Parcel(self.encoded(Page(message, letter, own, now)), self._headers)

    def encoded(self, page: Page) -> bytes:
        """The body as it is posted."""
        return dump(self.body(page))

    @abstractmethod
    def body(self, page: Page) -> Any:
        """The body, JSON-ready, within what the service takes."""
