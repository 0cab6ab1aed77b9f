"""A text that is no date is told what to write instead."""

import pytest

from monitor.domain.misdate import not_a_date
from monitor.domain.time import parse_occurred


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2025-09-01/2025-11-30", "is a range: write when it began, 2025-09-01, or 2025 where"),
        ("2025-09-10 - 2025-09-12", "write when it began, 2025-09-10, or 2025-09 where nobody"),
        ("2025-12-30 to 2026-01-02", "is a range: write when it began, 2025-12-30"),
        ("2025/2026", "is a range: write when it began, 2025"),
        ("2025-Q3", "is longer than a month and shorter than a year: write a month of it, or 2025"),
        ("2025-10-01T10:00[Asia/Tokyo]", "write the offset and not the zone"),
        (
            "2025-10-01T10:00 Asia/Nowhere",
            "no time zone is called 'Asia/Nowhere'; write the offset",
        ),
        ("23 August 2025", "is not a date: write 2025, 2025-09, 2025-09-04 or"),
        ("20250901", "is not a date: write 2025, 2025-09, 2025-09-04 or"),
    ],
)
def test_it_says_what_to_write_instead(text, told):
    assert told in not_a_date(text)
    with pytest.raises(ValueError, match="2025") as caught:
        parse_occurred(text)
    assert str(caught.value) == not_a_date(text)


def test_where_the_dates_lie_in_different_years_no_whole_is_offered():
    assert not_a_date("2025-12-30/2026-01-02").endswith("2025-12-30")


def test_a_long_text_is_cut():
    assert len(not_a_date("x" * 500)) < 200
