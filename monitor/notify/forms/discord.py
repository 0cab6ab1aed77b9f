"""Discord: a webhook of a channel, with an embed.

Limits by https://discord.com/developers/docs/resources/message#embed-object-embed-limits: a title
of 256, a description of 4096, 25 fields of 256 and 1024, a footer of 2048, 6000 in all. Nobody is
mentioned: `allowed_mentions` is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.notify.fitting import cut, dump, fit_lines, units
from monitor.notify.payload import rfc3339
from monitor.notify.receiver import Parcel
from monitor.notify.telling import facts, row

if TYPE_CHECKING:
    from monitor.domain.message import Message
    from monitor.domain.time import Instant
    from monitor.notify.telling import Evidence, Letter
    from monitor.notify.wording import Wording

TITLE, DESCRIPTION, FIELD, FIELDS, ALL = 256, 4096, 1024, 25, 6000
_COLOURS = {"critical": 0xC0392B, "warning": 0xE67E22, "info": 0x7F8C8D}
_GOOD = 0x27AE60


class DiscordForm:
    def __init__(self, wording: Wording) -> None:
        self.secrets: tuple[str, ...] = ()
        self._wording = wording

    def parcel(self, message: Message, now: Instant) -> Parcel:
        del now
        letter, own = self._wording.letter(message)
        embed: dict[str, Any] = {
            "title": cut(escape(letter.title), TITLE),
            "color": _GOOD if letter.good else _COLOURS[letter.lead],
            "timestamp": rfc3339(max(alert.at for alert in message.alerts)),
            "footer": {"text": cut(message.id, 100)},
        }
        if own.body is not None:
            embed["description"] = cut(own.body, DESCRIPTION)
        elif len(letter.told) > 1:
            lines = [f"- {escape(cut(row(told), 300))}" for told in letter.told]
            embed["description"] = "\n".join(fit_lines(lines, DESCRIPTION, letter.texts))
        else:
            embed |= _one(letter, ALL - TITLE - 200)
        body = {"embeds": [embed], "allowed_mentions": {"parse": []}}
        return Parcel(dump(body), {"content-type": "application/json"})


def _one(letter: Letter, room: int) -> dict[str, Any]:
    (told,) = letter.told
    words = letter.texts
    rows = [(label, escape(cut(text, 450))) for label, text in facts(told, words)]
    if told.evidence:
        lines = [f"- {_cited(one)}" for one in told.evidence]
        rows.append((words["label.evidence"], "\n".join(fit_lines(lines, FIELD, words))))
    if told.standing:
        lines = [
            f"- {escape(f'{title}: {status}, {since}')}" for title, status, since in told.standing
        ]
        shown = "\n".join(fit_lines(lines, FIELD, words))
        rows.append((words["label.commitments"], shown))
    fields = []
    for label, text in rows[:FIELDS]:
        field = {"name": cut(label, 100), "value": cut(text, FIELD)}
        room -= units(field["name"]) + units(field["value"])
        if room < 0:
            break
        fields.append(field)
    return {"fields": fields}


def _cited(evidence: Evidence) -> str:
    title = escape(cut(evidence.title, 150))
    url = evidence.url.replace(")", "%29").replace("(", "%28").replace(" ", "%20")
    named = f"[{title}]({url})" if url and len(url) < 300 else title
    return ", ".join(p for p in (evidence.date, named, escape(cut(evidence.source, 60))) if p)


def escape(text: str) -> str:
    """Text that Discord's Markdown shows as it is."""
    return "".join(f"\\{c}" if c in "\\`*_~|>[]#<@" else c for c in text)
