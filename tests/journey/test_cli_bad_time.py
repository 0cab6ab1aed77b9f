"""Records whose time cannot be right: each is told of with its number, and nothing else suffers."""

import json

import pytest

from monitor.errors import ConfigError, RulebookError, UsageError

RULEBOOK = """\
agreement: fords
title: Fords
date: 2026-01-01
timezone: {zone}
coverage: assumed
sources: {{official: {{tier: 1, names: [Herald]}}}}
commitments:
  - {{id: bridge, title: Repair the bridge, quote: repair the bridge}}
"""


@pytest.fixture
def monitor(support, tmp_path):
    (tmp_path / "fords.yaml").write_text(RULEBOOK.format(zone="UTC"))
    (tmp_path / "monitor.yaml").write_text("rules: [fords.yaml]\n")
    shell = support("shell").Shell(tmp_path / "m.db", tmp_path / "monitor.yaml")
    shell.folder = tmp_path
    return shell


def ingest(monitor, *records, now="2026-03-01", name="feed.ndjson"):
    """A good record first, so that the numbers mean something."""
    good = {"occurred_at": "2026-01-03", "title": "Good"}
    usual = {"kind": "meeting", "topics": "bridge", "source": "Herald", "title": "They meet"}
    path = monitor.folder / name
    path.write_text("".join(json.dumps({**usual, **r}) + "\n" for r in (good, *records)))
    return monitor("ingest", path, "--now", now)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"occurred_at": "2026-02-30"}, "2026-02-30: there is no such day"),
        ({"occurred_at": "2025-13"}, "2025-13: there is no such month"),
        ({"occurred_at": "2026-02-01T25:00"}, "2026-02-01T25:00: there is no such time"),
        (
            {"occurred_at": "2026-02-01T10:00 Europe/Nowhere"},
            "'2026-02-01T10:00 Europe/Nowhere': no time zone is called 'Europe/Nowhere'; write the",
        ),
        (
            {"occurred_at": "2026-01-10/2026-02-20"},
            "'2026-01-10/2026-02-20' is a range: write when it began, 2026-01-10, or 2026 where",
        ),
        (
            {"occurred_at": "2026-02-10", "recorded_at": "2026-01-20"},
            "recorded_at 2026-01-20 is before it occurred (2026-02-10): a forecast is not a report",
        ),
        (
            {"occurred_at": "2026-02-10", "recorded_at": "2026-06-01"},
            "recorded_at 2026-06-01 is in the future",
        ),
    ],
)
def test_a_record_that_cannot_be_is_refused_with_its_number_and_reason(monitor, record, reason):
    result = ingest(monitor, record)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"1 new, 0 known, 1 refused (record 2: {reason}")


def test_an_update_of_the_future_is_kept_told_of_and_counts_when_its_day_comes(monitor):
    monitor("run", "--now", "2026-01-01")
    result = ingest(monitor, {"occurred_at": "2026-06-01", "kind": "implementation"})
    assert result.stdout.startswith("2 new, 0 known, 0 refused")
    assert (
        "1 dated in the future, the first 2026-06-01: kept, and counted when that day comes"
        in result.stderr
    )

    def level(day):
        shown = monitor("status", "bridge", "--as-of", day, "--now", "2026-03-01", "-o", "json")
        return json.loads(shown.stdout)["commitments"][0]["level"]

    assert (level("2026-03-01"), level("2026-05-31")) == ("limited", "limited")
    assert "substantial" not in monitor("run", "--now", "2026-05-31").stdout
    assert "level limited → substantial" in monitor("run", "--now", "2026-06-01").stdout


def test_two_updates_with_one_id_are_told_of_by_number_and_both_are_shown(monitor):
    result = ingest(
        monitor,
        {"occurred_at": "2026-02-30"},
        {"occurred_at": "2026-02-01", "id": "n1", "title": "They met"},
        {"occurred_at": "2026-02-01", "id": "n1", "title": "They did not meet"},
    )
    assert result.stdout.startswith("2 new, 0 known, 2 refused")
    assert (
        "record 4: n1 is known with another content: title “They met” is stored, “They did not"
        " meet” was refused" in " ".join(result.stderr.split())
    )
    aside = next(monitor.folder.glob("*.rejects.ndjson")).read_text().splitlines()
    assert [json.loads(line)["number"] for line in aside] == [2, 4]


def test_a_zone_that_does_not_exist_is_told_wherever_it_stands(monitor):
    (monitor.folder / "fords.yaml").write_text(RULEBOOK.format(zone="Europe/Lundon"))
    with pytest.raises(RulebookError) as caught:
        monitor("run", "--now", "2026-01-01")
    assert "fords.yaml:4:11" in str(caught.value.faults[0])
    assert "no time zone is called 'Europe/Lundon'" in str(caught.value.faults[0])
    (monitor.folder / "monitor.yaml").write_text("rules: [fords.yaml]\ntimezone: Nowhere\n")
    with pytest.raises(ConfigError, match="Nowhere"):
        monitor("run", "--now", "2026-01-01")


def test_a_date_on_the_command_line_is_read_as_strictly(monitor):
    with pytest.raises(UsageError, match=r"--as-of: '2026-02-30': there is no such date"):
        monitor("status", "--as-of", "2026-02-30")
    with pytest.raises(UsageError, match=r"--known-at: .* is a range: write when it began"):
        monitor("check", "--known-at", "2026-01-01/2026-01-05")
