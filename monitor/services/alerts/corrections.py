"""What was announced and turns out not to have been so: said again, naming the earlier alert."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from monitor.domain.alert import Alert, AlertKind, Phase, alert_id, fact_id, fact_sort, facts
from monitor.services.alerts import wording
from monitor.services.evidence.causes import causes_body, causes_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.domain.records import StoredTransition
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.alerts.alerting import Alerting
    from monitor.services.alerts.news import News, Occasion
    from monitor.services.ports import Engine, Reader

    _Sort = tuple[str, str, str]


class Corrections:
    """Makes the corrections of one step.

    `told_otherwise`: ids of alerts that a correction speaks for, with its id. They are kept, so
    that they can be corrected in their turn, and nobody is sent them.
    """

    def __init__(
        self, reader: Reader, engine: Engine, occasion: Occasion, alerting: Alerting
    ) -> None:
        self.reader, self.engine, self.occasion = reader, engine, occasion
        self.alerting = alerting
        self.told_otherwise: dict[str, str] = {}
        self._stood: dict[str, Transition] = {}
        self._summaries: dict[str, list[tuple[Alert, dict[str, Any]]]] = {}

    def reconciled(self, news: News, fresh: Sequence[Alert]) -> list[Alert]:
        """What is news of `fresh`, and corrections of what was said otherwise."""
        alerts = self._corrected(news, fresh, self._announced(news.vanished))
        return alerts + self._of_summaries(news)

    def _announced(self, vanished: Sequence[StoredTransition]) -> dict[str, Alert]:
        """What receivers were told of transitions that no longer stand, by id, oldest first."""
        if not vanished:
            return {}
        stood = {
            identity: row.transition for row in vanished for identity, _ in _facts(row.transition)
        }
        self._stood |= stood
        found = self.reader.alerts_named(list(stood))
        return {identity: found[identity] for identity in stood if identity in found}

    def _corrected(self, news: News, fresh: Sequence[Alert], said: dict[str, Alert]) -> list[Alert]:
        """What is news, and corrections of what was said otherwise.

        A fact that stood before, whatever it rests on now, was announced already, or was part of
        what a summary told. One that takes the place of what nobody was told of by itself is as
        silent. One that moved to another date corrects the earlier alert of its kind; what is left
        of those was said in error.
        """
        before = self.reader.alerts_named([alert.id for alert in fresh]) if fresh else {}
        moved: dict[tuple[AlertKind, Phase], list[Alert]] = defaultdict(list)
        same = {alert.id for alert in fresh}
        for alert in said.values():
            if alert.id not in same:
                moved[alert.kind, alert.phase].append(alert)
        alerts: list[Alert] = []
        unsaid, told_now = _Unsaid(news, said), same - self._stood.keys()
        for alert in fresh:
            earlier = moved[alert.kind, alert.phase]
            if alert.id in self._stood:
                continue
            if alert.id in before:
                alerts.append(self._correction(before[alert.id], news, alert))
            elif unsaid.replaces(alert):
                continue
            elif earlier:
                correction = self._correction(earlier.pop(0), news, alert)
                self.told_otherwise[alert.id] = correction.id
                alerts += [alert, correction]
            elif not self.alerting.ended_before(alert, told_now):
                alerts.append(alert)
        return alerts + [self._correction(a, news, None) for left in moved.values() for a in left]

    def _of_summaries(self, news: News) -> list[Alert]:
        """A summary that said of this commitment what turns out not to have been so.

        What was said of its standing when the rules changed is a summary of one. What was said
        under other rules is not measured by these: that they changed was said then.
        """
        commitment = self.engine.commitments[news.commitment]
        if not news.vanished:
            return []
        rows = [row.transition for row in self.reader.transitions([news.commitment])]
        rules = self.engine.rules_hash(news.commitment)
        renewed = self.reader.alerts(commitment=news.commitment, kind=AlertKind.RULES_CHANGED)
        corrections = []
        for summary, told in (
            *self._summaries_of(commitment.agreement),
            *((alert, {commitment.id: alert.body}) for alert in renewed),
        ):
            said = told.get(commitment.id)
            if said is None or _rules_of(said) not in (None, rules):
                continue
            known = [t for t in rows if t.at <= said.get("as_of", summary.at)]
            if not known:
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
                for summary in self.reader.alerts(agreement=agreement, kind=AlertKind.SUMMARY)
            ]
        return found

    def _summary_correction(
        self, summary: Alert, news: News, said: Mapping[str, Any], holds: tuple[str, str]
    ) -> Alert:
        commitment = self.engine.commitments[news.commitment]
        as_of = said.get("as_of", summary.at)
        gone = [row.transition for row in news.vanished if row.transition.at <= as_of]
        changed_by = news.causes.of(gone[-1] if gone else None, news.new, as_of)
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
            wording.summary_correction(commitment, said, holds) + causes_words(changed_by),
            {
                "said": _fact(summary),
                "holds": {"status": holds[0], "since": holds[1]},
                "changed_by": causes_body(changed_by),
                **wording.standing_body(commitment, news.standing),
            },
            self.occasion.now,
            summary.id,
            found_late=True,
        )

    def _correction(self, earlier: Alert, news: News, instead: Alert | None) -> Alert:
        commitment = self.engine.commitments[news.commitment]
        holds = "withdrawn" if instead is None else instead.id
        if instead is not None and instead.id == earlier.id:
            holds = f"stands again {self.occasion.now}"
        vanished = self._stood.get(earlier.id)
        by = earlier.at if vanished is None else vanished.at
        changed_by = news.causes.of(vanished, news.new, by)
        body: dict[str, Any] = {
            "said": _fact(earlier),
            "holds": None if instead is None else _fact(instead),
            "changed_by": causes_body(changed_by),
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
            wording.correction(commitment, earlier, instead, news.standing)
            + causes_words(changed_by),
            body,
            self.occasion.now,
            earlier.id,
            found_late=True,
        )


class _Unsaid:
    """The facts of one commitment that vanish, and that nobody was told of by themselves."""

    def __init__(self, news: News, said: Mapping[str, Alert]) -> None:
        self._sorts = {identity: sort for t in news.new for identity, sort in _facts(t)}
        self._known: dict[_Sort, list[Instant]] = defaultdict(list)
        for row in news.vanished:
            for identity, sort in _facts(row.transition):
                if identity not in said and identity not in self._sorts:
                    self._known[sort].append(row.recorded)

    def replaces(self, alert: Alert) -> bool:
        """Whether a fact takes the place of one, in the past that was known when it was found."""
        known = self._known[self._sorts[alert.id]]
        found = next((recorded for recorded in known if alert.at <= recorded), None)
        if found is not None:
            known.remove(found)
        return found is not None


def _facts(transition: Transition) -> Iterator[tuple[str, _Sort]]:
    """The id and the sort of each fact about a transition."""
    for fact in facts(transition):
        yield fact_id(transition, *fact), fact_sort(transition, *fact)


def _fact(alert: Alert) -> dict[str, Any]:
    """By its id a reader knows again what it was told of; the words may have changed."""
    return {"id": alert.id, "at": alert.at, "message": alert.message}


def _rules_of(said: Mapping[str, Any]) -> str | None:
    """The hash of the rules under which something was said (None: before that was noted)."""
    rules: str | Mapping[str, str | None] | None = said.get("rules")
    return rules["after"] or "" if isinstance(rules, dict) else rules  # type: ignore[return-value]
