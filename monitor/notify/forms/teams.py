"""Microsoft Teams: an adaptive card for a workflow that posts what a webhook gets.

https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-
using: a message has at most 28 KB; what counts is more than the JSON, and others have found that no
more than 21 KB of it come through (https://www.rubydoc.info/gems/msteams_hermes/MsTeamsHermes/Message).
Built-in texts are text runs, which know no Markdown: nothing in an update can format, link or
mention.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.notify.fitting import dump, json_octets
from monitor.notify.forms import JsonForm
from monitor.notify.telling import citation, facts, row

if TYPE_CHECKING:
    from monitor.notify.fitting import Fitting
    from monitor.notify.forms import Page
    from monitor.notify.telling import Letter

LARGEST = 21_000
"""Octets of a body."""
REPORTS, LINK = 5, 500

_COLOURS = {"critical": "Attention", "warning": "Warning", "info": "Default"}


class TeamsForm(JsonForm):
    def encoded(self, page: Page) -> bytes:
        """The card with as much text as comes through."""
        room = LARGEST
        while True:
            encoded = dump(_message(page, room))
            if len(encoded) <= LARGEST:
                return encoded
            room = room * 3 // 4

    def body(self, page: Page) -> dict[str, Any]:
        return _message(page, LARGEST)


def _message(page: Page, room: int) -> dict[str, Any]:
    letter, fit = page.letter, page.fitting()
    title = {"type": "TextRun", "text": fit.cut(letter.title, min(500, room // 8), json_octets)}
    title |= {"size": "Large", "weight": "Bolder"}
    title |= {"color": "Good" if letter.good else _COLOURS[letter.lead]}
    if page.own.body is not None:
        own = fit.cut(page.own.body, room, json_octets)
        rest: list[dict[str, Any]] = [{"type": "TextBlock", "text": own, "wrap": True}]
    else:
        rest = _many(letter, fit, room) if len(letter.told) > 1 else _one(letter, fit, room)
    if fit.note:
        rest.append(_text([{"type": "TextRun", "text": fit.note, "isSubtle": True}]))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [_text([title]), *rest],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _many(letter: Letter, fit: Fitting, room: int) -> list[dict[str, Any]]:
    lines = [fit.cut(row(told), 400, json_octets) for told in letter.told]
    return _runs(fit.lines(lines, room, _in_card))


def _one(letter: Letter, fit: Fitting, room: int) -> list[dict[str, Any]]:
    (told,) = letter.told
    words = letter.texts
    blocks = [
        _text(
            [
                {"type": "TextRun", "text": f"{label}: ", "weight": "Bolder"},
                {"type": "TextRun", "text": fit.cut(text, room // 10, json_octets)},
            ]
        )
        for label, text in facts(told, words)
    ]
    lines = [f"{title}: {status}, {since}" for title, status, since in told.standing]
    blocks += _runs(fit.lines(lines, room // 4, _in_card))
    if told.evidence:
        blocks.append(
            _text([{"type": "TextRun", "text": words["label.evidence"], "weight": "Bolder"}])
        )
    for one in told.evidence[:REPORTS]:
        run: dict[str, Any] = {"type": "TextRun"}
        run["text"] = fit.cut(citation(one), room // 50, json_octets)
        if one.url and json_octets(one.url) < LINK:
            run["selectAction"] = {"type": "Action.OpenUrl", "url": one.url}
        else:
            fit.short |= bool(one.url)
        blocks.append(_text([run]))
    if (missing := len(told.evidence) - REPORTS) > 0:
        fit.short = True
        blocks += _runs([words.say("more", count=missing)])
    return blocks


def _in_card(text: str) -> int:
    """The octets of lines with the card around them, which is some 60 for each."""
    return json_octets(text) + 60 * (text.count("\n") + 1)


def _runs(lines: list[str]) -> list[dict[str, Any]]:
    return [_text([{"type": "TextRun", "text": line}]) for line in lines]


def _text(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": runs}


def escape(text: str) -> str:
    """Text that Markdown shows as it is, for templates."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-!|<>~" else c for c in text)
