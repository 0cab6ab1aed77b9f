from __future__ import annotations

import json

import pytest

from monitor.domain.coverage import Coverage
from monitor.domain.time import parse_occurred
from monitor.domain.update import KINDS
from monitor.sources.feed import FileSource
from monitor.sources.mapping import map_options

NOW = parse_occurred("2026-03-01T12:00Z").start("UTC")
SEOUL = "Asia/Seoul"


def source(tmp_path, *dates, **kwargs) -> FileSource:
    path = tmp_path / "feed.jsonl"
    records = [
        {"occurred_at": date, "subject": "x", "kind": "delay", "title": "t"} for date in dates
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return FileSource("tokyo", path, mapping=map_options(["topics=subject"]), **kwargs)


def coverage(feed: FileSource, zone: str = SEOUL) -> Coverage | None:
    reading = feed.collect(NOW, kinds=KINDS, zone=zone)
    list(reading)
    return feed.coverage(reading, recorded=NOW, zone=zone)


def test_a_source_reads_its_file_under_its_mapping(tmp_path):
    reading = source(tmp_path, "2025-09-04", "2025-09-05").collect(NOW, kinds=KINDS)
    updates = [update for batch in reading for update in batch.updates]
    assert [update.topics for update in updates] == [("x",), ("x",)]
    assert {update.recorded for update in updates} == {NOW}
    assert reading.name == f"tokyo ({tmp_path / 'feed.jsonl'})"


@pytest.mark.parametrize(
    ("until", "instant"),
    [
        ("2026-02-28", "2026-03-01T00:00+09:00"),
        ("2026-02", "2026-03-01T00:00+09:00"),
        ("2026", "2027-01-01T00:00+09:00"),
        ("2026-02-28T18:00", "2026-02-28T18:00+09:00"),
        ("2026-02-28T18:00Z", "2026-02-28T18:00Z"),
    ],
)
def test_a_source_covers_until_the_end_of_the_day_that_was_given(tmp_path, until, instant):
    feed = source(tmp_path, "2025-09-04", covers_until=parse_occurred(until), agreement="a")
    expected = parse_occurred(instant).start("UTC")
    assert coverage(feed) == Coverage("tokyo", None, expected, NOW, "a")


def test_without_a_word_a_source_covers_up_to_its_newest_occurrence(tmp_path):
    feed = source(tmp_path, "2025-09-04", "2025-09-06", "2025-09-05")
    newest = parse_occurred("2025-09-06").start(SEOUL)
    assert coverage(feed) == Coverage("tokyo", None, newest + 1, NOW, None)


def test_a_date_in_the_future_is_no_proof_that_somebody_looked(tmp_path):
    feed = source(tmp_path, "2025-09-04", "2031-01-01")
    assert coverage(feed).until == parse_occurred("2025-09-04").start(SEOUL) + 1


def test_a_source_without_records_covers_nothing(tmp_path):
    assert coverage(source(tmp_path)) is None


def test_an_emptied_file_is_no_proof_that_somebody_looked_whatever_is_configured(tmp_path):
    assert coverage(source(tmp_path, covers_until=parse_occurred("2026-02-28"))) is None


def test_coverage_is_not_known_before_the_end_of_the_reading(tmp_path):
    feed = source(tmp_path, "2025-09-04", covers_until=parse_occurred("2026"))
    reading = feed.collect(NOW, kinds=KINDS)
    with pytest.raises(RuntimeError, match="when the reading is complete"):
        feed.coverage(reading, recorded=NOW, zone=SEOUL)
