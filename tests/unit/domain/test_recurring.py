"""Periods: when each ends, and in which an instant lies."""

import pytest

from monitor.domain.due import parse_span
from monitor.domain.recurring import Periods, Recurring
from monitor.domain.time import LATEST, format_instant, parse_occurred

START = parse_occurred("2025-08-23").start("UTC")


def periods(every, first="2025-08-31", until=None):
    recurring = Recurring(parse_span(every), parse_occurred(first), until and parse_occurred(until))
    return Periods(recurring, START, "UTC")


def test_periods_end_on_the_same_day_or_on_the_last_of_a_shorter_month():
    ends = [format_instant(periods("6 months").end(n) - 1, "UTC")[:10] for n in (1, 2, 3)]
    assert ends == ["2026-02-28", "2026-08-31", "2027-02-28"]


@pytest.mark.parametrize("every", ["1 month", "6 months", "2w", "10 days", "1 year"])
def test_an_instant_lies_in_the_period_that_ends_after_it(every):
    found = periods(every)
    for number in range(1, 30):
        assert found.number(found.end(number)) == number + 1
        assert found.number(found.end(number) - 1) == number
        assert found.elapsed(found.end(number)) == number
    assert found.number(found.begin - 1) == 0
    assert found.number(found.begin) == 1


def test_the_last_period_ends_by_the_last_day():
    assert periods("6 months", until="2026-08-31").last == 2
    assert periods("6 months", until="2026-08-30").last == 1
    assert periods("6 months").last is None
    assert periods("6 months", until="2026-08-31").elapsed(LATEST) == 2
