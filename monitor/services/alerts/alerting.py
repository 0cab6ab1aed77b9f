"""Alerts as they are first said: about a transition, about new rules, and the first summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.account import Account, Subject
from monitor.domain.alert import Alert, AlertKind, Phase, alert_id, fact_id, facts
from monitor.domain.assessment import ConditionKind
from monitor.services.alerts import wording
from monitor.services.alerts.citations import Citations

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from monitor.domain.commitment import Commitment
    from monitor.domain.transition import Reason, Transition
    from monitor.services.alerts.news import News, Occasion
    from monitor.services.ports import Engine, Reader

_GOOD = frozenset({AlertKind.ADVANCED, AlertKind.DELIVERED})


class Alerting:
    """Makes the alerts of one step; what resolves is tied to what is stored as its opening."""

    def __init__(self, reader: Reader, engine: Engine, occasion: Occasion) -> None:
        self.reader, self.engine, self.occasion = reader, engine, occasion
        self.citations = Citations(reader)
        self._subjects: dict[str, Subject] = {}
        self._changes: dict[str, Sequence[Transition]] = {}

    def told(self, transitions: Sequence[Transition]) -> list[Alert]:
        """Everything there is to say about transitions."""
        self.citations.prepare(transitions)
        return [self.about(t, *fact) for t in transitions for fact in facts(t)]

    def about(self, transition: Transition, kind: AlertKind, phase: Phase) -> Alert:
        """One fact about a transition, what it cites having been read."""
        key, at, _, _, reasons = transition
        commitment = self.engine.commitments[key]
        subject = self._subjects.get(key)
        if subject is None:
            c = commitment
            subject = Subject(c.id, c.agreement, c.title, c.quote, c.zone)
            self._subjects[key] = subject
        last = self.occasion.last
        late = last is not None and at <= last
        resolved = phase is Phase.RESOLVED
        return Alert(
            fact_id(transition, kind, phase),
            kind,
            phase,
            at,
            commitment.agreement,
            key,
            transition.id,
            "info" if resolved or kind in _GOOD else _severity(commitment, reasons),
            _labels(commitment, reasons),
            wording.message(commitment, transition, kind, phase, found_late=late),
            Account(subject, transition, self.citations.known),
            self.occasion.now,
            self._opening(transition, kind) if resolved else None,
            late,
        )

    def _opening(self, transition: Transition, kind: AlertKind) -> str | None:
        """The id of the alert that opened what this transition resolves."""
        key, at, condition = transition.commitment, transition.at, ConditionKind(kind.value)
        for change in reversed(self._history(key)):
            before, after = change.before, change.after
            if (
                change.at <= at
                and condition in after.conditions
                and before is not None
                and condition not in before.conditions
            ):
                return fact_id(change, kind, Phase.OPENED)
        return None

    def ended_before(self, alert: Alert, told_now: Collection[str]) -> bool:
        """Whether something began late whose end was told before, or known before anybody was told.

        To say that it began would be the last that is heard of it: it would seem to go on for ever.

        Args:
            alert: what there is to say.
            told_now: the ids of all that is told together with it.
        """
        if alert.phase is not Phase.OPENED or not alert.found_late or alert.commitment is None:
            return False
        for change in self._history(alert.commitment):
            if change.at > alert.at and (alert.kind, Phase.RESOLVED) in facts(change):
                return fact_id(change, alert.kind, Phase.RESOLVED) not in told_now
        return False

    def _history(self, commitment: str) -> Sequence[Transition]:
        """What stands after the step, read once."""
        changes = self._changes.get(commitment)
        if changes is None:
            changes = self._changes[commitment] = self.reader.standing_changes(commitment)
        return changes

    def summary(self, agreement: str, group: Sequence[News]) -> Alert:
        """Where the commitments of an agreement stand when they are first seen, in file order."""
        found = next(a for a in self.engine.rulebook.agreements if a.id == agreement)
        standings = {news.commitment: news.standing for news in group}
        rows = [(c, standings[c.key]) for c in found.commitments if c.key in standings]
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
            wording.summary(found.title, rows),
            {
                "title": found.title,
                "commitments": [
                    {**wording.standing_body(c, s), "rules": self.engine.rules_hash(c.key)}
                    for c, s in rows
                ],
            },
            self.occasion.now,
        )


def _severity(commitment: Commitment, reasons: Sequence[Reason]) -> str:
    for reason in reasons:
        if reason.severity:
            return reason.severity
    return commitment.severity.value


def _labels(commitment: Commitment, reasons: Sequence[Reason]) -> tuple[tuple[str, str], ...]:
    """The commitment's labels, and over them those of its rules that speak."""
    told = [reason.labels for reason in reasons if reason.labels]
    if not told:
        return commitment.labels if len(commitment.labels) < 2 else tuple(sorted(commitment.labels))
    labels = dict(commitment.labels)
    for more in told:
        labels.update(more)
    return tuple(sorted(labels.items()))
