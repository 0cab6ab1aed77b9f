"""Histories under other rules: derived anew, and told as what they are, not as news of the past.

It happens before the evidence of the step comes in, and as of the last step. So whatever differs
then differs because of the rules, and whatever comes after it is news.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from monitor.domain.account import axes
from monitor.domain.alert import Alert, AlertKind, Phase, alert_id
from monitor.domain.assessment import from_row
from monitor.domain.edition import SHORT, Difference, differences
from monitor.services.alerts import wording
from monitor.services.assessment import editions
from monitor.services.assessment.assessing import Assessing
from monitor.services.assessment.renew import rules_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.assessment import Assessment
    from monitor.domain.derivation import Derivation, Standing
    from monitor.domain.records import StoredState, StoredTransition
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.services.assessment.options import Options
    from monitor.services.assessment.renew import Renewal
    from monitor.services.ports import Engine, Writer

_NAMED = 3


class Rederived(NamedTuple):
    """What new rules did: alerts, and how many transitions stand now or do so no longer.

    `transitions` are those of commitments that did not exist before; they are not counted.
    """

    alerts: Sequence[Alert] = ()
    rewritten: int = 0
    transitions: Sequence[Transition] = ()


def rederive(
    writer: Writer,
    engine: Engine,
    renewal: Renewal,
    last: Instant | None,
    now: Instant,
    options: Options,
) -> Rederived:
    """Derive what the rules changed, up to the last step, and say once where each differs."""
    if last is None or not renewal.rules:
        return Rederived()
    work = _Rederiving(writer, engine, renewal, last, now, options)
    work.work()
    alerts = [*work.alerts, *_lost(renewal, writer, engine, now)]
    return Rederived(alerts, work.rewritten, work.transitions)


def _with_asked(renewal: Renewal, engine: Engine) -> frozenset[str]:
    """Those whose rules changed, and the new ones that somebody asks about.

    What a new one was in the past is the past of those that ask about it, and nobody's news. It is
    still the step that introduces it.
    """
    asked = (key for key in renewal.new if engine.dependents(key))
    return frozenset(renewal.changed).union(asked)


class _Rederiving(Assessing):
    def __init__(
        self,
        writer: Writer,
        engine: Engine,
        renewal: Renewal,
        last: Instant,
        now: Instant,
        options: Options,
    ) -> None:
        quiet = options._replace(introduce=False)
        super().__init__(writer, engine, last, last, quiet, _with_asked(renewal, engine))
        self.renewal, self.recorded = renewal, now
        self.alerts: list[Alert] = []
        self.rewritten = 0

    def _report(self, new: Sequence[StoredTransition], gone: Sequence[StoredTransition]) -> None:
        """Only how many: another past of everything is too much to be held in memory."""
        first = [row.transition for row in new if row.transition.commitment in self.renewal.new]
        self.transitions += first
        self.rewritten += len(new) + len(gone) - len(first)

    def _hear(
        self,
        key: str,
        state: StoredState | None,
        derivation: Derivation,
        new: Sequence[Transition],  # noqa: ARG002 - the new past itself is nobody's news
        vanished: Sequence[StoredTransition],  # noqa: ARG002
    ) -> None:
        """Say it where the assessment is another one."""
        if state is None:
            return
        before = from_row(json.loads(state.standing))
        standing = derivation.standing
        back = key in self.renewal.back
        if back or before != standing.assessment:
            self.alerts.append(self._alert(key, state, before, standing, back=back))

    def _alert(
        self, key: str, state: StoredState, before: Assessment, standing: Standing, *, back: bool
    ) -> Alert:
        commitment = self.engine.commitments[key]
        old, new = rules_of(state), self.engine.rules_hash(key)
        found = self._differences(key, old)
        why = _because(found, old, new)
        if back:
            was = "watched again"
            text = f"{commitment.title}: {was}, {wording.stands(commitment, standing)}; {why}"
        else:
            text = f"{commitment.title}: {wording.differs(commitment, before, standing)}, {why}"
        return Alert(
            alert_id("rules", key, old, new, str(self.recorded)),
            AlertKind.RULES_CHANGED,
            Phase.ONCE,
            self.recorded,
            commitment.agreement,
            key,
            None,
            "info",
            commitment.labels,
            text,
            {
                "rulebook": self.engine.fingerprint,
                "as_of": self.now,
                "before": axes(before),
                "rules": {
                    "before": old,
                    "after": new,
                    "differences": [difference._asdict() for difference in found],
                },
                **wording.standing_body(commitment, standing),
            },
            self.recorded,
        )

    def _differences(self, key: str, old: str) -> Sequence[Difference]:
        """What changed for a commitment, or else for those that its rules ask about."""
        if old == self.engine.rules_hash(key):
            asked = self.engine.asks.get(key, ())
            return [Difference(f"the assessment of {other}", "changed") for other in asked]
        edition = editions.recall(self.writer, old)
        return () if edition is None else differences(edition, self.engine.edition(key))


def _because(found: Sequence[Difference], old: str, new: str) -> str:
    """Which rules, where they stand, and both versions."""
    named = ", ".join(str(difference) for difference in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    versions = f"version {old[:SHORT]} → {new[:SHORT]}" if old != new else f"version {old[:SHORT]}"
    told = f": {named}{more}" if named else ""
    return f"because the rules changed{told} ({versions})"


def _lost(renewal: Renewal, writer: Writer, engine: Engine, now: Instant) -> list[Alert]:
    """Commitments that somebody was told of and that nobody watches any more."""
    alerts = []
    for key, state in renewal.gone.items():
        if state.introduced is None:
            continue
        old = rules_of(state)
        edition = editions.recall(writer, old)
        title = key if edition is None else edition.title
        before = from_row(json.loads(state.standing))
        was = wording.spoken(before.status)
        why = f"the rulebook does not have it any more (version {old[:SHORT]})"
        body: dict[str, Any] = {
            "rulebook": engine.fingerprint,
            "id": key.removeprefix(f"{state.agreement}/"),
            "agreement": state.agreement,
            "title": title,
            "before": axes(before),
            "rules": {"before": old, "after": None, "differences": []},
        }
        alerts.append(
            Alert(
                alert_id("rules", key, old, "", str(now)),
                AlertKind.RULES_CHANGED,
                Phase.ONCE,
                now,
                state.agreement,
                key,
                None,
                "info",
                (),
                f"{title}: no longer watched, it was {was}; {why}",
                body,
                now,
            )
        )
    return alerts
