"""From alerts to notices: whom each is for, and when they are told.

What is news goes down the tree of routes. A resolution goes to those who were sent what it ends,
and a correction to those who were sent what it corrects, whatever the routes say: nobody hears the
end of a story whose beginning he never heard. What has not been told when it ends is not told at
all; both are then recorded as such.

Where neither routes nor silences nor rules of muting are in use, alerts go straight to the outbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.alert import AlertKind, Phase
from monitor.domain.notice import NoticeState, Why
from monitor.services.alerts.noticing import UNROUTED, Noticing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.notice import Notice
    from monitor.domain.routing import Route
    from monitor.services.alerts.news import Occasion
    from monitor.services.ports import Engine, Writer

_SUMS = (AlertKind.SUMMARY, AlertKind.RULES_CHANGED)


def address(
    added: Sequence[Alert],
    told_otherwise: Mapping[str, str],
    writer: Writer,
    engine: Engine,
    occasion: Occasion,
) -> None:
    """Write down who is to be told of new alerts.

    Args:
        added: the alerts, in the order in which they were stored.
        told_otherwise: those of them that a correction speaks for, with its id.
        writer: the transaction they were stored in.
        engine: knows what alerts are about.
        occasion: the step, and the receivers and routes there are.
    """
    policy = occasion.policy
    plain = policy is None or policy.plain
    if plain and not writer.silences(occasion.now) and not writer.has_notices():
        told = [alert.id for alert in added if alert.id not in told_otherwise]
        pairs = [(alert, name) for alert in told for name in occasion.receivers]
        writer.enqueue(pairs, occasion.now)
        return
    work = _Addressing(added, told_otherwise, writer, engine, occasion)
    # The past is set right before anything follows from it.
    for alert in sorted(added, key=lambda alert: alert.kind is not AlertKind.CORRECTION):
        work.take(alert)
    work.save()


class _Addressing(Noticing):
    def take(self, alert: Alert) -> None:
        """Decide who is told of one alert."""
        if alert.id in self.told_otherwise:
            return
        if alert.kind is AlertKind.CORRECTION and alert.opening is not None:
            self._correction(alert, alert.opening)
        elif alert.phase is Phase.RESOLVED and alert.opening is not None:
            self._resolution(alert, alert.opening)
        else:
            self._news(alert)

    def _news(self, alert: Alert) -> None:
        facts = self.facts(alert)
        taken: dict[str, Route] = {}
        leaves = self.policy.root.leaves(facts)
        for route in leaves:
            for receiver in route.receivers:
                taken.setdefault(receiver, route)
        for receiver, route in taken.items():
            self.hold(alert, receiver, route, facts)
        if not taken:
            self.suppress(alert.id, "", Why.NOBODY, leaves[0].path)

    def _resolution(self, alert: Alert, opening: str) -> None:
        known = self.rows.get(opening)
        if known is None and opening not in self.alerts:
            known = self._told_in_sum(alert)
            if known is None:
                self._news(alert)
                return
        if not known:
            self.suppress(alert.id, "", Why.UNHEARD, opening)
        for receiver, row in list((known or {}).items()):
            if self.goes_out(row):
                self.hold(alert, receiver, self.routes.get(row.route, UNROUTED), follows=True)
                continue
            if row.state is not NoticeState.DROPPED:
                self.drop(row, Why.RESOLVED, alert.id)
            self.drop(self.notice(alert, receiver), Why.UNHEARD, opening)
        self.ended.append(opening)

    def _told_in_sum(self, alert: Alert) -> dict[str, Notice] | None:
        """Who was told of the beginning in a summary, or because the rules had changed."""
        for kind in _SUMS:
            key = alert.commitment if kind is AlertKind.RULES_CHANGED else None
            for told in self.writer.alerts(
                commitment=key, agreement=alert.agreement, kind=kind, limit=1
            ):
                rows = {n.receiver: n for n in self.writer.notices([told.id])}
                sent = self.writer.told_to([told.id]).get(told.id, ())
                rows = rows or {name: self.sent_before(told.id, name) for name in sent}
                if rows:
                    return rows
        return None

    def _correction(self, alert: Alert, earlier: str) -> None:
        known = self.rows.get(earlier)
        said, instead = self.alerts.get(earlier), self.alerts.get(self.spoken_for.get(alert.id, ""))
        if not known:
            self._news(alert)
            known = {}
            if instead is not None:
                for receiver, row in list(self.rows.get(alert.id, {}).items()):
                    self.speak_for(instead, receiver, row)
        again = instead is None and said is not None and _stands_again(alert, said)
        for receiver, row in list(known.items()):
            if self.goes_out(row):
                self.hold(alert, receiver, self.routes.get(row.route, UNROUTED), follows=True)
                if instead is not None:
                    self.speak_for(instead, receiver, row)
            else:
                self._correct_unheard(alert, row, instead, again=again)
        if again:
            self._reopen(earlier)
        else:
            self.ended.append(earlier)
        if said is not None and said.phase is Phase.RESOLVED and said.opening and not instead:
            self._reopen(said.opening)

    def _correct_unheard(
        self, alert: Alert, row: Notice, instead: Alert | None, *, again: bool
    ) -> None:
        """Who has not heard what was wrong is told what is right, when he would have been."""
        self.drop(self.notice(alert, row.receiver), Why.UNHEARD, row.alert)
        if again:
            return
        if instead is not None and self._is_unheard_end(instead, row.receiver):
            self.drop(self.notice(instead, row.receiver), Why.UNHEARD, instead.opening or "")
        elif instead is not None and row.state is NoticeState.DROPPED:
            # what was dropped is no reason to drop what stands in its place; that it is over is
            if _is_over(instead, alert):
                self.drop(self.notice(instead, row.receiver), Why.RESOLVED, alert.id)
            else:
                self.hold(instead, row.receiver, self.routes.get(row.route, UNROUTED))
        elif instead is not None:
            self.put(row._replace(alert=instead.id, facts=self.facts(instead)))
        if row.state is not NoticeState.DROPPED:
            self.drop(row, Why.CORRECTED, alert.id)

    def _is_unheard_end(self, alert: Alert, receiver: str) -> bool:
        """Whether it ends what this receiver is known not to have heard of."""
        if alert.phase is not Phase.RESOLVED or alert.opening is None:
            return False
        row = self.rows.get(alert.opening, {}).get(receiver)
        return row is not None and not self.goes_out(row)

    def _reopen(self, opening: str) -> None:
        """What was said to have ended has not: whoever was not told of it is told now."""
        alert = self.alerts.get(opening)
        for row in list(self.rows.get(opening, {}).values()):
            if row.state.heard:
                self.put(row._replace(wake=self.now))
            elif row.state is NoticeState.DROPPED and alert is not None:
                route = self.routes.get(row.route, UNROUTED)
                self.hold(alert, row.receiver, route, self.facts(alert))


def _is_over(opening: Alert, correction: Alert) -> bool:
    """Whether a condition no longer holds, as a correction says: its end was told of before."""
    return opening.phase is Phase.OPENED and opening.kind.value not in correction.body["conditions"]


def _stands_again(correction: Alert, said: Alert) -> bool:
    """Whether a correction says that what it names is so after all: the fact is the same."""
    holds = correction.body.get("holds") or {}
    return said.kind not in (*_SUMS, AlertKind.CORRECTION) and holds.get("at") == said.at
