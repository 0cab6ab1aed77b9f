"""Instants, durations, and dates of limited precision."""

import pytest

from monitor.domain.time import (
    DAY,
    EARLIEST,
    HOUR,
    LATEST,
    Precision,
    format_date,
    format_duration,
    format_instant,
    parse_duration,
    parse_moment,
    parse_occurred,
    to_datetime,
)

TOKYO, NEW_YORK, SEOUL = "Asia/Tokyo", "America/New_York", "Asia/Seoul"


@pytest.mark.parametrize(
    ("text", "precision", "start", "end"),
    [
        ("2025", Precision.YEAR, "2025-01-01T00:00:00+09:00", "2026-01-01T00:00:00+09:00"),
        ("2025-12", Precision.MONTH, "2025-12-01T00:00:00+09:00", "2026-01-01T00:00:00+09:00"),
        ("2024-02", Precision.MONTH, "2024-02-01T00:00:00+09:00", "2024-03-01T00:00:00+09:00"),
        ("2025-08-23", Precision.DAY, "2025-08-23T00:00:00+09:00", "2025-08-24T00:00:00+09:00"),
        (
            "2025-08-23T15:30",
            Precision.SECOND,
            "2025-08-23T15:30:00+09:00",
            "2025-08-23T15:30:01+09:00",
        ),
        (
            "2025-08-23T06:30:00Z",
            Precision.SECOND,
            "2025-08-23T15:30:00+09:00",
            "2025-08-23T15:30:01+09:00",
        ),
        (
            "2025-08-23T15:30:00.999+09:00",
            Precision.SECOND,
            "2025-08-23T15:30:00+09:00",
            "2025-08-23T15:30:01+09:00",
        ),
    ],
)
def test_a_date_is_the_span_that_it_names(text, precision, start, end):
    occurred = parse_occurred(text)
    assert occurred.precision is precision
    assert format_instant(occurred.start(TOKYO), TOKYO) == start
    assert format_instant(occurred.end(TOKYO), TOKYO) == end


def test_a_day_begins_at_another_instant_in_another_zone():
    day = parse_occurred("2025-08-23")
    assert day.start(NEW_YORK) - day.start(TOKYO) == 13 * HOUR


@pytest.mark.parametrize(("date", "hours"), [("2025-03-09", 23), ("2025-11-02", 25)])
def test_the_day_of_a_clock_change_has_its_own_length(date, hours):
    day = parse_occurred(date)
    assert day.end(NEW_YORK) - day.start(NEW_YORK) == hours * HOUR


def test_an_hour_that_happens_twice_is_read_as_the_first():
    twice = parse_occurred("2025-11-02T01:30")
    assert format_instant(twice.start(NEW_YORK), NEW_YORK) == "2025-11-02T01:30:00-04:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "25",
        "2025-13",
        "2025-02-30",
        "2025-1-1",
        "2025-01-01T25:00",
        "0000",
        "2025/01/01",
        "20250101",
        "2025-01-01 and more",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_occurred(text)


@pytest.mark.parametrize("text", ["0001", "0001-01-01", "9999", "9999-12", "9999-12-31"])
@pytest.mark.parametrize("zone", [TOKYO, NEW_YORK, "UTC"])
def test_the_ends_of_the_calendar_can_be_read_and_shown(text, zone):
    occurred = parse_occurred(text)
    assert occurred.start(zone) <= occurred.end(zone)
    assert format_date(occurred.start(zone), zone)
    assert format_instant(occurred.end(zone), zone)


def test_beyond_the_calendar_instants_are_shown_at_its_ends():
    assert format_date(EARLIEST - 10**12, "UTC") == "0001-01-02"
    assert format_date(LATEST + 10**12, "UTC") == "9999-12-30"
    assert to_datetime(0, "UTC").isoformat() == "1970-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90d", 90 * DAY),
        ("12h", 12 * HOUR),
        ("2w", 14 * DAY),
        ("90 days", 90 * DAY),
        ("1 day", DAY),
        ("5m", 300),
        ("5min", 300),
        ("30s", 30),
        (" 36525d ", 36_525 * DAY),
    ],
)
def test_a_duration_is_read(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "90", "d", "0d", "-1d", "1.5d", "1y", "3 months", "36526d", "1d 2h"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_duration(text)


@pytest.mark.parametrize("seconds", [1, 59, 60, 3_600, 86_400, 90 * DAY, 90_061])
def test_a_duration_survives_being_written(seconds):
    assert parse_duration(format_duration(seconds)) == seconds


def test_who_asks_about_a_day_means_the_whole_of_it():
    assert format_instant(parse_moment("2025-08-23", SEOUL), SEOUL) == "2025-08-23T23:59:59+09:00"
    assert format_instant(parse_moment("2025", SEOUL), SEOUL) == "2025-12-31T23:59:59+09:00"
    exact = parse_moment("2025-08-23T10:00", SEOUL)
    assert format_instant(exact, SEOUL) == "2025-08-23T10:00:00+09:00"


def test_a_zone_that_does_not_exist_is_named():
    with pytest.raises(ValueError, match="no time zone is called 'Asia/Atlantis'"):
        parse_occurred("2025").start("Asia/Atlantis")
