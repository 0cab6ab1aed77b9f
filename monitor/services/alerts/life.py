"""The whole life of one alert: found, routed, held, sent, seen to, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.alert import Phase
from monitor.domain.notice import Ack, NoticeState
from monitor.errors import UsageError
from monitor.services.alerts.muting import open_alerts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.delivery import Delivery
    from monitor.domain.notice import Notice
    from monitor.domain.time import Instant
    from monitor.services.ports import Reader, Writer


class Event(NamedTuple):
    """Something that happened to it; what does not apply is empty."""

    at: Instant
    receiver: str
    what: str
    why: str = ""
    by: str = ""
    until: Instant | None = None


class Life(NamedTuple):
    """`later`: the alerts that end or correct it. `events` in the order of time."""

    alert: Alert
    notices: Sequence[Notice]
    deliveries: Sequence[Delivery]
    ack: Ack | None
    later: Sequence[Alert]
    events: Sequence[Event]


def life(reader: Reader, identity: str) -> Life | None:
    """All that is known of an alert; None: there is none of this id."""
    alert = reader.alerts_named([identity]).get(identity)
    if alert is None:
        return None
    notices = reader.notices([identity])
    deliveries = reader.deliveries_of(identity)
    ack = reader.acks([identity]).get(identity)
    later = [a for a in reader.alerts(agreement=alert.agreement) if a.opening == identity]
    events = [Event(alert.recorded, "", "found late" if alert.found_late else "found")]
    events += _routed(notices)
    events += _sent(deliveries)
    events += [
        Event(s.at, s.receiver, "not told", s.why.value, s.by, s.until)
        for s in reader.suppressions(identity)
    ]
    if ack is not None:
        events.append(Event(ack.at, "", "acknowledged", ack.reason, ack.by))
    events += [
        Event(a.recorded, "", a.phase.value if a.phase is Phase.RESOLVED else a.kind.value, by=a.id)
        for a in later
    ]
    events.sort(key=lambda event: event.at)
    return Life(alert, notices, deliveries, ack, later, events)


def _routed(notices: Sequence[Notice]) -> Iterator[Event]:
    for notice in notices:
        waits = notice.state in (NoticeState.HELD, NoticeState.MUTED)
        until = notice.wake if waits else None
        why = notice.held if waits else ""
        yield Event(notice.recorded, notice.receiver, "routed", why, notice.route, until)


def _sent(deliveries: Sequence[Delivery]) -> Iterator[Event]:
    for row in deliveries:
        yield Event(
            row.created,
            row.receiver,
            f"in a message ({row.reason.value})",
            by=row.message or row.alert,
        )
        if row.delivered is not None:
            yield Event(row.delivered, row.receiver, "delivered", by=row.message or row.alert)
        elif row.error is not None:
            yield Event(row.created, row.receiver, row.state.value, row.error)


def acknowledge(writer: Writer, identity: str, by: str, reason: str, now: Instant) -> Alert:
    """Note that somebody has seen to an open alert.

    Raises:
        UsageError: there is no such alert, or it is none that can be seen to.
    """
    if not by:
        raise UsageError("--by must not be empty")
    alert = writer.alerts_named([identity]).get(identity)
    if alert is None:
        raise UsageError(f"no alert has the id {identity}", hint="see `monitor alerts list`")
    if alert.phase is not Phase.OPENED:
        raise UsageError(
            f"{identity} is no alert that stays open: there is nothing to acknowledge",
            hint="stalled, at_risk, overdue and no_data open, and can be acknowledged",
        )
    if (known := writer.acks([identity]).get(identity)) is not None:
        raise UsageError(f"{identity} was acknowledged by {known.by} already")
    if identity not in open_alerts(writer, alert.commitment, {}):
        raise UsageError(f"{identity} is over")
    writer.add_ack(Ack(identity, now, by, reason))
    return alert
