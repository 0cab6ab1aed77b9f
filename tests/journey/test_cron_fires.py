"""Debian's own cron runs the monitor from a crontab, and the alert arrives. Waits for a minute."""

import json
import os
import subprocess
from pathlib import Path

import pytest

PIDFILES = (Path("/var/run/crond.pid"), Path("/run/crond.pid"))
PATIENCE = 300
"""Seconds until it has failed: cron fires at each full minute, on however slow a machine."""

RULEBOOK = """\
agreement: pact
title: The pact
date: 2025-01-01
coverage: assumed
commitments:
  - {id: bridge, title: The bridge, quote: they will mend the bridge}
"""


@pytest.fixture
def cron(support, request, tmp_path):
    """A cron that runs: one that is there already, or a child of ours."""
    if not (os.environ.get("CI") or request.config.getoption("--long")):
        pytest.skip("cron fires once a minute: runs in CI, and with --long")
    servers = support("servers")
    servers.needed("crontab", "cron")
    program = servers.needed("cron", "cron")
    if _runs_already():
        yield
        return
    if os.geteuid() != 0:
        pytest.skip("no cron runs here, and only root can start one: `sudo cron`, then once more")
    with (tmp_path / "cron.log").open("wb") as log:
        child = subprocess.Popen([program, "-f", "-L", "15"], stdout=log, stderr=log)
        try:
            yield
        finally:
            child.terminate()
            child.wait(30)


def _runs_already():
    for path in PIDFILES:
        if path.exists() and (text := path.read_text().strip()).isdecimal():
            command = Path(f"/proc/{text}/comm")
            return command.exists() and command.read_text().strip() == "cron"
    return False


def test_cron_runs_the_monitor_and_the_alert_arrives(cron, receiver, support, tmp_path):
    shell = support("shell")
    (tmp_path / "pact.yaml").write_text(RULEBOOK)
    (tmp_path / "cron.env").write_text(f"PING={receiver.url.replace('/hook', '/ping')}\n")
    (tmp_path / "monitor.yaml").write_text(
        "rules: [pact.yaml]\nstore: sqlite:///pact.db\n"
        "heartbeat: {url_env: PING, allow_private: true}\n"
        f"receivers: [{{name: desk, url: '{receiver.url}', allow_private: true}}]\n"
    )
    monitor = shell.Shell(tmp_path / "pact.db", tmp_path / "monitor.yaml")
    known = monitor.process("run", "--now", "2025-02-01", env={"PING": "http://127.0.0.1:9/none"})
    assert known.returncode == 0, known.stderr
    receiver.wait_for(1)

    with support("crontab").borrowed() as before:
        installed = monitor.process("--env-file", str(tmp_path / "cron.env"), "cron", "install", "--every", "1m")  # fmt: skip
        assert installed.returncode == 0, installed.stderr
        # the heartbeat's start, the alert, the heartbeat's end
        receiver.wait_for(4, patience=PATIENCE)
        removed = monitor.process("--env-file", str(tmp_path / "cron.env"), "cron", "install", "--remove")  # fmt: skip
        assert removed.returncode == 0, removed.stderr
        assert support("crontab").listed() == before

    start, alert, end = receiver.requests[1:4]
    assert (start.path, alert.path, end.path) == ("/ping/start", "/hook", "/ping")
    event = json.loads(alert.body)
    assert event["type"] == "monitor.alert.stalled.opened"
    assert event["time"].startswith("2025-06-30")
    assert end.body.decode().startswith("exit status 0\n")
