"""From transitions to alerts: what is said, once, and what is said when the past turns out other.

The first `run` of a commitment says where it stands, in one summary with all others of its
agreement. From then on every new transition is announced once, however late it is found. What was
announced is never taken back silently: a correction names the earlier alert.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.alert import Alert, AlertKind, Phase, alert_id, fact_id, facts
from monitor.services import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    added = writer.add_alerts(wording.cite(alerts, writer))
    fresh = [alert for alert in added if alert.id not in work.told_otherwise]
    writer.enqueue([(a.id, name) for a in fresh for name in occasion.receivers], occasion.now)
    return fresh


class _Announcing:
    def __init__(self, writer: Writer, engine: Engine, occasion: Occasion) -> None:
        self.writer, self.engine, self.occasion = writer, engine, occasion
        # alerts that a correction speaks for: kept, so that they can be corrected in their turn
        self.told_otherwise: set[str] = set()
        self._openings: dict[str, list[tuple[Instant, AlertKind, str]]] = {}
        self._summaries: dict[str, list[tuple[Alert, dict[str, Any]]]] = {}

    def say(self, news: News) -> list[Alert]:
        """The alerts about one commitment."""
        new: Iterable[Transition] = news.new
        if news.first:
            young = () if news.since is None else self._standing(news.commitment, news.since)
            return [self._alert(t, *fact) for t in young for fact in facts(t)]
        if news.rules_changed:
            last = self.occasion.last
            fresh = [t for t in new if last is None or t.at > last]
            changed = [self._rules_changed(news)] if news.differs and not fresh else []
            return changed + [self._alert(t, *fact) for t in fresh for fact in facts(t)]
        told = [self._alert(t, *fact) for t in new for fact in facts(t)]
        alerts = self._reconciled(news, told, self._announced(news.vanished))
        return alerts + self._summary_corrections(news)

    def _standing(self, commitment: str, since: Instant) -> list[Transition]:
        """Its history from an instant on, also what a step before its introduction found."""
        rows = self.writer.transitions([commitment], since=since)
        return [row.transition for row in rows]

    def _announced(self, vanished: Sequence[StoredTransition]) -> dict[str, Alert]:
        """What receivers were told of transitions that no longer stand, by id, oldest first."""
        if not vanished:
            return {}
        ids = [fact_id(row.transition, *fact) for row in vanished for fact in facts(row.transition)]
        found = self.writer.alerts_named(ids)
        return {identity: found[identity] for identity in ids if identity in found}

    def _reconciled(
        self, news: News, fresh: Sequence[Alert], said: dict[str, Alert]
    ) -> list[Alert]:
        """What is news, and corrections of what was said otherwise.

        A fact that stands again in the same words was announced already. One that moved to another
        date corrects the earlier alert of its kind; what is left of those was said in error.
        """
        before = self.writer.alerts_named([alert.id for alert in fresh]) if fresh else {}
        moved: dict[tuple[AlertKind, Phase], list[Alert]] = defaultdict(list)
        same = {alert.id for alert in fresh}
        for alert in said.values():
            if alert.id not in same:
                moved[alert.kind, alert.phase].append(alert)
        alerts: list[Alert] = []
        for alert in fresh:
            earlier = moved[alert.kind, alert.phase]
            if alert.id in said:
                continue
            if alert.id in before:
                alerts.append(self._correction(before[alert.id], news, alert))
            elif earlier:
                self.told_otherwise.add(alert.id)
                alerts += [alert, self._correction(earlier.pop(0), news, alert)]
            else:
                alerts.append(alert)
        return alerts + [self._correction(a, news, None) for left in moved.values() for a in left]

    def _summary_corrections(self, news: News) -> list[Alert]:
        """A summary that said of this commitment what turns out not to have been so."""
        commitment = self.engine.commitments[news.commitment]
        if not news.vanished:
            return []
        rows = [row.transition for row in self.writer.transitions([news.commitment])]
        corrections = []
        for summary, told in self._summaries_of(commitment.agreement):
            said = told.get(commitment.id)
            known = [t for t in rows if t.at <= summary.at]
            if said is None or not known:
                continue
            status, since = wording.stood(commitment, known)
            if (said["status"], said["since"]) != (status, since):
                corrections.append(self._summary_correction(summary, news, said, (status, since)))
        return corrections

    def _summaries_of(self, agreement: str) -> list[tuple[Alert, dict[str, Any]]]:
        """The summaries of an agreement, each with what it said by commitment."""
        found = self._summaries.get(agreement)
        if found is None:
            found = self._summaries[agreement] = [
                (summary, {entry["id"]: entry for entry in summary.body["commitments"]})
                for summary in self.writer.alerts(agreement=agreement, kind=AlertKind.SUMMARY)
            ]
        return found

    def _summary_correction(
        self, summary: Alert, news: News, said: Mapping[str, Any], holds: tuple[str, str]
    ) -> Alert:
        commitment = self.engine.commitments[news.commitment]
        return Alert(
            alert_id("correction", summary.id, news.commitment, *holds),
            AlertKind.CORRECTION,
            Phase.ONCE,
            summary.at,
            commitment.agreement,
            commitment.key,
            None,
            "info",
            commitment.labels,
            wording.summary_correction(commitment, said, holds),
            {
                "said": {"id": summary.id, "at": summary.at, "message": summary.message},
                "holds": {"status": holds[0], "since": holds[1]},
                **wording.standing_body(commitment, news.standing),
            },
            self.occasion.now,
            summary.id,
            found_late=True,
        )

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
            fact_id(transition, kind, phase),
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
        key = transition.commitment
        openings = self._openings.get(key)
        if openings is None:
            openings = self._openings[key] = [
                (change.at, opened, fact_id(change, opened, Phase.OPENED))
                for change in self.writer.standing_changes(key)
                for opened, phase in facts(change)
                if phase is Phase.OPENED
            ]
        earlier = [i for at, opened, i in openings if opened is kind and at <= transition.at]
        return earlier[-1] if earlier else None

    def _correction(self, earlier: Alert, news: News, instead: Alert | None) -> Alert:
        commitment = self.engine.commitments[news.commitment]
        holds = "withdrawn" if instead is None else instead.id
        if instead is not None and instead.id == earlier.id:
            holds = f"stands again {self.occasion.now}"
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
