"""An analyst edits the rulebook between two runs: what `run` says, once, and what it does not."""

import json

import pytest

RULEBOOK = """\
agreement: fords
title: Fords
date: 2026-01-01
coverage: assumed
sources: {official: {tier: 1, names: [Herald]}}
commitments:
  - id: bridge
    title: Repair the bridge
    quote: repair the bridge
    profile: none
    rules:
      - id: begun
        when: {update: {kind: [meeting, funding]}}
        then: {advance: limited}
  - id: ferry
    title: Keep the ferry
    quote: keep the ferry
    profile: none
    about: {topics: [bridge]}
"""
FEED = [
    {"occurred_at": "2026-01-05", "kind": "meeting", "title": "They meet", "topics": "bridge"},
    {"occurred_at": "2026-01-20", "kind": "funding", "title": "Money", "topics": "bridge"},
]


@pytest.fixture
def monitor(support, tmp_path):
    rules = tmp_path / "fords.yaml"
    rules.write_text(RULEBOOK)
    lines = [json.dumps({**record, "source": "Herald"}) + "\n" for record in FEED]
    (tmp_path / "feed.ndjson").write_text("".join(lines))
    (tmp_path / "monitor.yaml").write_text(
        "rules: [fords.yaml]\nsources: [{name: feed, file: feed.ndjson}]\n"
    )
    shell = support("shell").Shell(tmp_path / "m.db", tmp_path / "monitor.yaml")
    shell.rules = rules
    assert shell("run", "--now", "2026-02-01").exit_code == 0
    return shell


def edit(monitor, old, new):
    text = monitor.rules.read_text()
    assert old in text
    monitor.rules.write_text(text.replace(old, new))


def said(result):
    return " ".join(result.stdout.split())


def test_run_says_once_which_rule_at_which_line_and_both_versions(monitor):
    before = json.loads(monitor("history", "bridge", "-o", "json").stdout)["transitions"]
    edit(monitor, "[meeting, funding]}}", "funding}}")
    edit(monitor, "{advance: limited}", "{advance: substantial}")
    result = monitor("run", "--now", "2026-02-02")
    assert result.exit_code == 0
    after = json.loads(monitor("history", "bridge", "-o", "json").stdout)["transitions"]
    old, new = before[-1]["rules"], after[-1]["rules"]
    assert old != new
    assert (
        "Repair the bridge: advancing since 2026-01-20, still, but level limited → substantial,"
        " because the rules changed: rule 'begun' changed" in said(result)
    )
    assert f"fords.yaml:12:9) (version {old[:7]} → {new[:7]})" in said(result)
    assert "2026-01-05" not in result.stdout
    assert "transitions rewritten, because the rules changed" in result.stderr
    assert monitor("run", "--now", "2026-02-03").stdout == ""
    kinds = [
        a["kind"] for a in json.loads(monitor("alerts", "list", "-o", "json").stdout)["alerts"]
    ]
    assert kinds == ["rules_changed", "summary"]
    assert f"rules {old[:7]}" in monitor("history", "bridge", "--all").stdout


def test_comments_and_layout_are_not_another_version(monitor):
    edit(monitor, "commitments:\n", "# what they promised\n\ncommitments:\n")
    result = monitor("run", "--now", "2026-02-02")
    assert (result.stdout, result.stderr) == ("", "")


def test_a_commitment_that_was_deleted_and_put_back_is_told_each_time(monitor):
    whole = monitor.rules.read_text()
    monitor.rules.write_text(whole[: whole.index("  - id: ferry")])
    lost = monitor("run", "--now", "2026-02-02")
    assert "fords/ferry Keep the ferry: no longer watched, it was not started; the" in said(lost)
    assert monitor("run", "--now", "2026-02-03").stdout == ""
    monitor.rules.write_text(whole)
    back = monitor("run", "--now", "2026-02-04")
    assert "Keep the ferry: watched again, not started since 2026-01-01; because" in said(back)


def test_the_json_of_run_counts_what_was_rewritten(monitor):
    edit(monitor, "{advance: limited}", "{advance: substantial}")
    body = json.loads(monitor("run", "--now", "2026-02-02", "-o", "json").stdout)
    assert body["transitions"] == body["withdrawn"] == []
    assert body["rewritten"] > 0
    assert [a["kind"] for a in body["alerts"]] == ["rules_changed"]


def test_an_ingest_that_meets_other_rules_says_so_too(monitor, tmp_path):
    edit(monitor, "{advance: limited}", "{advance: substantial}")
    more = tmp_path / "more.ndjson"
    more.write_text(json.dumps({**FEED[1], "title": "More", "source": "Herald"}) + "\n")
    monitor("ingest", more, "--now", "2026-02-02")
    alerts = json.loads(monitor("alerts", "list", "-o", "json").stdout)["alerts"]
    assert alerts[0]["kind"] == "rules_changed"
