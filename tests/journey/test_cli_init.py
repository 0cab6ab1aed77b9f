"""`monitor init` and `monitor doctor`: a folder to begin with, and whether everything is in place."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.errors import UsageError
from monitor.language.document import parse_document

NOW = ("--now", "2026-06-01")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where `monitor` is called; everything in it is found by its defaults."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def monitor(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_it_writes_what_there_is_to_begin_with_and_says_what_to_do_next(folder):
    result = monitor("init", *NOW)
    assert result.stdout.splitlines() == [
        "monitor.yaml",
        "rules/example.yaml",
        "rules/example.test.yaml",
        "updates.jsonl",
        "rules/config.schema.json",
        "rules/monitor.schema.json",
        ".gitignore",
    ]
    assert "next: monitor run" in result.stderr
    assert (folder / ".gitignore").read_text() == "var/\n"


def test_a_run_in_it_shows_one_commitment_of_each_kind(folder):
    monitor("init", *NOW)
    result = monitor("run", *NOW)
    assert result.exit_code == 0
    shape = json.loads(monitor("status", *NOW, "-o", "json").stdout)
    assert {c["id"]: c["status"] for c in shape["commitments"]} == {
        "student-exchange": "stalled",
        "reopen-bridge": "delivered",
        "cleaner-air": "advancing",
        "night-train": "at_risk",
    }
    assert (folder / "var" / "monitor.db").exists()
    assert monitor("run", *NOW).output == ""


@pytest.mark.parametrize("day", ["2024-02-29", "2026-01-01", "2031-12-31"])
def test_the_starter_rules_have_no_faults_and_pass_their_tests_whenever_it_is_made(folder, day):
    monitor("init", "--now", day)
    checked = monitor("rules", "check")
    assert checked.exit_code == 0, checked.output
    tested = monitor("rules", "test")
    assert tested.exit_code == 0, tested.output


def test_it_makes_the_folder_that_it_is_told_to_use(folder):
    result = monitor("init", "a/b", *NOW)
    assert (folder / "a" / "b" / "monitor.yaml").exists()
    assert "next: cd a/b && monitor run" in result.stderr


def test_it_never_overwrites_and_then_writes_nothing(folder):
    (folder / "updates.jsonl").write_text("mine")
    with pytest.raises(UsageError, match=r"^updates\.jsonl is there already; nothing was written"):
        monitor("init", *NOW)
    assert sorted(path.name for path in folder.iterdir()) == ["updates.jsonl"]
    assert (folder / "updates.jsonl").read_text() == "mine"


def test_the_first_lines_lead_an_editor_to_schemas_that_accept_the_files(folder):
    monitor("init", *NOW)
    for name in ("monitor.yaml", "rules/example.yaml"):
        file = folder / name
        first = file.read_text().splitlines()[0]
        schema = file.parent / first.removeprefix("# yaml-language-server: $schema=")
        document, _ = parse_document(file.read_bytes(), name)
        Draft202012Validator(json.loads(schema.read_text())).validate(document.data)


def test_a_gitignore_of_somebody_stays_and_the_line_is_asked_for(folder):
    (folder / ".gitignore").write_text("*.pyc\n")
    assert "add var/ to your .gitignore" in monitor("init", *NOW).stderr
    assert (folder / ".gitignore").read_text() == "*.pyc\n"


def test_a_gitignore_that_has_the_line_is_left_in_peace(folder):
    (folder / ".gitignore").write_text("var/\n")
    assert "gitignore" not in monitor("init", *NOW).stderr


def test_a_place_that_cannot_be_written_is_told_of(folder):
    (folder / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write file"):
        monitor("init", "file/below", *NOW)


def lines(result):
    return [line.split(maxsplit=1) for line in result.stdout.splitlines()]


def test_doctor_finds_a_fresh_folder_well_but_for_what_is_not_there_yet(folder):
    monitor("init", *NOW)
    result = monitor("doctor", *NOW)
    assert result.exit_code == 0
    verdicts = {rest.split("  ")[0]: verdict for verdict, rest in lines(result) if verdict != "→"}
    assert verdicts["configuration"] == "ok"
    assert verdicts["rules"] == "ok"
    assert verdicts["evaluator"] == "ok"
    assert verdicts["source example"] == "ok"
    assert verdicts["store"] == "warn"
    assert verdicts["receivers"] == "warn"
    assert not (folder / "var").exists()


def test_doctor_after_a_run_counts_what_is_kept(folder):
    monitor("init", *NOW)
    monitor("run", *NOW)
    result = monitor("doctor", *NOW)
    assert result.exit_code == 0
    assert "updates 10, commitments 4" in result.stdout
    assert "last run" in result.stdout
    assert "ok    lock" in result.stdout
    assert "example until 2026-06-01" in result.stdout


def checks(*arguments):
    result = monitor("doctor", *arguments, "-o", "json")
    shape = json.loads(result.stdout)
    assert shape["version"] == 1
    assert shape["ok"] is (result.exit_code == 0)
    return {check["subject"]: check for check in shape["checks"]}


def test_doctor_sees_that_coverage_has_ended(folder):
    monitor("init", *NOW)
    monitor("run", *NOW)
    found = checks("--now", "2026-08-01")["coverage of example"]
    assert found["verdict"] == "warn"
    assert found["text"] == "ended 60 days ago: example until 2026-06-01"
    assert "coverage add" in found["advice"]


def test_doctor_sees_a_store_that_is_ahead_of_the_clock(folder):
    monitor("init", *NOW)
    monitor("run", *NOW)
    found = checks("--now", "2026-05-01")["clock"]
    assert found["verdict"] == "FAIL"


def test_doctor_sees_a_missing_source(folder):
    monitor("init", *NOW)
    (folder / "updates.jsonl").unlink()
    assert checks(*NOW)["source example"]["verdict"] == "FAIL"


def test_doctor_survives_a_broken_rulebook_and_looks_at_the_rest(folder):
    monitor("init", *NOW)
    book = folder / "rules" / "example.yaml"
    book.write_text(book.read_text(encoding="utf-8").replace("then: deliver", "then: delver"))
    found = checks(*NOW)
    assert found["rules"]["verdict"] == "FAIL"
    assert "example.yaml:" in found["rules"]["text"]
    assert found["disk"]["verdict"] == "ok"


def test_doctor_survives_a_broken_configuration(folder):
    (folder / "monitor.yaml").write_text("storr: x\n")
    found = checks()
    assert list(found) == ["configuration"]
    assert "storr" in found["configuration"]["text"]


def test_doctor_without_a_configuration_says_how_to_begin(folder):
    found = checks()
    assert found["configuration"]["verdict"] == "warn"
    assert "monitor init" in found["configuration"]["advice"]


def test_doctor_sees_a_file_that_is_no_database(folder):
    monitor("init", *NOW)
    (folder / "var").mkdir()
    (folder / "var" / "monitor.db").write_text("not a database, but long enough to be read as one")
    found = checks(*NOW)
    assert found["store"]["verdict"] == "FAIL"
    assert "is not a database" in found["store"]["text"]


def test_doctor_sees_a_secret_that_is_missing_and_never_shows_one(folder, monkeypatch):
    monitor("init", *NOW)
    with (folder / "monitor.yaml").open("a") as file:
        file.write(
            "receivers:\n  - {name: desk, url: 'https://example.org/x', secret_env: DESK_KEY}\n"
        )
    assert checks(*NOW)["receivers"]["text"].endswith("DESK_KEY is not set")
    monkeypatch.setenv("DESK_KEY", "whsec_" + "QUJD" * 10)
    result = monitor("doctor", *NOW)
    assert "QUJD" not in result.stdout
    assert "1 configured, with addresses and secrets" in result.stdout


def test_doctor_names_the_plain_evaluator_and_why(folder):
    monitor("init", *NOW)
    with (folder / "monitor.yaml").open("a") as file:
        file.write("evaluator: plain\n")
    assert checks(*NOW)["evaluator"]["text"].startswith("plain Python, as configured")


def test_doctor_sees_a_run_at_work(folder):
    from monitor.store import open_store

    monitor("init", *NOW)
    monitor("run", *NOW)
    with open_store("sqlite:///var/monitor.db").exclusive(wait=False):
        assert checks(*NOW)["lock"]["text"] == f"held: a run is at work ({os.getpid()})"


def test_doctor_in_a_real_process_ends_with_1_where_something_fails(support, folder):
    monitor("init", *NOW)
    Path("updates.jsonl").unlink()
    shell = support("shell").Shell(folder / "var" / "monitor.db", folder / "monitor.yaml")
    done = shell.process("doctor", cwd=folder)
    assert done.returncode == 1
    assert "FAIL  source example" in done.stdout
