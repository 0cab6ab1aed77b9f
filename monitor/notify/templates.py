"""Words of one's own: Jinja2 in a sandbox.

A template may name fields, test, loop and filter. It may not call methods, read files, define
macros or include others; and it has an end: so many steps in loops, so much text. Who may write
the configuration may still write a template that says nothing sensible, but none that reads what
it should not, or that keeps the monitor from delivering to others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.notify.payload import rfc3339
from monitor.notify.sandbox import compile_template
from monitor.notify.telling import citation, facts
from monitor.notify.wording import Own

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from monitor.domain.message import Message
    from monitor.notify.telling import Letter, Told


class Template:
    """A title and a body. Several threads may render one.

    Args:
        title: its source, or None for the built-in title.
        body: its source, or None for the built-in body.
        escape: makes text harmless in the place that the body goes to.
        owner: whose template it is, for errors: "receiver 'desk'".

    Raises:
        ConfigError: a source is no template, or uses what is not permitted.
    """

    def __init__(
        self, title: str | None, body: str | None, escape: Callable[[str], str], owner: str
    ) -> None:
        self._title = _part(title, str, f"{owner}: template: title")
        self._body = _part(body, escape, f"{owner}: template")

    def render(self, message: Message, letter: Letter) -> Own:
        """What it says of a message.

        Raises:
            ValueError: it fails with this one.
        """
        values = context(message, letter)
        title, body = (None if part is None else part(values) for part in (self._title, self._body))
        return Own(title, body)


def _part(
    source: str | None, escape: Callable[[str], str], owner: str
) -> Callable[[Mapping[str, Any]], str] | None:
    return None if source is None else compile_template(source, escape, owner)


def context(message: Message, letter: Letter) -> dict[str, Any]:
    """What a template can name: plain values only."""
    return {
        "title": letter.title,
        "severity": letter.lead,
        "count": len(letter.told),
        "reason": message.reason.value,
        "receiver": message.receiver,
        "id": message.id,
        "alerts": [_alert(told, letter) for told in letter.told],
    }


def _alert(told: Told, letter: Letter) -> dict[str, Any]:
    alert = told.alert
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "phase": alert.phase.value,
        "severity": alert.severity,
        "labels": dict(alert.labels),
        "agreement": alert.agreement,
        "commitment": alert.commitment,
        "title": alert.body.get("title"),
        "headline": told.headline,
        "change": told.change,
        "since": told.since,
        "at": rfc3339(alert.at),
        "recorded": rfc3339(alert.recorded),
        "found_late": alert.found_late,
        "why": list(told.why),
        "rules": list(told.rules),
        "quote": told.quote,
        "evidence": [{**one._asdict(), "citation": citation(one)} for one in told.evidence],
        "link": told.link,
        "back": told.back,
        "corrects": told.corrects,
        "standing": [
            {"title": title, "status": status, "since": since}
            for title, status, since in told.standing
        ],
        "facts": [{"label": label, "text": text} for label, text in facts(told, letter.texts)],
    }
