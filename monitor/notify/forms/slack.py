"""Slack: an incoming webhook, with Block Kit.

Limits by https://docs.slack.dev/reference/block-kit/blocks: 50 blocks, a header of 150
characters, a section of 3000. Escaping by https://docs.slack.dev/messaging/formatting-message-
text: `&`, `<` and `>`; what cannot make a `<` cannot call `<!channel>` or link anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.notify.fitting import cut, units
from monitor.notify.forms import JsonForm
from monitor.notify.telling import facts, row

if TYPE_CHECKING:
    from monitor.notify.fitting import Fitting
    from monitor.notify.forms import Page
    from monitor.notify.telling import Evidence, Letter

HEADER = 150
SECTION = 3000
LINK = 1000
FALLBACK = 3000
"""Shown in notifications; Slack asks for less than 4000, and cuts at 40,000."""

SECTIONS = 8
"""Of a message with many alerts: so many pages of lines, then "and more"."""


class SlackForm(JsonForm):
    def body(self, page: Page) -> dict[str, Any]:
        letter, fit = page.letter, page.fitting()
        header = {"type": "plain_text", "text": fit.cut(letter.title, HEADER)}
        if page.own.body is not None:
            blocks = [_section(text) for text in _pages(page.own.body.splitlines(), fit)]
            about = ""
        else:
            blocks = _built_in(letter, fit)
            about = letter.told[0].alert.id if len(letter.told) == 1 else ""
        foot = escape("\n".join(part for part in (cut(about, 200), fit.note) if part))
        if foot:
            elements = [{"type": "mrkdwn", "text": foot}]
            blocks.append({"type": "context", "elements": elements})
        return {
            "text": cut(escape(letter.title), FALLBACK),
            "blocks": [{"type": "header", "text": header}, *blocks],
            "unfurl_links": False,
            "unfurl_media": False,
        }


def _built_in(letter: Letter, fit: Fitting) -> list[dict[str, Any]]:
    words = letter.texts
    if len(letter.told) > 1:
        lines = [f"• {escape(fit.cut(row(told), 500))}" for told in letter.told]
        return [_section(page) for page in _pages(lines, fit)]
    (told,) = letter.told
    blocks = [
        _section(f"*{escape(label)}*\n{escape(fit.cut(text, SECTION // 6))}")
        for label, text in facts(told, words)
    ]
    if told.standing:
        lines = [
            f"• {escape(f'{title}: {status}, {since}')}" for title, status, since in told.standing
        ]
        blocks += [_section(page) for page in _pages(lines, fit)]
    if told.evidence:
        lines = [f"• {_cited(one, fit)}" for one in told.evidence]
        listed = "\n".join(fit.lines(lines, SECTION - 100))
        blocks.append(_section(f"*{escape(words['label.evidence'])}*\n{listed}"))
    return blocks


def _pages(lines: list[str], fit: Fitting) -> list[str]:
    """Lines in texts that each fit into a section."""
    pages: list[list[str]] = [[]]
    used = 0
    for line in fit.lines([fit.cut(one, SECTION) for one in lines], SECTION * SECTIONS // 2):
        if used + units(line) > SECTION and pages[-1]:
            pages.append([])
            used = 0
        pages[-1].append(line)
        used += units(line) + 1
    return ["\n".join(page) for page in pages if any(line.strip() for line in page)]


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _cited(evidence: Evidence, fit: Fitting) -> str:
    title = escape(fit.cut(evidence.title, 300))
    url = evidence.url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C")
    named = f"<{escape(url)}|{title}>" if url and len(url) < LINK else title
    fit.short |= len(url) >= LINK
    source = escape(fit.cut(evidence.source, 100))
    return ", ".join(part for part in (evidence.date, named, source) if part)


def escape(text: str) -> str:
    """Text that Slack shows as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
