"""Alerts as they are first said: about a transition, about new rules, and the first summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.alert import Alert, AlertKind, Phase, alert_id, fact_id, facts
from monitor.services.alerts import wording
from monitor.services.alerts.citations import Citations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.alerts.news import News, Occasion
    from monitor.services.ports import Engine, Reader

_GOOD = frozenset({AlertKind.ADVANCED, AlertKind.DELIVERED})


class Alerting:
    """Makes the alerts of one step; what resolves is tied to what is stored as its opening."""

    def __init__(self, reader: Reader, engine: Engine, occasion: Occasion) -> None:
        self.reader, self.engine, self.occasion = reader, engine, occasion
        self.citations = Citations(reader)
        self._openings: dict[str, list[tuple[Instant, AlertKind, str]]] = {}

    def about(self, transition: Transition, kind: AlertKind, phase: Phase) -> Alert:
        """One fact about a transition."""
        commitment = self.engine.commitments[transition.commitment]
        last = self.occasion.last
        late = last is not None and transition.at <= last
        severity = "info"
        if kind not in _GOOD and phase is not Phase.RESOLVED:
            spoken = (r.severity for r in transition.reasons if r.severity)
            severity = next(spoken, commitment.severity.value)
        labels = dict(commitment.labels)
        for reason in transition.reasons:
            if reason.labels:
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
            wording.body(commitment, transition, self.citations.reasons(transition.reasons)),
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
                for change in self.reader.standing_changes(key)
                for opened, phase in facts(change)
                if phase is Phase.OPENED
            ]
        earlier = [i for at, opened, i in openings if opened is kind and at <= transition.at]
        return earlier[-1] if earlier else None

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
            {
                "title": title,
                "commitments": [
                    {**wording.standing_body(c, s), "rules": self.engine.rules_hash(c.key)}
                    for c, s in rows
                ],
            },
            self.occasion.now,
        )
