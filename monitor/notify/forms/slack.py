"""Slack: an incoming webhook, with Block Kit.

Limits by https://docs.slack.dev/reference/block-kit/blocks: 50 blocks, a header of 150
characters, a section of 3000. Escaping by https://docs.slack.dev/messaging/formatting-message-
text: `&`, `<` and `>`; what cannot make a `<` cannot call `<!channel>` or link anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.notify.fitting import cut, dump, fit_lines
from monitor.notify.receiver import Parcel
from monitor.notify.telling import facts, row

if TYPE_CHECKING:
    from monitor.domain.message import Message
    from monitor.domain.time import Instant
    from monitor.notify.telling import Evidence, Letter
    from monitor.notify.wording import Wording

HEADER = 150
SECTION = 3000
BLOCKS = 50
FALLBACK = 3000
"""Shown in notifications; Slack asks for less than 4000."""

SECTIONS = 8
"""Of a message with many alerts: so many pages of lines, then "and more"."""


class SlackForm:
    def __init__(self, wording: Wording) -> None:
        self.secrets: tuple[str, ...] = ()
        self._wording = wording

    def parcel(self, message: Message, now: Instant) -> Parcel:
        del now
        letter, own = self._wording.letter(message)
        blocks: list[dict[str, Any]] = [
            {"type": "header", "text": {"type": "plain_text", "text": cut(letter.title, HEADER)}}
        ]
        if own.body is not None:
            blocks += [_section(page) for page in _pages(own.body.splitlines(), letter)]
        else:
            blocks += _built_in(letter)
        body = {
            "text": cut(escape(letter.title), FALLBACK),
            "blocks": blocks[:BLOCKS],
            "unfurl_links": False,
            "unfurl_media": False,
        }
        return Parcel(dump(body), {"content-type": "application/json"})


def _built_in(letter: Letter) -> list[dict[str, Any]]:
    words = letter.texts
    if len(letter.told) > 1:
        lines = [f"• {escape(cut(row(told), 500))}" for told in letter.told]
        return [_section(page) for page in _pages(lines, letter)]
    (told,) = letter.told
    blocks = [
        _section(f"*{escape(label)}*\n{escape(cut(text, SECTION // 6))}")
        for label, text in facts(told, words)
    ]
    if told.standing:
        lines = [
            f"• {escape(f'{title}: {status}, {since}')}" for title, status, since in told.standing
        ]
        blocks += [_section(page) for page in _pages(lines, letter)]
    if told.evidence:
        lines = [f"• {_cited(one)}" for one in told.evidence]
        listed = "\n".join(fit_lines(lines, SECTION - 100, words))
        blocks.append(_section(f"*{escape(words['label.evidence'])}*\n{listed}"))
    context = {"type": "mrkdwn", "text": escape(cut(told.alert.id, 200))}
    return [*blocks[: BLOCKS - 2], {"type": "context", "elements": [context]}]


def _pages(lines: list[str], letter: Letter) -> list[str]:
    """Lines in texts that each fit into a section."""
    pages: list[list[str]] = [[]]
    used = 0
    for line in fit_lines(
        [cut(one, SECTION) for one in lines], SECTION * SECTIONS // 2, letter.texts
    ):
        if used + len(line) * 2 > SECTION and pages[-1]:
            pages.append([])
            used = 0
        pages[-1].append(line)
        used += len(line) + 1
    return ["\n".join(page) for page in pages if any(line.strip() for line in page)]


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, SECTION)}}


def _cited(evidence: Evidence) -> str:
    title = escape(cut(evidence.title, 300))
    url = evidence.url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C")
    named = f"<{escape(url)}|{title}>" if url and len(url) < 1000 else title
    return ", ".join(p for p in (evidence.date, named, escape(cut(evidence.source, 100))) if p)


def escape(text: str) -> str:
    """Text that Slack shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
