"""`monitor explain`: what comes, what would come, and what is lacking; on the shipped rulebook."""

import json

import pytest


@pytest.fixture(scope="module")
def monitor(support, tmp_path_factory):
    """A store that has seen the shipped feed on 1 March 2026."""
    shell = support("shell").Shell(tmp_path_factory.mktemp("explain") / "monitor.db")
    assert shell("run", "--now", "2026-03-01").exit_code == 0
    return shell


def test_when_next_tells_the_chain_with_dates_rules_numbers_and_alerts(monitor):
    shown = monitor("explain", "clean-energy", "--when-next", "--as-of", "2026-01-15").stdout
    lines = [line.rstrip() for line in shown.splitlines()]
    assert lines[0] == "Strengthen cooperation in clean energy"
    assert "If nothing is heard and somebody goes on looking:" in lines
    at = lines.index("  2026-02-19  not started → stalled")
    assert "no first advance in 180d of watching, since 2025-08-23" in lines[at + 1]
    assert "rules/jp-kr-tokyo-2025.yaml:" in lines[at + 1]
    assert lines[at + 2] == "              alert: stalled opened"
    assert "If nobody looks any more: no data from 2026-03-01" in lines


def test_when_next_says_from_when_on_where_coverage_has_ended(monitor):
    body = json.loads(
        monitor(
            "explain", "clean-energy", "--when-next", "--now", "2026-06-15", "-o", "json"
        ).stdout
    )
    assert body["assumes"] == {"looking": "again", "from": "2026-06-16T00:00:00+09:00"}
    assert body["no_data_at"] is None
    first = body["ahead"][0]
    assert first["at"] == "2026-06-16T00:00:00+09:00"
    assert first["after"]["status"] == "stalled"
    assert first["alerts"] == [{"kind": "no_data", "phase": "resolved"}]


def test_when_next_of_what_is_delivered_tells_nobody_anything(monitor):
    delivered = next(
        one["id"]
        for one in json.loads(monitor("status", "-o", "json").stdout)["commitments"]
        if one["status"] == "delivered"
    )
    shown = monitor("explain", delivered, "--when-next", "--as-of", "2026-02-28", "-o", "json")
    ahead = json.loads(shown.stdout)["ahead"]
    assert {one["after"]["status"] for one in ahead} == {"delivered"}
    assert not any(one["alerts"] for one in ahead)


def test_when_next_names_the_rule_that_will_speak(support, tmp_path):
    (tmp_path / "book.yaml").write_text(
        "agreement: own\ntitle: Own\ndate: 2025-01-01\ncoverage: assumed\ncommitments:\n"
        "  - id: one\n    title: One\n    quote: one\n    deadline: 2025-12-31\n    rules:\n"
        "      - id: hurry\n        when: {deadline: {within: 60d}}\n"
        "        then: {at_risk: two months left}\n"
        "  - {id: two, title: Two, quote: two, rated: false, guideline: Too vague.}\n"
    )
    config = tmp_path / "monitor.yaml"
    config.write_text("rules: [book.yaml]\n")
    shell = support("shell").Shell(tmp_path / "own.db", config)
    shell("run", "--now", "2025-01-02")
    shown = shell("explain", "one", "--when-next", "--now", "2025-02-01").stdout
    assert "2025-11-02" in shown
    assert "two months left  rule hurry, " in shown
    assert "book.yaml:11:9" in shown
    assert "overdue (deadline 2025-12-31)" in shown
    assert "no data from" not in shown
    vague = shell("explain", "two", "--when-next", "--now", "2025-02-01").stdout
    assert "It cannot be rated: time changes nothing." in vague
