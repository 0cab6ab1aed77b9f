"""From transitions to alerts: what is said, once, and what is said when the past turns out other.

The first `run` of a commitment says where it stands, in one summary with all others of its
agreement. From then on every new transition is announced once, however late it is found. What was
announced is never taken back silently: a correction names the earlier alert.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.alert import Alert, AlertKind, Phase, alert_id, facts
from monitor.services import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.domain.derivation import Standing
    from monitor.domain.records import StoredTransition
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.ports import Engine, Writer

_GOOD = frozenset({AlertKind.ADVANCED, AlertKind.DELIVERED})


class News(NamedTuple):
    """What a step found about one commitment.

    `first`: it is introduced in this step; `since`: what is not older is announced one by one even
    so. `rules_changed`: its history was derived anew under other rules, and `differs` from what
    stood.
    """

    commitment: str
    new: Sequence[Transition]
    vanished: Sequence[StoredTransition]
    standing: Standing
    first: bool
    since: Instant | None
    rules_changed: bool
    differs: bool


class Occasion(NamedTuple):
    """The step: its instant, the one before it, and who is told."""

    now: Instant
    last: Instant | None
    receivers: Sequence[str]


def announce(
    heard: Iterable[News], writer: Writer, engine: Engine, occasion: Occasion
) -> Sequence[Alert]:
    """Write the alerts of a step, and a delivery of each to each receiver; those that are new."""
    work = _Announcing(writer, engine, occasion)
    alerts: list[Alert] = []
    introduced: dict[str, list[News]] = defaultdict(list)
    for news in heard:
        if news.first:
            introduced[engine.commitments[news.commitment].agreement].append(news)
        alerts += work.say(news)
    alerts += [work.summary(agreement, group) for agreement, group in introduced.items()]
    if not alerts:
        return ()
    fresh = writer.add_alerts(wording.cite(alerts, writer))
    writer.enqueue([(a.id, name) for a in fresh for name in occasion.receivers], occasion.now)
    return fresh


class _Announcing:
    def __init__(self, writer: Writer, engine: Engine, occasion: Occasion) -> None:
        self.writer, self.engine, self.occasion = writer, engine, occasion

    def say(self, news: News) -> list[Alert]:
        """The alerts about one commitment."""
        new: Iterable[Transition] = news.new
        if news.first:
            since = news.since
            new = () if since is None else [t for t in new if t.at >= since]
            return [self._alert(t, *fact) for t in new for fact in facts(t)]
        if news.rules_changed:
            last = self.occasion.last
            fresh = [t for t in new if last is None or t.at > last]
            changed = [self._rules_changed(news)] if news.differs and not fresh else []
            return changed + [self._alert(t, *fact) for t in fresh for fact in facts(t)]
        said = self._announced(news.vanished)
        alerts: list[Alert] = []
        for transition in new:
            for fact in facts(transition):
                alert = self._alert(transition, *fact)
                earlier = said.get(fact)
                if earlier:
                    alert = self._correction(earlier.pop(0), news, alert)
                alerts.append(alert)
        alerts += [self._correction(a, news, None) for left in said.values() for a in left]
        return alerts

    def _announced(
        self, vanished: Sequence[StoredTransition]
    ) -> dict[tuple[AlertKind, Phase], list[Alert]]:
        """What receivers were told of transitions that no longer stand, oldest first."""
        said: dict[tuple[AlertKind, Phase], list[Alert]] = defaultdict(list)
        if vanished:
            told = self.writer.alerts_about([row.transition.id for row in vanished])
            for row in vanished:
                for alert in told.get(row.transition.id, ()):
                    if alert.kind is not AlertKind.CORRECTION:
                        said[alert.kind, alert.phase].append(alert)
        return said

    def _alert(self, transition: Transition, kind: AlertKind, phase: Phase) -> Alert:
        commitment = self.engine.commitments[transition.commitment]
        last = self.occasion.last
        late = last is not None and transition.at <= last
        severity = next(
            (r.severity for r in transition.reasons if r.severity), commitment.severity.value
        )
        if kind in _GOOD or phase is Phase.RESOLVED:
            severity = "info"
        labels = dict(commitment.labels)
        for reason in transition.reasons:
            labels.update(reason.labels)
        opening = self._opening(transition, kind) if phase is Phase.RESOLVED else None
        return Alert(
            alert_id(transition.id, kind, phase),
            kind,
            phase,
            transition.at,
            commitment.agreement,
            commitment.key,
            transition.id,
            severity,
            tuple(sorted(labels.items())),
            wording.message(commitment, transition, kind, phase, found_late=late),
            wording.body(commitment, transition),
            self.occasion.now,
            opening,
            late,
        )

    def _opening(self, transition: Transition, kind: AlertKind) -> str | None:
        """The id of the alert that opened what this transition resolves."""
        rows = self.writer.transitions([transition.commitment])
        opened = [
            row.transition
            for row in rows
            if row.transition.at <= transition.at
            and (AlertKind(kind), Phase.OPENED) in facts(row.transition)
        ]
        return alert_id(opened[-1].id, kind, Phase.OPENED) if opened else None

    def _correction(self, earlier: Alert, news: News, instead: Alert | None) -> Alert:
        commitment = self.engine.commitments[news.commitment]
        holds = "withdrawn" if instead is None else instead.id
        body: dict[str, Any] = {
            "said": {"id": earlier.id, "at": earlier.at, "message": earlier.message},
            "holds": None if instead is None else {"at": instead.at, "message": instead.message},
            **wording.standing_body(commitment, news.standing),
        }
        if instead is not None:
            body["reasons"] = instead.body["reasons"]
        return Alert(
            alert_id("correction", earlier.id, holds),
            AlertKind.CORRECTION,
            Phase.ONCE,
            earlier.at if instead is None else instead.at,
            commitment.agreement,
            commitment.key,
            None if instead is None else instead.transition,
            earlier.severity,
            earlier.labels,
            wording.correction(commitment, earlier, instead, news.standing),
            body,
            self.occasion.now,
            earlier.id,
            found_late=True,
        )

    def _rules_changed(self, news: News) -> Alert:
        commitment = self.engine.commitments[news.commitment]
        fingerprint = self.engine.fingerprint
        return Alert(
            alert_id("rules", news.commitment, fingerprint, str(self.occasion.now)),
            AlertKind.RULES_CHANGED,
            Phase.ONCE,
            self.occasion.now,
            commitment.agreement,
            commitment.key,
            None,
            "info",
            commitment.labels,
            wording.rules_changed(commitment, news.standing),
            {"rulebook": fingerprint, **wording.standing_body(commitment, news.standing)},
            self.occasion.now,
        )

    def summary(self, agreement: str, group: Sequence[News]) -> Alert:
        """Where the commitments of an agreement stand when they are seen for the first time."""
        title = next(a.title for a in self.engine.rulebook.agreements if a.id == agreement)
        rows = [(self.engine.commitments[n.commitment], n.standing) for n in group]
        return Alert(
            alert_id("summary", agreement, *sorted(n.commitment for n in group)),
            AlertKind.SUMMARY,
            Phase.ONCE,
            self.occasion.now,
            agreement,
            None,
            None,
            "info",
            (),
            wording.summary(title, rows),
            {"title": title, "commitments": [wording.standing_body(c, s) for c, s in rows]},
            self.occasion.now,
        )
