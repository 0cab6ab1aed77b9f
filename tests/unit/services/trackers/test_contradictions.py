"""What counts as a contradiction, and what does not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.time import parse_moment, parse_occurred
from monitor.domain.tracker import Entry, Means, Place, Promise, Total, Tracker, Word
from monitor.services.trackers.contradictions import audit
from monitor.services.trackers.twins import LEAST, NEAR, twin_findings

NOW = parse_moment("2024-06-01", "UTC")
WORDS = {m.value: Word(m.value, m, m in (Means.KEPT, Means.BROKEN)) for m in Means}


def promise(number, text="", status="", made="2021", **more):
    made = parse_occurred(made)
    return Promise(
        Place("p", number),
        str(number),
        text or f"promise {number}",
        "",
        status=status,
        made=made,
        **more,
    )


def entry(number, of, date, status=""):
    return Entry(Place("e", number), str(of), "what was said", status, parse_occurred(date))


def tracker(*promises, entries=(), totals=()):
    return Tracker("T", "UTC", {}, promises, tuple(entries), tuple(totals))


def worded(*promises, entries=(), totals=()):
    used = {p.status for p in promises} | {e.status for e in entries}
    words = {text: WORDS[text] for text in used if text}
    return Tracker("T", "UTC", words, promises, tuple(entries), tuple(totals))


def codes(made):
    return [finding.code for finding in audit(made, NOW).findings]


def test_a_month_is_not_before_a_promise_of_that_month():
    own = promise(1, made="2021-05-20")
    assert codes(tracker(own, entries=[entry(1, 1, "2021-05")])) == []
    assert codes(tracker(own, entries=[entry(1, 1, "2021-04")])) == ["before-promise"]


def test_the_year_that_runs_is_not_in_the_future():
    assert codes(tracker(promise(1), entries=[entry(1, 1, "2024")])) == []
    assert codes(tracker(promise(1), entries=[entry(1, 1, "2025")])) == ["future-date"]


def test_of_two_ratings_on_one_day_either_is_the_last():
    for status in ("kept", "in_progress"):
        rated = [entry(1, 1, "2022-01-01", "in_progress"), entry(2, 1, "2022-01-01", "kept")]
        assert codes(worded(promise(1, status=status), entries=rated)) == []


def test_the_order_of_the_file_is_not_the_order_of_time():
    rated = [entry(1, 1, "2023-01-01", "kept"), entry(2, 1, "2022-01-01", "in_progress")]
    assert codes(worded(promise(1, status="kept"), entries=rated)) == []


def test_a_final_rating_that_is_repeated_contradicts_nothing():
    rated = [entry(1, 1, "2022-01-01", "kept"), entry(2, 1, "2023-01-01", "kept")]
    assert codes(worded(promise(1, status="kept"), entries=rated)) == []


def test_texts_that_differ_in_a_number_are_different_promises():
    one = promise(1, "hire 100 nurses for the hospitals of the north")
    other = promise(2, "hire 200 nurses for the hospitals of the north")
    same = promise(2, "Hire 100 nurses, for the hospitals of the North!")
    near = promise(2, "hire 100 more nurses for the hospitals of the north")
    assert codes(tracker(one, other)) == []
    assert codes(tracker(one, same)) == ["duplicate"]
    assert codes(tracker(one, near)) == ["near-duplicate"]


@pytest.mark.parametrize(
    ("published", "found"), [("33", []), ("34", []), ("33.3", []), ("33.1", ["x"]), ("32", ["x"])]
)
def test_a_share_may_be_rounded_either_way(published, found):
    total = Total(Place("t", 1), "kept", percent=Decimal(published))
    rows = [promise(1, status="kept"), promise(2), promise(3)]
    rated = [entry(1, 1, "2022", "kept")]
    shares = [c for c in codes(worded(*rows, entries=rated, totals=[total])) if "percent" in c]
    assert len(shares) == len(found)


@given(st.lists(st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=12), max_size=9))
def test_no_near_duplicate_is_missed(texts):
    """Against comparing every pair."""
    rows = [promise(number, " ".join(words)) for number, words in enumerate(texts, 1)]
    found = {
        f.places[0].number for f in twin_findings(tracker(*rows)) if f.code == "near-duplicate"
    }
    seen, single = set(), []
    for row in rows:
        if row.title not in seen:
            seen.add(row.title)
            single.append((row.place.number, frozenset(row.title.split())))
    expected = {
        number
        for at, (number, words) in enumerate(single)
        for _, other in single[:at]
        if min(len(words), len(other)) >= LEAST and len(words & other) / len(words | other) >= NEAR
    }
    assert found == expected
