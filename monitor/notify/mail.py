"""Mail: one message, plain and HTML.

A message's id makes its Message-ID, the same in every retry, so that a mailbox can know a
repetition again; `In-Reply-To` puts a resolution, a correction or a reminder below what it is
about. Every header is one line of text: whatever an update says, it starts no header.

A server takes as much as it says. Postfix takes 10.24 MB where nobody has said otherwise
(https://www.postfix.org/postconf.5.html#message_size_limit); a mail here has at most two parts of
PART, and what its transport adds.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.time import to_datetime
from monitor.notify.fitting import Fitting, cut, octets
from monitor.notify.telling import citation, facts, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.message import Message
    from monitor.domain.time import Instant
    from monitor.notify.telling import Letter, Told
    from monitor.notify.wording import Wording

SUBJECT = 200
PART = 1_000_000
"""Octets of the plain text, and of the HTML."""
ROW = 1000
"""Octets of a row, of those there are many of: thousands fit."""


class Mailbox(NamedTuple):
    """Through which server, from whom, to whom. `tls`: starttls, ssl or none."""

    host: str
    sender: str
    to: Sequence[str]
    port: int | None = None
    tls: str = "starttls"
    username: str | None = None
    password: str | None = None


def compose(message: Message, wording: Wording, box: Mailbox, now: Instant) -> EmailMessage:
    """The mail of a message.

    Raises:
        ValueError: the template failed.
    """
    letter, own = wording.letter(message)
    domain = parseaddr(box.sender)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage()
    mail["Subject"] = cut(one_line(letter.title), SUBJECT)
    mail["From"] = _header_address(box.sender)
    mail["To"] = ", ".join(_header_address(address) for address in box.to)
    mail["Date"] = format_datetime(to_datetime(now, "UTC"))
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    if earlier := _about(message):
        mail["In-Reply-To"] = mail["References"] = f"<{earlier}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Priority"] = "1" if letter.lead == "critical" and not letter.good else "3"
    fit = Fitting(letter.texts, letter.see)
    if own.body is not None:
        mail.set_content(fit.text(own.body.split("\n"), PART, octets))
    else:
        mail.set_content(_plain(letter, fit))
        mail.add_alternative(_html(letter), subtype="html")
    return mail


def _about(message: Message) -> str:
    """The message that this one answers."""
    first = message.alerts[0]
    if len(message.alerts) > 1:
        return ""
    return first.id if message.id != first.id else first.opening or ""


def _plain(letter: Letter, fit: Fitting) -> str:
    """Every alert in full; where that is too much, each in one line."""
    parts = [letter.title] if len(letter.told) > 1 else []
    whole = "\n\n".join([*parts, *(_plain_alert(told, letter) for told in letter.told)])
    if octets(whole) <= PART:
        return whole + "\n"
    if not parts:
        return fit.text(whole.split("\n"), PART, octets) + "\n"
    fit.short = True
    rows = [fit.cut(row(told), ROW, octets) for told in letter.told]
    return fit.text([letter.title, "", *rows], PART, octets) + "\n"


def _plain_alert(told: Told, letter: Letter) -> str:
    words = letter.texts
    lines = [told.headline]
    lines += [f"  {label}: {text}" for label, text in facts(told, words)]
    lines += [f"  {title}: {status}, {since}" for title, status, since in told.standing]
    if told.evidence:
        lines.append(f"  {words['label.evidence']}:")
    for one in told.evidence:
        lines.append(f"    {citation(one)}")
        lines += [f"    {one.url}"] if one.url else []
    return "\n".join(lines)


def _html(letter: Letter) -> str:
    if len(letter.told) > 1:
        inner = _html_table(letter)
    else:
        fit = Fitting(letter.texts, letter.see)
        inner = _html_alert(letter.told[0], letter)
        if octets(inner) > PART:
            lines = _plain_alert(letter.told[0], letter).split("\n")
            inner = f"<pre>{escape(fit.text(lines, PART // 6, octets))}</pre>"
    return f"<!doctype html><html lang='{letter.texts.language}'><body>{inner}</body></html>"


def _html_table(letter: Letter) -> str:
    fit = Fitting(letter.texts, letter.see)
    cells = [
        f"<tr><td>{escape(t.since)}</td>"
        f"<td>{escape(letter.texts.word('severity', t.alert.severity))}</td>"
        f"<td>{escape(fit.cut(row(t), ROW, octets))}</td></tr>"
        for t in letter.told
    ]
    shown = fit.lines(cells, PART, octets)
    if shown[-1] != cells[-1]:
        shown[-1] = f"<tr><td></td><td></td><td>{escape(shown[-1])}</td></tr>"
    note = f"<p>{escape(fit.note)}</p>" if fit.note else ""
    return f"<h2>{escape(letter.title)}</h2><table cellpadding='4'>{''.join(shown)}</table>{note}"


def _html_alert(told: Told, letter: Letter) -> str:
    words = letter.texts
    rows = "".join(
        f"<dt><b>{escape(label)}</b></dt><dd>{escape(text)}</dd>"
        for label, text in facts(told, words)
    )
    standing = "".join(
        f"<li>{escape(title)}: {escape(status)}, {escape(since)}</li>"
        for title, status, since in told.standing
    )
    cited = "".join(
        f"<li><a href='{escape(one.url)}'>{escape(citation(one))}</a></li>"
        if one.url
        else f"<li>{escape(citation(one))}</li>"
        for one in told.evidence
    )
    evidence = f"<p><b>{escape(words['label.evidence'])}</b></p><ul>{cited}</ul>" if cited else ""
    return (
        f"<h2>{escape(letter.title)}</h2><dl>{rows}</dl>"
        + (f"<ul>{standing}</ul>" if standing else "")
        + evidence
    )


def _header_address(text: str) -> str:
    return formataddr(parseaddr(text))


def one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
