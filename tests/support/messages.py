"""Messages as the services make them, of one alert or of many."""

from monitor.domain.alert import Alert, AlertKind, Phase, alert_id
from monitor.domain.message import Message, MessageReason

NOW = 1_771_460_000
QUOTE = "strengthen cooperation in areas such as clean energy"


def an_alert(number=0, **changes):
    """A stall with everything that a body may hold."""
    title = f"Clean energy {number}"
    alert = Alert(
        id=alert_id("clean-energy", str(number)),
        kind=AlertKind.STALLED,
        phase=Phase.OPENED,
        at=NOW - 5000,
        agreement="jp-kr",
        commitment=f"jp-kr/clean-energy-{number}",
        transition=f"t_{number}",
        severity="warning",
        labels=(("desk", "asia"),),
        message=f"{title}: stalled (no advance in 180d of watching, since 2025-08-23), 2026-02-19",
        body={
            "id": "clean-energy",
            "agreement": "jp-kr",
            "title": title,
            "quote": QUOTE,
            "at": "2026-02-19T00:00:00+09:00",
            "before": {"status": "on_track", "level": "limited"},
            "after": {"status": "stalled", "level": "limited"},
            "reasons": [
                {
                    "cause": "silence",
                    "text": "no advance in 180d of watching, since 2025-08-23",
                    "rule": "slipping",
                    "where": "rules/jp-kr.yaml:12",
                    "updates": [
                        {
                            "id": "u_1",
                            "occurred": "2025-08-23",
                            "kind": "meeting",
                            "title": "Officials meet",
                            "source": "The Coast Courier",
                            "url": "https://news.example/a",
                        }
                    ],
                }
            ],
        },
        recorded=NOW,
    )
    return alert._replace(**changes)


def hostile(text):
    """An alert in which every free text is the given one."""
    alert = an_alert()
    reason = {**alert.body["reasons"][0], "text": text, "rule": text, "where": text}
    update = {
        "id": "u",
        "occurred": "2025",
        "title": text,
        "source": text,
        "url": f"https://{text}",
    }
    body = {
        **alert.body,
        "title": text,
        "quote": text,
        "reasons": [{**reason, "updates": [update]}],
    }
    return alert._replace(message=text, body=body)


def message(*alerts, reason=MessageReason.IMMEDIATE, identity=None):
    told = alerts or (an_alert(),)
    return Message(identity or told[0].id, "desk", tuple(told), reason)


def many(count):
    return message(*(an_alert(n) for n in range(count)), identity="m_many")
