"""Until when somebody was really looking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.coverage import ASSUMED, Coverage, Watch, union
from monitor.domain.time import EARLIEST, LATEST


def row(since, until, source="feed"):
    return Coverage(source, since, until, 0)


def test_spans_that_touch_are_one_and_empty_ones_are_none():
    rows = [row(10, 20), row(20, 30, "wire"), row(40, 40), row(50, 45), row(60, 70)]
    assert union(rows).spans == ((10, 30), (60, 70))


def test_without_a_beginning_there_is_no_gap_before():
    assert union([row(None, 5), row(3, 9)]).spans == ((EARLIEST, 9),)


def test_the_watched_clock_stands_still_where_nobody_looks():
    watch = Watch(((0, 10), (20, 30)))
    assert [watch.watched(0, now) for now in (5, 10, 15, 20, 25, 99)] == [5, 10, 10, 10, 15, 20]
    assert watch.watched(8, 22) == 4
    assert watch.watched(22, 8) == 0


def test_a_duration_ends_inside_coverage_or_not_yet():
    watch = Watch(((0, 10), (20, 30)))
    assert watch.when(0, 10) == 10
    assert watch.when(0, 11) == 21
    assert watch.when(15, 10) == 30
    assert watch.when(0, 21) is None
    assert watch.when(40, 1) is None


def test_grace_covers_but_the_clock_stands_still_in_it():
    watch = Watch(((0, 10), (20, 30)), grace=5)
    assert [t for t in range(40) if watch.covers(t)] == [*range(15), *range(20, 35)]
    assert watch.watched(0, 14) == 10


def test_coverage_turns_only_where_its_answer_does():
    assert Watch(((0, 10), (20, 30)), grace=5).turns() == (0, 15, 20, 35)
    assert Watch(((0, 10), (12, 30)), grace=5).turns() == (0, 35)
    assert Watch(((0, 10),)).next_change(10) is None
    assert Watch(((0, 10),)).next_change(-1) == 0


def test_nobody_has_ever_looked():
    watch = Watch(())
    assert watch.end == EARLIEST
    assert not watch.covers(0)
    assert watch.seen(0) == EARLIEST
    assert watch.reach(0) is None
    assert watch.next_change(0) is None


def test_a_plain_clock_sees_everything():
    assert ASSUMED.covers(0)
    assert ASSUMED.seen(7) == 7
    assert ASSUMED.reach(7) == 7
    assert ASSUMED.end == LATEST


SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=5).map(
    lambda rows: union([row(since, since + length) for since, length in rows])
)


@given(SPANS, st.integers(0, 60), st.integers(1, 20))
def test_when_is_the_first_instant_at_which_watched_is_enough(watch, after, duration):
    enough = [now for now in range(after, 80) if watch.watched(after, now) >= duration]
    assert watch.when(after, duration) == (enough[0] if enough else None)


@given(SPANS, st.integers(0, 60))
def test_seen_is_the_last_instant_of_a_span_and_reach_its_inverse(watch, now):
    instants = [t for t in range(now + 1) if any(a <= t <= b for a, b in watch.spans)]
    assert watch.seen(now) == (instants[-1] if instants else EARLIEST)
    reached = [t for t in range(80) if watch.seen(t) >= now]
    assert watch.reach(now) == (reached[0] if reached else None)


@pytest.mark.parametrize("grace", [0, 3])
@given(spans=SPANS, after=st.integers(0, 60))
def test_the_next_change_is_the_first_one(spans, after, grace):
    watch = spans._replace(grace=grace)
    later = [t for t in range(after + 1, 90) if watch.covers(t) != watch.covers(t - 1)]
    assert watch.next_change(after) == (later[0] if later else None)
