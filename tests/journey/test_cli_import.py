"""`monitor import`: another tracker's file becomes a rulebook and updates, whole or not at all."""

import json
import os
from pathlib import Path

import pytest

from monitor.errors import InputError, UsageError
from monitor.language.loader import check_rulebook, load_rulebook

TRACKERS = Path(__file__).parent / "trackers"


def given(name):
    return (TRACKERS / name, "--map", TRACKERS / f"{Path(name).stem}.map.yaml")


@pytest.mark.parametrize("name", ["meter.json", "mandate.csv", "action-plan.csv"])
def test_what_was_imported_passes_the_check_and_can_be_ingested(monitor, tmp_path, name):
    done = monitor("import", *given(name), "--to", tmp_path, "-o", "json")
    assert done.exit_code == 0
    shape = json.loads(done.stdout)
    rules, updates, rejects = map(Path, shape["files"])
    report = check_rulebook([rules])
    assert [fault.code for fault in report.errors] == []
    assert report.size.commitments == shape["commitments"]
    assert monitor("rules", "fmt", rules, "--check").exit_code == 0
    refused = [json.loads(line) for line in rejects.read_text("utf-8").splitlines()]
    assert refused == shape["refused"]
    assert all(one["reason"] and one["number"] for one in refused)
    taken = monitor("--rules", rules, "ingest", updates, "--now", "2032-01-01")
    assert taken.stdout.startswith(f"{shape['updates']} new, 0 known, 0 refused")


def test_a_promise_stands_where_its_tracker_rated_it(monitor, tmp_path):
    monitor("import", *given("meter.json"), "--to", tmp_path)
    rules = tmp_path / "meter-2020.yaml"
    monitor(
        "--rules", rules, "ingest", tmp_path / "meter-2020.updates.jsonl", "--now", "2022-09-02"
    )
    shown = monitor("--rules", rules, "status", "--now", "2022-09-02", "-o", "json")
    status = {c["id"]: c["last_known"] for c in json.loads(shown.stdout)["commitments"]}
    assert status["promise-102"] == "delivered"
    assert status["promise-103"] == "reversed"
    assert status["promise-101"] == "stalled"
    assert status["promise-107"] in ("not_started", "stalled")


def test_what_could_not_be_mapped_is_told_with_its_record(monitor, tmp_path):
    done = monitor("import", *given("mandate.csv"), "--to", tmp_path)
    name = TRACKERS / "mandate.csv"
    assert done.stdout.splitlines()[0] == "8 commitments, 6 updates, 2 could not be mapped"
    assert done.stderr == (
        f"{name}: record 5 (line 6): Date du verdict: '31/02/2017' is neither ISO 8601 nor %d/%m/%Y\n"
        f"{name}: record 7 (line 8): unknown status 'Réalisé en partie', did you mean 'Réalisée'?\n"
    )


def test_a_rating_that_is_repeated_is_no_progress(monitor, tmp_path):
    monitor("import", *given("meter.json"), "--to", tmp_path)
    lines = (tmp_path / "meter-2020.updates.jsonl").read_text("utf-8").splitlines()
    own = [u for u in map(json.loads, lines) if u["commitment"] == "meter-2020/promise-110"]
    assert [u["kind"] for u in own] == ["rated_in_progress", "statement"]


def test_nothing_is_overwritten_and_nothing_half_written(monitor, tmp_path):
    (tmp_path / "meter-2020.updates.jsonl").write_text("mine\n")
    with pytest.raises(UsageError, match="is there already; nothing was written"):
        monitor("import", *given("meter.json"), "--to", tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["meter-2020.updates.jsonl"]
    assert (tmp_path / "meter-2020.updates.jsonl").read_text() == "mine\n"


def test_a_disk_that_fails_midway_leaves_nothing_behind(monitor, tmp_path, monkeypatch):
    real, calls = os.link, []

    def failing(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device", str(target))
        real(source, target)

    monkeypatch.setattr(os, "link", failing)
    with pytest.raises(InputError, match="No space left on device"):
        monitor("import", *given("meter.json"), "--to", tmp_path / "to")
    assert list((tmp_path / "to").iterdir()) == []


@pytest.mark.parametrize(("option", "code"), [("--strict", 2), ("--dry-run", 0)])
def test_strict_and_a_dry_run_write_nothing(monitor, tmp_path, option, code):
    done = monitor("import", *given("meter.json"), "--to", tmp_path / "to", option)
    assert done.exit_code == code
    assert done.stdout == "10 commitments, 13 updates, 2 could not be mapped; nothing was written\n"
    assert not (tmp_path / "to").exists()


def test_words_that_yaml_would_take_for_something_else_stay_words(monitor, tmp_path):
    (tmp_path / "t.csv").write_text(
        'Name,State\n"no: ""yes"" # null",Done\n2024-01-01,Done\n日本の約束,Done\n', "utf-8"
    )
    (tmp_path / "m.yaml").write_text(
        "{tracker: T, agreement: t, title: 'true', date: 2024, promise: {title: Name, status: State},"
        " statuses: {Done: kept}}",
        "utf-8",
    )
    monitor("import", tmp_path / "t.csv", "--map", tmp_path / "m.yaml", "--to", tmp_path / "to")
    made = load_rulebook([tmp_path / "to" / "t.yaml"]).commitments.values()
    assert [c.title for c in made] == ['no: "yes" # null', "2024-01-01", "日本の約束"]
    assert [c.id for c in made] == ["promise-1", "promise-2", "promise-3"]


def test_a_file_of_which_nothing_can_be_mapped_is_an_error(monitor, tmp_path):
    (tmp_path / "t.csv").write_text("Name,State\n,Done\n", "utf-8")
    (tmp_path / "m.yaml").write_text(
        "{tracker: T, agreement: t, title: T, date: 2024, promise: {title: Name, status: State},"
        " statuses: {Done: kept}}",
        "utf-8",
    )
    with pytest.raises(InputError, match="no promise could be mapped; nothing was written"):
        monitor("import", tmp_path / "t.csv", "--map", tmp_path / "m.yaml", "--to", tmp_path / "to")
    assert not (tmp_path / "to").exists()


MAP = """
tracker: T
agreement: t
title: T
date: 2024-01-01
records: promises
promise: {id: id, title: title, status: status}
statuses:
  In the Works: in_progress
  Partly: {means: partly, terminal: false}
  Kept: {means: kept, terminal: false}
  Stalled: stalled
  Broken: {means: broken, terminal: false}
updates: {within: updates, date: date, title: title, status: status}
"""


@pytest.mark.parametrize(
    ("rated", "courses"),
    [
        (("Kept", "In the Works", "Kept"), ("delivered 3", "advancing 1", "delivered 3")),
        (("Kept", "Partly", "In the Works"), ("delivered 3", "advancing 2", "advancing 1")),
        (("Kept", "Stalled", "In the Works"), ("delivered 3", "stalled 1", "advancing 1")),
        (("Kept", "Stalled", "Partly"), ("delivered 3", "stalled 1", "advancing 2")),
        (("Partly", "Stalled", "In the Works"), ("advancing 2", "stalled 2", "advancing 1")),
        (("Kept", "Broken", "In the Works"), ("delivered 3", "reversed 0", "advancing 1")),
        (("Partly", "Partly", "In the Works"), ("advancing 2", "advancing 2", "advancing 1")),
    ],
)
def test_a_rating_that_is_taken_back_lowers_the_level(monitor, tmp_path, rated, courses):
    dates = ("2024-01-10", "2024-02-10", "2024-03-10")
    updates = [
        {"date": date, "title": "Rated", "status": status}
        for date, status in zip(dates, rated, strict=True)
    ]
    promise = {"id": "one", "title": "The bridge", "status": rated[-1], "updates": updates}
    (tmp_path / "t.json").write_text(json.dumps({"promises": [promise]}))
    (tmp_path / "m.yaml").write_text(MAP)
    monitor("import", tmp_path / "t.json", "--map", tmp_path / "m.yaml", "--to", tmp_path)
    rules = ("--rules", tmp_path / "t.yaml")
    assert not check_rulebook([tmp_path / "t.yaml"]).errors
    done = monitor(
        *rules, "ingest", tmp_path / "t.updates.jsonl", "--covers-until", "2024-03-20",
        "--now", "2024-03-20",
    )  # fmt: skip
    assert done.exit_code == 0
    found = []
    for date in dates:
        (one,) = json.loads(
            monitor(*rules, "status", "--as-of", date, "--now", "2024-03-20", "-o", "json").stdout
        )["commitments"]
        level = ["none", "limited", "substantial", "complete"].index(one["level"])
        found.append(f"{one['status']} {level}")
    assert tuple(found) == courses
    audit = monitor("audit", tmp_path / "t.yaml", "--updates", tmp_path / "t.updates.jsonl")
    assert "status-against-update" not in audit.stdout
