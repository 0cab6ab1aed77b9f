"""`monitor rules check`: forms of output, standard input, levels, and the hooks of pre-commit."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from jsonschema import Draft202012Validator

from monitor.errors import ConfigError, UsageError
from monitor.language.lintcodes import LINTS

ROOT = Path(__file__).parents[2]
BOOK = """agreement: own
title: Own
date: 2025-01-01
sources: {press: {tier: 2, names: [Agency]}}
commitments:
  - id: one
    title: The first
    quote: one
    rules:
      - {id: late, when: {deadline: passed}, then: stalled}  # monitor: allow never-fires -- a date follows
      - {id: soon, when: {deadline: {within: 9d}}, then: stalled}
  - {id: two, title: The second, quote: one}
"""
BROKEN = BOOK.replace("date: 2025-01-01", 'date: "soon, or: 5%"').replace(
    "quote: one}", "qote: a,b}"
)


@pytest.fixture
def world(support, tmp_path, monkeypatch):
    """A folder with one rulebook and a configuration; commands run in it."""
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    Path("rules/own book.yaml").write_text(BOOK)
    Path("monitor.yaml").write_text("rules: [rules]\n")
    return support("shell").Shell(tmp_path / "none.db", tmp_path / "monitor.yaml")


def check(world, *arguments):
    return world("rules", "check", *arguments)


def test_what_a_comment_allows_is_counted_and_not_shown(world):
    result = check(world)
    assert result.exit_code == 0
    assert "never-fires" not in result.stdout
    assert "rules/own book.yaml:11:" in result.stdout
    assert ":10:" not in result.stdout
    assert "1 allowed" in result.stderr
    body = json.loads(check(world, "-o", "json").stdout)
    (one,) = body["suppressed"]
    assert (one["line"], one["code"], one["reason"]) == (10, "never-fires", "a date follows")


def test_levels_decide_what_fails(world):
    assert check(world, "--strict").exit_code == 2
    Path("monitor.yaml").write_text("rules: [rules]\nlints: {never-fires: info}\n")
    assert check(world, "--strict").exit_code == 0
    Path("monitor.yaml").write_text("rules: [rules]\nlints: {never-fires: off, no-source: off}\n")
    assert ":11:" not in check(world).stdout
    Path("monitor.yaml").write_text("rules: [rules]\nlints: {duplicate-quote: error}\n")
    result = check(world)
    assert result.exit_code == 2
    assert "error: " in result.stdout
    assert json.loads(check(world, "-o", "json").stdout)["commitments"] == 2


@pytest.mark.parametrize(
    ("lints", "message"),
    [
        ("{never-fire: off}", "no lint is called 'never-fire', did you mean 'never-fires'?"),
        ("{never-fires: loud}", "Input should be 'off', 'info', 'warning' or 'error'"),
        ("[never-fires]", "Input should be a valid dictionary"),
    ],
)
def test_a_level_that_is_none_is_told_with_its_place(world, lints, message):
    Path("monitor.yaml").write_text(f"rules: [rules]\nlints: {lints}\n")
    with pytest.raises(ConfigError) as caught:
        check(world)
    assert message in caught.value.message
    assert re.search(r"monitor\.yaml:2:\d+: ", caught.value.message)


def test_a_variable_gives_levels_too(world, monkeypatch):
    monkeypatch.setenv("MONITOR_LINTS", '{"never-fires": "error"}')
    assert check(world).exit_code == 2
    monkeypatch.setenv("MONITOR_LINTS", "never-fires")
    with pytest.raises(ConfigError, match="MONITOR_LINTS is not JSON") as caught:
        check(world)
    assert caught.value.hint == "write a mapping of lints to levels"


def test_standard_input_is_checked_like_a_file(world):
    result = world("rules", "check", "-", input=BROKEN)
    assert result.exit_code == 2
    assert "<stdin>:3:" in result.stdout
    assert "did you mean 'quote'?" in result.stdout
    assert world("rules", "check", "-", input=BOOK).exit_code == 0


def test_standard_input_may_stand_for_a_file(world):
    Path("rules/words.txt").write_text("one")
    text = BOOK.replace("title: Own", "title: Own\nsource: words.txt")
    assert world("rules", "check", "-", input=text).exit_code == 2
    named = ("rules", "check", "-", "--stdin-name", "rules/own book.yaml")
    assert world(*named, input=text).exit_code == 0
    together = world(*named, "rules", "-o", "json", input=text.replace("id: two", "id: second"))
    body = json.loads(together.stdout)
    assert (body["agreements"], body["commitments"]) == (1, 2), "read once, and not from the disk"
    assert {fault["file"] for fault in body["faults"]} == {"rules/own book.yaml"}


def test_a_name_without_standard_input_is_a_mistake(world):
    with pytest.raises(UsageError, match="--stdin-name goes with -"):
        check(world, "--stdin-name", "x.yaml")


def test_an_endless_standard_input_is_refused(world):
    world_ends = io.BytesIO(b"# " + b"x" * 5_000_001)
    result = world("rules", "check", "-", input=world_ends.getvalue())
    assert result.exit_code == 2
    assert "larger than 5 MB" in result.stdout


def test_the_first_fifty_are_shown_and_the_rest_is_counted(world):
    lines = "".join(f"  - {{id: c{n}, title: T, qote: q{n}}}\n" for n in range(5_000))
    Path("rules/own book.yaml").write_text(BOOK + lines)
    result = check(world)
    shown = result.stdout.splitlines()
    assert len(shown) == 51
    assert all(": error: " in line for line in shown[:50])
    assert shown[50] == "… and 9950 more; --all shows them"
    assert len(check(world, "--all").stdout.splitlines()) == 10_000
    assert len(json.loads(check(world, "-o", "json").stdout)["faults"]) == 10_000


# ---- SARIF -----------------------------------------------------------------------------------------

TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
    "additionalProperties": False,
}
PLACE = {
    "type": "object",
    "required": ["physicalLocation"],
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "additionalProperties": False,
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "additionalProperties": False,
                    "properties": {
                        "uri": {"type": "string", "pattern": r"^[^ <>\\]+$"},
                        "uriBaseId": {"const": "%SRCROOT%"},
                    },
                },
                "region": {
                    "type": "object",
                    "required": ["startLine", "startColumn"],
                    "additionalProperties": False,
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                },
            },
        },
        "logicalLocations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["fullyQualifiedName"],
                "additionalProperties": False,
                "properties": {"fullyQualifiedName": {"type": "string"}},
            },
        },
    },
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "additionalProperties": False,
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "version", "rules"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"const": "monitor"},
                                    "version": {"type": "string"},
                                    "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id", "shortDescription", "fullDescription", "help"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string", "pattern": "^[a-z0-9-]+$"},
                                                "name": {"type": "string", "pattern": "^[A-Z][A-Za-z0-9]*$"},
                                                "shortDescription": TEXT,
                                                "fullDescription": TEXT,
                                                "help": TEXT,
                                                "defaultConfiguration": {
                                                    "type": "object",
                                                    "additionalProperties": False,
                                                    "properties": {"level": LEVEL},
                                                },
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "ruleIndex", "level", "message", "locations"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": LEVEL,
                                "message": TEXT,
                                "locations": {"type": "array", "minItems": 1, "items": PLACE},
                                "partialFingerprints": {
                                    "type": "object",
                                    "additionalProperties": {"type": "string"},
                                },
                                "suppressions": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["kind"],
                                        "additionalProperties": False,
                                        "properties": {
                                            "kind": {"enum": ["inSource", "external"]},
                                            "justification": {"type": "string"},
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip
"""What the standard (sections 3.13 to 3.52) asks of the parts that are used here."""


def logs(world):
    """The log of a good rulebook, of a broken one, and of one that is not there."""
    yield json.loads(check(world, "-o", "sarif").stdout)
    Path("rules/own book.yaml").write_text(BROKEN)
    yield json.loads(check(world, "-o", "sarif").stdout)
    yield json.loads(check(world, "/nowhere/gone.yaml", "-o", "sarif").stdout)


def test_sarif_has_the_form_of_the_standard(world):
    Draft202012Validator.check_schema(SARIF)
    validator = Draft202012Validator(SARIF)
    found = list(logs(world))
    for log in found:
        assert [error.message for error in validator.iter_errors(log)] == []
        (run,) = log["runs"]
        rules = run["tool"]["driver"]["rules"]
        assert {rule["id"] for rule in rules} >= set(LINTS)
        assert run["results"]
        for result in run["results"]:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    places = [
        place["physicalLocation"]
        for log in found
        for result in log["runs"][0]["results"]
        for place in result["locations"]
    ]
    uris = {unquote(place["artifactLocation"]["uri"]) for place in places}
    assert uris == {"rules/own book.yaml", "file:///nowhere/gone.yaml"}


def test_sarif_tells_what_is_allowed_and_why(world):
    log = next(logs(world))
    (allowed,) = [r for r in log["runs"][0]["results"] if "suppressions" in r]
    assert allowed["suppressions"] == [{"kind": "inSource", "justification": "a date follows"}]
    region = allowed["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == 10


def test_sarif_knows_a_fault_again_where_it_only_moved(world):
    def prints():
        results = json.loads(check(world, "-o", "sarif").stdout)["runs"][0]["results"]
        return {r["partialFingerprints"]["fault/v1"] for r in results}

    before = prints()
    Path("rules/own book.yaml").write_text("# a line more\n" + BOOK)
    assert prints() == before


def test_sarif_passes_the_validator_of_its_authors(world, support, tmp_path):
    """Microsoft's SARIF Multitool holds the official schema, and the rules of GitHub's scanner."""
    tool = support("nodes").program("sarif-multitool")
    files = []
    for number, log in enumerate(logs(world)):
        file = tmp_path / f"{number}.sarif"
        file.write_text(json.dumps(log))
        files.append(str(file))
    told = subprocess.run(
        [tool, "validate", *files, "--rule-kind", "Sarif;Ghas", "--level", "Error"],
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ": error " not in told.stdout
    assert "3 files scanned" in told.stdout


def test_github_gets_an_annotation_for_each_fault(world):
    Path("rules/own book.yaml").write_text(BROKEN)
    result = check(world, "-o", "github")
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    assert lines[0].startswith("::error file=rules/own book.yaml,line=3,col=7,title=rulebook%3A ")
    assert "5%25" in lines[0]
    assert all(re.fullmatch(r"::(error|warning|notice) [^:]+::.+", line) for line in lines)


# ---- pre-commit ------------------------------------------------------------------------------------

HOOKS = ROOT / ".pre-commit-hooks.yaml"


def git(*arguments, cwd):
    plain = {n: v for n, v in os.environ.items() if not n.startswith("GIT_")}
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *who, *arguments], cwd=cwd, env=plain, capture_output=True, check=True, text=True
    )


def test_the_entries_of_the_hooks_are_commands_that_there_are(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "none.db")
    hooks = yaml.safe_load(HOOKS.read_text())
    assert [hook["id"] for hook in hooks] == [
        "monitor-rules-check", "monitor-rules-fmt", "monitor-rules-test"
    ]  # fmt: skip
    for hook in hooks:
        program, *words = hook["entry"].split()
        assert program == "monitor"
        writes = words == ["rules", "fmt"]
        assert shell(*words, *(["--check"] if writes else [])).exit_code == 0
        assert hook["pass_filenames"] is False


def test_pre_commit_knows_the_form_of_the_hooks():
    clientlib = pytest.importorskip("pre_commit.clientlib")
    assert len(clientlib.load_manifest(str(HOOKS))) == 3


def test_pre_commit_keeps_a_broken_rulebook_from_being_committed(world, tmp_path):
    """The shipped hooks as they are, but run in the environment that is there already."""
    pytest.importorskip("pre_commit")
    local = [{**hook, "language": "system"} for hook in yaml.safe_load(HOOKS.read_text())]
    config = {"repos": [{"repo": "local", "hooks": local}]}
    Path(".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    Path("rules/own.test.yaml").write_text(
        "rules: own book.yaml\ntests:\n  - name: x\n    covers_until: 2025-02\n"
        "    never: [{commitment: one, status: stalled}]\n"
    )
    git("init", "-q", cwd=tmp_path)
    git("add", ".", cwd=tmp_path)
    program = tmp_path / "bin" / "monitor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m monitor "$@"\n')
    program.chmod(0o755)

    def run():
        environment = {
            n: v for n, v in os.environ.items() if not n.startswith(("GIT_", "MONITOR_"))
        }
        environment |= {
            "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        }
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--all-files"],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    good = run()
    assert good.returncode == 0, good.stdout + good.stderr
    assert len(re.findall(r"Passed$", good.stdout, re.MULTILINE)) == 3
    Path("rules/own book.yaml").write_text(BROKEN)
    git("add", ".", cwd=tmp_path)
    bad = run()
    assert bad.returncode == 1
    assert "rules/own book.yaml:3:7: error: " in bad.stdout
