"""The engine against a second, naive reading of every definition (tests/support/oracle.py)."""

from drawing import effort
from drawn_rulebooks import loaded
from hypothesis import given
from hypothesis import strategies as st
from ledger import engine_of, from_nothing
from oracle import Oracle, axes_of, turns
from oracle_lines import seconds_of_day
from oracle_subjects import subjects
from strategies import written

from monitor.domain.time import DAY


class Histories:
    """What looking at every instant finds, of each who is assessed."""

    def __init__(self, draft, reports, rows, until):
        self.subjects = subjects(draft)
        self.reports, self.rows, self.until = reports, rows, until
        self.offsets = seconds_of_day([s.commitment for s in self.subjects.values()], reports)
        self._found = {}

    def of(self, key):
        if key not in self._found:
            oracle = Oracle(self.subjects[key], self.reports, self.rows, self.others, self.offsets)
            self._found[key] = turns(oracle.instants(self.until))
        return self._found[key]

    def others(self, key, at, *, begins):
        """As known at an instant; where an asker begins, before the reports of that instant."""
        before = [axes for when, axes in self.of(key) if when < at]
        same = [axes for when, axes in self.of(key) if when == at]
        if begins:
            return before[-1] if before else same[0] if same else None
        return [None, *before, *same][-1]


def compare(draft, batches, now):
    reports = list({u.id: u for b in batches for u in b.updates}.values())
    rows = [c for b in batches for c in b.coverage]
    found = from_nothing(engine_of(loaded(draft)), reports, rows, now)
    expected = Histories(draft, reports, rows, now)
    assert set(found) == set(expected.subjects)
    for key, derivation in found.items():
        actual = [(t.at, axes_of(t.after)) for t in derivation.transitions]
        assert actual == expected.of(key), key


@effort(50, 380)
@given(written(coarse=True), st.integers(0, 60))
def test_the_engine_finds_what_looking_at_every_instant_finds(case, beyond):
    draft, batches = case
    compare(draft, batches, batches[-1].now + beyond * DAY)
