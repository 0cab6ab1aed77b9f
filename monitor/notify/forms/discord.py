"""Discord: a webhook of a channel, with an embed.

Limits by https://discord.com/developers/docs/resources/message#embed-object-embed-limits: a title
of 256, a description of 4096, 25 fields of 256 and 1024, a footer of 2048, 6000 in all. Nobody is
mentioned: `allowed_mentions` is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.notify.fitting import cut, units
from monitor.notify.forms import JsonForm
from monitor.notify.payload import rfc3339
from monitor.notify.telling import facts, row

if TYPE_CHECKING:
    from monitor.notify.fitting import Fitting
    from monitor.notify.forms import Page
    from monitor.notify.telling import Evidence, Letter

TITLE, DESCRIPTION, FIELD, ALL = 256, 4096, 1024, 6000
FOOTER = 250
"""Of the 2048 that a footer may have: an id, and how to see what was left out."""
LINK = 300
LEAST = 150
"""A field that has less room than this is left out."""
_COLOURS = {"critical": 0xC0392B, "warning": 0xE67E22, "info": 0x7F8C8D}
_GOOD = 0x27AE60


class DiscordForm(JsonForm):
    def body(self, page: Page) -> dict[str, Any]:
        letter, fit = page.letter, page.fitting()
        title = fit.cut(escape(letter.title), TITLE)
        if page.own.body is not None:
            told: dict[str, Any] = {"description": fit.cut(page.own.body, DESCRIPTION)}
        elif len(letter.told) > 1:
            lines = [f"- {escape(fit.cut(row(told), 300))}" for told in letter.told]
            told = {"description": "\n".join(fit.lines(lines, DESCRIPTION))}
        else:
            told = {"fields": _fields(letter, fit, ALL - TITLE - FOOTER)}
        foot = " · ".join(part for part in (cut(page.message.id, 100), fit.note) if part)
        embed = {
            "title": title,
            "color": _GOOD if letter.good else _COLOURS[letter.lead],
            "timestamp": rfc3339(max(alert.at for alert in page.message.alerts)),
            "footer": {"text": cut(foot, FOOTER)},
            **told,
        }
        return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _fields(letter: Letter, fit: Fitting, room: int) -> list[dict[str, str]]:
    (told,) = letter.told
    words = letter.texts
    rows = [(label, escape(fit.cut(text, 450))) for label, text in facts(told, words)]
    if told.evidence:
        lines = [f"- {_cited(one, fit)}" for one in told.evidence]
        rows.append((words["label.evidence"], "\n".join(fit.lines(lines, FIELD))))
    if told.standing:
        lines = [
            f"- {escape(f'{title}: {status}, {since}')}" for title, status, since in told.standing
        ]
        shown = "\n".join(fit.lines(lines, FIELD))
        rows.append((words["label.commitments"], shown))
    fields = []
    for label, text in rows:
        field = {"name": label, "value": fit.cut(text, min(FIELD, room - units(label)))}
        room -= units(label) + units(field["value"])
        fields.append(field)
        if room < LEAST:
            fit.short |= len(fields) < len(rows)
            break
    return fields


def _cited(evidence: Evidence, fit: Fitting) -> str:
    title = escape(fit.cut(evidence.title, 150))
    url = evidence.url.replace(")", "%29").replace("(", "%28").replace(" ", "%20")
    named = f"[{title}]({url})" if url and len(url) < LINK else title
    fit.short |= len(url) >= LINK
    source = escape(fit.cut(evidence.source, 60))
    return ", ".join(part for part in (evidence.date, named, source) if part)


def escape(text: str) -> str:
    """Text that Discord's Markdown shows as it is."""
    return "".join(f"\\{c}" if c in "\\`*_~|>[]#<@" else c for c in text)
