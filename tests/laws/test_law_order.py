"""LAWS 1 and 3: whatever the way there, the history is a pure function of what is known."""

from hypothesis import given
from ledger import Ledger, engine_of, from_nothing
from strategies import cases, effort


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


@effort(60, 1000)
@given(cases())
def test_steps_in_any_order_end_where_one_derivation_from_nothing_ends(case):
    rulebook, batches = case
    ledger = Ledger(engine_of(rulebook))
    for batch in batches:
        ledger.step(batch)
    reports = [u for batch in batches for u in batch.updates]
    whole = from_nothing(engine_of(rulebook), reports, ledger.rows, batches[-1].now)
    agree(ledger, whole)
