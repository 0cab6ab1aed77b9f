"""The configuration in docs/cli.md that a newcomer copies does what is said of it."""

import json
import shlex

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.config import load_settings, policy_of
from monitor.language.routelints import lints

NOW = ("--now", "2026-06-01T03:00Z")  # a Monday at noon in Seoul

RULES = """\
agreement: pact
title: Pact
date: 2026-06-01
timezone: Asia/Seoul
coverage: assumed
defaults: {quiet: 5d, stalled: 12d, dormant: 60d}
commitments:
  - {id: bridge, title: The bridge, quote: they will mend the bridge}
  - {id: ferry, title: The ferry, quote: they will open a ferry}
"""


@pytest.fixture
def page(support):
    return support("pages").Page("docs/cli.md")


@pytest.fixture
def folder(tmp_path, monkeypatch, page, receiver):
    """A fresh folder with the example; its Slack is a receiver of ours."""
    for name in ("MONITOR_CONFIG", "MONITOR_STORE", "MONITOR_RULES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SLACK_HOOK", receiver.url)
    monkeypatch.setenv("MAIL_PASSWORD", "hush")
    monkeypatch.setenv("PING_URL", receiver.url)
    assert CliRunner().invoke(app, ["init", str(tmp_path), *NOW]).exit_code == 0
    (example,) = page.blocks("yaml", "example")
    config = tmp_path / "monitor.yaml"
    config.write_text(example.text.replace("SLACK_HOOK}", "SLACK_HOOK, allow_private: true}"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*words):
    result = CliRunner().invoke(app, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_nothing_in_it_is_doubtful(folder):
    settings = load_settings()
    policy = policy_of(settings)
    assert lints(policy, [r.name for r in settings.receivers], 1_780_000_000) == []
    assert policy.receivers == {"desk", "editor"}


def test_every_command_beside_it_can_be_copied(folder, page, receiver):
    blocks = page.blocks("sh", "example")
    said = [
        call(*shlex.split(line)[1:], *(NOW if shlex.split(line)[-1] != "--suppressed" else ()))
        for block in blocks
        for line in block.text.splitlines()
    ]
    assert "FAIL" not in said[0]
    assert said[1].startswith("desk took it")
    assert said[2].endswith("desk: 2026-06-01 12:30 (waits for others)\n")
    assert said[3].endswith("desk: 2026-06-08 09:00 (digest weekly on mon at 09:00 Asia/Seoul)\n")
    assert "Kim: talks go on" in said[6]
    assert "Kim: weekend" in said[6]


def test_stalls_wait_for_office_hours_and_are_then_told_in_one_message(folder, receiver):
    (folder / "rules" / "example.yaml").write_text(RULES)
    (folder / "rules" / "example.test.yaml").unlink()
    call("run", *NOW)
    call("run", "--now", "2026-06-13T03:00Z")  # a Saturday
    held = json.loads(call("alerts", "list", "--suppressed", "-o", "json"))["held"]
    stalls = [notice for notice in held if "stalled" in notice["message"]]
    assert [notice["until"] for notice in stalls] == ["2026-06-15T00:00:00Z"] * 2
    assert stalls[0]["waits_for"] in ("interval office", "waits for others")
    call("run", "--now", "2026-06-15T03:00Z")
    told = [json.loads(r.body)["text"] for r in receiver.requests if b"blocks" in r.body]
    assert told == ["Pact: 2 commitments watched: 2 not started", "2 alerts: 2 stalled"]
