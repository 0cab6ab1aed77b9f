"""A recovery that holds already when the update comes: nothing begins, and `explain` says why."""

import json

import pytest

BOOK = """
agreement: fords
title: The fords
date: 2025-01-01
coverage: assumed
commitments:
  - id: bridge
    title: The bridge
    quote: the bridge
    profile: none
    tier: 3
    deadline: 2025-06-01
    rules:
      - id: frozen
        when: {update: {kind: suspension}}
        recover: {not: {deadline: {within: 30d}}}
        then: {stalled: frozen so close to its date}
"""


@pytest.fixture
def monitor(support, tmp_path):
    (tmp_path / "book.yaml").write_text(BOOK)
    config = tmp_path / "monitor.yaml"
    config.write_text("rules: [book.yaml]\nstore: store.db\n")
    reports = [
        {"occurred_at": f"2025-0{month}-06", "kind": "suspension", "topics": ["bridge"]}
        for month in (1, 5)
    ]
    records = [json.dumps(r | {"title": "Work stops", "source": "The Herald"}) for r in reports]
    (tmp_path / "feed.jsonl").write_text("\n".join(records))
    shell = support("shell").Shell(tmp_path / "monitor.db", config)
    shell("ingest", tmp_path / "feed.jsonl", "--now", "2025-05-10")
    shell("run", "--now", "2025-05-10")
    return lambda *words: shell(*words, "--now", "2025-05-10")


def test_only_the_update_that_does_not_find_it_recovered_stalls_it(monitor):
    changes = json.loads(monitor("history", "bridge", "-o", "json").stdout)
    text = json.dumps(changes)
    assert text.count("frozen so close to its date") == 1
    assert "2025-05-06" in text


def test_explain_says_that_its_recovery_holds(monitor):
    shown = monitor("explain", "bridge", "--as-of", "2025-03-01").stdout
    assert "1 update matched, 2025-01-06; its recovery holds" in shown
    assert "its recovery holds" not in monitor("explain", "bridge").stdout
