"""The engine against a second, naive reading of every definition (tests/support/oracle.py)."""

from hypothesis import given
from ledger import engine_of, from_nothing
from oracle import DAY, Oracle, axes_of, turns
from strategies import cases, effort


def compare(rulebook, batches):
    reports = {u.id: u for b in batches for u in b.updates}.values()
    rows = [c for b in batches for c in b.coverage]
    now = batches[-1].now
    found = from_nothing(engine_of(rulebook), reports, rows, now)
    expected = {}

    def others(key, day, *, begins):
        """As known at the end of a day; where an asker begins, before the reports of that day."""
        before = [axes for at, axes in expected[key] if at < day]
        same = [axes for at, axes in expected[key] if at == day]
        if begins:
            return before[-1] if before else same[0] if same else None
        return [None, *before, *same][-1]

    for agreement in rulebook.agreements:
        for commitment in agreement.commitments:
            oracle = Oracle(agreement, commitment, reports, rows, others)
            expected[commitment.key] = turns(oracle.days(now // DAY))
            actual = [(t.at // DAY, axes_of(t.after)) for t in found[commitment.key].transitions]
            assert actual == expected[commitment.key], commitment.key


@effort(100, 1500)
@given(cases(coarse=True))
def test_the_engine_finds_what_looking_at_every_day_finds(case):
    compare(*case)
