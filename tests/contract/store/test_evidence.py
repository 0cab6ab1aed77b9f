"""Updates and evidence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from monitor.domain.records import Added, Conflict, Evidence
from monitor.domain.time import parse_occurred
from monitor.errors import InputError, StoreError


def test_new_updates_come_back_in_the_order_given(store, make):
    batch = [make.update("b"), make.update("a"), make.update("c")]
    with store.write() as w:
        assert w.add_updates(batch) == Added(tuple(batch), 0, ())
    with store.read() as r:
        assert list(r.all_updates()) == batch
        assert r.updates(["c", "a", "missing"]) == {"a": batch[1], "c": batch[2]}


def test_no_updates_are_no_news(store):
    with store.write() as w:
        assert w.add_updates([]) == Added((), 0, ())
        assert w.updates([]) == {}


def test_the_same_report_recorded_later_is_a_duplicate_and_the_first_one_stays(store, make):
    first, again = make.update(recorded=100), make.update(recorded=200)
    with store.write() as w:
        w.add_updates([first])
    with store.write() as w:
        assert w.add_updates([again, again]) == Added((), 2, ())
        assert w.updates(["u1"]) == {"u1": first}


def test_a_number_written_with_another_precision_is_the_same_report(store, make):
    with store.write() as w:
        w.add_updates([make.update(value=Decimal("1.5"))])
        assert w.add_updates([make.update(value=Decimal("1.50"))]).duplicates == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},
        {"occurred": parse_occurred("2025-09")},
        {"topics": ("hydrogen",)},
        {"value": Decimal(1)},
        {"retracts": "u0"},
        {"url": "https://example.org/other"},
    ],
)
def test_another_report_under_a_known_id_is_a_conflict_and_the_first_one_stays(store, make, change):
    first = make.update()
    other = first._replace(**change)
    with store.write() as w:
        w.add_updates([first])
    with store.write() as w:
        assert w.add_updates([other]) == Added((), 0, (Conflict(first, other),))
        assert list(w.all_updates()) == [first]


def test_duplicates_and_conflicts_are_found_inside_one_batch(store, make):
    first, other = make.update(), make.update(title="Another title")
    with store.write() as w:
        added = w.add_updates([first, first, other, make.update(recorded=7)])
    assert added == Added((first,), 2, (Conflict(first, other),))


def test_a_batch_that_begins_with_news_and_ends_with_what_is_known_is_sorted_out(store, make):
    known, other = make.update("k"), make.update("k", title="Another title")
    rich = make.update("n2", value=Decimal("1.5"), indicator="tariff", retracts="k")
    news = [make.update("n1"), rich, make.update("n3")]
    with store.write() as w:
        w.add_updates([known])
    with store.write() as w:
        added = w.add_updates([*news, known, other])
        w.add_evidence([Evidence("g/c", 5, "n2")])
    assert added == Added(tuple(news), 1, (Conflict(known, other),))
    with store.read() as r:
        assert list(r.all_updates()) == [known, *news]
        assert r.evidence("g/c") == [(5, rich)]


def test_what_a_transaction_has_added_is_answered_together_with_what_was_there(store, make):
    old, new = make.update("old"), make.update("new", unit="percent")
    with store.write() as w:
        w.add_updates([old])
    with store.write() as w:
        w.add_updates([new])
        assert w.updates(["new", "old", "missing", "new"]) == {"new": new, "old": old}


def test_updates_known_at_an_instant_are_those_recorded_by_then_in_that_order(store, make):
    late, early, middle = (
        make.update(i, recorded=k) for i, k in (("a", 300), ("b", 100), ("c", 200))
    )
    with store.write() as w:
        w.add_updates([late, early])
        w.add_updates([middle])
    with store.read() as r:
        assert list(r.all_updates()) == [early, middle, late]
        assert list(r.all_updates(known_at=200)) == [early, middle]
        assert list(r.all_updates(known_at=99)) == []


def test_many_updates_are_read_as_they_are_asked_for(store, make):
    batch = [make.update(f"u{n:05}") for n in range(3500)]
    with store.write() as w:
        w.add_updates(batch)
    with store.read() as r:
        stream = iter(r.all_updates())
        assert next(stream) == batch[0]
        assert list(stream) == batch[1:]


def test_updates_cannot_be_read_on_after_their_block(store, make):
    with store.write() as w:
        w.add_updates([make.update(f"u{n:05}") for n in range(3500)])
    with store.read() as r:
        stream = iter(r.all_updates())
        next(stream)
    with pytest.raises(StoreError, match="its block has ended"):
        list(stream)


def test_evidence_is_ordered_by_instant_then_id(store, make):
    a, b, c = (make.update(i) for i in "abc")
    with store.write() as w:
        w.add_updates([c, b, a])
        w.add_evidence(
            [Evidence("g/c", 20, "b"), Evidence("g/c", 20, "a"), Evidence("g/c", 10, "c")]
        )
    with store.write() as w:
        w.add_evidence([Evidence("g/c", 10, "a"), Evidence("g/other", 5, "a")])
    with store.read() as r:
        assert r.evidence("g/c") == [(10, a), (10, c), (20, a), (20, b)]
        assert r.evidence("g/c", since=11) == [(20, a), (20, b)]
        assert r.evidence("g/c", since=20) == [(20, a), (20, b)]
        assert r.evidence("g/other") == [(5, a)]
        assert r.evidence("g/unknown") == []


def test_evidence_added_twice_is_there_once(store, make):
    row = Evidence("g/c", 20, "u1")
    with store.write() as w:
        w.add_updates([make.update()])
        w.add_evidence([row, row])
        w.add_evidence([row])
        w.add_evidence([])
        assert len(w.evidence("g/c")) == 1


def test_cleared_evidence_is_gone_and_may_be_added_anew(store, make):
    with store.write() as w:
        w.add_updates([make.update()])
        w.add_evidence([Evidence("g/c", 20, "u1"), Evidence("g/d", 20, "u1")])
    with store.write() as w:
        w.clear_evidence(["g/c", "g/unknown"])
        assert w.evidence("g/c") == []
        assert len(w.evidence("g/d")) == 1
        w.add_evidence([Evidence("g/c", 30, "u1")])
        assert [at for at, _ in w.evidence("g/c")] == [30]


def test_evidence_of_an_update_that_is_not_stored_is_refused(store):
    with (
        pytest.raises(StoreError, match="'u9' is evidence, but it is not stored"),
        store.write() as w,
    ):
        w.add_evidence([Evidence("g/c", 20, "u9")])
    with store.read() as r:
        assert r.counts()["evidence"] == 0


@pytest.mark.parametrize(
    "field", ["id", "title", "text", "url", "source", "unit", "retracts", "kind"]
)
def test_an_update_with_nul_is_refused_and_nothing_of_its_batch_is_kept(store, make, field):
    bad = make.update("bad")._replace(**{field: "cut\0off"})
    with pytest.raises(InputError, match="NUL"), store.write() as w:
        w.add_updates([make.update(), bad])
    with store.read() as r:
        assert list(r.all_updates()) == []


@pytest.mark.parametrize("field", ["id", "title", "agreement"])
def test_an_update_with_half_a_character_is_refused(store, make, field):
    bad = make.update("bad")._replace(**{field: "half \ud83d of it"})
    with pytest.raises(InputError, match=r"half a character \(U\+D83D\)"), store.write() as w:
        w.add_updates([make.update(), bad])
    with store.read() as r:
        assert list(r.all_updates()) == []


def test_nul_in_topics_is_kept_as_it_is_because_they_are_stored_as_json(store, make):
    update = make.update(topics=("a\0b", 'c"\\u0000'), parties=("\0",))
    with store.write() as w:
        w.add_updates([update])
        assert w.updates(["u1"]) == {"u1": update}


def test_an_id_that_looks_like_an_escaped_nul_is_an_id(store, make):
    update = make.update("\\u0000")
    with store.write() as w:
        w.add_updates([update])
        assert w.updates(["\\u0000"]) == {"\\u0000": update}


def test_to_ask_for_an_id_with_nul_is_refused_rather_than_cut(store, make):
    with store.write() as w:
        w.add_updates([make.update("a")])
    with store.read() as r, pytest.raises(InputError, match="NUL"):
        r.updates(["a\0b"])


def test_what_takes_an_update_back_is_found_by_its_id_whether_or_not_that_is_known(store, make):
    batch = [
        make.update("a"),
        make.update("r", retracts="a"),
        make.update("s", supersedes="never"),
        make.update("b", retracts="a", supersedes="a"),
    ]
    with store.write() as w:
        assert not w.has_takers()
        w.add_updates(batch[:1])
        assert not w.has_takers()
        assert w.takers(["a"]) == []
        w.add_updates(batch)
        assert w.has_takers()
    with store.read() as r:
        assert {u.id for u in r.takers(["a", "b"])} == {"r", "b"}
        assert r.takers(["never"]) == [batch[2]]
        assert r.takers([]) == []
