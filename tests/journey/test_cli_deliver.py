"""Alerts on their way, seen from the command line: deliver, deliveries, alerts; a real receiver."""

import base64
import json
import re

import pytest

from monitor.errors import ConfigError, UsageError


@pytest.fixture
def monitor(support, tmp_path, receiver):
    """Commands on the shipped rulebook with one receiver, `desk`."""
    shell = support("shell")
    config = tmp_path / "monitor.yaml"
    config.write_text(
        f"rules: [{shell.ROOT}/rules]\ntimezone: Asia/Tokyo\n"
        f"sources:\n  - name: seeds\n    file: {shell.ROOT}/seeds/updates-2025-08_2026-02.jsonl\n"
        "    map: {topics: subject}\n    covers_until: 2026-02-28\n"
        f"receivers:\n  - {{name: desk, url: '{receiver.url}', timeout: 5, allow_private: true}}\n",
        encoding="utf-8",
    )
    return shell.Shell(tmp_path / "monitor.db", config)


def states(monitor):
    shape = json.loads(monitor("deliveries", "list", "--limit", "99", "-o", "json").stdout)
    return [row["state"] for row in shape["deliveries"]]


def test_a_run_delivers_and_counts_what_arrived(monitor, receiver):
    result = monitor("run", "--now", "2025-12-01")
    assert "1 alert, 1 delivered; see" in result.stderr
    assert len(receiver.requests) == 1
    shape = json.loads(monitor("run", "--now", "2026-02-28", "-o", "json").stdout)
    assert shape["deliveries"]["delivered"] == len(shape["alerts"]) > 3
    assert shape["deliveries"]["waiting"] == {}


def test_what_did_not_arrive_is_told_when_it_is_news_and_not_every_minute(monitor, receiver):
    receiver.answer(500, 500, 500)
    first = monitor("run", "--now", "2025-12-01T12:00")
    assert "1 alert, 1 waiting; see" in first.stderr
    assert "warning: receiver 'desk': " in first.stderr
    assert monitor("run", "--now", "2025-12-01T12:00:01").stderr == ""
    again = monitor("run", "--now", "2025-12-02T12:00")
    assert (again.stdout, again.stderr) == ("", "")
    assert len(receiver.requests) == 2


def test_deliver_sends_what_is_due_and_its_exit_code_says_whether_it_arrived(monitor, receiver):
    receiver.answer(500, 503)
    monitor("run", "--now", "2025-12-01T12:00")
    failed = monitor("deliver", "--now", "2025-12-02")
    assert failed.exit_code == 1
    assert failed.stdout == "0 delivered, 1 failed and will be retried, 1 waiting\n"
    assert "warning: receiver 'desk': " in failed.stderr
    arrived = monitor("deliver", "--now", "2025-12-05")
    assert (arrived.exit_code, arrived.stdout) == (0, "1 delivered\n")
    assert monitor("deliver", "--now", "2025-12-05").stdout == "nothing to deliver\n"
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1


def test_deliver_as_json_has_a_version(monitor):
    shape = json.loads(monitor("deliver", "--now", "2025-12-01", "-o", "json").stdout)
    assert (shape["version"], shape["delivered"], shape["waiting"]) == (1, 0, {})


def test_a_receiver_that_is_gone_is_seen_and_retried_when_it_is_back(monitor, receiver):
    receiver.answer(410)
    run = monitor("run", "--now", "2025-12-01")
    assert "1 given up" in run.stderr
    assert "receiver 'desk' is disabled" in run.stderr
    listed = monitor("deliveries", "list")
    assert "dead" in listed.stdout
    assert "receiver 'desk' is disabled" in listed.stderr
    assert "`monitor deliveries retry ID` tries a dead one again" in listed.stderr
    retried = monitor("deliveries", "retry", "--all", "--now", "2025-12-02")
    assert retried.stdout == "1 due again\n"
    assert "receiver 'desk' is enabled again" in retried.stderr
    assert monitor("deliver", "--now", "2025-12-02").stdout == "1 delivered\n"
    assert states(monitor) == ["delivered"]
    assert monitor("deliveries", "retry", "--all").stdout == "nothing to retry\n"


def test_a_delivery_that_is_not_dead_cannot_be_retried_and_the_others_are(monitor, receiver):
    receiver.answer(410)
    monitor("run", "--now", "2025-12-01")
    with pytest.raises(UsageError, match="not given up, or not there: 77"):
        monitor("deliveries", "retry", "1", "77")
    assert states(monitor) == ["pending"]


@pytest.mark.parametrize("arguments", [[], ["1", "--all"]])
def test_retry_wants_to_know_which(monitor, arguments):
    with pytest.raises(UsageError, match="name the deliveries to retry, or --all"):
        monitor("deliveries", "retry", *arguments)


def test_deliveries_are_listed_newest_first_and_narrowed(monitor):
    monitor("run", "--now", "2025-12-01")
    monitor("run", "--now", "2026-01-05")
    lines = monitor("deliveries", "list").stdout.splitlines()
    assert lines[0].split() == ["id", "state", "when", "tries", "receiver", "alert"]
    ids = [int(line.split()[0]) for line in lines[1:] if line.split()[0].isdigit()]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) > 1
    assert monitor("deliveries", "list", "--state", "dead").stdout == ""
    assert "no such deliveries" in monitor("deliveries", "list", "--receiver", "x").stderr
    assert monitor("deliveries", "list", "--state", "lost").exit_code == 2


def test_nothing_is_sent_where_nobody_is_configured(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "monitor.db")
    shell("run", "--now", "2025-12-01")
    result = shell("deliver", "--now", "2025-12-01")
    assert (result.exit_code, result.stdout) == (0, "nothing to deliver\n")
    assert "no receivers are configured" in result.stderr


def test_a_receiver_that_is_set_up_wrongly_keeps_nobody_else_from_being_told(
    monitor, tmp_path, receiver, monkeypatch
):
    monkeypatch.delenv("NOT_SET_HERE", raising=False)
    text = (tmp_path / "monitor.yaml").read_text()
    (tmp_path / "monitor.yaml").write_text(
        f"{text}  - {{name: lost, url: '{receiver.url}/lost', allow_private: true,"
        " secret_env: NOT_SET_HERE}\n"
    )
    result = monitor.process("run", "--now", "2025-12-01")
    assert (result.returncode, len(receiver.requests)) == (2, 1)
    assert "Traceback" not in result.stderr
    assert result.stderr.count("NOT_SET_HERE is not set") == 1
    listed = monitor("deliveries", "list", "--receiver", "lost").stdout
    assert "NOT_SET_HERE is not set" in listed
    secret = "whsec_" + base64.b64encode(bytes(32)).decode()
    monkeypatch.setenv("NOT_SET_HERE", secret)
    assert monitor("deliver", "--now", "2025-12-02").stdout == "1 delivered\n"
    first, second = receiver.requests
    assert (first.path, second.path) == ("/hook", "/hook/lost")
    assert json.loads(first.body)["id"] == json.loads(second.body)["id"]


def test_a_secret_that_is_missing_is_an_error_and_sends_nothing_to_whom_it_is_for(
    monitor, tmp_path, receiver
):
    text = (tmp_path / "monitor.yaml").read_text().replace("timeout: 5", "secret_env: NOT_SET_HERE")
    (tmp_path / "monitor.yaml").write_text(text)
    with pytest.raises(ConfigError, match="NOT_SET_HERE is not set"):
        monitor("deliver")
    assert receiver.requests == []


def test_an_ingest_leaves_its_alerts_to_deliver(monitor, tmp_path, receiver):
    monitor("run", "--now", "2025-12-01")
    late = tmp_path / "late.jsonl"
    late.write_text(
        '{"occurred_at": "2025-11-30", "kind": "agreement", "title": "Ministries sign a hydrogen programme", '
        '"topics": ["clean-energy"], "source": "Yonhap"}\n',
        encoding="utf-8",
    )
    told = monitor("ingest", late, "--now", "2025-12-02")
    assert "1 to tell; `monitor deliver` sends it now" in told.stderr
    assert monitor("deliver", "--now", "2025-12-02").stdout == "1 delivered\n"
    assert json.loads(receiver.requests[-1].body)["type"] == "monitor.alert.advanced.once"


def test_alerts_are_listed_the_last_ones_first(monitor):
    assert monitor("alerts", "list").stderr == "no alerts yet\n"
    monitor("run", "--now", "2025-12-01")
    monitor("run", "--now", "2026-02-25")
    lines = monitor("alerts", "list", "--limit", "3").stdout.splitlines()
    assert lines[0].split() == ["made", "kind", "severity", "message"]
    assert sum(line.startswith("2026-02-25") for line in lines) == 3
    everything = monitor("alerts", "list", "--limit", "99").stdout
    *_, last = (line for line in everything.splitlines() if line.startswith("20"))
    assert last.startswith("2025-12-01  summary")
    assert re.fullmatch(r"a_[0-9a-f]{24}", everything.splitlines()[-1].strip())


def test_alerts_are_narrowed_by_commitment_kind_and_agreement(monitor):
    monitor("run", "--now", "2025-12-01")
    monitor("run", "--now", "2026-02-25")
    narrow = ("alerts", "list", "-o", "json")
    about = json.loads(monitor(*narrow, "--commitment", "clean-energy").stdout)
    assert about["version"] == 1
    assert {alert["commitment"] for alert in about["alerts"]} == {"jp-kr-tokyo-2025/clean-energy"}
    stalls = json.loads(monitor(*narrow, "--kind", "stalled").stdout)["alerts"]
    assert {alert["kind"] for alert in stalls} == {"stalled"}
    assert json.loads(monitor(*narrow, "--agreement", "other").stdout)["alerts"] == []
    full = monitor("alerts", "list", "--commitment", "jp-kr-tokyo-2025/clean-energy")
    assert "clean energy" in full.stdout


def test_a_misspelt_commitment_gets_a_suggestion(monitor):
    with pytest.raises(UsageError, match="did you mean 'clean-energy'"):
        monitor("alerts", "list", "--commitment", "clean-enrgy")
