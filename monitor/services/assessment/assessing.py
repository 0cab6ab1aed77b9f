"""The assessment of a step: evidence to its commitments, and each brought up to the present."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.coverage import ASSUMED
from monitor.domain.records import Evidence, StoredState, StoredTransition
from monitor.domain.retraction import is_evidence
from monitor.services.alerts.news import News
from monitor.services.assessment.asked import Asked
from monitor.services.assessment.checkpoints import keep_checkpoints
from monitor.services.assessment.due import due, remember_strangers, strangers
from monitor.services.assessment.reconcile import reconcile
from monitor.services.evidence.causes import Causes
from monitor.services.evidence.retractions import Retractions, Rewriting, rewriting
from monitor.services.evidence.watching import Watching, look

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.domain.derivation import Derivation
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition
    from monitor.domain.update import Update
    from monitor.services.assessment.options import Options
    from monitor.services.ports import Engine, Writer

_TOGETHER = 1_000
"""How many commitments are held in memory at once."""
_WRITTEN = 5_000
"""How many transitions of theirs may be: then what was found is written."""


class _Found(NamedTuple):
    """What was derived and is still to be written."""

    states: list[StoredState]
    new: list[StoredTransition]
    gone: list[StoredTransition]


class Assessing:
    """One step's work on the store: first `route`, then `work`."""

    def __init__(
        self,
        writer: Writer,
        engine: Engine,
        now: Instant,
        last: Instant | None,
        options: Options,
        renewed: frozenset[str] = frozenset(),
        *,
        empty: bool = False,
    ) -> None:
        self.writer, self.engine = writer, engine
        self.now, self.recorded, self.options = now, now, options
        self.renewed, self.empty = renewed, empty
        self.watching: Watching = look(writer, engine.rulebook, last, now)
        self.news: dict[str, list[tuple[Instant, Update]]] = defaultdict(list)
        self.retractions = Retractions(writer, engine)
        self.rewriting = Rewriting()
        self.asked = Asked(writer, engine)
        self.heard: list[News] = []
        self.transitions: list[Transition] = []
        self.withdrawn: list[StoredTransition] = []
        self.touched = 0
        self.unknown = False

    def route(self, updates: Sequence[Update]) -> int:
        """Give each update to the commitments it concerns; how many concern none.

        What only retracts another one is not counted.
        """
        unrouted = 0
        rows: list[Evidence] = []
        route, news = self.engine.route, self.news
        for update in updates:
            concerned = route(update)
            if not concerned and is_evidence(update):
                unrouted += 1
            for key, at in concerned:
                # As `_make` does it, without the call.
                rows.append(tuple.__new__(Evidence, (key, at, update[0])))
                news[key].append((at, update))
        self.writer.add_evidence(rows)
        self.rewriting = rewriting(self.writer, self.engine, updates)
        for agreement, gone in self.rewriting.gone.items():
            for key in [k for k in news if self.engine.commitments[k].agreement == agreement]:
                news[key] = [row for row in news[key] if row[1].id not in gone]
        for items in news.values():
            items.sort()  # by instant, then id, with which an update begins
        return unrouted

    def work(self) -> None:
        """Derive what is touched, askers after those they ask about."""
        touched = {key for key, items in self.news.items() if items}
        touched |= self.renewed | set(self.rewriting.spans)
        touched |= due(self.writer, self.engine, self.watching, self.now)
        if self.options.introduce:
            touched |= strangers(self.writer, self.engine)
        self.touched = len(touched)
        pending = touched
        finished: set[str] = set()
        while pending:
            ranks = self.engine.in_order(pending)
            finished |= set(ranks[0])
            changed = self._derive_all(ranks[0])
            pending = {key for rank in ranks[1:] for key in rank}
            pending |= {d for key in changed for d in self.engine.dependents(key)} - finished
        if self.unknown:
            remember_strangers(self.writer)

    def _derive_all(self, keys: Sequence[str]) -> list[str]:
        """Derive and keep these, some at a time; which of them have another history than before."""
        return [
            key
            for first in range(0, len(keys), _TOGETHER)
            for key in self._derive_some(keys[first : first + _TOGETHER], first, len(keys))
        ]

    def _derive_some(self, keys: Sequence[str], first: int, total: int) -> list[str]:
        states = self.writer.states(keys)
        found = _Found([], [], [])
        changed: list[str] = []
        for number, key in enumerate(keys, first):
            state = states.get(key)
            derivation = self._derive(key, state)
            new, vanished = reconcile(self.writer, key, state, derivation)
            if derivation.checkpoints or derivation.stale:
                keep_checkpoints(self.writer, key, derivation)
            introduced = self._introduced(state)
            self.unknown = self.unknown or introduced is None
            found.states.append(self._state(key, introduced, derivation))
            if new or vanished:
                changed.append(key)
                self.asked.remember(key, new, vanished)
                told = introduced is not None
                rules = self.engine.rules_hash(key)
                found.new.extend(StoredTransition(t, self.recorded, rules, told) for t in new)
                found.gone.extend(vanished)
            if introduced is not None:
                self._hear(key, state, derivation, new, vanished)
            if self.options.progress is not None and number % 100 == 0:
                self.options.progress(number, total)
            if len(found.new) + len(found.gone) >= _WRITTEN:
                self._write(found)
                found = _Found([], [], [])
        self._write(found)
        return changed

    def _write(self, found: _Found) -> None:
        """Keep what was found, and report it."""
        self.writer.save_states(found.states)
        if found.gone:
            gone = [row.transition for row in found.gone]
            self.writer.withdraw_transitions(gone, self.recorded)
        self.writer.add_transitions(found.new)
        self._report(found.new, found.gone)

    def _report(self, new: Sequence[StoredTransition], gone: Sequence[StoredTransition]) -> None:
        self.transitions += [row.transition for row in new]
        self.withdrawn += gone

    def _introduced(self, state: StoredState | None) -> Instant | None:
        if state is not None and state.introduced is not None:
            return state.introduced
        return self.now if self.options.introduce else None

    def _derive(self, key: str, state: StoredState | None) -> Derivation:
        agreement = self.engine.commitments[key].agreement
        return self.engine.derive(
            key,
            None if state is None or key in self.renewed else state.payload,
            self.news.get(key, ()),
            lambda since: self._evidence(key, since),
            self.watching.watches[agreement],
            self.now,
            earlier=lambda: self.writer.checkpoints(key),
            affected=self.watching.affected.get(agreement),
            rewritten=self.rewriting.spans.get(key),
            changes=self.asked.changes(key),
            turned=self.asked.turned(key),
        )

    def _evidence(self, key: str, since: Instant | None) -> Iterable[tuple[Instant, Update]]:
        """What counts about a commitment; in an empty store that is what has just come in."""
        if self.empty:
            return self.news.get(key, ())
        return self.retractions.reading(key, self.writer.read_evidence(key, since))

    def _state(self, key: str, introduced: Instant | None, derivation: Derivation) -> StoredState:
        agreement = self.engine.commitments[key].agreement
        clock, watched = derivation.due_clock, derivation.due_watched
        if watched is not None and self.watching.watches[agreement] == ASSUMED:
            # one clock for all: what is due together stands together, whatever the agreement
            clock, watched = watched if clock is None else min(clock, watched), None
        return StoredState(
            key,
            agreement,
            self.engine.rules_hash(key),
            introduced,
            clock,
            watched,
            derivation.payload,
            json.dumps(derivation.standing.assessment),
            self.watching.awaited(agreement),
        )

    def _hear(
        self,
        key: str,
        state: StoredState | None,
        derivation: Derivation,
        new: Sequence[Transition],
        vanished: Sequence[StoredTransition],
    ) -> None:
        first = state is None or state.introduced is None
        if not (first or new or vanished):
            return
        self.heard.append(
            News(
                key,
                tuple(new),
                tuple(vanished),
                derivation.standing,
                first=first,
                since=self.options.announce_since,
                causes=self._causes(key) if vanished or self.rewriting.spans else Causes(),
            )
        )

    def _causes(self, key: str) -> Causes:
        """What is new about a commitment and those it asks about."""
        rewriting = self.rewriting
        gone = rewriting.gone.get(self.engine.commitments[key].agreement, {})
        own = Causes(self.news.get(key, ()), rewriting.causes.get(key, ()), gone)
        return sum((self._causes(other) for other in self.engine.asks.get(key, ())), own)
