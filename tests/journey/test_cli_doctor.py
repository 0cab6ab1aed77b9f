"""`monitor doctor` on being told: routes, the heartbeat, and whether anything starts a run."""

import json

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app

NOW = ("--now", "2026-06-01")
ROUTES = """\
receivers:
  - {name: desk, url: "https://a.example/"}
  - {name: boss, url: "https://b.example/"}
intervals: {past: {dates: 2020-01-01/2020-12-31}}
routes:
  receiver: desk
  routes:
    - {matchers: {kind: stalled}}
    - {matchers: {kind: stalled, severity: critical}, active_intervals: past}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A fresh folder, a `crontab` that prints what is in a file, and no units of systemd."""
    for name in ("MONITOR_CONFIG", "MONITOR_STORE", "MONITOR_RULES", "PING_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "units"))
    program = tmp_path / "bin" / "crontab"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nexec /bin/cat '{tmp_path}/crontab.txt'\n")
    program.chmod(0o755)
    (tmp_path / "crontab.txt").write_text("")
    monkeypatch.setenv("PATH", str(program.parent))
    place = tmp_path / "50% of it's"
    assert CliRunner().invoke(app, ["init", str(place), *NOW]).exit_code == 0
    monkeypatch.chdir(place)
    return place


def checked(subject, *options):
    result = CliRunner().invoke(app, [*options, "doctor", *NOW, "-o", "json"])
    assert result.exit_code in (0, 1), result.output
    return [
        (check["verdict"], check["text"])
        for check in json.loads(result.stdout)["checks"]
        if check["subject"] == subject
    ]


def configure(folder, text):
    with (folder / "monitor.yaml").open("a", encoding="utf-8") as file:
        file.write(text)


def printed(*words):
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_what_is_doubtful_in_the_routes_is_told(folder):
    assert checked("routes") == []
    configure(folder, ROUTES)
    found = checked("routes")
    assert [verdict for verdict, _ in found] == ["warn", "warn", "warn"]
    told = " ".join(text for _, text in found)
    assert "routes.routes[1] is never reached" in told
    assert "routes.routes[1] never waits: past" in told
    assert "receiver boss is told nothing" in told


def test_routes_in_which_nothing_is_doubtful_are_counted(folder):
    configure(folder, ROUTES.partition("intervals:")[0] + "routes: {receiver: [desk, boss]}\n")
    assert checked("routes") == [("ok", "1 route to 2 receivers")]


def test_a_heartbeat_that_cannot_be_told_fails(folder, monkeypatch):
    assert checked("heartbeat") == [("ok", "none: nobody is told when runs do not happen")]
    configure(folder, "heartbeat: {url_env: PING_URL}\n")
    assert checked("heartbeat") == [("FAIL", "heartbeat: the variable PING_URL is not set")]
    monkeypatch.setenv("PING_URL", "https://hc.example/hush-hush")
    assert checked("heartbeat") == [("ok", "https://hc.example")]


def test_what_nothing_starts_is_told_until_something_has_run_it(folder):
    nowhere = "neither in this user's crontab nor in systemd"
    assert checked("schedule") == [("warn", nowhere)]
    printed("run", *NOW)
    assert checked("schedule") == [("ok", f"{nowhere}: something else runs it")]


def test_the_line_in_the_crontab_is_found_and_looked_at(folder, tmp_path, monkeypatch):
    crontab = tmp_path / "crontab.txt"
    crontab.write_text("17 4 * * * true\n" + printed("cron", "print", "--every", "6h"))
    assert checked("schedule") == [("ok", "crontab: 0 */6 * * *")]
    configure(folder, "heartbeat: {url_env: PING_URL}\n")
    monkeypatch.setenv("PING_URL", "https://hc.example/hush-hush")
    assert checked("schedule") == [("warn", "crontab: 0 */6 * * *: PING_URL will not be set")]
    (folder / "cron.env").write_text("PING_URL=https://hc.example/hush-hush\n")
    crontab.write_text(printed("--env-file", "cron.env", "cron", "print"))
    assert checked("schedule") == [("ok", "crontab: */15 * * * *")]
    crontab.write_text(crontab.read_text().replace("/bin/", "/old/"))
    ((verdict, text),) = checked("schedule")
    assert (verdict, text.partition(", ")[0]) == (
        "warn", "crontab: */15 * * * *: runs another program than this one",
    )  # fmt: skip


def test_units_of_systemd_are_found(folder, tmp_path):
    units = tmp_path / "units" / "systemd" / "user"
    units.mkdir(parents=True)
    for part in printed("cron", "print", "--systemd").split("# ")[1:]:
        path, _, text = part.partition("\n")
        (units / path.rpartition("/")[2]).write_text(text)
    ((verdict, text),) = checked("schedule")
    assert verdict == "ok"
    assert text.startswith("systemd: commitment-monitor-")


def test_without_a_configuration_nothing_is_said_of_a_schedule(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert checked("schedule") == []
