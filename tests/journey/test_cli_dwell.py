"""A rate that flaps, from the file to the alert: one that opens, one that resolves, and the count."""

import json

import pytest

RULEBOOK = """\
agreement: rates
title: Rates
date: 2026-01-01
timezone: UTC
coverage: assumed
defaults: {dwell: 7d}
sources: {official: {tier: 1, names: [Customs]}}
commitments:
  - id: rate
    title: The rate stays at 15 percent
    quote: the rate stays at 15 percent
    profile: none
    indicators: [{id: rate, title: Tariff, unit: "%"}]
    rules:
      - id: above
        when: {indicator: {indicator: rate, value: {above: 15}}}
        then: {at_risk: the rate is above 15 percent}
"""


@pytest.fixture
def monitor(support, tmp_path):
    (tmp_path / "rates.yaml").write_text(RULEBOOK)
    (tmp_path / "feed.ndjson").write_text("")
    (tmp_path / "monitor.yaml").write_text(
        "rules: [rates.yaml]\nsources: [{name: feed, file: feed.ndjson}]\n"
    )
    shell = support("shell").Shell(tmp_path / "m.db", tmp_path / "monitor.yaml")
    shell.feed = tmp_path / "feed.ndjson"
    assert shell("run", "--now", "2026-01-01").exit_code == 0
    return shell


def report(hour, value):
    day, hour = divmod(hour, 24)
    return {
        "occurred_at": f"2026-01-{2 + day:02}T{hour:02}:00Z",
        "kind": "measurement",
        "title": f"{value} percent",
        "topics": "rate",
        "source": "Customs",
        "indicator": "rate",
        "value": value,
    }


def listed(monitor):
    alerts = json.loads(monitor("alerts", "list", "--limit", "50", "-o", "json").stdout)["alerts"]
    return [(a["kind"], a["phase"]) for a in alerts if a["kind"] != "summary"], alerts


@pytest.mark.parametrize("every_hours", [30, 24 * 18])
def test_fifty_flaps_in_a_week_are_one_alert_and_one_resolution_however_often_it_runs(
    monitor, every_hours
):
    reports = [report(n, 16 - n % 2) for n in range(100)]  # above and below, hour by hour
    for hours in range(every_hours, 24 * 18 + every_hours, every_hours):
        now = f"2026-01-{2 + hours // 24:02}T{hours % 24:02}:00Z"
        known = [r for r in reports if r["occurred_at"] <= now]
        monitor.feed.write_text("".join(json.dumps(r) + "\n" for r in known))
        assert monitor("run", "--now", now).exit_code == 0
    kinds, alerts = listed(monitor)
    assert kinds == [("at_risk", "resolved"), ("at_risk", "opened")]
    assert "after it came and went 50 times" in alerts[0]["message"]
    told = json.loads(monitor("history", "rate", "-o", "json").stdout)["transitions"][-1]
    assert told["at"] == "2026-01-13T02:00:00+00:00"
    assert told["reasons"][0]["numbers"][-1] == {
        "name": "times it came and went",
        "value": "50",
        "threshold": "dwell 7d",
    }
    assert "after it came and went 50 times" in monitor("history", "rate").stdout


def test_explain_says_that_only_the_dwell_holds_on_to_it_and_until_when(monitor):
    monitor.feed.write_text("".join(json.dumps(report(3 * n, 16 - n % 2)) + "\n" for n in range(6)))
    monitor("run", "--now", "2026-01-04")
    shown = " ".join(monitor("explain", "rate", "--as-of", "2026-01-04").stdout.split())
    assert "began 3 times since then; its condition is over, it stays until 2026-01-09" in shown
    (rule,) = json.loads(monitor("explain", "rate", "--as-of", "2026-01-04", "-o", "json").stdout)[
        "rules"
    ]
    assert (rule["state"], rule["times"]) == ("holds", 3)
    assert rule["stays_until"] == "2026-01-09T12:00:00+00:00"
