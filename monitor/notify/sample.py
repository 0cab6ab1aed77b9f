"""A message to try a receiver out with: it looks like an alert, and says that it is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.alert import Alert, AlertKind, Phase, alert_id
from monitor.domain.message import Message, MessageReason
from monitor.domain.time import format_date, format_instant
from monitor.notify.texts import texts

if TYPE_CHECKING:
    from monitor.domain.time import Instant


def sample_alert(now: Instant, language: str = "en", zone: str = "UTC") -> Alert:
    """A stall that has not happened."""
    words, english = texts(language), texts("en")
    title = words["sample.title"]
    date = format_date(now, zone)
    why = english.say("reason.first_silence", days="180d", date=date)
    return Alert(
        alert_id("test", str(now)),
        AlertKind.STALLED,
        Phase.OPENED,
        now,
        "test",
        "test/night-ferry",
        None,
        "info",
        (),
        f"{english.say('stalled.opened', title=title)} ({why}), {date}",
        {
            "id": "night-ferry",
            "agreement": "test",
            "title": title,
            "quote": words["sample.quote"],
            "at": format_instant(now, zone),
            "before": {"status": "not_started", "level": "none"},
            "after": {"status": "stalled", "level": "none"},
            "reasons": [
                {
                    "cause": "silence",
                    "text": why,
                    "rule": "stalled",
                    "where": "rules/harbour.yaml:10",
                    "updates": [
                        {
                            "id": "u_test",
                            "occurred": date,
                            "kind": "statement",
                            "title": words["sample.quote"],
                            "source": "The Coast Courier",
                            "url": "https://example.org/night-ferry",
                        }
                    ],
                }
            ],
        },
        now,
    )


def sample(receiver: str, now: Instant, language: str = "en", zone: str = "UTC") -> Message:
    """The test message to a receiver. Its id differs from second to second."""
    alert = sample_alert(now, language, zone)
    return Message(alert.id, receiver, (alert,), MessageReason.TEST)
