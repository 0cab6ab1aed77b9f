"""From transitions to alerts: what is said, once, and what is said when the past turns out other.

The first `run` of a commitment says where it stands, in one summary with all others of its
agreement. From then on every new transition is announced once, however late it is found. What was
announced is never taken back silently: a correction names the earlier alert. What nobody was told
of by itself is: what takes its place is no news, nor is a beginning whose end is known already.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from monitor.domain.alert import facts
from monitor.services.alerts.addressing import address
from monitor.services.alerts.alerting import Alerting
from monitor.services.alerts.corrections import Corrections

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.domain.alert import Alert
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.alerts.news import News, Occasion
    from monitor.services.ports import Engine, Writer


def announce(
    heard: Iterable[News],
    writer: Writer,
    engine: Engine,
    occasion: Occasion,
    past: Sequence[Alert] = (),
) -> Sequence[Alert]:
    """Write the alerts of a step, and who is to be told of each; those that are new.

    `past`: what is to be said before them, of histories under other rules.
    """
    work = _Announcing(writer, engine, occasion)
    kept = list(heard)
    work.alerting.citations.prepare(t for news in kept for t in news.new if not news.first)
    alerts: list[Alert] = list(past)
    introduced: dict[str, list[News]] = defaultdict(list)
    for news in kept:
        if news.first:
            introduced[engine.commitments[news.commitment].agreement].append(news)
        alerts += work.say(news)
    alerts += [work.alerting.summary(agreement, group) for agreement, group in introduced.items()]
    if not alerts:
        return ()
    added = writer.add_alerts(alerts)
    if len(added) < len(alerts):
        added = [*added, *writer.add_alerts(work.said_before(added))]
    told_otherwise = work.corrections.told_otherwise
    address(added, told_otherwise, writer, engine, occasion)
    return [alert for alert in added if alert.id not in told_otherwise]


class _Announcing:
    def __init__(self, writer: Writer, engine: Engine, occasion: Occasion) -> None:
        self.writer, self.occasion = writer, occasion
        self.alerting = Alerting(writer, engine, occasion)
        self.corrections = Corrections(writer, engine, occasion, self.alerting)
        self._plain: list[tuple[News, list[Alert]]] = []

    def say(self, news: News) -> list[Alert]:
        """The alerts about one commitment."""
        if news.first:
            if news.since is None:
                return []
            return self.alerting.told(self._since(news.commitment, news.since))
        told = self._told(news.new)
        if news.vanished:
            return self.corrections.reconciled(news, told)
        told = self._still_news(told)
        self._plain.append((news, told))
        return told

    def _still_news(self, told: list[Alert]) -> list[Alert]:
        """Without what began late and has ended; if it was said before, it stands after all."""
        now = {alert.id for alert in told}
        over = [alert.id for alert in told if self.alerting.ended_before(alert, now)]
        if not over:
            return told
        said = self.writer.alerts_named(over)
        return [alert for alert in told if alert.id not in over or alert.id in said]

    def said_before(self, added: Sequence[Alert]) -> list[Alert]:
        """Corrections of what had been announced, then taken back, and stands again."""
        fresh = {alert.id for alert in added}
        found: list[Alert] = []
        for news, told in self._plain:
            again = [alert for alert in told if alert.id not in fresh]
            if again:
                found += self.corrections.reconciled(news, again)
        return found

    def _told(self, transitions: Iterable[Transition]) -> list[Alert]:
        return [self.alerting.about(t, *fact) for t in transitions for fact in facts(t)]

    def _since(self, commitment: str, since: Instant) -> list[Transition]:
        """Its history from an instant on, also what a step before its introduction found."""
        rows = self.writer.transitions([commitment], since=since)
        return [row.transition for row in rows]
