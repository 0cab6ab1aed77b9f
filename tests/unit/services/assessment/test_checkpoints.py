"""How many checkpoints are kept, and that they save reading what cannot have changed."""

import itertools

import pytest
from making import advance, book, day, on, rule, update
from stepping import RUN, house

from monitor.domain.assessment import Level
from monitor.services.assessment.checkpoints import MOST, thinned

UP = rule("up", on("agreement"), advance(Level.LIMITED))


def test_few_checkpoints_are_all_kept():
    assert thinned(range(MOST)) == set(range(MOST))


def test_many_are_thinned_the_more_the_older_they_are():
    kept = set()
    for head in range(10_000):
        kept = thinned([*sorted(kept), head])
    assert len(kept) <= MOST
    heads = sorted(kept)
    gaps = [b - a for a, b in itertools.pairwise(heads)]
    assert gaps[-8:] == [1] * 8
    assert max(gaps[-MOST // 4 :]) < max(gaps[: MOST // 4])
    assert heads[-1] == 9_999


class Reading:
    """A writer that counts what is read of a commitment's evidence."""

    def __init__(self, writer):
        self._writer, self.read = writer, 0

    def read_evidence(self, *asked):
        for row in self._writer.read_evidence(*asked):
            self.read += 1
            yield row

    def __getattr__(self, name):
        return getattr(self._writer, name)


@pytest.fixture
def crowded():
    """Six hundred reports on one commitment, one a day; a checkpoint after every second."""
    with house(book(UP)) as there:
        reports = [update(n, "agreement", f"Report {n}") for n in range(600) if n != 300]
        there.step(day(600), reports, options=RUN)
        yield there


def counted(there, now, updates):
    readings = []

    def wrap(writer):
        readings.append(Reading(writer))
        return readings[0]

    report = there.step(now, updates, options=RUN, wrap=wrap)
    return report, readings[0].read


def test_a_late_report_reads_only_to_where_it_makes_no_difference_any_more(crowded):
    report, read = counted(crowded, day(601), [update(300, "agreement", "Late")])
    assert report.updates == 1
    assert read < 200


def test_a_report_before_all_checkpoints_begins_at_the_start_and_ends_as_early(crowded):
    _, read = counted(crowded, day(601), [update(0, "agreement", "Late")])
    assert read < 200


def test_a_retraction_reads_from_what_it_takes_back(crowded):
    with crowded.store.read() as reader:
        old = next(u for u in reader.all_updates() if u.title == "Report 450")
    _, read = counted(crowded, day(601), [update(601, "statement", "No", retracts=old.id)])
    assert read < 200


def test_without_checkpoints_the_same_is_found(crowded):
    with crowded.store.write() as writer:
        writer.clear_checkpoints(["g0/c0"])
    late = update(300, "agreement", "Late")
    crowded.step(day(601), [late], options=RUN)
    whole = crowded.whole(day(601))["g0/c0"]
    assert crowded.standing()["g0/c0"] == [(t.at, t.id) for t in whole.transitions]
