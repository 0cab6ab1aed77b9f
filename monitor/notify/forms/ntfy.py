"""ntfy: published as JSON to the server's root.

https://docs.ntfy.sh/publish/#publish-as-json: a message of 4,096 bytes (more becomes an
attachment); priorities 1 to 5, 3 the usual one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.notify.fitting import cut, dump, fit_lines, octets
from monitor.notify.receiver import Parcel
from monitor.notify.telling import citation, facts, row

if TYPE_CHECKING:
    from monitor.domain.message import Message
    from monitor.domain.time import Instant
    from monitor.notify.telling import Letter
    from monitor.notify.wording import Wording

MESSAGE, TITLE = 4096, 250
_PRIORITIES = {"critical": 5, "warning": 4, "info": 3}
_TAGS = {"critical": "rotating_light", "warning": "warning", "info": "information_source"}


class NtfyForm:
    """Args: wording, the topic (whoever knows it reads along), and maybe an access token."""

    def __init__(self, wording: Wording, topic: str, token: str | None = None) -> None:
        self.secrets: tuple[str, ...] = (topic, token) if token else (topic,)
        self._wording = wording
        self._topic = topic
        self._headers = {"content-type": "application/json"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"

    def parcel(self, message: Message, now: Instant) -> Parcel:
        del now
        letter, own = self._wording.letter(message)
        text = own.body if own.body is not None else _text(letter)
        body: dict[str, Any] = {
            "topic": self._topic,
            "title": cut(letter.title, TITLE, octets),
            "message": cut(text, MESSAGE, octets),
            "priority": 3 if letter.good else _PRIORITIES[letter.lead],
            "tags": ["white_check_mark" if letter.good else _TAGS[letter.lead]],
        }
        link = next((told.link for told in letter.told if told.link), "")
        if link:
            body["click"] = link
        return Parcel(dump(body), self._headers)


def _text(letter: Letter) -> str:
    words = letter.texts
    if len(letter.told) > 1:
        return "\n".join(fit_lines([row(told) for told in letter.told], MESSAGE, words, octets))
    (told,) = letter.told
    lines = [f"{label}: {text}" for label, text in facts(told, words)]
    lines += [f"{title}: {status}, {since}" for title, status, since in told.standing]
    if told.evidence:
        lines += [f"{words['label.evidence']}:"]
        lines += [f"{citation(one)} {one.url}".rstrip() for one in told.evidence]
    return "\n".join(fit_lines(lines, MESSAGE, words, octets))
