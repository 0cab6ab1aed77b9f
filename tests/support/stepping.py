"""Steps on a real SQLite database, and what is then in it."""

import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

from ledger import engine_of, from_nothing

from monitor.services.assessment.options import Options
from monitor.services.assessment.step import Intake, take_step
from monitor.store import open_store

QUIET = Options()
RUN = Options(introduce=True, receivers=("desk",))


@contextmanager
def house(rulebook):
    """A `House` whose database is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder)}/monitor.db")
        try:
            yield House(store, rulebook)
        finally:
            store.close()


class House:
    """A database and the rulebook that it is run with."""

    def __init__(self, store, rulebook):
        self.store = store
        self.engine = engine_of(rulebook)

    def rules(self, rulebook):
        """As after an edit: everything compiled is compiled anew."""
        self.engine = engine_of(rulebook)

    def step(self, now, updates=(), coverage=(), options=QUIET, wrap=lambda writer: writer):
        with self.store.write() as writer:
            intake = Intake(updates, coverage)
            return take_step(wrap(writer), self.engine, intake, now, options)

    def feed(self, batch, options=QUIET):
        return self.step(batch.now, batch.updates, batch.coverage, options)

    def standing(self):
        """{commitment: [(instant, id)]} of the transitions that stand, of this rulebook."""
        found = defaultdict(list)
        with self.store.read() as reader:
            for row in reader.transitions(list(self.engine.commitments)):
                found[row.transition.commitment].append((row.transition.at, row.transition.id))
        return dict(found)

    def states(self):
        with self.store.read() as reader:
            return reader.states(list(self.engine.commitments))

    def alerts(self):
        """Oldest first."""
        with self.store.read() as reader:
            return list(reversed(reader.alerts()))

    def whole(self, now):
        """{commitment: Derivation} from nothing, of all that is stored."""
        with self.store.read() as reader:
            return from_nothing(self.engine, reader.all_updates(), reader.coverage(), now)


def ids(derivations):
    """As `House.standing`."""
    return {
        key: [(t.at, t.id) for t in derivation.transitions]
        for key, derivation in derivations.items()
        if derivation.transitions
    }
