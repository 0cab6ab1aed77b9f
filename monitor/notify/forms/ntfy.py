"""ntfy: published as JSON to the server's root.

https://docs.ntfy.sh/publish/#publish-as-json: a message of 4,096 bytes (more becomes an
attachment); priorities 1 to 5, 3 the usual one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.notify.fitting import octets
from monitor.notify.forms import JsonForm
from monitor.notify.telling import lines

if TYPE_CHECKING:
    from monitor.notify.forms import Page
    from monitor.notify.wording import Wording

MESSAGE, TITLE, LINK = 4096, 250, 2000
_PRIORITIES = {"critical": 5, "warning": 4, "info": 3}
_TAGS = {"critical": "rotating_light", "warning": "warning", "info": "information_source"}


class NtfyForm(JsonForm):
    """Args: wording, the topic (whoever knows it reads along), and maybe an access token."""

    def __init__(self, wording: Wording, topic: str, token: str | None = None) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        super().__init__(wording, headers, (topic, token) if token else (topic,))
        self._topic = topic

    def body(self, page: Page) -> dict[str, Any]:
        letter, fit = page.letter, page.fitting()
        title = fit.cut(letter.title, TITLE, octets)
        own = page.own.body
        body: dict[str, Any] = {
            "topic": self._topic,
            "title": title,
            "message": fit.text(lines(letter) if own is None else own.split("\n"), MESSAGE, octets),
            "priority": 3 if letter.good else _PRIORITIES[letter.lead],
            "tags": ["white_check_mark" if letter.good else _TAGS[letter.lead]],
        }
        link = next((told.link for told in letter.told if told.link), "")
        if link and octets(link) <= LINK:
            body["click"] = link
        return body
