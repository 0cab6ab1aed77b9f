"""By when: dates, spans after something, working days."""

import subprocess
import sys

import pytest

from monitor.domain.calendar import PLAIN, Calendar, calendar_of, known_places
from monitor.domain.due import After, Unit, circle, fixed_end, parse_span
from monitor.domain.time import LATEST, format_instant, parse_occurred, unclear

START = parse_occurred("2025-08-23").start("Asia/Tokyo")


def end(span, after, zone="UTC", places=()):
    """The end of so long after a date, as text."""
    found = After(parse_span(span), date=parse_occurred(after), calendar=calendar_of(places))
    return format_instant(found.fixed(0, zone), zone)


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("90d", 90, Unit.DAY),
        ("2 weeks", 14, Unit.DAY),
        ("10 working days", 10, Unit.WORKING_DAY),
        ("1  business   day", 1, Unit.WORKING_DAY),
        ("6 months", 6, Unit.MONTH),
        ("2 quarters", 6, Unit.MONTH),
        ("1y", 12, Unit.MONTH),
        ("48h", 48 * 3600, Unit.SECOND),
        ("30m", 30 * 60, Unit.SECOND),
    ],
)
def test_a_span_is_read(text, count, unit):
    span = parse_span(text)
    assert (span.count, span.unit) == (count, unit)


@pytest.mark.parametrize("text", ["", "90", "ten days", "0d", "-1d", "37000d", "9999 working days"])
def test_what_is_no_span_is_refused(text):
    with pytest.raises(ValueError, match=r"not a span|more than nothing"):
        parse_span(text)


@pytest.mark.parametrize(
    ("span", "after", "expected"),
    [
        ("90d", "2025-08-23", "2025-11-22T00:00:00+00:00"),
        ("1d", "2025-08", "2025-09-02T00:00:00+00:00"),
        ("1d", "2025-08-23T15:00", "2025-08-25T00:00:00+00:00"),
        ("6 months", "2025-08-31", "2026-03-01T00:00:00+00:00"),
        ("1 month", "2024-01-31", "2024-03-01T00:00:00+00:00"),
        ("1 year", "2024-02-29", "2025-03-01T00:00:00+00:00"),
        ("4 months", "2025-08-23", "2025-12-24T00:00:00+00:00"),
        ("24h", "2025-08-23", "2025-08-25T00:00:00+00:00"),
        ("24h", "2025-08-23T15:00", "2025-08-24T15:00:00+00:00"),
    ],
)
def test_a_span_ends_with_its_last_day(span, after, expected):
    assert end(span, after) == expected


def test_days_are_of_the_calendar_whatever_the_clocks_do():
    assert end("2d", "2025-03-29", "Europe/Berlin") == "2025-04-01T00:00:00+02:00"
    assert end("48h", "2025-03-29T00:00", "Europe/Berlin") == "2025-03-31T01:00:00+02:00"
    assert end("1 month", "2025-10-05", "Europe/Berlin") == "2025-11-06T00:00:00+01:00"


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        # Friday 3 October 2025 + 5: Chuseok week in Korea, sports day in Japan on the 13th
        ((), "2025-10-11"),
        (("JP",), "2025-10-11"),
        (("KR",), "2025-10-17"),
        (("JP", "KR"), "2025-10-18"),
    ],
)
def test_working_days_are_those_on_which_everybody_works(places, expected):
    assert end("5 working days", "2025-10-03", places=places)[:10] == expected


def test_the_weekend_is_that_of_the_country():
    # Thursday 7 August 2025: Friday and Saturday are free in Egypt
    assert end("1 working day", "2025-08-07", places=("EG",))[:10] == "2025-08-11"
    assert end("1 working day", "2025-08-07")[:10] == "2025-08-09"


def test_a_part_of_a_country_has_holidays_of_its_own():
    # Cesar Chavez Day
    assert end("1 working day", "2025-03-28", places=("US-CA",))[:10] == "2025-04-02"
    assert end("1 working day", "2025-03-28", places=("US",))[:10] == "2025-04-01"
    assert {"JP", "US-CA"} <= set(known_places())


def test_a_calendar_knows_which_version_it_is_of():
    assert calendar_of(()) is PLAIN
    assert calendar_of(("JP",)).version
    assert calendar_of(("JP",)) != Calendar(("JP",), "another")
    with pytest.raises(NotImplementedError):
        calendar_of(("XX",))


def test_what_lies_after_the_year_9999_never_ends():
    assert After(parse_span("1 year"), date=parse_occurred("9999-12")).fixed(0, "UTC") == LATEST


def test_a_date_is_counted_from_the_start_where_nothing_else_is_said():
    tokyo = "Asia/Tokyo"
    found = fixed_end(After(parse_span("1d")), START, tokyo)
    assert found == fixed_end(parse_occurred("2025-08-24"), START, tokyo)
    assert fixed_end(After(parse_span("1d"), "signed"), START, tokyo) is None
    assert fixed_end(None, START, tokyo) is None


def test_a_date_after_something_is_said_as_it_is_written():
    assert After(parse_span("10 working days")).text == "10 working days after its start"
    assert After(parse_span("90d"), "signed").text == "90d after the milestone signed"
    assert After(parse_span("90d"), date=parse_occurred("2025-08")).text == "90d after 2025-08"


def test_names_that_wait_for_each_other_are_found():
    assert circle({}) is None
    assert circle({"a": "b", "b": "c"}) is None
    assert circle({"a": "a"}) == ["a", "a"]
    assert circle({"x": "b", "b": "c", "c": "b"}) == ["b", "c", "b"]


@pytest.mark.parametrize(
    ("text", "zone", "found"),
    [
        ("2025-03-30T02:30", "Europe/Berlin", "never"),
        ("2025-10-26T02:30", "Europe/Berlin", "twice"),
        ("2025-10-26T02:30+01:00", "Europe/Berlin", None),
        ("2025-10-26T03:30", "Europe/Berlin", None),
        ("2025-10-26", "Europe/Berlin", None),
        ("2025-03-30T02:30", "Asia/Tokyo", None),
    ],
)
def test_a_local_time_may_come_twice_or_never(text, zone, found):
    assert unclear(parse_occurred(text), zone) == found


def test_an_unclear_local_time_is_read_by_the_clock_before_the_change():
    berlin = "Europe/Berlin"
    never = parse_occurred("2025-03-30T02:30").start(berlin)
    assert format_instant(never, berlin) == "2025-03-30T03:30:00+02:00"
    twice = parse_occurred("2025-10-26T02:30").start(berlin)
    assert format_instant(twice, berlin) == "2025-10-26T02:30:00+02:00"


def test_holidays_are_loaded_when_they_are_asked_for():
    code = (
        "import sys; from monitor.language.loader import load_rulebook; from pathlib import Path;"
        "load_rulebook([Path('rules')]); assert 'holidays' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
