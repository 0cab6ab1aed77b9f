"""From notices to messages: what is due is muted, or formed into messages and put in the outbox.

    wake     notices about which something is to be decided by now
    mute     by a silence, or by an alert that others hang on
    group    what is due together for one receiver
    form     a message with an id that stays, in the transaction that says which alerts it holds
    again    reminders and escalations of what is still open and nobody has acknowledged

Nothing here waits: every time is an instant in the store. What is due is formed by the first run
that comes after it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

from monitor.domain.alert import Phase
from monitor.domain.interval import next_open
from monitor.domain.message import Message, MessageReason
from monitor.domain.notice import NoticeState, Suppression, Why
from monitor.domain.routing import Route
from monitor.domain.time import DAY
from monitor.services.alerts.muting import Muting, open_alerts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.notice import Notice
    from monitor.domain.routing import Policy
    from monitor.domain.time import Instant
    from monitor.services.ports import Store, Writer

LARGEST = 1000
"""A message tells at most so many alerts; what is more goes into the next one."""

_UNROUTED = Route("", ())


def dispatch(store: Store, policy: Policy, now: Instant) -> int:
    """Put everything that is due into the outbox; how many messages that made.

    Raises:
        StoreError: the database cannot be used; nothing is formed then.
    """
    with store.read() as reader:
        if not reader.wakes(now):
            return 0
    with store.write() as writer:
        return dispatch_within(writer, policy, now)


def dispatch_within(writer: Writer, policy: Policy, now: Instant) -> int:
    """The same in a transaction of the caller's."""
    return _Dispatch(writer, policy, now).work()


class _Dispatch:
    def __init__(self, writer: Writer, policy: Policy, now: Instant) -> None:
        self.writer, self.now = writer, now
        self.routes = policy.by_path
        self.notices = {(n.alert, n.receiver): n for n in writer.waking(now)}
        self.alerts = dict(writer.alerts_named(sorted({alert for alert, _ in self.notices})))
        self.acks = writer.acks(sorted(self.alerts))
        self.muting = Muting(writer, policy, now)
        self.forming: dict[tuple[str, str], int] = {}
        self.messages: dict[tuple[int, str, str, MessageReason], list[Notice]] = defaultdict(list)
        self.changed: dict[tuple[str, str], Notice] = {}
        self.suppressed: list[Suppression] = []

    def work(self) -> int:
        for notice in self.notices.values():
            if notice.state.heard:
                self._again(notice)
            else:
                self._first(notice)
        made = 0
        for (_, receiver, _, reason), notices in sorted(self.messages.items(), key=_round):
            for start in range(0, len(notices), LARGEST):
                self._form(receiver, reason, notices[start : start + LARGEST])
                made += 1
        self.writer.save_notices(list(self.changed.values()))
        self.writer.add_suppressions(self.suppressed)
        return made

    def _first(self, notice: Notice) -> None:
        alert = self.alerts[notice.alert]
        opened = alert.phase is Phase.OPENED
        if notice.follows:
            self._follow(notice, alert)
        elif opened and notice.state is NoticeState.MUTED and not self._is_open(alert):
            self._drop(notice, Why.RESOLVED, "")
        elif muted := self.muting.of(notice.facts, alert):
            if not opened:
                self._drop(notice, muted.why, muted.by)
                return
            if notice.held != muted.by:
                self._suppress(notice, muted.why, muted.by, muted.until)
            self.changed[notice.alert, notice.receiver] = notice._replace(
                state=NoticeState.MUTED,
                wake=self.now + DAY if muted.until is None else muted.until,
                held=muted.by,
                muted_by=muted.alert,
            )
        else:
            self._add(notice, 0)

    def _follow(self, notice: Notice, alert: Alert) -> None:
        """What ends or corrects another: told to whoever was told that one, and after it."""
        key = (alert.opening or "", notice.receiver)
        if key in self.forming:
            before = self.notices.get(key, notice)
            later = before.group != notice.group or before.reason is not notice.reason
            self._add(notice, self.forming[key] + later)
            return
        found = self.changed.get(key) or self._stored(*key)
        if found is None or found.state.heard:
            self._add(notice, 0)
            return
        if found.state is not NoticeState.DROPPED:
            self._drop(found, Why.RESOLVED, notice.alert)
        self._drop(notice, Why.UNHEARD, key[0])

    def _stored(self, alert: str, receiver: str) -> Notice | None:
        return next((n for n in self.writer.notices([alert]) if n.receiver == receiver), None)

    def _add(self, notice: Notice, turn: int) -> None:
        self.forming[notice.alert, notice.receiver] = turn
        self.messages[turn, notice.receiver, notice.group, notice.reason].append(notice)

    def _form(self, receiver: str, reason: MessageReason, notices: Sequence[Notice]) -> None:
        alerts = tuple(self.alerts[notice.alert] for notice in notices)
        identity = message_id(receiver, reason, self.now, alerts)
        delivery = self.writer.add_message(Message(identity, receiver, alerts, reason), self.now)
        if reason is MessageReason.REMINDER:
            return
        for notice in notices:
            told = notice._replace(
                state=NoticeState.SENT, formed=self.now, delivery=delivery, held="", muted_by=None
            )
            self.changed[notice.alert, receiver] = self._timed(told)

    def _timed(self, notice: Notice) -> Notice:
        """With the instants at which it is told again, if it is still open then."""
        timing = self.routes.get(notice.route, _UNROUTED).timing
        wanted = timing.repeat is not None or bool(timing.escalate)
        alert = self.alerts[notice.alert]
        if notice.reason is MessageReason.ESCALATION or alert.phase is not Phase.OPENED:
            wanted = False
        if not wanted or not self._is_open(alert):
            return notice._replace(wake=None, repeat=None, escalate=None)
        formed = self.now if notice.formed is None else notice.formed
        repeat = None if timing.repeat is None else formed + timing.repeat
        left = timing.escalate[notice.level :]
        timed = notice._replace(repeat=repeat, escalate=formed + left[0].after if left else None)
        return timed._replace(wake=timed.next)

    def _again(self, notice: Notice) -> None:
        """Remind of it, or tell somebody else."""
        key = (notice.alert, notice.receiver)
        alert = self.alerts[notice.alert]
        if notice.next is None:
            self.changed[key] = self._timed(notice._replace(formed=self.now))
            return
        quiet = notice._replace(wake=None, repeat=None, escalate=None)
        route = self.routes.get(notice.route)
        if route is None or not self._is_open(alert):
            self.changed[key] = quiet
        elif ack := self.acks.get(notice.alert):
            self._suppress(notice, Why.ACKNOWLEDGED, ack.by)
            self.changed[key] = quiet
        elif muted := self.muting.of(notice.facts, alert):
            self._suppress(notice, muted.why, muted.by, muted.until)
            until = self.now + DAY if muted.until is None else muted.until
            self.changed[key] = notice._replace(wake=until)
        else:
            opens = next_open(route.timing.active, route.timing.mute, self.now)
            if opens is not None and opens > self.now:
                self.changed[key] = notice._replace(wake=opens)
            else:
                self._repeat(notice, route)

    def _repeat(self, notice: Notice, route: Route) -> None:
        timing, formed = route.timing, notice.formed or self.now
        if notice.repeat is not None and notice.repeat <= self.now and timing.repeat is not None:
            # after a long pause one reminder, not one for every time that was missed
            missed = (self.now - notice.repeat) // timing.repeat
            group = notice.route if notice.group == notice.alert else notice.group
            self.messages[0, notice.receiver, group, MessageReason.REMINDER].append(notice)
            notice = notice._replace(repeat=notice.repeat + (missed + 1) * timing.repeat)
        while notice.escalate is not None and notice.escalate <= self.now:
            left = timing.escalate[notice.level :]
            for receiver in left[0].receivers if left else ():
                self._escalate(notice, receiver)
            due = formed + left[1].after if len(left) > 1 else None
            notice = notice._replace(level=notice.level + 1, escalate=due)
        self.changed[notice.alert, notice.receiver] = notice._replace(wake=notice.next)

    def _escalate(self, notice: Notice, receiver: str) -> None:
        key = (notice.alert, receiver)
        if key in self.changed or key in self.forming or self._stored(*key) is not None:
            return
        self._add(
            notice._replace(
                receiver=receiver,
                reason=MessageReason.ESCALATION,
                recorded=self.now,
                repeat=None,
                escalate=None,
            ),
            0,
        )

    def _is_open(self, alert: Alert) -> bool:
        return alert.id in open_alerts(self.writer, alert.commitment, self.muting.opened)

    def _drop(self, notice: Notice, why: Why, by: str) -> None:
        dropped = notice._replace(state=NoticeState.DROPPED, wake=None, muted_by=None)
        self.changed[notice.alert, notice.receiver] = dropped
        self._suppress(notice, why, by)

    def _suppress(self, notice: Notice, why: Why, by: str, until: Instant | None = None) -> None:
        self.suppressed.append(Suppression(notice.alert, notice.receiver, self.now, why, by, until))


def _round(item: tuple[tuple[int, str, str, MessageReason], Sequence[Notice]]) -> int:
    """What follows goes after what it follows; apart from that the order stays as it is."""
    return item[0][0]


def message_id(receiver: str, reason: MessageReason, now: Instant, alerts: Sequence[Alert]) -> str:
    """An id made of what the message holds; of one alert told for the first time its own."""
    if len(alerts) == 1 and reason is not MessageReason.REMINDER:
        return alerts[0].id
    when = (str(now),) if reason is MessageReason.REMINDER else ()
    parts = (receiver, reason.value, *when, *(alert.id for alert in alerts))
    return "m_" + hashlib.blake2b("|".join(parts).encode(), digest_size=12).hexdigest()
