"""The engine driven by hand: what a step does with derivations, without a database."""

from collections import defaultdict
from functools import partial

from monitor.domain.derivation import Change, Checkpoint
from monitor.domain.retraction import taken_back
from monitor.engine.engine import Engine
from monitor.engine.evaluators.plain import PlainEvaluator
from monitor.services.evidence.watching import look, watches

_PLAIN = PlainEvaluator()


def engine_of(rulebook, evaluator=_PLAIN):
    """Checkpoints after every second update, so that even small histories have some."""
    return Engine(rulebook, evaluator, every=2)


def by_instant_and_id(item):
    return item[0], item[1].id


def counting(engine, updates):
    """{commitment: evidence} without what others take back, ordered."""
    known = {u.id: u for u in updates}
    gone = {
        a.id: taken_back(known.values(), partial(engine.tier, a.id), a.zone)
        for a in engine.rulebook.agreements
    }
    evidence = defaultdict(list)
    for update in known.values():
        for key, at in engine.route(update):
            if update.id not in gone[engine.commitments[key].agreement]:
                evidence[key].append((at, update))
    for rows in evidence.values():
        rows.sort(key=by_instant_and_id)
    return evidence


def from_nothing(engine, updates, coverage, now):
    """{commitment: Derivation} by one pass from the beginning, askers last."""
    evidence = counting(engine, updates)
    watched = watches(engine.rulebook.agreements, coverage)
    found = {}
    for rank in engine.in_order(engine.commitments):
        for key in rank:
            rows = evidence[key]
            found[key] = engine.derive(
                key,
                None,
                (),
                lambda since, rows=rows: [r for r in rows if since is None or r[0] >= since],
                watched[engine.commitments[key].agreement],
                now,
                changes=changes_for(engine, key, {k: d.transitions for k, d in found.items()}),
            )
    return found


def changes_for(engine, key, histories):
    asked = engine.asks.get(key)
    if not asked:
        return None
    rows = sorted((t for other in asked for t in histories[other]), key=lambda t: t.at)
    changes = [Change(t.at, t.commitment, t.after) for t in rows]
    return lambda since: [c for c in changes if since is None or c.at >= since]


class Ledger:
    """Keeps what a store keeps, and checks what a derivation says about its own past.

    It is its own writer for `look`, which compares coverage with what was known.
    """

    def __init__(self, engine):
        self.engine = engine
        self.evidence = defaultdict(list)
        self.rows = []
        self.noted = {}
        self.known = {}
        self.histories = defaultdict(list)
        self.payloads = {}
        self.checkpoints = defaultdict(dict)
        self.last = None
        self.derivations = {}
        self.turns = {}

    def coverage_after(self, number):
        return len(self.rows), self.rows[number:]

    def meta(self, key):
        return self.noted.get(key)

    def set_meta(self, key, value):
        self.noted[key] = value

    def step(self, batch):
        """Derive every commitment with what is new; like a step that touches all of them."""
        fresh = {u.id: u for u in reversed(batch.updates) if u.id not in self.known}
        self.known |= fresh
        before, self.evidence = self.evidence, counting(self.engine, self.known.values())
        self.rows += batch.coverage
        watching = look(self, self.engine.rulebook, self.last, batch.now)
        for rank in self.engine.in_order(self.engine.commitments):
            for key in rank:
                agreement = self.engine.commitments[key].agreement
                watch, affected = watching.watches[agreement], watching.affected.get(agreement)
                was, rows = set(before[key]), set(self.evidence[key])
                news = [row for row in rows if row[1].id in fresh]
                other = [at for at, u in was ^ rows if u.id not in fresh]
                span = (min(other), max(other)) if other else None
                self._derive(key, news, watch, batch.now, affected, span)
        self.last = batch.now

    def _turned(self, key):
        asked = self.engine.asks.get(key, ())
        return sorted({at for other in asked for at in self.turns[other]})

    def _derive(self, key, news, watch, now, affected, rewritten):
        rows, kept = self.evidence[key], self.checkpoints[key]
        derivation = self.engine.derive(
            key,
            self.payloads.get(key),
            sorted(news, key=by_instant_and_id),
            lambda since: [r for r in rows if since is None or r[0] >= since],
            watch,
            now,
            earlier=lambda: [Checkpoint(h, t) for h, t in sorted(kept.items())],
            affected=affected,
            rewritten=rewritten,
            changes=changes_for(self.engine, key, self.histories),
            turned=self._turned(key),
        )
        since, settled = derivation.since, derivation.settled or ()
        history = self.histories[key]
        stays = [t for t in history if t.at in settled or (since is not None and t.at <= since)]
        after = [t for t in history if t not in stays]
        if derivation.replaced is not None:
            assert sorted(derivation.replaced) == sorted(t.id for t in after)
        found = [*stays, *derivation.transitions]
        self.histories[key] = sorted(found, key=lambda t: t.at)
        other = {t.id: t.at for t in history}.items() ^ {t.id: t.at for t in found}.items()
        self.turns[key] = {at for _, at in other}
        for head in [h for h in kept if h in (derivation.stale or ())]:
            del kept[head]
        kept.update(derivation.checkpoints)
        self.payloads[key] = derivation.payload
        self.derivations[key] = derivation


def agree(ledger, whole):
    """The histories, the standing and the due instants of a ledger are those of one pass."""
    for key, derivation in whole.items():
        assert ledger.histories[key] == list(derivation.transitions)
        last = ledger.derivations[key]
        assert last.standing == derivation.standing
        assert (last.due_clock, last.due_watched) == (
            derivation.due_clock,
            derivation.due_watched,
        )


def agree_at_every_step(rulebook, batches):
    """Whatever was kept on the way makes no difference; nor does losing all of it."""
    ledger, forgetful = Ledger(engine_of(rulebook)), Ledger(engine_of(rulebook))
    reports = []
    for batch in batches:
        ledger.step(batch)
        forgetful.checkpoints.clear()
        forgetful.step(batch)
        reports += batch.updates
        agree(ledger, from_nothing(engine_of(rulebook), reports, ledger.rows, batch.now))
        assert forgetful.histories == ledger.histories
