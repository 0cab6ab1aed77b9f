"""Mail: one message, plain and HTML.

A message's id makes its Message-ID, the same in every retry, so that a mailbox can know a
repetition again; `In-Reply-To` puts a resolution, a correction or a reminder below what it is
about. Every header is one line of text: whatever an update says, it starts no header.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.time import to_datetime
from monitor.notify.fitting import cut
from monitor.notify.telling import citation, facts, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.message import Message
    from monitor.domain.time import Instant
    from monitor.notify.telling import Letter, Told
    from monitor.notify.wording import Wording

SUBJECT = 200


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
    mail.set_content(own.body if own.body is not None else _plain(letter))
    if own.body is None:
        mail.add_alternative(_html(letter), subtype="html")
    return mail


def _about(message: Message) -> str:
    """The message that this one answers."""
    first = message.alerts[0]
    if len(message.alerts) > 1:
        return ""
    return first.id if message.id != first.id else first.opening or ""


def _plain(letter: Letter) -> str:
    parts = [letter.title] if len(letter.told) > 1 else []
    return "\n\n".join([*parts, *(_plain_alert(told, letter) for told in letter.told)]) + "\n"


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
    words = letter.texts
    if len(letter.told) > 1:
        cells = "".join(
            f"<tr><td>{escape(t.since)}</td><td>{escape(words.word('severity', t.alert.severity))}"
            f"</td><td>{escape(row(t))}</td></tr>"
            for t in letter.told
        )
        inner = f"<h2>{escape(letter.title)}</h2><table cellpadding='4'>{cells}</table>"
    else:
        inner = _html_alert(letter.told[0], letter)
    return f"<!doctype html><html lang='{words.language}'><body>{inner}</body></html>"


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
