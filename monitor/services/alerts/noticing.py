"""The notices of one step: what is known of earlier ones, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.alert import Phase
from monitor.domain.matching import facts_of
from monitor.domain.message import MessageReason
from monitor.domain.notice import Notice, NoticeState, Suppression, Why
from monitor.domain.routing import Due, Group, Route, everybody

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.matching import Facts
    from monitor.services.alerts.news import Occasion
    from monitor.services.ports import Engine, Writer

UNROUTED = Route("", ())
"""The route of what was sent before there were any: at once."""


class Noticing:
    """Read once for all alerts of a step, and written once.

    `told_otherwise`: alerts that a correction speaks for, with its id, and `spoken_for` the other
    way round. `rows`: notices by alert and receiver, those of this step included. `ended`: alerts
    that are over, or were wrong.
    """

    def __init__(
        self,
        added: Sequence[Alert],
        told_otherwise: Mapping[str, str],
        writer: Writer,
        engine: Engine,
        occasion: Occasion,
    ) -> None:
        self.told_otherwise = told_otherwise
        self.spoken_for = {told: alert for alert, told in told_otherwise.items()}
        self.writer, self.engine = writer, engine
        self.now, self.last = occasion.now, occasion.last
        self.policy = occasion.policy or everybody(occasion.receivers)
        self.routes = self.policy.by_path
        self.alerts = {alert.id: alert for alert in added}
        self.rows: dict[str, dict[str, Notice]] = {}
        self.changed: dict[tuple[str, str], Notice] = {}
        self.dropped: list[Suppression] = []
        self.groups: dict[tuple[str, str], Group] = {}
        self.ended: list[str] = []
        self._load({alert.opening for alert in added if alert.opening is not None})

    def _load(self, earlier: set[str]) -> None:
        """What is known of the alerts that new ones end or correct, and of those that these end."""
        self.alerts |= self.writer.alerts_named(sorted(earlier - self.alerts.keys()))
        openings = {a.opening for i in earlier if (a := self.alerts.get(i)) and a.opening}
        self.alerts |= self.writer.alerts_named(sorted(openings - self.alerts.keys()))
        ids = sorted(earlier | openings)
        for notice in self.writer.notices(ids):
            self.rows.setdefault(notice.alert, {})[notice.receiver] = notice
        for alert, receivers in self.writer.told_to(ids).items():
            for name in receivers:  # without a notice it was sent before there were any
                self.rows.setdefault(alert, {}).setdefault(name, self.sent_before(alert, name))

    def save(self) -> None:
        """Write everything down."""
        self.writer.save_notices(list(self.changed.values()))
        self.writer.add_suppressions(self.dropped)
        if self.ended:
            self.writer.wake_muted(self.ended, self.now)

    def hold(
        self,
        alert: Alert,
        receiver: str,
        route: Route,
        facts: Facts | None = None,
        *,
        follows: bool = False,
    ) -> None:
        facts = self.facts(alert) if facts is None else facts
        group = route.group(facts, alert.id)
        due = self._due(route, receiver, group)
        digest = route.timing.digest is not None
        if due.why.startswith("interval"):
            self.suppress(alert.id, receiver, Why.INTERVAL, due.why[9:], due.at)
        self.put(
            Notice(
                alert.id,
                receiver,
                NoticeState.HELD,
                route.path,
                group,
                MessageReason.DIGEST if digest else MessageReason.IMMEDIATE,
                facts,
                self.now,
                due.at,
                due.why,
                follows,
            )
        )

    def _due(self, route: Route, receiver: str, group: str) -> Due:
        timing = route.timing
        if not (timing.wait or timing.interval):
            return timing.due(self.now, self.last)
        state = self.groups.get((receiver, group))
        if state is None:
            state = Group(*self.writer.group(receiver, group))
        due = timing.due(self.now, self.last, state)
        self.groups[receiver, group] = state._replace(due=due.at)
        return due

    def speak_for(self, instead: Alert, receiver: str, like: Notice) -> None:
        notice = self.notice(instead, receiver)
        state = NoticeState.TOLD
        # looked at once more when it is dispatched, for its reminders
        wake = self.now if instead.phase is Phase.OPENED else None
        self.put(
            notice._replace(
                state=state, route=like.route, group=like.group, formed=self.now, wake=wake
            )
        )

    def goes_out(self, row: Notice) -> bool:
        """Whether the receiver has heard of it, or will in the next breath."""
        due = row.wake is not None and row.wake <= self.now
        return row.state.heard or (row.state is NoticeState.HELD and due)

    def drop(self, notice: Notice, why: Why, by: str) -> None:
        self.put(notice._replace(state=NoticeState.DROPPED, wake=None))
        self.suppress(notice.alert, notice.receiver, why, by)

    def suppress(
        self, alert: str, receiver: str, why: Why, by: str, until: int | None = None
    ) -> None:
        self.dropped.append(Suppression(alert, receiver, self.now, why, by, until))

    def put(self, notice: Notice) -> None:
        self.rows.setdefault(notice.alert, {})[notice.receiver] = notice
        self.changed[notice.alert, notice.receiver] = notice

    def sent_before(self, alert: str, receiver: str) -> Notice:
        return Notice(
            alert, receiver, NoticeState.SENT, "", alert, MessageReason.IMMEDIATE, {}, self.now
        )

    def notice(self, alert: Alert, receiver: str) -> Notice:
        return self.sent_before(alert.id, receiver)._replace(facts=self.facts(alert))

    def facts(self, alert: Alert) -> Facts:
        key = alert.commitment
        commitment = None if key is None else self.engine.commitments.get(key)
        return facts_of(alert, commitment, self.engine.asks.get(key or "", ()))
