"""Microsoft Teams: an adaptive card for a workflow that posts what a webhook gets.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-
using: a message has at most 28 KB. Built-in texts are text runs, which know no Markdown: nothing
in an update can format, link or mention.
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

LARGEST = 28 * 1024
ROOM = 20 * 1024
"""For texts: the rest is the card around them, and quotation marks that JSON doubles."""

_COLOURS = {"critical": "Attention", "warning": "Warning", "info": "Default"}


class TeamsForm:
    def __init__(self, wording: Wording) -> None:
        self.secrets: tuple[str, ...] = ()
        self._wording = wording

    def parcel(self, message: Message, now: Instant) -> Parcel:
        del now
        letter, own = self._wording.letter(message)
        for room in (ROOM, ROOM // 2, ROOM // 4):
            body = dump(_message(letter, own.body, room))
            if len(body) <= LARGEST:
                break
        return Parcel(body, {"content-type": "application/json"})


def _message(letter: Letter, own: str | None, room: int) -> dict[str, Any]:
    colour = "Good" if letter.good else _COLOURS[letter.lead]
    title = {
        **_text([{"type": "TextRun", "text": cut(letter.title, 500), "size": "Large"}]),
    }
    title["inlines"][0] |= {"weight": "Bolder", "color": colour}
    if own is not None:
        rest = [{"type": "TextBlock", "text": cut(own, room, octets), "wrap": True}]
    else:
        rest = _many(letter, room) if len(letter.told) > 1 else _one(letter, room)
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [title, *rest],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _many(letter: Letter, room: int) -> list[dict[str, Any]]:
    # each line comes with some 60 octets of card around it
    lines = [cut(row(told), 400) for told in letter.told]
    shown = fit_lines(
        lines, room, letter.texts, lambda text: octets(text) + 60 * (text.count("\n") + 1)
    )
    return [_text([{"type": "TextRun", "text": line}]) for line in shown]


def _one(letter: Letter, room: int) -> list[dict[str, Any]]:
    (told,) = letter.told
    words = letter.texts
    blocks = [
        _text(
            [
                {"type": "TextRun", "text": f"{label}: ", "weight": "Bolder"},
                {"type": "TextRun", "text": cut(text, room // 10, octets)},
            ]
        )
        for label, text in facts(told, words)
    ]
    lines = [f"{title}: {status}, {since}" for title, status, since in told.standing]
    shown = fit_lines(lines, room // 4, words, octets)
    blocks += [_text([{"type": "TextRun", "text": line}]) for line in shown]
    if told.evidence:
        blocks.append(
            _text([{"type": "TextRun", "text": words["label.evidence"], "weight": "Bolder"}])
        )
    for one in told.evidence[:5]:
        run: dict[str, Any] = {"type": "TextRun", "text": cut(citation(one), 400)}
        if one.url and len(one.url) < 500:
            run["selectAction"] = {"type": "Action.OpenUrl", "url": one.url}
        blocks.append(_text([run]))
    if (missing := len(told.evidence) - 5) > 0:
        blocks.append(_text([{"type": "TextRun", "text": words.say("more", count=missing)}]))
    return blocks


def _text(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": runs}


def escape(text: str) -> str:
    """Text that Markdown shows as it is, for templates."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-!|<>~" else c for c in text)
