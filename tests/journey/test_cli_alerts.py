"""Routes, silences, acknowledgements and the life of an alert, from the command line."""

import json
from contextlib import chdir

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.errors import ConfigError, UsageError
from monitor.store import open_store


def call(*words, code=0):
    result = CliRunner().invoke(app, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.fixture
def harbour(tmp_path, monkeypatch, support):
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)
    ferry = support("ferry")
    ferry.lay_out(tmp_path)
    with chdir(tmp_path):
        call("run", "--now", "2025-10-01T10:00Z")
        for topic in ("ferry", "reports"):
            ferry.news(tmp_path, "2025-10-03", "delay", topic, f"The {topic} must wait")
        yield tmp_path


def test_the_tree_is_shown_with_what_nothing_reaches(harbour):
    result = CliRunner().invoke(app, ["alerts", "routes", "show"])
    assert (
        result.stdout
        == """\
everything → desk
  theme="sea" → desk  (only in office; after 7d boss too)
  theme="sea", severity="info" → desk
  kind="summary" → nobody
"""
    )
    assert result.stderr == (
        "warning: routes.routes[1] is never reached: routes.routes[0] takes all of it\n"
    )


def test_the_way_of_an_alert_is_shown_with_what_it_waits_for(harbour):
    shown = call("alerts", "routes", "test", "--labels", "theme=sea", "--at", "2025-10-03T18:00Z")
    assert (
        shown
        == """\
→ routes  everything
→ routes.routes[0]  theme="sea"
desk: 2025-10-06 09:00 (interval office)
"""
    )
    shown = call("alerts", "routes", "test", "--labels", "theme=paper", "--now", "2025-10-03")
    assert shown.endswith('· routes.routes[2]  kind="summary"\ndesk: at once\n')
    assert call("alerts", "routes", "test", "--labels", "kind=summary", code=1).endswith(
        "nobody is told\n"
    )


def test_a_silence_is_shown_on_the_way_if_it_holds_when_the_alert_would_be_told(harbour):
    by = ("--by", "Kim", "--reason", "talks go on", "--now", "2025-10-03T10:00Z")
    call("silence", "add", "--matcher", "theme=sea", "--until", "2025-10-08T12:00", *by)
    way = ("alerts", "routes", "test", "--labels", "theme=sea", "--at")
    assert call(*way, "2025-10-03T18:00Z").endswith(
        "desk: 2025-10-06 09:00 (interval office), but kept quiet by silence 1 until 2025-10-08 12:00\n"
    )
    assert call(*way, "2025-10-09T10:00Z").endswith("desk: at once\n")
    assert "kept quiet" not in call(*way[:3], "--labels", "theme=paper", "--at", "2025-10-04")


def test_what_an_alert_hangs_on_is_shown_on_its_way(harbour):
    with (harbour / "monitor.yaml").open("a") as config:
        config.write("mute_when: [{open: {commitment: ferry}, mutes: {commitment: reports}}]\n")
    call("run", "--now", "2025-10-06T10:00Z")
    ids = {
        a["commitment"]: a["id"] for a in json.loads(call("alerts", "list", "-o", "json"))["alerts"]
    }
    shown = call(
        "alerts", "routes", "test", "--alert", ids["harbour/reports"], "--now", "2025-10-06"
    )
    assert shown.endswith(f"desk: at once, but it hangs on {ids['harbour/ferry']}\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["alerts", "routes", "test", "--labels", "theme"], "write NAME=VALUE"),
        (["alerts", "routes", "test", "--labels", "kind=stale"], "no kind is called 'stale'"),
        (["alerts", "routes", "test", "--alert", "a_1"], "no alert has the id a_1"),
        (["alerts", "list", "--message", "m_1"], "no message has this id"),
        (["alerts", "show", "a_1"], "no alert has the id a_1"),
        (["alerts", "ack", "a_1", "--by", "me"], "no alert has the id a_1"),
        (["silence", "expire", "7", "--by", "me"], "no silence 7 is in force"),
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(harbour, words, said):
    with pytest.raises(UsageError, match=said):
        call(*words)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "until when"),
        (["--until", "2025-01-01"], "over before it begins"),
        (["--until", "2025-12-01", "--for", "3d"], "not both"),
        (["--for", "1 month"], "--for: "),
        (["--from", "someday", "--for", "3d"], "--from: "),
        (["--recurring", "nights"], "--recurring: 'nights' is no weekday"),
        (["--recurring", "sat", "--zone", "Mars"], "--zone: no time zone"),
        (["--matcher", "stalled", "--for", "3d"], "--matcher: 'stalled' is no matcher"),
        (["--by", " ", "--for", "3d"], "must not be empty"),
    ],
)
def test_a_silence_that_cannot_be_is_refused(harbour, options, said):
    usual = ["--matcher", "theme=sea", "--by", "me", "--reason", "so", "--now", "2025-10-02"]
    with pytest.raises(UsageError, match=said):
        call("silence", "add", *usual, *options)
    with open_store("sqlite:///monitor.db").read() as reader:
        assert reader.silences() == []


def test_why_did_nobody_tell_me(harbour):
    made = call(
        "silence", "add", "--matcher", "theme=paper", "--for", "30d", "--by", "Kim",
        "--reason", "they answer in November", "--now", "2025-10-02T10:00Z",
    )  # fmt: skip
    told = "theme=paper  from 2025-10-02 10:00  until 2025-11-01 10:00"
    assert made == f"silence 1: {told}  Kim: they answer in November\n"
    assert call("silence", "list", "--now", "2025-10-02T10:00Z") == made.replace("silence 1:", "1 ")
    call("run", "--now", "2025-10-03T18:00Z")
    shown = call("alerts", "list", "--suppressed").splitlines()
    assert shown[0].startswith("waits until 2025-10-06 09:00  desk: interval office  A night ferry")
    assert shown[1].startswith("waits until 2025-11-01 10:00  desk: silence 1  Exchange reports")
    assert shown[2].startswith(
        "2025-10-03 18:00  desk: kept quiet by silence 1 until 2025-11-01 10:00  Exchange reports"
    )
    assert "desk: held by interval office until 2025-10-06 09:00" in shown[3]
    assert shown[4].startswith("2025-10-01 10:00  nobody: no receiver at routes.routes[2]")
    assert call("silence", "expire", "1", "--by", "Lee", "--now", "2025-10-04") == (
        "silence 1 is over\n"
    )
    call("deliver", "--now", "2025-10-04", code=1)
    shown = call("alerts", "list", "--suppressed")
    assert "waits until 2025-11-01" not in shown
    assert "ended 2025-10-04 23:59 by Lee" in call("silence", "list", "--all")


def test_the_whole_life_of_an_alert_is_shown(harbour, support):
    call("run", "--now", "2025-10-03T18:00Z")
    call("run", "--now", "2025-10-06T09:00Z")
    with open_store("sqlite:///monitor.db").read() as reader:
        alert = next(a for a in reader.alerts() if a.commitment == "harbour/ferry")
    assert call(
        "alerts", "ack", alert.id, "--by", "Kim", "--reason", "asked", "--now", "2025-10-07"
    ).startswith("acknowledged by Kim: A night ferry")
    support("ferry").news(harbour, "2025-10-08", "funding", "ferry", "It is paid for")
    call("run", "--now", "2025-10-20T10:00Z")
    lines = call("alerts", "show", alert.id).splitlines()
    assert lines[1] == f"{alert.id}  at_risk  opened"
    said = [line for line in lines if line.startswith("  ")]
    assert said[0] == "  Change: not started → at risk"
    assert [line.partition(":")[0].strip() for line in said[1:]] == [
        "Since", "Why", "Rule", "Pledge", "What would change it", "Evidence", "2025-10-03, The ferry must wait, The Coast Courier",
    ]  # fmt: skip
    del lines[2 : 2 + len(said)]
    resolved = lines[-1].split()[-1]
    assert lines[2:6] == [
        "2025-10-03 18:00  found",
        "2025-10-03 18:00  desk  routed  routes.routes[0]",
        "2025-10-03 18:00  desk  not told  held by interval  office  until 2025-10-06 09:00",
        f"2025-10-06 09:00  desk  in a message (immediate)  {alert.id}",
    ]
    assert lines[6].startswith("2025-10-06 09:00  desk  pending  no connection to")
    assert lines[7:] == [
        "2025-10-07 23:59  acknowledged  asked  Kim",
        f"2025-10-20 10:00  resolved  {resolved}",
    ]
    assert "boss" not in call("deliveries", "list")


def test_all_that_a_message_told_is_listed(harbour):
    config = harbour / "monitor.yaml"
    before = config.read_text().partition("routes:")[0]
    config.write_text(f"{before}routes: {{receiver: desk, group_by: []}}\n")
    call("run", "--now", "2025-10-06T10:00Z")
    deliveries = json.loads(call("deliveries", "list", "-o", "json"))["deliveries"]
    message = next(d["message_id"] for d in deliveries if d["more"])
    found = json.loads(call("alerts", "list", "--message", message, "-o", "json"))["alerts"]
    assert {alert["commitment"] for alert in found} == {"harbour/ferry", "harbour/reports"}
    shown = call("alerts", "list", "--message", message)
    assert "A night ferry" in shown


def test_a_receiver_that_is_not_there_stops_everything_before_anything_is_done(harbour):
    config = harbour / "monitor.yaml"
    config.write_text(config.read_text().replace("receiver: boss", "receiver: bosse"))
    with pytest.raises(ConfigError, match=r"monitor.yaml:10:\d+: no receiver is called 'bosse'"):
        call("run", "--now", "2025-10-03T18:00Z")
