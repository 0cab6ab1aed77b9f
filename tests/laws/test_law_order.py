"""LAWS 1 and 3: whatever the way there, the history is a pure function of what is known."""

from drawing import effort
from hypothesis import given
from ledger import Ledger, agree, agree_at_every_step, engine_of, from_nothing
from strategies import cases, long_ones


@effort(30, 250)
@given(cases())
def test_steps_in_any_order_end_where_one_derivation_from_nothing_ends(case):
    rulebook, batches = case
    ledger = Ledger(engine_of(rulebook))
    for batch in batches:
        ledger.step(batch)
    reports = [u for batch in batches for u in batch.updates]
    whole = from_nothing(engine_of(rulebook), reports, ledger.rows, batches[-1].now)
    agree(ledger, whole)


@effort(30, 380)
@given(long_ones())
def test_what_comes_late_among_many_goes_on_from_a_checkpoint_and_ends_there_as_well(case):
    """Purity: whatever was kept on the way makes no difference; nor does losing all of it."""
    agree_at_every_step(*case)
