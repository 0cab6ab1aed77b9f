"""An event that is larger than its receiver takes: what goes first, and how it says so.

In this order, only as far as needed, and from the last alert of a message to the first:

1. of `details`, lists and long texts: reasons, reports, the quote;
2. of `message`, all but its beginning;
3. alerts of a message that tells several.

`data.shortened` then counts them, {details, messages, alerts}, and `see` is the command that shows
all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from monitor.domain.message import list_in_full, show_in_full
from monitor.notify.canonical import canonical
from monitor.notify.fitting import cut, octets

if TYPE_CHECKING:
    from collections.abc import Mapping

LONG = 300
"""Octets of a text that is left whole."""
RESERVED = 300
"""Octets for `data.shortened`."""


def shortened(event: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """The event within a limit of octets, which are some thousands."""
    data = event["data"]
    several = data.get("alerts")
    alerts: list[dict[str, Any]] = [dict(one) for one in ([data] if several is None else several)]
    frame = {**event, "data": {} if several is None else {**data, "alerts": []}}
    over = sum(len(canonical(one)) + 1 for one in alerts) + len(canonical(frame)) + RESERVED - limit
    told = dict.fromkeys(("details", "messages", "alerts"), 0)
    for name, key, less in (("details", "details", _brief), ("messages", "message", _beginning)):
        for alert in reversed(alerts):
            if over <= 0:
                break
            before = len(canonical(alert[key]))
            alert[key] = less(alert[key])
            saved = before - len(canonical(alert[key]))
            over -= saved
            told[name] += saved > 0
    while over > 0 and len(alerts) > 1:
        over -= len(canonical(alerts.pop())) + 1
        told["alerts"] += 1
    see = list_in_full(event["id"]) if several is not None else show_in_full(event["id"])
    said = {"shortened": {**told, "see": see}}
    body = alerts[0] if several is None else {**data, "alerts": alerts}
    return {**event, "data": {**body, **said}}


def _brief(details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in details.items()
        if not isinstance(value, list) and len(canonical(value)) <= LONG
    }


def _beginning(message: str) -> str:
    return cut(message, LONG, octets)
