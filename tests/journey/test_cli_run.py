"""`monitor run` on the shipped rulebook and seeds: the first run, the next, a quiet one, the bad."""

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.errors import ConfigError, InputError, RulebookError, UsageError


@pytest.fixture
def small(support, tmp_path):
    """Commands in a folder of `monitor init`, `folder`."""
    folder = tmp_path / "w"
    made = CliRunner().invoke(app, ["init", str(folder), "--now", "2026-06-01"])
    assert made.exit_code == 0
    small = support("shell").Shell(tmp_path / "small.db", folder / "monitor.yaml")
    small.folder = folder
    return small


def test_the_first_run_shows_where_things_stand_and_not_sixty_transitions(monitor):
    result = monitor("run", "--now", "2026-02-28")
    assert result.exit_code == 0
    assert "South Korea summit, Tokyo" in result.stdout
    assert result.stdout.count("clean-energy") == 1
    assert " → " not in result.stdout
    assert "transitions recorded, 1 alert; see `monitor history COMMITMENT`" in result.stderr


def test_the_first_run_long_after_coverage_ended_tells_what_was_known_since_when_and_why(monitor):
    result = monitor("run", "--now", "2026-11-22")
    assert "nobody has looked since 2026-03-01: “was” is what stood then" in result.stdout
    rows = {(line[:15].strip(), line[17:27]) for line in result.stdout.splitlines()}
    assert {("was stalled", "2026-02-19"), ("was at risk", "2026-02-24")} <= rows
    assert {("was advancing", "2026-01-30"), ("reversed", "2026-02-20")} <= rows
    assert "no first advance in 180d of watching, since 2025-08-23" in result.stdout
    assert "a date slipped after a quarter without progress:" in result.stdout
    assert "“US delegation visit for security follow-up talks slips" in result.stdout


def test_a_later_run_prints_each_new_transition_with_its_reason_in_the_order_of_the_rulebook(
    monitor,
):
    monitor("run", "--now", "2025-10-01")
    result = monitor("run", "--now", "2025-12-01")
    lines = result.stdout.splitlines()
    assert lines[0].endswith("South Korea summit, Tokyo")
    at = lines.index(
        "    2025-10-29  not started → advancing, level none → limited",
    )
    assert lines[at - 1].strip().endswith("us-tariff-kr")
    assert lines[at + 1].strip() == "advanced to limited  rule rate-agreed"
    assert lines[at + 2].strip().startswith("“US and South Korea settle deal terms")
    places = [
        result.stdout.index(name) for name in ("clean-energy", "denuclearisation", "us-tariff")
    ]
    assert places == sorted(places)
    assert "see `monitor status`" in result.stderr
    assert "found late" not in result.stdout


def test_no_line_ends_in_blanks(monitor):
    monitor("run", "--now", "2025-10-01")
    result = monitor("run", "--now", "2025-12-01")
    assert [line for line in result.stdout.splitlines() if line != line.rstrip()] == []


def test_a_run_that_finds_nothing_says_nothing_at_all(monitor):
    monitor("run", "--now", "2025-10-01")
    result = monitor("run", "--now", "2025-10-01")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_quiet_leaves_the_data_and_drops_the_talk(monitor):
    assert monitor("--quiet", "run", "--now", "2025-10-01").stderr == ""
    result = monitor("--quiet", "run", "--now", "2025-12-01")
    assert "at risk" in result.stdout
    assert result.stderr == ""


def test_json_tells_the_same_and_is_a_document_even_when_nothing_changed(monitor):
    first = json.loads(monitor("run", "--now", "2025-10-01", "-o", "json").stdout)
    assert first["version"] == 1
    assert first["now"] == "2025-10-01T14:59:59Z"
    assert first["updates"] == {
        "new": 92,
        "known": 0,
        "conflicts": 0,
        "unrouted": 0,
        "refused": 0,
    }
    assert [alert["kind"] for alert in first["alerts"]] == ["summary"]
    assert first["deliveries"] is None
    assert first["transitions"][0]["before"] is None
    assert first["transitions"][0]["after"]["status"] == "not_started"
    second = json.loads(monitor("run", "--now", "2025-10-01", "-o", "json").stdout)
    assert (second["transitions"], second["alerts"]) == ([], [])
    assert second["updates"]["known"] == 92


def test_announce_since_also_tells_what_happened_since_then(monitor):
    result = monitor("run", "--now", "2025-12-01", "--announce-since", "2025-11-10")
    assert "    2025-11-14  advancing, level limited → substantial" in result.stdout
    told = result.stdout[result.stdout.rindex("South Korea summit, Tokyo") :]
    assert "2025-11-14  " in told
    assert "2025-09-30  " not in told


def test_what_comes_late_is_marked_and_what_it_changes_is_withdrawn(monitor, tmp_path):
    monitor("run", "--now", "2026-01-01")
    monitor("run", "--now", "2026-02-28")
    late = tmp_path / "late.csv"
    late.write_text(
        "occurred_at,kind,title,topics,source\n"
        "2025-10-05,agreement,Ministries sign a hydrogen programme,clean-energy,Yonhap\n",
        encoding="utf-8",
    )
    result = monitor("ingest", str(late), "--now", "2026-03-01")
    assert "1 new, 0 known, 0 refused\n" in result.stdout
    assert "2025-10-05  not started → advancing, level none → substantial" in result.stdout
    assert "rule signed-programme  found late" in result.stdout
    assert "2026-02-19  withdrawn: not started → stalled" in result.stdout
    assert "Correction: " in result.stdout


def test_bad_records_are_told_once_and_again_when_they_change(small):
    feed = small.folder / "updates.jsonl"
    good = feed.read_text(encoding="utf-8")
    feed.write_text(good + '{"kind": "meeting"}\n', encoding="utf-8")
    run = ("run", "--now", "2026-06-01")
    first = small(*run)
    assert "example: 1 record refused, set aside in " in first.stderr
    assert "record 11: " in first.stderr
    assert small(*run).stderr == ""
    feed.write_text(good + '{"kind": "meetinx"}\n', encoding="utf-8")
    assert "1 record refused" in small(*run).stderr


def test_a_record_that_contradicts_a_known_one_is_told_once(small):
    feed = small.folder / "updates.jsonl"
    one = '{"id": "x", "occurred_at": "2026-05-01", "kind": "meeting", "title": "%s"}\n'
    feed.write_text(one % "first", encoding="utf-8")
    run = ("run", "--now", "2026-06-01")
    small(*run)
    feed.write_text(one % "second", encoding="utf-8")
    told = small(*run).stderr
    assert "x is known with another content: title “first” is stored, “second” was refused" in told
    assert small(*run).stderr == ""


def test_a_reject_file_that_cannot_be_written_hides_nothing(small):
    feed = small.folder / "updates.jsonl"
    feed.write_text(feed.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    Path(small.store).with_name("small.example.rejects.ndjson").mkdir()
    result = small("run", "--now", "2026-06-01")
    assert "warning: cannot write the rejects to" in result.stderr
    assert "Charter of Eastford and Westford" in result.stdout


def test_a_source_that_is_not_there_takes_nothing_and_says_so(small):
    (small.folder / "updates.jsonl").unlink()
    with pytest.raises(InputError, match="No such file"):
        small("run")


def test_a_moment_that_is_none_is_a_usage_error(monitor):
    with pytest.raises(UsageError, match="--now: 'soon' is not a date"):
        monitor("run", "--now", "soon")
    with pytest.raises(UsageError, match="--announce-since"):
        monitor("run", "--announce-since", "yesterday")


def test_a_broken_rulebook_stops_the_run_before_anything_is_stored(small):
    book = small.folder / "rules" / "example.yaml"
    book.write_text(book.read_text(encoding="utf-8").replace("then: deliver", "then: delver"))
    with pytest.raises(RulebookError):
        small("run")
    book.unlink()
    result = small("alerts", "list")
    assert (result.stdout, result.stderr) == ("", "no alerts yet\n")


def test_a_configuration_that_is_not_there_is_a_config_error(support, tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml"):
        support("shell").Shell(tmp_path / "m.db", tmp_path / "none.yaml")("run")


@pytest.mark.parametrize(
    ("somebody_reads", "told"),
    [(True, "another run is at work; this one gives way\n"), (False, "")],
)
def test_a_run_gives_way_to_another_one_and_cron_mails_nothing_of_it(
    monitor, monkeypatch, somebody_reads, told
):
    from monitor.cli.run import command as run
    from monitor.store import open_store

    monkeypatch.setattr(run, "on_terminal", lambda: somebody_reads)
    with open_store(f"sqlite:///{monitor.store}").exclusive(wait=False) as held:
        assert held
        result = monitor("run", "--now", "2025-10-01")
    assert result.exit_code == 0
    assert (result.stdout, result.stderr) == ("", told)


def test_a_real_process_prints_no_colour_into_a_pipe_and_ends_with_0(monitor):
    monitor.process("run", "--now", "2025-10-01")
    done = monitor.process("run", "--now", "2025-12-01")
    assert done.returncode == 0
    assert "advancing → at risk" in done.stdout
    assert "\x1b[" not in done.stdout + done.stderr


def test_colour_can_be_forced_into_a_pipe(monitor):
    monitor.process("run", "--now", "2025-10-01")
    forced = monitor.process(
        "run", "--now", "2025-12-01", env={"FORCE_COLOR": "1", "TERM": "xterm"}
    )
    assert "\x1b[33mat risk\x1b[0m" in forced.stdout


def test_an_error_is_a_line_and_an_exit_code_and_no_traceback(support, tmp_path):
    done = support("shell").Shell(tmp_path / "m.db", tmp_path / "none.yaml").process("run")
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(monitor):
    monitor.process("run", "--now", "2025-10-01")
    with subprocess.Popen(
        monitor.command("run", "--now", "2025-12-01"),
        env=monitor.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        child.stdout.close()
        errors = child.stderr.read()
    assert "Traceback" not in errors
    assert child.returncode in (0, 1)
