"""Prometheus Alertmanager: its API v2, `POST /api/v2/alerts`.

https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. Alertmanager knows an
alert by its labels, so they hold only what an opening and its resolution share: alertname,
agreement, commitment and kind. Severity, text and evidence are annotations; an event has its id
as a label too, so that each one is an alert of its own.

Alertmanager takes an alert that is not sent again for resolved. Nothing here sends again: a cron
job may come once a day. So `endsAt` of a condition lies years ahead (`hold`), and the resolution
sets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.alert import AlertKind, Phase
from monitor.domain.message import MessageReason
from monitor.domain.time import DAY, MINUTE
from monitor.notify.fitting import cut, dump
from monitor.notify.payload import rfc3339
from monitor.notify.receiver import Parcel
from monitor.notify.telling import citation, facts

if TYPE_CHECKING:
    from monitor.domain.message import Message
    from monitor.domain.time import Instant, Seconds
    from monitor.notify.telling import Letter, Told
    from monitor.notify.wording import Own, Wording

PATH = "/api/v2/alerts"
HOLD: Seconds = 3650 * DAY
EVENT_HOLD: Seconds = DAY
TEST_HOLD: Seconds = 5 * MINUTE
ANNOTATION = 8000
"""Characters of a text: Alertmanager has no limit, but what it notifies does."""


class AlertmanagerForm:
    """Args: wording, and how long a condition and an event last where nothing ends them."""

    def __init__(
        self, wording: Wording, hold: Seconds = HOLD, event_hold: Seconds = EVENT_HOLD
    ) -> None:
        self.secrets: tuple[str, ...] = ()
        self._wording = wording
        self._hold = hold
        self._event_hold = event_hold

    def parcel(self, message: Message, now: Instant) -> Parcel:
        letter, own = self._wording.letter(message)
        test = message.reason is MessageReason.TEST
        body = [self._alert(told, letter, own, now, test=test) for told in letter.told]
        return Parcel(dump(body), {"content-type": "application/json"})

    def _alert(
        self, told: Told, letter: Letter, own: Own, now: Instant, *, test: bool
    ) -> dict[str, Any]:
        alert = told.alert
        alone = len(letter.told) == 1
        kind = "test" if test else alert.kind.value
        labels = {
            "alertname": f"Commitment{''.join(part.capitalize() for part in kind.split('_'))}",
            "agreement": alert.agreement,
            "kind": kind,
        }
        if alert.commitment:
            labels["commitment"] = alert.commitment
        if alert.phase is Phase.ONCE or test:
            labels["alert"] = alert.id
        body: dict[str, Any] = {
            "labels": labels,
            "annotations": _annotations(told, letter, own if alone else None),
            **self._span(told, now, test=test),
        }
        if told.link:
            body["generatorURL"] = told.link
        return body

    def _span(self, told: Told, now: Instant, *, test: bool) -> dict[str, str]:
        alert = told.alert
        began = min(alert.at, now)
        if test:
            return {"startsAt": rfc3339(now), "endsAt": rfc3339(now + TEST_HOLD)}
        if alert.phase is Phase.RESOLVED:
            return {"endsAt": rfc3339(began)}  # it keeps the beginning that it knows
        hold = self._hold if alert.phase is Phase.OPENED else self._event_hold
        return {"startsAt": rfc3339(began), "endsAt": rfc3339(now + hold)}


def _annotations(told: Told, letter: Letter, own: Own | None) -> dict[str, str]:
    words = letter.texts
    summary = told.headline if own is None else letter.title
    if own is not None and own.body is not None:
        description = own.body
    else:
        lines = [f"{label}: {text}" for label, text in facts(told, words)]
        lines += [f"{title}: {status}, {since}" for title, status, since in told.standing]
        lines += [f"{citation(one)} {one.url}".rstrip() for one in told.evidence]
        description = "\n".join(lines)
    return {
        "summary": cut(summary, 1000),
        "description": cut(description, ANNOTATION),
        "severity": told.alert.severity,
        "id": told.alert.id,
        **({"corrects": told.corrects} if told.alert.kind is AlertKind.CORRECTION else {}),
    }
