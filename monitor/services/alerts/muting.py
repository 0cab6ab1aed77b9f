"""What keeps an alert from being told: silences, and open alerts that others hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.alert import Phase, fact_id
from monitor.domain.alert import facts as facts_in
from monitor.domain.matching import DEPENDS, all_hold, facts_of
from monitor.domain.notice import Why

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.alert import Alert
    from monitor.domain.matching import Facts
    from monitor.domain.routing import Mute, Policy
    from monitor.domain.time import Instant
    from monitor.services.ports import Reader


class Muted(NamedTuple):
    """Why, by what, and until when: None where nobody knows. `alert`: the one it hangs on."""

    why: Why
    by: str
    until: Instant | None
    alert: str | None = None


def open_alerts(
    reader: Reader, commitment: str | None, known: dict[str, frozenset[str]]
) -> frozenset[str]:
    """The ids of the alerts whose conditions hold now, as the history that stands says.

    Args:
        reader: holds it.
        commitment: whose.
        known: what was found before.
    """
    if commitment is None:
        return frozenset()
    found = known.get(commitment)
    if found is None:
        current: dict[str, str] = {}
        for change in reader.standing_changes(commitment):
            for kind, phase in facts_in(change):
                if phase is Phase.OPENED:
                    current[kind] = fact_id(change, kind, phase)
                elif phase is Phase.RESOLVED:
                    current.pop(kind, None)
        found = known[commitment] = frozenset(current.values())
    return found


class Muting:
    """Asked of one alert after the other, at one instant."""

    def __init__(self, reader: Reader, policy: Policy, now: Instant) -> None:
        self.reader, self.now = reader, now
        self.mutes = policy.mutes
        self.silences = [silence for silence in reader.silences(now) if silence.holds(now)]
        self.opened: dict[str, frozenset[str]] = {}
        self._sources: dict[str, list[tuple[Alert, Facts]]] = {}

    def of(self, facts: Facts, alert: Alert) -> Muted | None:
        """What mutes an alert that has these facts; None: nothing."""
        if (silenced := self.silenced(facts)) is not None:
            return silenced
        for mute in self.mutes:
            if (source := self._muting(mute, facts, alert)) is not None:
                return Muted(Why.DEPENDENCY, source.id, None, source.id)
        return None

    def silenced(self, facts: Facts) -> Muted | None:
        """The silence that mutes what has these facts."""
        for silence in self.silences:
            if silence.mutes(facts, self.now):
                return Muted(Why.SILENCE, f"silence {silence.id}", silence.ends(self.now))
        return None

    def _muting(self, mute: Mute, facts: Facts, alert: Alert) -> Alert | None:
        """The open alert through which a rule mutes an alert.

        Two that the rule could mute by each other are both told, as in Alertmanager: muting each
        other, neither would be.
        """
        if not all_hold(mute.target, facts):
            return None
        both = not mute.dependants and all_hold(mute.source, facts)
        for source, told in self._candidates(mute, facts, alert):
            if source.commitment == alert.commitment or not all_hold(mute.source, told):
                continue
            if both and all_hold(mute.target, told):
                continue
            if all(list(told.get(f, ())) == list(facts.get(f, ())) for f in mute.equal):
                return source
        return None

    def _candidates(self, mute: Mute, facts: Facts, alert: Alert) -> Iterator[tuple[Alert, Facts]]:
        if mute.dependants:
            for commitment in facts.get(DEPENDS, ()):
                yield from self._open(commitment)
        else:
            agreement = alert.agreement if "agreement" in mute.equal else None
            for commitment in self.reader.alerted(agreement):
                yield from self._open(commitment)

    def _open(self, commitment: str) -> list[tuple[Alert, Facts]]:
        found = self._sources.get(commitment)
        if found is None:
            ids = open_alerts(self.reader, commitment, self.opened)
            alerts = self.reader.alerts_named(sorted(ids)).values() if ids else ()
            # Themes and parties are known of what was routed; of the rest only what it says itself.
            known = {n.alert: n.facts for n in self.reader.notices(sorted(ids))} if ids else {}
            found = [(alert, known.get(alert.id) or facts_of(alert, None)) for alert in alerts]
            self._sources[commitment] = found
        return found
