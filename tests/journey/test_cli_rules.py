"""`monitor rules`: check, schema and test, on the shipped rulebook and on broken ones."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from monitor.errors import InputError, RulebookError, UsageError

ROOT = Path(__file__).parents[2]
BOOK = """agreement: own
title: Own
date: 2025-01-01
coverage: assumed
sources: {press: {tier: 2, names: [Agency]}}
commitments:
  - {id: one, title: The first, quote: one}
"""
PASSING = """rules: book.yaml
tests:
  - name: a meeting is a beginning
    updates:
      - {occurred_at: 2025-01-10, kind: meeting, topics: one, source: Agency, title: They meet}
    expect:
      - at: 2025-01-10
        commitments:
          one: {status: advancing, level: limited, since: 2025-01-10, last_progress: 2025-01}
"""


@pytest.fixture
def monitor(support, tmp_path):
    return support("shell").Shell(tmp_path / "none.db")


@pytest.fixture
def tests_of(monitor, tmp_path):
    """Run one file of tests beside a small rulebook."""
    (tmp_path / "book.yaml").write_text(BOOK)

    def run(text, *arguments):
        file = tmp_path / "book.test.yaml"
        file.write_text(text)
        return monitor("rules", "test", file, *arguments)

    return run


def test_the_tests_of_the_shipped_rulebook_pass(monitor):
    result = monitor("rules", "test")
    assert result.exit_code == 0
    assert "✓ clean energy stalls 180 days after the summit" in result.stdout
    assert "✗" not in result.stdout
    assert "passed" in result.stderr
    assert "failed" not in result.stderr


def test_every_single_expectation_of_the_shipped_tests_can_fail(support, tmp_path):
    """A runner that compares nothing would pass as well: each headline, turned, must be noticed."""
    shell = support("shell").Shell(tmp_path / "none.db")
    source = (ROOT / "rules" / "jp-kr-tokyo-2025.test.yaml").read_text(encoding="utf-8")
    data = yaml.load(source, yaml.BaseLoader)
    turned = 0
    for case in data["tests"]:
        if isinstance(case.get("updates"), str):
            case["updates"] = str(ROOT / "seeds" / Path(case["updates"]).name)
        case.pop("never", None)
        for instant in case.get("expect", []):
            for expected in instant["commitments"].values():
                turned += 1
                expected["status"] = "superseded"
    data["tests"] = [case for case in data["tests"] if case.get("expect")]
    data["rules"] = str(ROOT / "rules" / "jp-kr-tokyo-2025.yaml")
    file = tmp_path / "turned.test.yaml"
    file.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    result = shell("rules", "test", file, "-o", "json")
    assert result.exit_code == 1
    body = json.loads(result.stdout)
    noticed = [d for t in body["tests"] for d in t["differences"] if d["expected"] == "superseded"]
    assert (body["passed"], len(noticed)) == (0, turned)


def test_a_passing_file_is_0_and_quiet_says_nothing(tests_of, monitor, tmp_path):
    result = tests_of(PASSING)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "✓ a meeting is a beginning"
    assert result.stderr == "1 test (4 expectations): 1 passed\n"
    quiet = monitor("--quiet", "rules", "test", tmp_path / "book.test.yaml")
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (0, "", "")


def test_what_is_not_as_expected_is_shown_side_by_side_with_its_line_and_cause(tests_of):
    result = tests_of(PASSING.replace("advancing, level: limited", "stalled, level: none"))
    assert result.exit_code == 1
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert lines[1].startswith("✗ a meeting is a beginning  ")
    assert lines[1].endswith("book.test.yaml:3")
    assert lines[2:7] == [
        "2025-01-10  one  line 9",
        "expected  got",
        "status  stalled   advancing",
        "level   none      limited",
        "why  2025-01-10 not started → advancing: advanced to limited",
    ]
    assert result.stderr == "1 test (4 expectations): 0 passed, 1 failed\n"


def test_the_json_of_test_has_the_documented_shape(tests_of):
    result = tests_of(PASSING.replace("status: advancing", "status: stalled"), "-o", "json")
    body = json.loads(result.stdout)
    (one,) = body.pop("tests")
    assert body == {"version": 1, "passed": 0, "failed": 1, "coverage": None}
    (difference,) = one.pop("differences")
    assert difference == {
        "line": 9,
        "at": "2025-01-10",
        "commitment": "one",
        "axis": "status",
        "expected": "stalled",
        "found": "advancing",
        "hint": "2025-01-10 not started → advancing: advanced to limited",
    }
    assert one.pop("file").endswith("book.test.yaml")
    assert one == {"line": 3, "name": "a meeting is a beginning", "passed": False, "error": None}


def test_what_must_never_be_is_found_anywhere_in_the_span(tests_of):
    text = PASSING + "    never: [{commitment: one, status: not_started, level: none}]\n"
    result = tests_of(text)
    assert result.exit_code == 1
    assert "2025-01-01  one" in result.stdout
    assert "not status not_started, level none" in result.stdout
    fine = PASSING + "    never: [{commitment: one, status: not_started, level: limited}]\n"
    assert tests_of(fine).exit_code == 0


def test_no_progress_is_written_none(tests_of):
    text = PASSING.replace("kind: meeting", "kind: statement").replace(
        "{status: advancing, level: limited, since: 2025-01-10, last_progress: 2025-01}",
        "{last_progress: none}",
    )
    assert tests_of(text).exit_code == 0
    assert tests_of(text.replace("kind: statement", "kind: meeting")).exit_code == 1


def test_coverage_that_ends_is_no_data_and_none_given_is_always_watched(tests_of, tmp_path):
    (tmp_path / "book.yaml").write_text(BOOK.replace("coverage: assumed\n", ""))
    ends = """rules: book.yaml
tests:
  - name: it ends
    covers_until: 2025-01-31
    expect: [{at: 2025-12-31, commitments: {one: {status: no_data, last_known: not_started}}}]
  - name: it does not
    expect: [{at: 2025-12-31, commitments: {one: {status: stalled, since: 2025-06-30}}}]
"""
    result = tests_of(ends)
    assert (result.exit_code, result.stderr) == (0, "2 tests (4 expectations): 2 passed\n")


def test_a_commitment_that_has_not_begun_is_a_difference_and_no_crash(tests_of):
    text = "rules: book.yaml\ntests:\n  - {name: early, expect: [{at: 2024, commitments: {one: {level: none}}}]}\n"
    result = tests_of(text)
    assert result.exit_code == 1
    assert re.search(r"begun +yes +no: it begins on 2025-01-01", result.stdout)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("          one:", "          onn:", "no commitment is called 'onn' (did you mean one?)"),
        (
            "kind: meeting",
            "kind: meetin",
            "record 1: unknown kind 'meetin', did you mean 'meeting'",
        ),
        ("occurred_at: 2025-01-10", "occurred_at: soon", "record 1: 'soon' is not a date"),
        ("    updates:\n", "    map: {topicz: x}\n    updates:\n", "unknown field 'topicz'"),
    ],
)
def test_a_test_that_cannot_be_run_fails_with_its_reason(tests_of, old, new, message):
    assert old in PASSING
    result = tests_of(PASSING.replace(old, new))
    assert result.exit_code == 1
    assert message in result.stdout


def test_a_feed_that_is_not_there_fails_only_its_test(tests_of):
    text = (
        PASSING
        + "  - {name: gone, updates: gone.jsonl, expect: [{at: 2025, commitments: {one: {level: none}}}]}\n"
    )
    result = tests_of(text)
    assert result.exit_code == 1
    assert "gone.jsonl" in result.stdout
    assert result.stderr.endswith("1 passed, 1 failed\n")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "status: advancing",
            "status: stale",
            "book.test.yaml:9:25: error: unknown status 'stale', did you mean 'stalled'?",
        ),
        ("level: limited", "level: lots", "unknown level 'lots', known are none, limited"),
        ("last_progress: 2025-01", "last_progress: soon", "'soon' is not a date"),
        ("level: limited", "levle: limited", "unknown key 'levle', did you mean 'level'?"),
        ("at: 2025-01-10", "at: soon", ":7:13: error: 'soon' is not a date"),
        ("at: 2025-01-10", "at: [x]", "must be a date"),
        ("rules: book.yaml\n", "", "Field required"),
        (
            "{status: advancing, level: limited, since: 2025-01-10, last_progress: 2025-01}",
            "{}",
            "",
        ),
        ("    expect:\n", "    expect: []\n    nevr:\n", "unknown key 'nevr'"),
        ("tests:", "tests: [", ""),
    ],
)
def test_a_file_that_is_not_of_the_form_is_told_with_its_place(tests_of, old, new, fault):
    assert old in PASSING
    with pytest.raises(RulebookError) as caught:
        tests_of(PASSING.replace(old, new))
    assert caught.value.exit_code == 2
    assert caught.value.faults
    assert all("book.test.yaml" in line for line in caught.value.faults)
    assert any(fault in line for line in caught.value.faults), caught.value.faults


def test_missing_files_and_rulebooks_are_told(monitor, tests_of, tmp_path):
    with pytest.raises(UsageError, match=r"gone\.test\.yaml: no such file"):
        monitor("rules", "test", tmp_path / "gone.test.yaml")
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(UsageError, match="no rule tests in"):
        monitor("rules", "test", folder)
    with pytest.raises(RulebookError):
        tests_of(PASSING.replace("book.yaml", "nobook.yaml"))
    unreadable = folder / "dir.test.yaml"
    unreadable.mkdir()
    with pytest.raises((InputError, UsageError)):
        monitor("rules", "test", unreadable)


def test_a_rulebook_stands_for_the_tests_beside_it(monitor, tests_of, tmp_path):
    tests_of(PASSING)
    assert monitor("rules", "test", tmp_path / "book.yaml").exit_code == 0
    assert monitor("rules", "test", tmp_path).exit_code == 0


def test_check_finds_no_fault_in_the_shipped_rulebook(monitor):
    result = monitor("rules", "check")
    assert result.exit_code == 0
    assert "error:" not in result.stdout
    assert "1 agreement, 14 commitments" in result.stderr
    assert monitor("rules", "check", "--strict").exit_code == 0


def test_check_shows_every_fault_with_its_place(monitor, tmp_path):
    book = tmp_path / "book.yaml"
    book.write_text(BOOK.replace("quote: one", "qote: one").replace("2025-01-01", "soon"))
    result = monitor("rules", "check", book)
    assert result.exit_code == 2
    assert f"{book}:3:7: error: " in result.stdout
    assert "'qote'" in result.stdout
    assert "did you mean 'quote'?" in result.stdout
    body = json.loads(monitor("rules", "check", book, "-o", "json").stdout)
    assert (body["ok"], body["commitments"]) == (False, None)
    assert {"file", "line", "column", "path", "severity", "code", "message", "suggestion"} == set(
        body["faults"][0]
    )
    assert [f["severity"] for f in body["faults"]].count("error") >= 2


def test_check_of_what_is_not_there_is_2(monitor, tmp_path):
    result = monitor("rules", "check", tmp_path / "gone.yaml")
    assert result.exit_code == 2
    assert "no such file or folder" in result.stdout


def test_strict_fails_on_what_is_doubtful(support, tmp_path):
    (tmp_path / "book.yaml").write_text(
        BOOK.replace("id: one,", "id: one, about: {topics: [hydrogne]},")
    )
    (tmp_path / "feed.jsonl").write_text(
        '{"occurred_at": "2025-01-02", "kind": "meeting", "topics": ["hydrogen"], "title": "x"}\n'
    )
    config = tmp_path / "monitor.yaml"
    config.write_text("rules: [book.yaml]\nsources: [{name: feed, file: feed.jsonl}]\n")
    shell = support("shell").Shell(tmp_path / "none.db", config)
    lenient = shell("rules", "check")
    assert lenient.exit_code == 0
    assert "warning:" in lenient.stdout
    assert "hydrogen" in lenient.stdout
    assert shell("rules", "check", "--strict").exit_code == 2
    (tmp_path / "feed.jsonl").unlink()
    assert "hydrogne" not in shell("rules", "check").stdout


def test_the_schema_beside_the_rulebook_is_the_one_that_is_printed(monitor):
    result = monitor.process("rules", "schema")
    shipped = (ROOT / "rules" / "monitor.schema.json").read_text(encoding="utf-8")
    assert result.stdout == shipped, "run: monitor rules schema > rules/monitor.schema.json"


def test_the_schema_accepts_the_shipped_rulebook_and_refuses_a_broken_one(monitor):
    schema = json.loads(monitor("rules", "schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    text = (ROOT / "rules" / "jp-kr-tokyo-2025.yaml").read_text(encoding="utf-8")
    from monitor.language.document import parse_document

    document, _ = parse_document(text.encode(), "rules")
    validator.validate(document.data)
    assert not validator.is_valid({**document.data, "agreementz": 1})


def test_a_real_process_gives_the_codes(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "none.db")
    assert shell.process("rules", "test").returncode == 0
    book = tmp_path / "bad.yaml"
    book.write_text("agreement: x\n")
    checked = shell.process("rules", "check", str(book))
    assert checked.returncode == 2
    assert "Traceback" not in checked.stderr
    tested = tmp_path / "bad.test.yaml"
    tested.write_text(
        "rules: bad.yaml\ntests: [{name: x, expect: [{at: 2025, commitments: {y: {level: none}}}]}]\n"
    )
    failed = shell.process("rules", "test", str(tested))
    assert failed.returncode == 2
    assert "bad.yaml:1:1: error: " in failed.stderr
