"""`monitor update add` and `monitor coverage`: what people tell by hand."""

import json
import os
import pty
import subprocess

import pytest

from monitor.errors import InputError, UsageError

ADD = ("update", "add", "--occurred", "2025-11-30", "--kind", "agreement", "--now", "2025-12-02")
TITLE = ("--title", "Ministers agree on hydrogen", "--topic", "clean-energy")


@pytest.fixture
def begun(monitor):
    monitor("run", "--now", "2025-12-01")
    return monitor


def test_an_update_tells_what_it_concerns_and_what_it_changed(begun):
    result = begun(*ADD, *TITLE, "--source", "Yonhap")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("stored u_")
    assert lines[1] == "2025-11-30  agreement  “Ministers agree on hydrogen”, Yonhap"
    assert lines[2] == "concerns clean-energy (Strengthen cooperation in clean energy)"
    assert lines[3] == "what it changed:"
    assert "2025-11-30  not started → advancing" in lines[6]


def test_a_source_too_weak_to_move_a_level_is_told_of(begun):
    result = begun(*ADD, *TITLE)
    assert "a source of tier 3 moves no level here, tier 2 does" in result.stdout
    assert "it changes nothing; `monitor explain clean-energy` says why" in result.stdout


ROADS = """\
agreement: roads-2025
title: Roads
date: 2025-01-01
parties: [JP, KR]
sources: {press: {tier: 2, names: [Herald]}}
commitments:
  - {id: road, title: A road, quote: a road, about: {topics: transport}, deadline: 2026}
  - {id: rail, title: A railway, quote: a railway, about: {topics: transport}, deadline: 2026}
  - {id: talk, title: Talks, quote: talks, about: {topics: transport}}
  - {id: port, title: Ports, quote: ports, about: {topics: port}, deadline: 2026, per_party: all}
"""
MOVE = ("--occurred", "2025-11-30", "--kind", "delay", "--title", "Later", "--moves-to", "2027")
MOVED = "moves a date of 2 commitments (road, rail); name the one that is meant in its field"


@pytest.fixture
def roads(monitor, tmp_path):
    (tmp_path / "roads.yaml").write_text(ROADS)
    before = ("--rules", str(tmp_path / "roads.yaml"))
    return lambda *words, now="2025-12-02": monitor(*before, *words, "--now", now)


def test_an_update_that_moves_dates_of_several_says_so_before_it_is_stored(roads):
    told = roads("update", "add", *MOVE, "--topic", "transport", "--source", "Herald", "--dry-run")
    assert MOVED in told.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("--topic", "transport", "--source", "Herald", "--commitment", "road"),
        ("--topic", "transport", "--source", "A blog"),
        ("--topic", "transport", "--source", "Herald", "--milestone", "opened"),
        ("--topic", "port", "--party", "JP", "--party", "KR", "--source", "Herald"),
    ],
    ids=["named", "too weak", "no such milestone", "one commitment per party"],
)
def test_an_update_that_moves_one_date_or_none_is_not_remarked_on(roads, words):
    told = roads("update", "add", *MOVE, *words)
    assert told.exit_code == 0
    assert "moves a date" not in told.stderr


def test_a_file_with_an_update_that_moves_dates_of_several_says_so_once(roads, tmp_path):
    fields = {"id": "later", "occurred_at": "2025-11-30", "kind": "delay", "title": "Later"}
    more = {"topics": "transport", "source": "Herald", "moves_to": "2027"}
    (tmp_path / "news.ndjson").write_text(json.dumps(fields | more))
    assert f"later {MOVED}" in roads("ingest", str(tmp_path / "news.ndjson")).stderr
    assert MOVED not in roads("ingest", str(tmp_path / "news.ndjson")).stderr
    other = {"id": "other", "occurred_at": "2025-12-01", "kind": "statement", "title": "Other"}
    lines = [json.dumps(one | {"topics": "transport"}) for one in (fields | more, other)]
    (tmp_path / "news.ndjson").write_text("\n".join(lines))
    again = roads("ingest", str(tmp_path / "news.ndjson"), now="2025-12-03")
    assert "1 new" in again.stdout + again.stderr
    assert MOVED not in again.stderr


def test_a_run_that_collects_an_update_that_moves_dates_of_several_says_so_once(support, tmp_path):
    (tmp_path / "roads.yaml").write_text(ROADS)
    (tmp_path / "monitor.yaml").write_text(
        "rules: [roads.yaml]\nsources: [{name: news, file: news.ndjson}]\n"
    )
    shell = support("shell").Shell(tmp_path / "m.db", tmp_path / "monitor.yaml")
    fields = {"occurred_at": "2025-11-30", "kind": "delay", "topics": "transport"}
    later = json.dumps(
        {**fields, "id": "later", "title": "Later", "source": "Herald", "moves_to": "2027"}
    )
    other = json.dumps({**fields, "id": "other", "title": "Other", "source": "Herald"})
    (tmp_path / "news.ndjson").write_text(later)
    assert f"later {MOVED}" in shell("run", "--now", "2025-12-02").stderr
    (tmp_path / "news.ndjson").write_text(f"{later}\n{other}")
    assert MOVED not in shell("run", "--now", "2025-12-03").stderr


def test_history_says_when_a_move_was_recorded_and_explain_the_same_however_it_came_in(
    support, tmp_path
):
    told = (
        "  - {id: pier, title: A pier, quote: a pier, about: {topics: sea}, deadline: 2026,"
        " moved: [{to: 2028, on: 2025-06-01, by: the port}]}\n"
    )
    (tmp_path / "roads.yaml").write_text(
        ROADS.replace("parties:", "coverage: assumed\nparties:", 1) + told
    )
    words = ("update", "add", *MOVE, "--source", "Herald", "--commitment", "road")
    answers = []
    for number, day in enumerate(("2025-12-02", "2025-12-05")):
        shell = support("shell").Shell(tmp_path / f"{number}.db")

        def ask(*words, shell=shell):
            return shell("--rules", tmp_path / "roads.yaml", *words, "--now", "2025-12-06")

        shell("--rules", tmp_path / "roads.yaml", *words, "--now", day)
        (move,) = json.loads(ask("history", "road", "-o", "json").stdout)["moves"]
        assert (move["milestone"], move["at"], move["to"]) == (None, "2025-11-30", "2027")
        assert move["recorded"].startswith(day)
        assert "deadline moved to 2027 by Herald" in ask("history", "road").stdout
        assert f"recorded {day}, {int(day[-2:])}d later" in ask("history", "road").stdout
        then = ("--known-at", "2025-12-01")
        assert json.loads(ask("history", "road", "-o", "json", *then).stdout)["moves"] == []
        answers.append(ask("explain", "road", "-o", "json").stdout)
    assert answers[0] == answers[1]
    (move,) = json.loads(ask("history", "pier", "-o", "json").stdout)["moves"]
    assert (move["recorded"], move["lag_seconds"], move["update"]) == (None, None, None)
    assert "told by the rulebook" in ask("history", "pier").stdout
    assert json.loads(ask("history", "talk", "-o", "json").stdout)["moves"] == []


def test_a_dry_run_stores_nothing(begun):
    dry = begun(*ADD, *TITLE, "--source", "Yonhap", "--dry-run")
    assert "what it would change:" in dry.stdout
    assert "stored" not in dry.stdout
    assert begun(*ADD, *TITLE, "--source", "Yonhap").stdout.startswith("stored u_")


def test_what_is_taken_back_counts_no_longer_and_explain_says_by_what(begun):
    begun(*ADD, *TITLE, "--source", "Yonhap", "--id", "wrong")
    result = begun(
        *("update", "add", "--occurred", "2025-12-03", "--kind", "statement"),
        *("--title", "No such agreement exists", "--source", "Yonhap", "--id", "right"),
        *("--retracts", "wrong", "--now", "2025-12-04"),
    )
    assert "concerns clean-energy" in result.stdout
    assert "withdrawn: " in result.stdout
    correction = "a retraction says so: “No such agreement exists” (Yonhap)"
    assert correction in " ".join(result.stdout.split())
    told = begun("explain", "clean-energy", "--now", "2025-12-05").stdout
    assert "retracted by “No such agreement exists” (Yonhap, 2025-12-03)" in told
    then = begun("explain", "clean-energy", "--known-at", "2025-12-02", "--now", "2025-12-05")
    assert "retracted by" not in then.stdout
    past = begun("history", "clean-energy", "--all", "--now", "2025-12-05").stdout
    assert "retracted by “No such agreement exists”" in past


def test_what_would_take_back_and_may_not_is_told_of_with_the_reason(begun, tmp_path):
    begun(*ADD, *TITLE, "--source", "Yonhap", "--id", "said")
    weak = begun(*ADD, *TITLE, "--id", "rumour", "--retracts", "said")
    assert weak.exit_code == 0
    assert "rumour retracts said, without effect: its source is of tier 3" in weak.stderr
    quiet = begun("-q", *ADD, *TITLE, "--id", "quiet", "--supersedes", "said")
    assert quiet.stderr == ""
    feed = tmp_path / "more.csv"
    feed.write_text(
        "id,occurred_at,kind,title,supersedes\n"
        "m1,2025-11-30,meeting,They met,\n"
        "m2,2025-11-30,meeting,They did not,m1\n"
        "m3,2025-11-30,meeting,They did,m9\n"
    )
    loaded = begun("ingest", feed, "--now", "2025-12-03")
    assert loaded.stderr.count("without effect") == 1
    assert "m3 supersedes m9, without effect: that is not known yet" in loaded.stderr


def test_the_same_update_twice_is_known_already(begun):
    begun(*ADD, *TITLE)
    result = begun(*ADD, *TITLE)
    assert result.exit_code == 0
    assert result.stdout.endswith("is known already: nothing to store\n")


def test_another_content_for_a_known_id_is_refused(begun):
    begun(*ADD, *TITLE, "--id", "x1")
    with pytest.raises(InputError, match="x1 is known with another content: title"):
        begun(*ADD, "--title", "Something else", "--topic", "clean-energy", "--id", "x1")


def test_an_update_about_nothing_is_stored_and_said_to_concern_nothing(begun):
    result = begun(*ADD, "--title", "A match", "--topic", "football")
    assert "concerns no commitment" in result.stdout


def test_after_the_end_of_coverage_it_says_that_nobody_is_known_to_have_looked(begun):
    result = begun(
        *("update", "add", "--occurred", "2026-05-01", "--kind", "meeting", "--title", "They met"),
        *("--topic", "clean-energy", "--now", "2026-05-02"),
    )
    assert "is not known to be watched then, only until 2026-02-28" in result.stderr
    assert "`monitor coverage add`" in result.stderr


def test_json_names_the_update_and_what_it_concerns(begun):
    shape = json.loads(begun(*ADD, *TITLE, "-o", "json").stdout)
    assert shape["version"] == 1
    assert shape["id"].startswith("u_")
    assert shape["concerns"] == ["jp-kr-tokyo-2025/clean-energy"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--title", "x"], "missing: --occurred, --kind"),
        (["--occurred", "soon", "--kind", "meeting", "--title", "x"], "'soon' is not a date"),
        (["--occurred", "2025", "--kind", "meetinx", "--title", "x"], "did you mean 'meeting'"),
        (
            ["--occurred", "2025", "--kind", "meeting", "--title", "x", "--value", "many"],
            "value 'many' is not a number",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_once(monitor, options, words):
    with pytest.raises(UsageError, match=words):
        monitor("update", "add", *options)


def talk(monitor, arguments, answers):
    """Run it on a terminal and answer its questions."""
    parent, child = pty.openpty()
    with subprocess.Popen(
        monitor.command(*arguments),
        env=monitor.environment({"TERM": "dumb"}),
        stdin=child,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        os.close(child)
        os.write(parent, "".join(f"{answer}\n" for answer in answers).encode())
        output, talked = process.communicate(timeout=60)
    os.close(parent)
    return process.returncode, output, talked


def test_on_a_terminal_it_asks_for_what_is_missing_and_before_it_stores(begun):
    answers = ["They agreed", "2025-11-30", "agreement", "clean-energy", "Yonhap", "", "y"]
    code, output, talked = talk(begun, ["update", "add", "--now", "2025-12-02"], answers)
    assert code == 0, talked
    assert "Kind (agreement, announcement, " in talked
    assert "what it would change:" in output
    assert output.splitlines()[-1].strip().startswith("stored u_")


def test_on_a_terminal_no_means_no(begun):
    code, output, _ = talk(begun, [*ADD, *TITLE], ["n"])
    assert code == 1
    assert "stored" not in output
    assert begun(*ADD, *TITLE).stdout.startswith("stored")


def test_with_yes_it_asks_nothing_on_a_terminal(begun):
    code, output, talked = talk(begun, [*ADD, *TITLE, "--yes"], [])
    assert code == 0, talked
    assert output.startswith("stored")


def test_coverage_by_hand_makes_silence_count(monitor):
    monitor("run", "--now", "2026-03-05")
    result = monitor("coverage", "add", "me", "--until", "2026-05-31", "--now", "2026-06-01")
    assert result.exit_code == 0
    assert "watched until 2026-05-31" in result.stderr
    assert "advancing → on track" in result.stdout
    listed = monitor("coverage", "list", "--now", "2026-06-05")
    assert [line.split()[:2] for line in listed.stdout.splitlines()[1:]] == [
        ["2026-05-31", "me"],
        ["2026-02-28", "seed-updates"],
    ]
    assert "silence after that counts for nothing" in listed.stderr


def test_coverage_with_a_gap_is_shown_with_its_gap(monitor):
    monitor("run", "--now", "2026-03-05")
    monitor(
        *("coverage", "add", "me", "--since", "2026-04-01", "--until", "2026-04-30"),
        *("--agreement", "jp-kr-tokyo-2025", "--now", "2026-05-01"),
    )
    listed = monitor("coverage", "list", "--all", "--now", "2026-05-01")
    assert "2026-04-30  2026-04-01  me" in listed.stdout
    assert "with 1 gap" in listed.stderr


def test_coverage_of_the_future_is_warned_of(monitor):
    result = monitor("coverage", "add", "me", "--until", "2027", "--now", "2026-06-01")
    assert "warning: 2027 has not ended" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["me", "--until", "soon"], "--until: 'soon'"),
        (["me", "--until", "2026-01-01", "--since", "2026-01-02"], "is not before"),
        ([" ", "--until", "2026-01-01"], "must have a name"),
        (["me", "--until", "2026-01-01", "--agreement", "x"], "no such agreement"),
    ],
)
def test_coverage_that_makes_no_sense_is_refused(monitor, arguments, words):
    with pytest.raises(UsageError, match=words):
        monitor("coverage", "add", *arguments)


def test_without_any_coverage_it_says_how_to_tell_of_some(monitor):
    result = monitor("coverage", "list")
    assert result.stdout == ""
    assert "nothing is known to be watched" in result.stderr
    shape = json.loads(monitor("coverage", "list", "-o", "json").stdout)
    assert shape["agreements"] == [
        {"agreement": "jp-kr-tokyo-2025", "watched": False, "spans": []},
    ]
    assert shape["rows"] == []
