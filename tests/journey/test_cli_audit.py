"""`monitor audit`: the contradictions that were put into three trackers, each found and no other."""

import json
import shutil
from pathlib import Path

import pytest

from monitor.errors import InputError, RulebookError, UsageError

TRACKERS = Path(__file__).parent / "trackers"
NOW = ("--now", "2024-06-01")

PLANTED = {
    "meter.json": [
        ("status-against-update", [("meter.json", 1, None), ("meter.json", 1, 2)]),
        ("update-after-terminal", [("meter.json", 3, 2), ("meter.json", 3, 1)]),
        ("near-duplicate", [("meter.json", 5, None), ("meter.json", 4, None)]),
        ("undated-change", [("meter.json", 6, None)]),
        ("undated-update", [("meter.json", 8, 2)]),
        ("before-promise", [("meter.json", 9, 1), ("meter.json", 9, None)]),
        ("future-date", [("meter.json", 10, 2)]),
        ("percent-against-rows", [("meter.json at scorecard", 1, None)]),
        ("percent-against-rows", [("meter.json at scorecard", 4, None)]),
        ("total-against-rows", [("meter.json at scorecard", 4, None)]),
        ("total-against-parts", [("meter.json at scorecard", 7, None)]),
    ],
    "mandate.csv": [
        ("total-against-rows", [("mandate-totals.csv", 3, None)]),
        ("theme-never-used", [("mandate-totals.csv", 4, None)]),
        ("duplicate", [("mandate.csv", 4, None), ("mandate.csv", 3, None)]),
        ("unreadable-date", [("mandate.csv", 5, None)]),
        ("unknown-status", [("mandate.csv", 7, None)]),
        ("before-promise", [("mandate.csv", 8, None), ("mandate.csv", 8, None)]),
    ],
    "action-plan.csv": [
        ("orphan-update", [("action-plan-reports.csv", 5, None)]),
        ("deadline-before-promise", [("action-plan.csv", 2, None)]),
        ("duplicate-id", [("action-plan.csv", 4, None), ("action-plan.csv", 3, None)]),
        ("total-against-parts", [("totals of the mapping", 1, None)]),
    ],
}


@pytest.fixture
def copy(tmp_path):
    """A folder with the trackers, to be changed."""
    shutil.copytree(TRACKERS, tmp_path / "trackers")
    return tmp_path / "trackers"


def mapping(name, folder=TRACKERS):
    return folder / f"{Path(name).stem}.map.yaml"


def told(result):
    """Code and records of each finding."""
    return [
        (f["code"], [(Path(r["file"]).name, r["number"], r["update"]) for r in f["records"]])
        for f in json.loads(result.stdout)["findings"]
    ]


@pytest.mark.parametrize("name", PLANTED)
def test_every_contradiction_that_was_put_in_is_found_and_no_other(monitor, name):
    result = monitor("audit", TRACKERS / name, "--map", mapping(name), *NOW, "-o", "json")
    assert result.exit_code == 1
    assert told(result) == PLANTED[name]
    assert all(f["evidence"] or "%" in f["message"] for f in json.loads(result.stdout)["findings"])


def test_the_table_names_record_and_evidence_and_the_totals_as_counted(monitor):
    name = "meter.json"
    result = monitor("audit", TRACKERS / name, "--map", mapping(name), *NOW)
    lines = result.stdout.splitlines()
    assert lines[0] == (
        f"{TRACKERS / name}: record 1: status-against-update: 'Raise the minimum wage to 15 dollars'"
        " is 'In the Works', but its last update says 'Stalled'"
    )
    assert "    2021-03-20: Stalled (The bill is blocked in committee)" in lines
    assert lines[-1] == (
        "counted: 1 Not Yet Rated, 4 In the Works, 1 Stalled, 1 Compromise, 2 Promise Kept,"
        " 1 Promise Broken of 10"
    )
    assert result.stderr == "10 promises, 14 updates: 11 contradictions\n"


def test_a_tracker_without_contradictions_is_all_well(monitor, copy):
    file = copy / "action-plan.csv"
    rows = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([rows[0], rows[1], rows[3]]) + "\n", "utf-8")
    reports = copy / "action-plan-reports.csv"
    lines = reports.read_text("utf-8").splitlines()
    reports.write_text("\n".join([*lines[:3], lines[4]]) + "\n", "utf-8")
    form = mapping("action-plan.csv", copy)
    text = form.read_text("utf-8").partition("totals:")[0]
    form.write_text(
        "".join(
            f"{row}\n"
            for row in text.splitlines()
            if "Not started" not in row and "Withdrawn" not in row
        ),
        "utf-8",
    )
    result = monitor("audit", file, "--map", form, *NOW)
    assert (result.exit_code, result.stderr) == (0, "2 promises, 3 updates: 0 contradictions\n")


def test_a_status_that_nothing_has_is_told(monitor, copy):
    form = mapping("meter.json", copy)
    form.write_text(
        form.read_text("utf-8").replace(
            "  Stalled: stalled", "  Shelved: stalled\n  Stalled: stalled"
        ),
        "utf-8",
    )
    result = monitor("audit", copy / "meter.json", "--map", form, *NOW, "-o", "json")
    assert told(result)[-1] == ("status-never-used", [])


def test_what_was_imported_is_audited_as_far_as_it_was_kept(monitor, tmp_path):
    name = "meter.json"
    monitor("import", TRACKERS / name, "--map", mapping(name), "--to", tmp_path)
    rules, updates = tmp_path / "meter-2020.yaml", tmp_path / "meter-2020.updates.jsonl"
    result = monitor("audit", rules, "--updates", updates, *NOW, "-o", "json")
    assert result.exit_code == 1
    assert told(result) == [
        ("update-after-terminal", [(updates.name, 6, None), (updates.name, 5, None)]),
        ("before-promise", [(updates.name, 11, None), (rules.name, 9, None)]),
        ("future-date", [(updates.name, 13, None)]),
        ("near-duplicate", [(rules.name, 5, None), (rules.name, 4, None)]),
    ]


def test_a_tracker_without_promises_cannot_be_audited(monitor, copy):
    (copy / "mandate.csv").write_text(
        (copy / "mandate.csv").read_text("utf-8").splitlines()[0] + "\n", "utf-8"
    )
    result = monitor("audit", copy / "mandate.csv", "--map", mapping("mandate.csv", copy), *NOW)
    assert result.exit_code == 3
    assert result.stderr.endswith("mandate.csv: no promise could be read\n")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("kept", "keptt", ":15:17: error: unknown meaning 'keptt', did you mean 'kept'? (at statuses.Promise Kept)"),
        ("tracker: The Meter", "traker: The Meter", ":2:1: error: unknown key 'traker', did you mean 'tracker'?"),
        ("quote: desc", "qoute: desc", "unknown key 'qoute', did you mean 'quote'?"),
        ("America/New_York", "America/Fordland", ":6:11: error: no time zone is called 'America/Fordland'"),
        ("date: 2021-01-20", "date: 20/01/2021", ":5:7: error: "),
        ("records: promises", 'records: promises\ndates: ["%d/%Q"]', ":8:9: error: '%d/%Q': %Q is no part of a date"),
        ("{within: updates, ", "{", "give either within (a list in each promise) or file"),
        ("{at: scorecard, ", "{", "give exactly one of file, at and given"),
        ("  Stalled: stalled", "  Stalled: stalled\n  stalled: stalled", "'stalled' and 'Stalled' are one status"),
        ("  Stalled: stalled", "\tStalled: stalled", "a tab in the indentation"),
    ],
)  # fmt: skip
def test_a_fault_of_the_mapping_is_told_with_its_place(monitor, copy, old, new, fault):
    form = mapping("meter.json", copy)
    text = form.read_text("utf-8")
    assert old in text
    form.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(RulebookError) as caught:
        monitor("audit", copy / "meter.json", "--map", form, *NOW)
    assert any(fault in line and line.startswith(f"{form}:") for line in caught.value.faults), (
        caught.value.faults
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: title, quote", "title: headline, quote", "no record has 'headline'"),
        ("records: promises", "records: pledges", "no list stands at 'pledges' (it has 'site', 'promises', 'scorecard')"),
        ("at: scorecard", "at: board", "no totals stand at 'board'"),
    ],
)  # fmt: skip
def test_a_mapping_of_another_file_is_told_what_is_there(monitor, copy, old, new, message):
    form = mapping("meter.json", copy)
    form.write_text(form.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        monitor("audit", copy / "meter.json", "--map", form, *NOW)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe{\x00", "is not UTF-8"),
        (b'{"promises": [', ":1:15: not valid JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b"PK\x03\x04", "is a spreadsheet"),
    ],
)
def test_a_broken_file_is_an_error_and_no_traceback(monitor, copy, content, message):
    (copy / "meter.json").write_bytes(content)
    with pytest.raises(InputError) as caught:
        monitor("audit", copy / "meter.json", "--map", mapping("meter.json", copy), *NOW)
    assert message in caught.value.message


def test_either_a_mapping_or_updates_are_wanted(monitor):
    for options in ((), ("--map", mapping("meter.json"), "--updates", "x.jsonl")):
        with pytest.raises(UsageError, match="give either --map or --updates"):
            monitor("audit", TRACKERS / "meter.json", *options, *NOW)


def test_a_rulebook_that_was_not_imported_has_no_ratings(monitor, tmp_path):
    (tmp_path / "u.jsonl").write_text("")
    rules = Path(__file__).parents[2] / "rules" / "jp-kr-tokyo-2025.yaml"
    with pytest.raises(UsageError, match=r"no rulebook that `monitor import` made"):
        monitor("audit", rules, "--updates", tmp_path / "u.jsonl", *NOW)
