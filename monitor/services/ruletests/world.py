"""The world of one rule test: its updates and coverage, and the histories the rules make of them.

Nothing is stored: a test is a pure function of its file, the rulebook and the updates it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from monitor.domain.coverage import ASSUMED, Coverage
from monitor.domain.time import EARLIEST, LATEST
from monitor.domain.update import KINDS
from monitor.errors import InputError
from monitor.services.alerts.alerting import Alerting
from monitor.services.alerts.news import Occasion
from monitor.services.memory import Memory, Past
from monitor.services.ruletests.times import Times, dated, origin_of
from monitor.services.views.naming import commitment_key, one_of
from monitor.services.views.standing import Derived
from monitor.services.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from monitor.domain.alert import Alert
    from monitor.domain.commitment import Commitment
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.ports import Engine, Reader
    from monitor.services.ruletests.form import Case


class ReadUpdates(Protocol):
    """Turns a file, or records written in the test, into updates.

    Raises:
        InputError: they cannot be read, or one of them is bad.
    """

    def __call__(
        self,
        origin: Path | list[dict[str, Any]],
        *,
        mapping: Mapping[str, Any],
        kinds: frozenset[str],
        zone: str,
    ) -> Sequence[Update]: ...


class World:
    """One test of a file.

    Args:
        case: the test.
        folder: its file lies here.
        engine: with the rulebook.
        read: of the sources.

    Raises:
        InputError: an update cannot be read, or a date counts from one that is not there.
    """

    def __init__(self, case: Case, folder: Path, engine: Engine, read: ReadUpdates) -> None:
        self.case, self.engine = case, engine
        self._agreements = {a.id: a for a in engine.rulebook.agreements}
        updates = self._read(folder, read)
        self.times = Times({update.id: update.occurred for update in updates})
        self._memory = Memory(updates, list(self._coverage()))
        self._views: dict[Instant, Derived] = {}
        self._last: dict[str, Instant] = {}

    def commitment(self, name: str) -> Commitment:
        """By its id or key.

        Raises:
            UsageError: there is none, or more than one.
        """
        return self.engine.commitments[commitment_key(name, self.engine.commitments)]

    def view(self, at: Instant) -> Derived:
        """The world as of an instant."""
        found = self._views.get(at)
        if found is None:
            reader = cast("Reader", self._memory)
            found = self._views[at] = Derived(reader, self.engine, View(at, LATEST))
        return found

    def end(self, commitment: Commitment) -> Instant:
        """The last instant of the test."""
        found = self._last.get(commitment.key)
        if found is None:
            origin = origin_of(commitment)
            ends = [self.times.instant(text, origin) for text in self.case.ends()]
            agreement = self._agreements[commitment.agreement]
            mine = (span for span in self.case.coverage or () if span.covers(agreement.id))
            ends += [self.times.past(span.until, origin_of(agreement)) - 1 for span in mine]
            found = self._last[commitment.key] = max(ends)
        return found

    def transitions(self, commitment: Commitment) -> Sequence[Transition]:
        """Everything that happens to a commitment in the test."""
        end = self.end(commitment)
        return () if end < commitment.start else self.view(end).history(commitment.key).transitions

    def alerts(self, commitment: Commitment) -> list[Alert]:
        """What receivers would be told, by a monitor that ran all the time."""
        transitions = self.transitions(commitment)
        reader = cast("Reader", Past(transitions, self._memory))
        alerting = Alerting(reader, self.engine, Occasion(self.end(commitment), None, ()))
        return alerting.told(transitions)

    def spoken(self, commitment: Commitment) -> frozenset[str]:
        """The ids of the rules that concluded something in the test."""
        end = self.end(commitment)
        if end < commitment.start:
            return frozenset()
        view = self.view(end)
        watch = view.watches[commitment.agreement]
        evidence = view.evidence(commitment.key)
        return self.engine.spoken(
            commitment.key, evidence, watch, end, view.changes(commitment.key)
        )

    def _coverage(self) -> Iterator[Coverage]:
        agreements, case = self._agreements, self.case
        for agreement in agreements.values():
            if case.covers_until is not None:
                until = self.times.instant(case.covers_until, origin_of(agreement)) + 1
                yield Coverage("test", None, until, EARLIEST, agreement.id)
            elif case.coverage is None:
                since, until = ASSUMED.spans[0]
                yield Coverage("test", since, until, EARLIEST, agreement.id)
        for span in case.coverage or ():
            if span.agreement is not None:
                one_of(span.agreement, agreements, "agreement")
            for agreement in agreements.values():
                if span.covers(agreement.id):
                    origin, first = origin_of(agreement), None
                    if span.since is not None:
                        first = self.times.first(span.since, origin)
                    until = self.times.past(span.until, origin)
                    if first is not None and until <= first:
                        raise InputError(f"coverage ends ({span.until}) before it begins")
                    yield Coverage("test", first, until, EARLIEST, agreement.id)

    def _read(self, folder: Path, read: ReadUpdates) -> Sequence[Update]:
        rulebook = self.engine.rulebook
        origin = self.case.updates
        return read(
            folder / origin if isinstance(origin, str) else dated(origin, rulebook),
            mapping=self.case.map,
            kinds=frozenset((*KINDS, *(k for a in rulebook.agreements for k in a.kinds))),
            zone=rulebook.agreements[0].zone,
        )
