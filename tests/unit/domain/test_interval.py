"""Office hours, weekends, holidays, the hour of a digest, and clocks that are set forward."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.interval import (
    Digest,
    Interval,
    Window,
    at_minute,
    is_open,
    next_close,
    next_open,
    parse_window,
)
from monitor.domain.time import DAY, HOUR, MINUTE

FIRST = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())


def at(text):
    return int(datetime.fromisoformat(text).timestamp())


def office(**more):
    return Interval("office", (Window("Asia/Seoul", frozenset(range(5)), ((540, 1080),), **more),))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("2026-03-02T10:00+09:00", "2026-03-02T10:00+09:00"),
        ("2026-03-02T18:00+09:00", "2026-03-03T09:00+09:00"),
        ("2026-03-06T18:00+09:00", "2026-03-09T09:00+09:00"),
        ("2026-03-03T08:59:59+09:00", "2026-03-03T09:00+09:00"),
    ],
)
def test_office_hours_hold_until_they_begin(found, told):
    assert next_open([office()], [], at(found)) == at(told)


def test_holidays_are_no_office_hours():
    # 1 March 2026 is a Sunday and a holiday in Korea, so that the 2nd stands in for it
    assert next_open([office(calendar=("KR",))], [], at("2026-02-27T19:00+09:00")) == at(
        "2026-03-03T09:00+09:00"
    )


def test_a_night_goes_on_into_the_next_day():
    night = parse_window("fri 22:00-06:00", "UTC")
    held = [night.contains(at(f"2026-01-0{text}")) for text in ("2T23:00Z", "3T05:59Z", "3T06:00Z")]
    assert held == [True, True, False]
    assert not night.contains(at("2026-01-02T05:00Z"))
    assert next_close(night, at("2026-01-02T23:00Z")) == at("2026-01-03T06:00Z")


def test_what_is_muted_waits_for_the_end_and_what_never_opens_for_nothing():
    weekend = Interval("weekend", (parse_window("sat-sun", "UTC"),))
    assert next_open([], [weekend], at("2026-01-03T12:00Z")) == at("2026-01-05T00:00Z")
    assert next_open([weekend], [weekend], FIRST) is None


def test_dates_are_whole_days_in_the_zone():
    leave = Window("Asia/Tokyo", dates=((date(2026, 8, 10), date(2026, 8, 14)),))
    assert leave.contains(at("2026-08-09T15:00Z"))
    assert not leave.contains(at("2026-08-14T15:00Z"))
    assert next_close(leave, at("2026-08-11T00:00Z")) == at("2026-08-14T15:00Z")


def test_a_digest_is_due_at_its_hour_also_on_the_day_the_clocks_change():
    daily, weekly = Digest(150, None, "Europe/Berlin"), Digest(540, 0, "Asia/Seoul")
    assert daily.next(at("2026-03-28T02:30+01:00")) == at("2026-03-28T02:30+01:00")
    # there is no half past two on that night
    assert daily.next(at("2026-03-29T00:00+01:00")) == at("2026-03-29T03:30+02:00")
    assert weekly.next(at("2026-03-02T09:00:01+09:00")) == at("2026-03-09T09:00+09:00")
    assert str(weekly) == "weekly on mon at 09:00 Asia/Seoul"


@pytest.mark.parametrize(
    "text", ["", "someday", "9-18", "09:00-09:00", "25:00-26:00", "24:00-01:00", "mon 09:00"]
)
def test_what_is_no_window_is_refused(text):
    with pytest.raises(ValueError, match=r"write|weekday|length"):
        parse_window(text, "UTC")


WINDOWS = st.builds(
    Window,
    st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin"]),
    st.frozensets(st.integers(0, 6), max_size=3),
    st.lists(
        st.tuples(
            st.integers(0, 23).map(lambda h: h * 60), st.integers(1, 24).map(lambda h: h * 60)
        ).filter(lambda span: span[0] != span[1]),
        max_size=2,
    ).map(tuple),
)
INTERVALS = st.lists(st.builds(lambda w: Interval("i", (w,)), WINDOWS), max_size=2)


@given(INTERVALS, INTERVALS, st.integers(0, 300 * DAY // (30 * MINUTE)))
def test_the_next_opening_is_open_and_nothing_before_it_is(active, mute, step):
    now = FIRST + step * 30 * MINUTE
    found = next_open(active, mute, now)
    halves = range(now, now + 15 * DAY if found is None else found, 30 * MINUTE)
    assert not any(is_open(active, mute, instant) for instant in halves)
    assert found is None or is_open(active, mute, found)


@given(WINDOWS, st.integers(0, 300 * 48))
def test_a_window_closes_when_it_says(window, step):
    now = FIRST + step * 30 * MINUTE
    close = next_close(window, now)
    assert close > now
    if close - now < 399 * DAY:
        assert not window.contains(close)
        if window.contains(now):
            before = range(now, min(close, now + 9 * DAY), HOUR)
            assert all(window.contains(instant) for instant in before)


def test_the_minute_of_a_day_is_that_of_the_wall_clock():
    assert at_minute(date(2026, 1, 1), 0, "UTC") == FIRST
    assert at_minute(date(2026, 1, 1), 24 * 60, "Asia/Tokyo") == at("2026-01-02T00:00+09:00")
