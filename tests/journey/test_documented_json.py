"""The JSON documents in docs/cli.md have the keys that the commands really print, and no others."""

import json
import shutil
from contextlib import chdir
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.notify.payload import event
from monitor.store import open_store

NOW = ("--now", "2026-11-22T12:00Z")
FREE = {
    "updates@explain",
    "waiting",
    "disabled",
    "errors",
    "labels",
    "headlines",
    "counts@status --scale",
    "left_out",
    "days",
}
"""Mappings whose keys are names; `updates` is one only in `explain`."""

LATE = """\
{"occurred_at": "2026-08-02", "kind": "delay", "topics": "bridge", "title": "Not before spring", "source": "The Ford Herald", "moves_to": "2027-03"}
{"occurred_at": "2026-08-01", "kind": "funding", "topics": "student-exchange", "title": "Money is voted", "source": "The Ford Herald"}
"""
TWICE = """\
{"id": "n1", "occurred_at": "2026-11-01", "kind": "meeting", "topics": "train", "title": "They meet", "source": "The Ford Herald"}
"""
BAD = """\
{"id": "n1", "occurred_at": "2026-11-01", "kind": "meeting", "topics": "train", "title": "They do not meet", "source": "The Ford Herald"}
{"occurred_at": "2026-11-02", "kind": "meeting"}
"""
FUND = """\
{"occurred_at": "2026-02-20", "kind": "funding", "topics": "hydrogen", "title": "A joint hydrogen fund", "source": "Yonhap"}
"""
WRONG = """\
rules: example.yaml
tests:
  - name: wrong on purpose
    updates: []
    covers_until: 2026-06-01
    expect: [{at: 2026-06-01, commitments: {night-train: {status: delivered}}}]
"""
RECEIVER = """
receivers:
  - {name: desk, url: "http://127.0.0.1:9/", allow_private: true}
"""


def call(*args):
    result = CliRunner().invoke(app, [*args, "-o", "json"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def printed(support, tmp_path_factory):
    """What each command prints, in worlds where it has something to say."""
    found = {}

    def note(command, *args):
        found.setdefault(command, []).append(call(*command.split(), *args))

    folder = tmp_path_factory.mktemp("example")
    with chdir(folder), pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.delenv(name, raising=False)
            patch.delenv(name.lower(), raising=False)
        patch.delenv("MONITOR_CONFIG", raising=False)
        assert CliRunner().invoke(app, ["init", *NOW]).exit_code == 0
        with (folder / "monitor.yaml").open("a") as file:
            file.write(RECEIVER)
        rules = folder / "rules" / "example.yaml"
        text = rules.read_text(encoding="utf-8")
        assert "defaults: {" in text
        rules.write_text(text.replace("defaults: {", "defaults: {labels: {desk: x}, "), "utf-8")
        note("run", *NOW)
        with (folder / "updates.jsonl").open("a") as file:
            file.write(LATE)
        note("run", "--now", "2026-11-22T12:01Z")
        (folder / "twice.jsonl").write_text(TWICE)
        (folder / "bad.jsonl").write_text(BAD)
        note("ingest", "twice.jsonl", "--now", "2026-11-22T12:02Z")
        note("ingest", "bad.jsonl", "--now", "2026-11-22T12:02Z")
        found["update add"] = [
            call("update", "add", "--occurred", "2026-11-03", "--kind", "meeting", "--title", "So",
                 "--topic", "train", "--now", "2026-11-22T12:03Z")
        ]  # fmt: skip
        found["deliver"] = [call("deliver", "--now", "2026-11-22T12:04Z")]
        found["coverage add"] = [
            call("coverage", "add", "desk", "--until", "2026-11-21", "--now", "2026-11-22T12:05Z")
        ]
        note("coverage list", "--now", "2026-11-22T12:06Z")
        note("alerts list")
        note("deliveries list")
        note("doctor", "--now", "2026-11-22T12:06Z")
        note("rules check")
        twin = (
            "\n  - {id: twin, title: A twin, quote: the towns will exchange students}"
            "  # monitor: allow duplicate-quote -- so promised twice\n"
        )
        with rules.open("a") as file:
            file.write(twin)
        note("rules check")
        note("history", "student-exchange", "--now", "2026-11-22T12:06Z")
        note("history", "reopen-bridge", "--now", "2026-11-22T12:06Z")
        note("status", "--now", "2026-11-22T12:06Z")
        (folder / "rules" / "wrong.test.yaml").write_text(WRONG)
        note("rules test", "--coverage")
        with open_store("sqlite:///var/monitor.db").read() as reader:
            found["webhook"] = [event(alert) for alert in reader.alerts()]

    trackers = support("pages").ROOT / "tests" / "journey" / "trackers"
    with chdir(tmp_path_factory.mktemp("trackers")):
        given = (str(trackers / "meter.json"), "--map", str(trackers / "meter.map.yaml"))
        note("import", *given)
        note("audit", *given, *NOW)

    harbour = tmp_path_factory.mktemp("harbour")
    with chdir(harbour):
        told(note, harbour, support("ferry"))
    found["alerts suppressed"] = [d for d in found["alerts list"] if "suppressed" in d]
    found["alerts list"] = [d for d in found["alerts list"] if "suppressed" not in d]

    tokyo = tmp_path_factory.mktemp("tokyo")
    for name in ("rules", "seeds"):
        shutil.copytree(support("pages").ROOT / name, tokyo / name)
    shutil.copy(support("pages").ROOT / "monitor.yaml", tokyo)
    with chdir(tokyo):
        now = ("--now", "2026-02-28")
        call("run", *now)
        note("status", *now)
        found["status --scale"] = [
            call("status", "--scale", scale, "--as-of", day, *now)
            for scale in ("g20", "ogp")
            for day in ("2026-02-01", "2026-02-28")
        ]
        note("report", "--scale", "g20", *now)
        note("report", *now)
        note("check", *now)
        (tokyo / "labels.csv").write_text(
            "commitment,date,label\nclean-energy,2026-02-28,stalled\napology,2026-01-31,at risk\n"
        )
        note("backtest", "--labels", "labels.csv", *now)
        lenient = (tokyo / "rules" / "jp-kr-tokyo-2025.yaml").read_text(encoding="utf-8")
        (tokyo / "lenient.yaml").write_text(
            lenient.replace("../seeds", "seeds").replace("stalled: 180d", "stalled: 200d"), "utf-8"
        )
        both = ("--rules", "rules", "--rules", "lenient.yaml")
        found["backtest difference"] = [call("backtest", *both, *now)]
        for commitment in ("clean-energy", "us-tariff-kr", "demographics"):
            note("explain", commitment, *now)
            found.setdefault("explain --why-not", []).append(
                call("explain", commitment, "--why-not", "at_risk", *now)
            )
            found.setdefault("explain --when-next", []).append(
                call("explain", commitment, "--when-next", "--as-of", "2026-01-15", *now)
            )
        Path("fund.json").write_text(FUND)
        found["explain --what-if"] = [
            call("explain", "clean-energy", "--what-if", "fund.json", *now)
        ]
    return found


def told(note, folder, ferry):
    """A world with routes and a silence, in which something is kept quiet and then told."""
    ferry.lay_out(folder)
    call("run", "--now", "2025-10-01T10:00Z")
    note("alerts routes show")
    note("alerts routes test", "--labels", "theme=sea", "--at", "2025-10-05")
    by = ("--by", "me", "--reason", "because")
    until = ("--until", "2025-10-20", "--now", "2025-10-02T10:00Z")
    note("silence add", "--matcher", "theme=paper", *by, *until)
    note("silence list", "--now", "2025-10-02T10:00Z")
    note("receivers list")
    note("receivers test", "desk")
    note("alerts routes test", "--labels", "theme=paper", "--at", "2025-10-05")
    for topic in ("ferry", "reports"):
        ferry.news(folder, "2025-10-03", "delay", topic, f"The {topic} must wait")
    call("run", "--now", "2025-10-03T18:00Z")
    note("alerts list", "--suppressed")
    call("run", "--now", "2025-10-06T10:00Z")
    alerts = call("alerts", "list")["alerts"]
    ferry_alert = next(a["id"] for a in alerts if a["commitment"] == "harbour/ferry")
    acked = CliRunner().invoke(
        app, ["alerts", "ack", ferry_alert, *by, "--now", "2025-10-07T10:00Z"]
    )
    assert acked.exit_code == 0, acked.output
    ferry.news(folder, "2025-10-08", "funding", "ferry", "It is paid for")
    call("run", "--now", "2025-10-08T10:00Z")
    for alert in alerts:
        note("alerts show", alert["id"])


def paths(value, command, at=""):
    """Every key as a path, and those of them that have nothing below them."""
    found, ends = set(), set()
    if isinstance(value, dict):
        name = at.rpartition(".")[2]
        free = name in FREE or f"{name}@{command}" in FREE
        for key, part in value.items():
            below = f"{at}.{'*' if free else key}"
            more, stops = paths(part, command, below)
            found |= {below} | more
            ends |= stops
    elif isinstance(value, list):
        for part in value:
            more, stops = paths(part, command, f"{at}[]")
            found |= more
            ends |= stops
    if value in ({}, []):
        ends.add(at)
    return found, ends


def documented(support):
    return {
        b.words: json.loads(b.text) for b in support("pages").Page("docs/cli.md").blocks("json")
    }


SHOWN = (
    "status", "history", "explain", "explain --when-next", "explain --what-if",
    "explain --why-not", "check", "run", "ingest", "coverage list", "alerts list",
    "alerts suppressed", "alerts show", "alerts routes show", "alerts routes test", "silence list",
    "receivers list", "receivers test",
    "deliveries list", "doctor", "rules check", "rules test", "backtest", "backtest difference",
    "import", "audit", "webhook",
    "status --scale", "report",
)  # fmt: skip


def test_each_shape_on_the_page_is_compared(support):
    assert set(documented(support)) == set(SHOWN)


@pytest.mark.parametrize("command", SHOWN)
def test_the_documented_keys_are_those_that_are_printed(support, printed, command):
    told, ends = paths(documented(support)[command], command)
    seen = set().union(*(paths(value, command)[0] for value in printed[command]))
    # what the page shows as empty, it explains elsewhere
    seen = {p for p in seen if not any(p.startswith((f"{end}.", f"{end}[")) for end in ends)}
    assert seen - told == set()
    assert told - seen == set()


def test_what_the_page_says_of_commands_without_a_shape_of_their_own(printed):
    ingest = set().union(*map(set, printed["ingest"]))
    assert set(printed["update add"][0]) == ingest | {"id", "concerns"}
    assert set(printed["coverage add"][0]) == ingest
    deliveries = next(d["deliveries"] for d in printed["run"] if d["deliveries"])
    assert set(printed["deliver"][0]) == {"version", "now", *deliveries}


def test_every_document_has_a_version(printed):
    for command, documents in printed.items():
        for document in documents:
            version = document["data"] if command == "webhook" else document
            assert version["version"] == 1, command


def test_the_words_of_the_page_are_the_words_that_are_printed(printed):
    for document in printed["status"]:
        for one in document["commitments"]:
            for reason in one["reasons"]:
                assert reason["cause"] in {
                    "rule", "silence", "coverage", "date", "progress", "start"
                }  # fmt: skip
    assert {d["verdict"] for d in printed["check"]} <= {"well", "attention", "unknown"}
    for document in printed["explain"]:
        assert {rule["state"] for rule in document["rules"]} <= {"holds", "matched", "waits"}
