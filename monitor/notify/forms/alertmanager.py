"""Prometheus Alertmanager: its API v2, `POST /api/v2/alerts`.

https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. Alertmanager knows an
alert by its labels, so they hold only what an opening and its resolution share: alertname,
agreement, commitment and kind. Severity, text and evidence are annotations; an event has its id
as a label too, so that each one is an alert of its own.

Alertmanager takes an alert that is not sent again for resolved. Nothing here sends again: a cron
job may come once a day. So `endsAt` of a condition lies years ahead (`hold`), and the resolution
sets it.

It sets no limit to a body, but a proxy before it may: nginx takes 1 MB where nobody says otherwise
(https://nginx.org/en/docs/http/ngx_http_core_module.html#client_max_body_size). So texts become
shorter where there are many. No alert is ever left out: it would stay open, or never open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.alert import AlertKind, Phase
from monitor.domain.message import MessageReason, show_in_full
from monitor.domain.time import DAY, MINUTE
from monitor.notify.fitting import Fitting, dump
from monitor.notify.forms import JsonForm
from monitor.notify.payload import rfc3339
from monitor.notify.telling import lines_about

if TYPE_CHECKING:
    from monitor.domain.time import Instant, Seconds
    from monitor.notify.forms import Page
    from monitor.notify.telling import Letter, Told
    from monitor.notify.wording import Own, Wording

PATH = "/api/v2/alerts"
HOLD: Seconds = 3650 * DAY
EVENT_HOLD: Seconds = DAY
TEST_HOLD: Seconds = 5 * MINUTE
LARGEST = 1_000_000
"""Octets of a body, as long as its texts can be made shorter."""
LINK = 2000
_TEXTS = ((1000, 8000), (500, 1000), (200, 300), (100, 100))
"""Characters of a summary and of a description, tried in this order."""


class AlertmanagerForm(JsonForm):
    """Args: wording, and how long a condition and an event last where nothing ends them."""

    def __init__(
        self, wording: Wording, hold: Seconds = HOLD, event_hold: Seconds = EVENT_HOLD
    ) -> None:
        super().__init__(wording)
        self._hold = hold
        self._event_hold = event_hold

    def encoded(self, page: Page) -> bytes:
        """All alerts, with texts as long as fit."""
        for texts in _TEXTS:
            encoded = dump(self._alerts(page, texts))
            if len(encoded) <= LARGEST:
                break
        return encoded

    def body(self, page: Page) -> list[dict[str, Any]]:
        return self._alerts(page, _TEXTS[0])

    def _alerts(self, page: Page, texts: tuple[int, int]) -> list[dict[str, Any]]:
        own = page.own if len(page.letter.told) == 1 else None
        return [self._alert(told, page, own, texts) for told in page.letter.told]

    def _alert(
        self, told: Told, page: Page, own: Own | None, texts: tuple[int, int]
    ) -> dict[str, Any]:
        alert = told.alert
        test = page.message.reason is MessageReason.TEST
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
            "annotations": _annotations(told, page.letter, own, texts),
            **self._span(told, page.now, test=test),
        }
        if told.link and len(told.link) < LINK:
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


def _annotations(
    told: Told, letter: Letter, own: Own | None, texts: tuple[int, int]
) -> dict[str, str]:
    fit = Fitting(letter.texts, show_in_full(told.alert.id))
    summary = fit.cut(told.headline if own is None else letter.title, texts[0])
    written = None if own is None else own.body
    lines = lines_about(told, letter.texts) if written is None else written.split("\n")
    return {
        "summary": summary,
        "description": fit.text(lines, texts[1]),
        "severity": told.alert.severity,
        "id": told.alert.id,
        **({"corrects": told.corrects} if told.alert.kind is AlertKind.CORRECTION else {}),
    }
