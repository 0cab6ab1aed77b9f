"""What of the coverage is new to a step."""

import pytest

from monitor.domain.commitment import Agreement, CoveragePolicy, Rulebook
from monitor.domain.coverage import Coverage, Watch
from monitor.domain.time import parse_occurred
from monitor.services.evidence.watching import first_difference, look, watches
from monitor.store import open_store

PLAIN = CoveragePolicy()


def agreement(identity="pact", policy=PLAIN):
    return Agreement(identity, "Pact", parse_occurred("2025"), "UTC", (), coverage=policy)


BOOK = Rulebook((agreement(),))


def looked(tmp_path, *steps):
    """What each step finds: (coverage rows since the last, last, now) each."""
    store = open_store(f"sqlite:///{tmp_path}/w.db")
    found = []
    for rows, last, now in steps:
        with store.write() as writer:
            writer.add_coverage([Coverage("feed", s, u, now) for s, u in rows])
            found.append(look(writer, BOOK, last, now))
    return found


def test_coverage_that_goes_on_from_its_end_touches_nobody(tmp_path):
    _, second = looked(tmp_path, ([(0, 100)], None, 50), ([(0, 200)], 50, 60))
    assert second.affected == {}
    assert second.turned == frozenset()


def test_coverage_that_comes_after_it_was_missed_affects_everything_since_its_end(tmp_path):
    _, second = looked(tmp_path, ([(0, 100)], None, 150), ([(50, 200)], 150, 160))
    assert second.affected == {"pact": 100}


def test_the_end_of_coverage_turns_an_agreement_in_the_step_that_passes_it(tmp_path):
    _, second, third = looked(tmp_path, ([(0, 100)], None, 50), ([], 50, 100), ([], 100, 120))
    assert second.turned == {"pact"}
    assert third.turned == frozenset()


def test_a_gap_ahead_that_is_filled_makes_stored_due_dates_too_late(tmp_path):
    _, second = looked(tmp_path, ([(0, 100), (200, 300)], None, 50), ([(100, 200)], 50, 60))
    assert second.affected == {"pact": 100}


def test_a_later_span_behind_a_gap_leaves_stored_due_dates_too_early_which_is_safe(tmp_path):
    _, second = looked(tmp_path, ([(0, 100)], None, 50), ([(200, 300)], 50, 60))
    assert second.affected == {}


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        (((0, 10),), ((0, 20),), 10),
        (((5, 10),), ((0, 10),), 0),
        (((0, 10),), ((0, 10), (20, 30)), 20),
        ((), ((3, 4),), 3),
    ],
)
def test_the_first_difference_of_two_watches(old, new, first):
    assert first_difference(Watch(old), Watch(new)) == first


def test_rows_for_one_agreement_are_its_own_and_those_for_none_are_everybodys():
    book = Rulebook(
        (
            agreement("a"),
            agreement("b", CoveragePolicy(grace=7)),
            agreement("c", CoveragePolicy(assumed=True)),
        )
    )
    found = watches(book.agreements, [Coverage("x", 0, 10, 0), Coverage("y", 5, 20, 0, "a")])
    assert found["a"] == Watch(((0, 20),))
    assert found["b"] == Watch(((0, 10),), 7)
    assert found["c"].covers(10**9)


class Counting:
    """A writer that counts the coverage rows that are read."""

    def __init__(self, writer):
        self._writer, self.read = writer, 0

    def coverage_after(self, number):
        last, rows = self._writer.coverage_after(number)
        self.read += len(rows)
        return last, rows

    def __getattr__(self, name):
        return getattr(self._writer, name)


def test_a_step_reads_only_the_coverage_that_the_last_one_did_not_know(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/w.db")
    for now in range(1, 60):
        with store.write() as writer:
            counting = Counting(writer)
            writer.add_coverage(
                [Coverage("feed", None, now, now), Coverage("b", now, now + 1, now)]
            )
            found = look(counting, BOOK, now - 1 or None, now)
            assert counting.read == 2
            assert found.watches == watches(BOOK.agreements, writer.coverage())
    with store.write() as writer:
        counting = Counting(writer)
        look(counting, BOOK, 59, 60)
        assert counting.read == 0
