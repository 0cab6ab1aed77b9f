"""`monitor ingest`: files of all kinds, good and bad, twice, dry, strict, from a pipe."""

import json
from pathlib import Path

import pytest

from monitor.errors import ConfigError, InputError, UsageError

SEEDS = Path(__file__).parents[2] / "seeds" / "updates-2025-08_2026-02.jsonl"
HEAD = "occurred_at,kind,title,topics,source\n"
GOOD = "2025-10-05,agreement,Ministries sign a hydrogen programme,clean-energy,Yonhap\n"
BAD = "2025-10-06,fundinx,No such kind,clean-energy,Yonhap\n"


@pytest.fixture
def file(tmp_path):
    """Write a file of updates."""

    def write(*lines, name="feed.csv", head=HEAD):
        path = tmp_path / name
        path.write_text(head + "".join(lines), encoding="utf-8")
        return path

    return write


def stored(monitor):
    return json.loads(monitor("run", "--now", "2026-03-01", "-o", "json").stdout)


def test_the_shipped_feed_goes_in_with_a_mapping_and_twice_changes_nothing(monitor):
    ingest = ("ingest", SEEDS, "--map", "topics=subject", "--now", "2026-03-01")
    first = monitor(*ingest)
    assert first.exit_code == 0
    assert first.stdout == "92 new, 0 known, 0 refused\n"
    assert "transitions recorded; `monitor run` tells where things stand" in first.stderr
    second = monitor(*ingest)
    assert second.stdout == "0 new, 92 known, 0 refused\n"
    assert "recorded" not in second.stderr


def test_a_bad_record_is_named_with_its_reason_and_set_aside_and_the_good_go_in(monitor, file):
    result = monitor("ingest", file(GOOD, BAD), "--now", "2025-12-01")
    aside = Path(monitor.store).with_name("monitor.feed.csv.rejects.ndjson")
    assert result.exit_code == 0
    assert result.stdout == (
        "1 new, 0 known, 1 refused (record 2: unknown kind 'fundinx', did you mean 'funding'?; "
        f"set aside in {aside})\n"
    )
    assert [json.loads(line)["number"] for line in aside.read_text().splitlines()] == [2]


def test_with_strict_none_go_in_when_any_is_bad(monitor, file):
    result = monitor("ingest", file(GOOD, BAD), "--strict", "--now", "2025-12-01")
    assert result.exit_code == 2
    assert result.stdout.startswith("1 refused (record 2: ")
    assert result.stdout.endswith("; nothing was stored (--strict)\n")
    assert monitor("ingest", file(GOOD), "--now", "2025-12-01").stdout.startswith("1 new")


def test_a_file_in_which_nothing_is_good_ends_with_2(monitor, file):
    result = monitor("ingest", file(BAD), "--now", "2025-12-01")
    assert result.exit_code == 2
    assert result.stdout.startswith("0 new, 0 known, 1 refused (record 1: ")


def test_a_file_without_records_is_no_fault(monitor, file):
    result = monitor("ingest", file(head="", name="feed.jsonl"), "--now", "2025-12-01")
    assert (result.exit_code, result.stdout) == (0, "0 new, 0 known, 0 refused\n")


def test_any_kind_takes_what_no_rulebook_declares(monitor, file):
    result = monitor("ingest", file(BAD), "--any-kind", "--now", "2025-12-01")
    assert result.stdout.startswith("1 new, 0 known, 0 refused")


def test_one_id_with_two_contents_is_refused_and_both_are_shown(monitor, file):
    head = '{"id": "e1", "occurred_at": "2025-10-05", "kind": "meeting", "title": '
    monitor("ingest", file('"They met"}', head=head, name="a.jsonl"), "--now", "2025-12-01")
    again = file('"They did not meet"}', head=head, name="b.jsonl")
    result = monitor("ingest", again, "--now", "2025-12-01")
    assert result.exit_code == 2
    assert result.stdout.startswith("0 new, 0 known, 1 refused")
    assert "title “They met” is stored, “They did not meet” was refused" in result.stderr
    strict = monitor("ingest", again, "--strict", "--now", "2025-12-01", "-o", "json")
    shape = json.loads(strict.stdout)
    assert strict.exit_code == 2
    assert shape["stored"] is False
    assert shape["conflicts"] == [
        {
            "id": "e1",
            "stored": {
                "occurred_at": "2025-10-05",
                "id": "e1",
                "kind": "meeting",
                "title": "They met",
            },
            "refused": {
                "occurred_at": "2025-10-05",
                "id": "e1",
                "kind": "meeting",
                "title": "They did not meet",
            },
        }
    ]


def test_a_dry_run_tells_and_leaves_nothing_behind(monitor, file):
    feed = file(GOOD, BAD)
    before = sorted(feed.parent.iterdir())
    result = monitor("ingest", feed, "--dry-run", "--now", "2025-12-01")
    assert result.exit_code == 0
    assert result.stdout.startswith("1 new, 0 known, 1 refused")
    assert result.stdout.endswith("; nothing was stored (--dry-run)\n")
    assert sorted(feed.parent.iterdir()) == before


def test_a_dry_run_on_a_store_shows_what_would_change_and_changes_nothing(monitor, file):
    monitor("run", "--now", "2025-12-01")
    ingest = ("ingest", file(GOOD), "--now", "2025-12-01")
    dry = monitor(*ingest, "--dry-run")
    assert "2025-10-05  not started → advancing" in dry.stdout
    real = monitor(*ingest)
    assert real.stdout == dry.stdout.replace("; nothing was stored (--dry-run)", "")


def test_several_files_are_one_step_and_tell_whose_record_was_bad(monitor, file):
    one, two = file(GOOD, name="one.csv"), file(BAD, name="two.csv")
    result = monitor("ingest", one, two, "--now", "2025-12-01")
    assert result.stdout.startswith("1 new, 0 known, 1 refused (two.csv record 1: ")
    with pytest.raises(UsageError, match="--rejects goes with one FILE"):
        monitor("ingest", one, two, "--rejects", "x")


def test_rejects_go_where_they_are_told(monitor, file, tmp_path):
    monitor("ingest", file(GOOD, BAD), "--rejects", tmp_path / "bad.txt", "--now", "2025-12-01")
    assert "fundinx" in (tmp_path / "bad.txt").read_text()


def test_a_place_for_rejects_that_cannot_be_written_hides_nothing(monitor, file, tmp_path):
    result = monitor(
        *("ingest", file(GOOD, BAD), "--now", "2025-12-01"),
        *("--rejects", tmp_path / "none" / "bad.txt"),
    )
    assert result.exit_code == 0
    assert "warning: cannot write the rejects to" in result.stderr
    assert result.stdout.startswith("1 new, 0 known, 1 refused (record 2: ")


def test_standard_input_is_a_file_like_any_other(monitor):
    result = monitor("ingest", "-", "--now", "2025-12-01", input=HEAD + GOOD)
    assert result.stdout == "1 new, 0 known, 0 refused\n"
    piped = monitor.process("ingest", "-", "--now", "2025-12-01", input=HEAD + GOOD)
    assert (piped.returncode, piped.stdout) == (0, "0 new, 1 known, 0 refused\n")
    with pytest.raises(UsageError, match="only once"):
        monitor("ingest", "-", "-", input=HEAD + GOOD)


def test_coverage_is_the_newest_record_or_what_is_said_of_it(monitor, file):
    until = file(GOOD)
    assert "watched until 2025-10-05" in monitor("ingest", until, "--now", "2025-12-01").stderr
    told = monitor(
        *("ingest", until, "--source", "wire", "--covers-until", "2025-11"),
        *("--covers-since", "2025-09-01", "--agreement", "jp-kr-tokyo-2025", "--now", "2025-12-01"),
    )
    assert "wire: watched until 2025-11-30" in told.stderr
    rows = json.loads(monitor("coverage", "list", "-o", "json").stdout)["rows"]
    assert rows[1] == {
        "source": "wire",
        "agreement": "jp-kr-tokyo-2025",
        "since": "2025-08-31T15:00:00Z",
        "until": "2025-11-30T15:00:00Z",
        "recorded": "2025-12-01T14:59:59Z",
    }


def test_a_span_that_ends_before_it_begins_takes_nothing(monitor, file):
    with pytest.raises(UsageError, match="ends before"):
        monitor("ingest", file(GOOD), "--covers-since", "2026-01-01", "--now", "2026-02-01")
    assert monitor("ingest", file(GOOD), "--now", "2026-02-01").stdout.startswith("1 new")


def test_updates_that_concern_nothing_are_counted(monitor, file):
    result = monitor(
        "ingest", file(GOOD.replace("clean-energy", "football")), "--now", "2025-12-01"
    )
    assert result.stdout == "1 new, 0 known, 0 refused, 1 of the new concern no commitment\n"


def test_what_is_recorded_before_the_first_run_is_only_counted_and_told_by_that_run(monitor, file):
    ingested = monitor("ingest", file(GOOD), "--now", "2025-12-01")
    assert " → " not in ingested.stdout
    assert [alert["kind"] for alert in stored(monitor)["alerts"]] == ["summary"]


def test_json_has_a_version_and_the_reason_of_every_refusal(monitor, file):
    shape = json.loads(
        monitor("ingest", file(GOOD, BAD), "--now", "2025-12-01", "-o", "json").stdout
    )
    assert (shape["version"], shape["stored"]) == (1, True)
    assert shape["updates"]["new"] == 1
    (source,) = shape["sources"]
    assert source["records"] == 2
    assert source["refused"][0]["number"] == 2
    assert source["coverage"][0]["until"] == "2025-10-04T15:00:01Z"
    assert source["set_aside"].endswith("monitor.feed.csv.rejects.ndjson")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        (["--map", "topic=subject"], UsageError, "did you mean 'topics'"),
        (["--map", "topics=subjekt"], InputError, "no record has the mapped column 'subjekt'"),
        (["--map", "kind==two words"], ConfigError, "kind"),
        (["--covers-until", "soon"], UsageError, "--covers-until: 'soon' is not a date"),
        (["--covers-since", "soon"], UsageError, "--covers-since: 'soon' is not a date"),
        (["--agreement", "jp-kr-tokio"], UsageError, "did you mean 'jp-kr-tokyo-2025'"),
    ],
)
def test_a_wrong_option_is_explained_and_nothing_goes_in(monitor, file, options, error, words):
    with pytest.raises(error, match=words):
        monitor("ingest", file(GOOD), *options)
    assert monitor("ingest", file(GOOD), "--now", "2025-12-01").stdout.startswith("1 new")


def test_a_format_that_does_not_exist_is_wrong_usage(monitor, file):
    assert monitor("ingest", file(GOOD), "--format", "xml").exit_code == 2
    assert monitor("ingest").exit_code == 2


def test_a_file_that_is_not_there_or_not_text_is_unusable(monitor, tmp_path):
    with pytest.raises(InputError, match="No such file"):
        monitor("ingest", tmp_path / "none.csv")
    (tmp_path / "x.csv").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="spreadsheet"):
        monitor("ingest", tmp_path / "x.csv")
    done = monitor.process("ingest", tmp_path / "none.csv")
    assert done.returncode == 2
    assert done.stderr.startswith("error: cannot read ")


def test_it_waits_for_another_run_and_says_so(monitor, file):
    import subprocess

    from monitor.store import open_store

    with open_store(f"sqlite:///{monitor.store}").exclusive(wait=False):
        child = subprocess.Popen(
            monitor.command("ingest", file(GOOD), "--now", "2025-12-01"),
            env=monitor.environment({"PYTHONUNBUFFERED": "1"}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert child.stderr.readline() == "waiting for another run to end\n"
    output, _ = child.communicate(timeout=60)
    assert output == "1 new, 0 known, 0 refused\n"


def test_quiet_says_nothing_beside_the_count(monitor, file):
    assert monitor("--quiet", "ingest", file(GOOD), "--now", "2025-12-01").stderr == ""
