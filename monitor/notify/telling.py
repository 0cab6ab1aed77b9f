"""What a reader is told: a message as words and facts, before it is put into a service's form."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.alert import Alert, AlertKind, Phase
from monitor.domain.message import MessageReason, in_full
from monitor.domain.time import format_date
from monitor.notify.restating import correction, headline, rules_changed
from monitor.notify.texts import Texts, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.domain.message import Message

_AGAIN = {MessageReason.REMINDER, MessageReason.ESCALATION, MessageReason.TEST}


class Evidence(NamedTuple):
    """A report that a conclusion rests on. `url` is empty or begins with http:// or https://."""

    date: str
    title: str
    source: str
    url: str


class Told(NamedTuple):
    """What there is to say about one alert. What it has not is empty.

    `change` is the headline before and after; `why` the reasons; `rules` each rule with its place;
    `back` what would change it; `corrects` the id of the alert that it closes or corrects;
    `standing` (title, status, since) of the commitments of a summary.
    """

    alert: Alert
    headline: str
    change: str
    since: str
    why: tuple[str, ...]
    rules: tuple[str, ...]
    quote: str
    evidence: tuple[Evidence, ...]
    back: str
    corrects: str
    standing: tuple[tuple[str, str, str], ...]

    @property
    def link(self) -> str:
        """The newest report that can be opened."""
        return next((e.url for e in reversed(self.evidence) if e.url), "")


class Letter(NamedTuple):
    """A message in words.

    `lead` is the worst thing it says: critical, warning or info; `see` the command that shows all
    of what it tells.
    """

    title: str
    told: tuple[Told, ...]
    texts: Texts
    lead: str
    see: str

    @property
    def good(self) -> bool:
        """Only what ends well is in it."""
        return all(t.alert.kind in _GOOD or t.alert.phase is Phase.RESOLVED for t in self.told)


_GOOD = {AlertKind.ADVANCED, AlertKind.DELIVERED}
_SEVERITIES = ("critical", "warning", "info")


def letter(message: Message, language: str) -> Letter:
    """A message in the words of a language."""
    words = texts(language)
    told = tuple(tell(alert, words) for alert in message.alerts)
    title = told[0].headline if len(told) == 1 else _several(message.alerts, words)
    if message.reason in _AGAIN:
        title = words.say(message.reason.value, title=title)
    given = {alert.severity for alert in message.alerts}
    lead = next((severity for severity in _SEVERITIES if severity in given), "info")
    return Letter(title, told, words, lead, in_full(message))


def tell(alert: Alert, words: Texts) -> Told:
    """What there is to say about an alert."""
    body = alert.body
    reasons = [r for r in body.get("reasons", ()) if isinstance(r, dict)]
    standing = tuple(
        (str(c.get("title", "")), words.word("status", str(c.get("status"))), str(c.get("since")))
        for c in body.get("commitments", ())
    )
    back = ""
    if alert.phase is Phase.OPENED or alert.kind in (AlertKind.SETBACK, AlertKind.REVERSED):
        back = words[f"back.{alert.kind.value}"]
    return Told(
        alert,
        _headline(alert, words),
        _change(body, words),
        _since(alert),
        tuple(words.reason(str(r["text"])) for r in reasons if r.get("text")),
        tuple(_rule(r) for r in reasons if r.get("rule")),
        str(body.get("quote") or ""),
        tuple(_evidence(reasons)),
        back,
        alert.opening or "",
        standing,
    )


def facts(told: Told, words: Texts) -> list[tuple[str, str]]:
    """Label and text of what there is to say, without the evidence, most telling first."""
    rows = [
        ("change", told.change),
        ("since", told.since),
        ("why", "; ".join(told.why)),
        ("rule", ", ".join(told.rules)),
        ("quote", f"“{told.quote}”" if told.quote else ""),
        ("back", told.back),
        ("corrects", told.corrects),
    ]
    return [(words[f"label.{key}"], text) for key, text in rows if text]


def citation(evidence: Evidence) -> str:
    """A report on one line."""
    return ", ".join(part for part in (evidence.date, evidence.title, evidence.source) if part)


def row(told: Told) -> str:
    """An alert on one line, for a message that has many."""
    why = "; ".join(told.why)
    return f"{told.headline}: {why}" if why and why not in told.headline else told.headline


def lines(letter: Letter) -> list[str]:
    """What there is to say, as lines of plain text: of one alert all, of several one line each."""
    if len(letter.told) > 1:
        return [row(told) for told in letter.told]
    return lines_about(letter.told[0], letter.texts)


def lines_about(told: Told, words: Texts) -> list[str]:
    """What there is to say about one alert, without its headline."""
    found = [f"{label}: {text}" for label, text in facts(told, words)]
    found += [f"{title}: {status}, {since}" for title, status, since in told.standing]
    if told.evidence:
        found.append(f"{words['label.evidence']}:")
    return found + [f"{citation(one)} {one.url}".rstrip() for one in told.evidence]


def _headline(alert: Alert, words: Texts) -> str:
    """The alert's own sentence, or the same in another language where it is a built-in one."""
    if words.language == "en":
        return alert.message
    if alert.kind not in _RESTATED:
        title = alert.body.get("title")
        return alert.message if title is None else headline(alert.message, str(title), words)
    built = _built(alert, texts("en"))
    if built is None or not alert.message.startswith(built):
        return alert.message
    return (_built(alert, words) or built) + alert.message[len(built) :]


_RESTATED = (AlertKind.SUMMARY, AlertKind.CORRECTION, AlertKind.RULES_CHANGED)


def _built(alert: Alert, words: Texts) -> str | None:
    """The sentence about earlier ones; None where its body does not hold what it takes."""
    match alert.kind:
        case AlertKind.SUMMARY:
            return _summary(alert.body, words)
        case AlertKind.CORRECTION:
            return correction(alert.body, words, alert.message)
        case _:
            return rules_changed(alert.body, words, alert.message)


def _summary(body: Mapping[str, Any], words: Texts) -> str | None:
    rows = body.get("commitments")
    if not rows:
        return None
    counts = Counter(str(one.get("status")) for one in rows)
    order = [key.removeprefix("status.") for key in _statuses()]
    listed = ", ".join(f"{counts[s]} {words.word('status', s)}" for s in order if counts[s])
    key = "summary.one" if len(rows) == 1 else "summary.once"
    return words.say(key, title=body.get("title"), count=len(rows), counts=listed)


def _statuses() -> Iterable[str]:
    from monitor.notify.texts import catalogue  # noqa: PLC0415 - in the order of precedence

    return (key for key in catalogue("en") if key.startswith("status."))


def _change(body: Mapping[str, Any], words: Texts) -> str:
    before, after = body.get("before"), body.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return ""
    for axis in ("status", "level"):
        was, now = (words.word(axis, str(side.get(axis))) for side in (before, after))
        if was != now:
            return f"{was} → {now}"
    return ""


def _since(alert: Alert) -> str:
    """The day, in the commitment's own zone where the alert tells it."""
    at = alert.body.get("at") or alert.body.get("since")
    return str(at)[:10] if at else format_date(alert.at, "UTC")


def _rule(reason: Mapping[str, Any]) -> str:
    where = reason.get("where")
    return f"{reason['rule']} ({where})" if where else str(reason["rule"])


def _evidence(reasons: Iterable[Mapping[str, Any]]) -> Iterable[Evidence]:
    seen = set()
    for reason in reasons:
        for update in reason.get("updates", ()):
            if not isinstance(update, dict) or update.get("id") in seen or "title" not in update:
                continue
            seen.add(update.get("id"))
            url = str(update.get("url") or "")
            yield Evidence(
                str(update.get("occurred") or ""),
                str(update["title"]),
                str(update.get("source") or ""),
                url if url.startswith(("http://", "https://")) else "",
            )


def _several(alerts: Iterable[Alert], words: Texts) -> str:
    kept = list(alerts)
    counts = Counter(
        "resolved" if alert.phase is Phase.RESOLVED else alert.kind.value for alert in kept
    )
    listed = ", ".join(f"{n} {words.word('kind', kind)}" for kind, n in counts.most_common())
    return words.say("several", count=len(kept), counts=listed)
