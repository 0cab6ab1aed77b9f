"""LAW 7: what is announced to come in silence is what comes, to the second and the id."""

from dataclasses import replace

from drawing import effort
from hypothesis import given
from hypothesis import strategies as st
from stepping import house
from strategies import cases

from monitor.domain.coverage import Coverage
from monitor.domain.time import DAY
from monitor.services.explanation.foresight import foresee
from monitor.services.views.standing import Derived
from monitor.services.views.view import View

LIMIT = 6


def past(batch, end):
    """The batch without reports of what is still to come: those would be news."""
    known = tuple(u for u in batch.updates if u.occurred.start("UTC") < end - DAY)
    return replace(batch, updates=known)


def looking(watches, since, until):
    """Somebody goes on looking from `since` on, without a gap where nobody has missed one yet."""
    for agreement, watch in watches.items():
        seen = watch.seen(since)
        begin = seen if watch.covers(since) else since + 1
        yield Coverage("on", begin, until, since, agreement)


@effort(15, 100)
@given(cases(), st.integers(0, 400))
def test_in_silence_exactly_that_happens_which_was_announced(case, beyond):
    rulebook, batches = case
    end = batches[-1].now
    with house(rulebook) as there:
        for batch in batches:
            there.feed(past(batch, end))
        view = View(end, end)
        begun = [key for key, c in rulebook.commitments.items() if c.start <= end]
        with there.store.read() as reader:
            present = Derived(reader, there.engine, view)
            told = {key: foresee(present, key, LIMIT) for key in begun}
            watches = present.watches
        before = there.standing()
        stops = {t.at for one in told.values() for t in one.chain} | {end + beyond * DAY + 1}
        for stop in sorted(stops):
            there.step(stop, coverage=tuple(looking(watches, end, stop + 1)))
        after, last = there.standing(), max(stops)
        for key in begun:
            one = told[key]
            told_ids = [(t.at, t.id) for t in one.chain if t.at <= last]
            known = before.get(key, [])
            assert after[key][: len(known)] == known
            came = after[key][len(known) :]
            assert came[: len(told_ids)] == told_ids
            if not one.more:
                further = [row for row in came if one.until is None or row[0] <= one.until]
                assert len(further) == len(told_ids)
