"""LAW 7: what a supposed report would change is what its ingest then changes, and nothing else."""

from typing import NamedTuple

from drawing import effort
from hypothesis import given
from hypothesis import strategies as st
from stepping import RUN, house
from strategies import cases

from monitor.domain.time import DAY
from monitor.services.assessment.options import Options
from monitor.services.assessment.step import Intake, take_step
from monitor.services.ingest import ingest
from monitor.services.rehearsal import rehearse
from monitor.services.views.standing import standings
from monitor.services.views.view import View
from monitor.store.rehearse import rehearsal

BY_HAND = Options(receivers=("desk",))
WORDS = {"kinds": None, "zone": "UTC"}


class Reports(NamedTuple):
    """What was read: one batch, in which nothing was refused."""

    updates: tuple
    rejects: tuple = ()


class Reading(list):
    """One pass over a source."""

    name, warnings = "hand", ()


class Told(NamedTuple):
    """A source that says what it is given, and until when it looked."""

    name: str
    updates: tuple
    row: object

    def collect(self, recorded, *, kinds, zone):
        return Reading([Reports(self.updates)])

    def coverage(self, reading, *, recorded, zone):
        return self.row


def sources(batch, now):
    """The reports of a batch, and each row of its coverage, told at an instant."""
    updates = tuple(update._replace(recorded=now) for update in batch.updates)
    rows = [row._replace(recorded=now) for row in batch.coverage]
    return [Told("hand", updates, None), *(Told("watch", (), row) for row in rows)]


def by_id(rows):
    return {row.id: row for row in rows}


def stands(there, now, key):
    with there.store.read() as reader:
        return list(standings(reader, there.engine, View(now, now), [key]))


@effort(15, 80)
@given(cases(), st.data())
def test_what_is_supposed_changes_exactly_what_its_ingest_then_changes(case, data):
    rulebook, (*before, last) = case
    now = last.now + data.draw(st.integers(0, 40)) * DAY
    key = data.draw(st.sampled_from(sorted(rulebook.commitments)))
    with house(rulebook) as there:
        for batch in before:
            there.feed(batch, RUN)
        begun = stands(there, now, key)
        told_by, clock = sources(last, now), lambda: now
        with rehearsal(there.store.path) as copy:
            told = rehearse(copy, there.engine, told_by, clock, BY_HAND, key, **WORDS)
        with rehearsal(there.store.path) as copy, copy.write() as writer:
            alone = take_step(writer, there.engine, Intake(), now, BY_HAND)
        done = ingest(there.store, there.engine, told_by, clock, BY_HAND, **WORDS).report
        assert ([told.before] if told.before else []) == begun
        assert ([told.after] if told.after else []) == stands(there, now, key)
        for all_of, because, time_alone, spared in (
            (done.transitions, told.report.transitions, alone.transitions, told.spared),
            (done.alerts, told.report.alerts, alone.alerts, told.unsaid),
        ):
            real, supposed = by_id(all_of), by_id(because)
            # of what comes anyway it is told that it comes; the numbers behind it may be others
            assert real.keys() == supposed.keys() | (by_id(time_alone).keys() - by_id(spared))
            assert {key: real[key] for key in supposed} == supposed
            assert not supposed.keys() & by_id(time_alone).keys()
        gone = {row.transition.id for row in done.withdrawn}
        assert {row.transition.id for row in told.report.withdrawn} <= gone
        assert gone <= {row.transition.id for row in (*told.report.withdrawn, *alone.withdrawn)}
        assert told.concerned.keys() == {update.id for update in last.updates}
