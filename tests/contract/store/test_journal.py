"""Coverage, runs, notes and counts."""

from __future__ import annotations

import pytest

from monitor.domain.coverage import Coverage, union
from monitor.domain.records import Evidence, Run

SEEN = Coverage("feed", since=10, until=20, recorded=100)


def test_coverage_comes_back_in_the_order_it_was_learned(store):
    first, later = SEEN, Coverage("feed", 20, 30, 200, "g")
    with store.write() as w:
        assert w.add_coverage([later, first]) == 2
        assert w.add_coverage([]) == 0
    with store.read() as r:
        assert r.coverage() == [first, later]
        assert r.coverage(known_at=199) == [first]
        assert r.coverage(known_at=99) == []


@pytest.mark.parametrize(
    "row",
    [
        SEEN,
        SEEN._replace(recorded=200),
        SEEN._replace(since=11, until=19),
        SEEN._replace(agreement="g"),
        Coverage("feed", 30, 30, 100),
        Coverage("feed", 30, 29, 100),
    ],
)
def test_coverage_that_says_nothing_new_is_not_kept(store, row):
    with store.write() as w:
        w.add_coverage([SEEN])
        assert w.add_coverage([row]) == 0
        assert w.coverage() == [SEEN]


@pytest.mark.parametrize(
    "row",
    [
        SEEN._replace(until=21),
        SEEN._replace(since=9),
        SEEN._replace(since=None),
        SEEN._replace(source="other feed"),
        SEEN._replace(recorded=99),
    ],
)
def test_coverage_that_says_something_new_is_kept(store, row):
    with store.write() as w:
        w.add_coverage([SEEN])
        assert w.add_coverage([row]) == 1
        assert set(w.coverage()) == {SEEN, row}


def test_coverage_of_one_agreement_says_nothing_of_the_others(store):
    mine = SEEN._replace(agreement="g")
    with store.write() as w:
        w.add_coverage([mine])
        assert w.add_coverage([SEEN._replace(agreement="h"), SEEN]) == 2


def test_coverage_without_a_beginning_implies_every_beginning(store):
    with store.write() as w:
        assert w.add_coverage([SEEN._replace(since=None), SEEN, SEEN._replace(since=None)]) == 1


def test_coverage_is_new_once_inside_a_batch(store):
    with store.write() as w:
        assert w.add_coverage([SEEN, SEEN._replace(since=12)]) == 1


def test_the_last_run_is_the_last_one_added(store):
    with store.read() as r:
        assert r.last_run() is None
    with store.write() as w:
        w.add_run(Run("run", 200, 3, 2, 1))
        w.add_run(Run("ingest", 100, 0, 0, 0))
    with store.read() as r:
        assert r.last_run() == Run("ingest", 100, 0, 0, 0)


def test_a_note_is_kept_until_it_is_replaced(store):
    with store.write() as w:
        w.set_meta("rulebook", "hash-1")
        w.set_meta("rulebook", "hash-2")
        w.set_meta("zone", "")
    with store.read() as r:
        assert (r.meta("rulebook"), r.meta("zone"), r.meta("unknown")) == ("hash-2", "", None)


def test_everything_is_counted(store, make):
    with store.read() as r:
        assert set(r.counts().values()) == {0}
    with store.write() as w:
        w.add_updates([make.update("a"), make.update("b")])
        w.add_evidence([Evidence("g/c", 1, "a"), Evidence("g/d", 1, "a"), Evidence("g/d", 1, "b")])
        w.save_states([make.state()])
        w.add_transitions([make.transition()])
        w.add_alerts([make.alert()])
        w.enqueue([("a1", "slack"), ("a1", "mail")], 5)
        w.add_coverage([SEEN])
        w.add_run(Run("run", 1, 1, 1, 1))
    with store.read() as r:
        assert r.counts() == {
            "updates": 2,
            "commitments": 2,
            "evidence": 3,
            "coverage": 1,
            "states": 1,
            "transitions": 1,
            "alerts": 1,
            "deliveries": 2,
            "receivers": 0,
            "runs": 1,
        }


def test_what_is_watched_is_the_union_of_what_was_known_by_then(store):
    growing = [Coverage("feed", None, until, until) for until in (10, 20, 30)]
    others = [Coverage("wire", 50, 60, 60), Coverage("wire", 40, 45, 61, "g")]
    with store.write() as w:
        w.add_coverage([*growing, *others])
    with store.read() as r:
        for known_at in (None, 5, 10, 25, 60, 61):
            for agreement in (None, "g"):
                wanted, found = (
                    union(row for row in rows if row.agreement in (None, agreement))
                    for rows in (r.coverage(known_at), r.watched(known_at))
                )
                assert found == wanted
        assert len(r.watched()) == 3


def test_how_far_sources_reach_is_one_row_for_each_and_for_each_agreement(store):
    growing = [Coverage("feed", since, until, until) for since, until in ((5, 10), (2, 30))]
    rows = [
        *growing,
        Coverage("wire", None, 20, 60),
        Coverage("wire", 40, 45, 61),
        Coverage("wire", 40, 50, 62, "g"),
    ]
    with store.write() as w:
        w.add_coverage(rows)
    with store.read() as r:
        assert r.reaches() == [
            Coverage("wire", 40, 50, 62, "g"),
            Coverage("wire", None, 45, 61),
            Coverage("feed", 2, 30, 30),
        ]
        assert r.reaches(known_at=29) == [Coverage("feed", 5, 10, 10)]
        assert r.reaches(known_at=9) == []


def test_coverage_is_read_on_from_where_one_has_stopped(store):
    first, second = Coverage("feed", None, 10, 10), Coverage("feed", 15, 20, 20, "g")
    with store.write() as w:
        assert w.coverage_after(0) == (0, [])
        w.add_coverage([first])
        last, rows = w.coverage_after(0)
        assert rows == [first]
        w.add_coverage([second])
        assert w.coverage_after(last)[1] == [second]
        assert w.coverage_after(w.coverage_after(last)[0])[1] == []
