"""`monitor check`: the exit code is the answer; as a plugin it keeps to the guideline.

Monitoring Plugins Development Guidelines: exit codes 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (also
for a wrong command line); one line on standard output; perfdata after a pipe, space separated,
`'label'=value[UOM];[warn];[crit];[min];[max]`, value, min and max of digits, sign and point.
"""

import json
import os
import re

import pytest

from monitor.domain.time import DAY, parse_moment
from monitor.errors import InputError, RulebookError, UsageError

PERFDATUM = re.compile(
    r"(?:'(?:[^'=]|'')+'|[^\s'=]+)="  # quotes only needed for blanks, = and '
    r"-?[0-9.]+(?:us|ms|s|%|[KMGT]?B|c)?"
    r"(?:;[-0-9.:~@]*){0,2}(?:;-?[0-9.]*){0,2}"
)
STATES = {0: "OK", 1: "WARNING", 2: "CRITICAL", 3: "UNKNOWN"}


@pytest.fixture
def monitor(seen):
    return seen


@pytest.fixture
def world(support, tmp_path):
    """A rulebook of one's own with a plain clock, and a store that has seen some updates."""

    def build(commitments, *records, now="2025-01-31"):
        book = tmp_path / "book.yaml"
        book.write_text(
            "agreement: own\ntitle: Own\ndate: 2025-01-01\ncoverage: assumed\n"
            "defaults: {tier: 3}\ncommitments:\n" + commitments
        )
        config = tmp_path / "monitor.yaml"
        config.write_text("rules: [book.yaml]\nstore: sqlite:///own.db\n")
        shell = support("shell").Shell(tmp_path / "own.db", config)
        shell("run", "--now", now)
        if records:
            feed = tmp_path / "feed.json"
            feed.write_text(json.dumps(list(records)))
            shell("ingest", feed, "--now", now)
        return shell

    return build


ONE = "  - {id: one, title: The first, quote: one}\n"
TWO = "  - {id: two, title: The second, quote: two}\n"


def update(topic, kind, day):
    return {"occurred_at": day, "kind": kind, "topics": [topic], "title": f"{kind} {day}"}


def plugin(monitor, *arguments):
    """(exit code, the text, perfdata as a mapping) of a line that keeps to the guideline."""
    result = monitor("check", "--format", "nagios", *arguments)
    (line,) = result.stdout.splitlines()
    text, _, perfdata = line.partition(" | ")
    assert text.startswith(f"MONITOR {STATES[result.exit_code]} - ")
    assert "|" not in text + perfdata
    data = perfdata.split()
    assert all(PERFDATUM.fullmatch(datum) for datum in data), data
    values = {label: int(rest.split(";")[0]) for label, rest in (d.split("=") for d in data)}
    assert len(values) == len(data)
    return result.exit_code, text, values


def test_all_well_is_0_and_one_line(world):
    shell = world(ONE, update("one", "meeting", "2025-01-10"))
    result = shell("check", "--now", "2025-02-01")
    assert (result.exit_code, result.stdout) == (0, "1 commitment, all well\n")
    quiet = shell("--quiet", "check", "--now", "2025-02-01")
    assert (quiet.exit_code, quiet.stdout) == (0, "")


def test_a_stalled_pledge_is_1_and_is_named_with_since_when(world):
    shell = world(ONE + TWO, update("two", "meeting", "2025-06-20"), now="2025-06-25")
    result = shell("check", "--now", "2025-07-31")
    assert result.exit_code == 1
    assert result.stdout == "stalled   2025-06-30  one  The first\n1 stalled (2 commitments)\n"


def test_a_stall_that_no_run_has_seen_yet_is_seen(world):
    shell = world(ONE)
    assert shell("check", "--now", "2025-06-29").exit_code == 0
    assert shell("check", "--now", "2025-06-30").exit_code == 1


def test_without_data_is_3_and_tells_what_was_last_known(monitor):
    result = monitor("check", "--now", "2026-03-02")
    assert result.exit_code == 3
    assert "no data   2026-03-01  clean-energy  " in result.stdout
    assert "(last known stalled)" in result.stdout
    assert result.stdout.endswith("7 no data (8 commitments); 6 expectations not judged\n")


def test_attention_wins_over_no_data(monitor):
    result = monitor("check", "--expectations", "--now", "2026-03-02")
    assert result.exit_code == 1
    assert result.stdout.endswith("2 reversed, 10 no data (14 commitments)\n")


def test_expectations_count_only_on_demand(monitor):
    body = json.loads(monitor("check", "-o", "json", "--now", "2026-03-02").stdout)
    assert {f["basis"] for f in body["failing"]} == {"pledge"}
    assert body["expectations_left_out"] == 6
    assert body["counts"]["reversed"] == 0


def test_never_run_is_3(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "none.db")
    result = shell("check")
    assert result.exit_code == 3
    assert result.stdout.startswith("never run: run `monitor run` first")
    assert not list(tmp_path.iterdir())


def test_only_what_is_named_fails(monitor):
    fine = monitor("check", "--fail-on", "at-risk,reversed", "--now", "2026-03-02")
    assert fine.exit_code == 0
    assert "8 commitments, none is at risk or reversed" in fine.stdout
    both = monitor("check", "--fail-on", "stalled", "--fail-on", "no_data", "--now", "2026-03-02")
    assert both.exit_code == 3


def test_a_risk_behind_a_stall_is_found_by_its_name(world):
    shell = world(ONE, update("one", "suspension", "2025-01-10"))
    assert shell("check", "--now", "2025-08-01").stdout.startswith("stalled ")
    hidden = shell("check", "--now", "2025-08-01", "--fail-on", "at_risk")
    assert hidden.exit_code == 1
    assert hidden.stdout.startswith("at risk ")


def test_an_old_run_is_nothing_to_rely_on(world):
    shell = world(ONE)
    fresh = shell("check", "--max-age", "2d", "--now", "2025-02-02")
    assert fresh.exit_code == 0
    old = shell("check", "--max-age", "2d", "--now", "2025-02-03")
    assert old.exit_code == 3
    assert old.stdout.startswith("too old: last run 2025-01-31T23:59:59+00:00")


def test_a_run_that_finds_nothing_renews_the_age(world):
    shell = world(ONE)
    shell("run", "--now", "2025-02-03")
    assert shell("check", "--max-age", "2d", "--now", "2025-02-04").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fail-on", "stale"], "--fail-on: no headline is called 'stale'"),
        (["--fail-on", ","], "--fail-on names nothing"),
        (["--max-age", "soon"], "--max-age: 'soon' is not a duration"),
        (["--now", "yesterday"], "--now: 'yesterday' is not a date"),
    ],
)
def test_a_wrong_value_is_told(monitor, arguments, message):
    with pytest.raises(UsageError) as caught:
        monitor("check", *arguments)
    assert message in caught.value.message
    code, text, values = plugin(monitor, *arguments)
    assert (code, values) == (3, {})
    assert message in text


def test_a_wrong_flag_is_2_and_for_a_plugin_3(monitor):
    assert monitor("check", "--bogus").exit_code == 2
    assert monitor("check", "surplus").exit_code == 2
    for arguments in (["--bogus"], ["surplus"], ["-o", "xml"], ["--max-age"]):
        result = monitor("check", "--format", "nagios", *arguments)
        assert result.exit_code == 3
        assert len(result.stdout.splitlines()) == 1
        assert result.stdout.startswith("MONITOR UNKNOWN - ")
    assert monitor("check", "--format=nagios", "--bogus").exit_code == 3


def test_a_plugin_is_ok(world):
    shell = world(ONE)
    assert plugin(shell, "--now", "2025-02-01") == (
        0,
        "MONITOR OK - 1 commitment, all well",
        {"stalled": 0, "overdue": 0, "at_risk": 0, "reversed": 0, "no_data": 0, "commitments": 1},
    )


def test_a_stall_or_a_risk_is_a_warning(world):
    shell = world(ONE + TWO, update("two", "suspension", "2025-06-30"), now="2025-07-01")
    code, text, _ = plugin(shell, "--now", "2025-07-01")
    assert (code, text) == (1, "MONITOR WARNING - 2 stalled (2 commitments)")
    code, text, _ = plugin(shell, "--now", "2025-07-01", "--fail-on", "at_risk")
    assert (code, text) == (1, "MONITOR WARNING - 1 at risk (2 commitments)")


def test_a_reversal_or_a_missed_date_is_critical(world):
    due = "  - {id: two, title: The second, quote: two, deadline: 2025-03-01}\n"
    shell = world(ONE + due, update("one", "reversal", "2025-01-20"))
    code, text, values = plugin(shell, "--now", "2025-03-02")
    assert (code, text) == (2, "MONITOR CRITICAL - 1 overdue, 1 reversed (2 commitments)")
    assert (values["overdue"], values["reversed"], values["commitments"]) == (1, 1, 2)


def test_a_plugin_without_data_or_run_is_unknown(monitor, support, tmp_path):
    code, text, values = plugin(monitor, "--now", "2026-03-02")
    assert (code, text) == (3, "MONITOR UNKNOWN - 7 no data (8 commitments)")
    assert values["no_data"] == 7
    empty = support("shell").Shell(tmp_path / "none.db")
    assert plugin(empty)[:2] == (3, "MONITOR UNKNOWN - never run: run `monitor run` first")


def test_a_plugin_with_a_broken_configuration_rulebook_or_store_is_unknown(support, tmp_path):
    shells = support("shell")
    broken = tmp_path / "broken.yaml"
    broken.write_text("rulez: [x]\n")
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "rules.yaml").write_text("agreement: a\n")
    (bad / "monitor.yaml").write_text("rules: [rules.yaml]\n")
    foreign = tmp_path / "foreign.db"
    foreign.write_bytes(b"not a database, but long enough to be looked at as one" * 40)
    for shell in (
        shells.Shell(tmp_path / "a.db", tmp_path / "missing.yaml"),
        shells.Shell(tmp_path / "b.db", broken),
        shells.Shell(tmp_path / "c.db", bad / "monitor.yaml"),
        shells.Shell(foreign),
    ):
        done = shell.process("check", "--format", "nagios")
        assert done.returncode == 3
        assert done.stdout.startswith("MONITOR UNKNOWN - ")
        assert len(done.stdout.splitlines()) == 1


def test_a_crash_of_a_plugin_is_unknown_and_no_warning(monitor, monkeypatch):
    from monitor.services.views import check

    def crash(*_arguments, **_options):
        raise RuntimeError("a pipe | and\ntwo lines")

    monkeypatch.setattr(check, "check", crash)
    code, text, values = plugin(monitor)
    assert (code, values) == (3, {})
    assert text == "MONITOR UNKNOWN - internal error: RuntimeError: a pipe / and two lines"


def test_a_plugin_prints_no_json(monitor):
    code, text, _ = plugin(monitor, "-o", "json")
    assert (code, text) == (
        3,
        "MONITOR UNKNOWN - --format nagios is one line of text: leave out -o json",
    )


def test_the_json_has_the_documented_shape(monitor):
    result = monitor("check", "-o", "json", "--now", "2026-03-02")
    body = json.loads(result.stdout)
    failing = body.pop("failing")
    assert body == {
        "version": 1,
        "now": "2026-03-02T23:59:59+09:00",
        "as_of": "2026-03-02T23:59:59+09:00",
        "known_at": "2026-03-02T23:59:59+09:00",
        "verdict": "unknown",
        "exit_code": 3,
        "last_run": "2026-03-01T23:59:59+09:00",
        "too_old": False,
        "commitments": 8,
        "expectations_left_out": 6,
        "counts": {"stalled": 0, "overdue": 0, "at_risk": 0, "reversed": 0, "no_data": 7},
    }
    assert failing[1] == {
        "id": "clean-energy",
        "agreement": "jp-kr-tokyo-2025",
        "title": "Strengthen cooperation in clean energy",
        "basis": "pledge",
        "as": "no_data",
        "status": "no_data",
        "since": "2026-03-01",
        "last_known": "stalled",
        "level": "none",
    }


def test_the_cheap_way_gives_what_deriving_everything_gives(support, tmp_path):
    """Whatever time has turned since the last run, `check` and `status` agree."""
    shell = support("shell").Shell(tmp_path / "monitor.db")
    shell("run", "--now", "2025-10-20")
    start = parse_moment("2025-10-20", "Asia/Tokyo")
    seen = set()
    for days in (0, 1, 3, 9, 20, 45, 75, 100, 121, 122, 123, 124, 126, 131, 132, 200, 400):
        now = _iso(start + days * DAY)
        checked = json.loads(shell("check", "--expectations", "-o", "json", "--now", now).stdout)
        rows = json.loads(shell("status", "-o", "json", "--now", now).stdout)["commitments"]
        stand = {row["id"]: row for row in rows}
        for failing in checked["failing"]:
            row = stand[failing["id"]]
            for name in ("status", "since", "last_known", "level"):
                assert failing[name] == row[name], (now, failing["id"], name)
        bad = {"stalled", "overdue", "at_risk", "reversed", "no_data"}
        expected = {name for name, row in stand.items() if row["status"] in bad}
        assert {f["id"] for f in checked["failing"]} == expected
        seen |= {f["status"] for f in checked["failing"]}
    assert seen >= {"stalled", "at_risk", "reversed", "no_data"}


def test_after_a_change_of_the_rules_the_new_ones_count(world, tmp_path):
    shell = world(ONE)
    assert shell("check", "--now", "2025-02-20").exit_code == 0
    book = tmp_path / "book.yaml"
    book.write_text(book.read_text().replace("tier: 3", "tier: 3, quiet: 5d, stalled: 10d"))
    assert shell("check", "--now", "2025-02-20").exit_code == 1


def test_after_a_change_that_means_nothing_the_answer_is_the_same(world, tmp_path):
    shell = world(ONE)
    before = shell("check", "--now", "2025-08-01")
    book = tmp_path / "book.yaml"
    book.write_text("# in other words\n" + book.read_text())
    for _ in range(2):
        after = shell("check", "--now", "2025-08-01")
        assert (after.exit_code, after.stdout) == (before.exit_code, before.stdout)
        shell("run", "--now", "2025-08-01")


def test_a_rulebook_that_became_wrong_is_an_error_even_if_a_run_liked_it_before(world, tmp_path):
    shell = world(ONE)
    book = tmp_path / "book.yaml"
    good, dates = book.read_text(), book.stat()
    book.write_text(good.replace("quote: one", "quoth: one"))
    os.utime(book, ns=(dates.st_atime_ns, dates.st_mtime_ns))
    with pytest.raises(RulebookError):
        shell("check", "--now", "2025-02-01")
    book.write_text(good)
    assert shell("check", "--now", "2025-02-01").exit_code == 0
    (tmp_path / "more.yaml").write_text("agreement: more\n")
    (tmp_path / "monitor.yaml").write_text("rules: [.]\nstore: sqlite:///own.db\n")
    with pytest.raises(RulebookError):
        shell("check", "--now", "2025-02-01")


def test_a_source_document_that_is_gone_is_an_error_as_in_every_command(world, tmp_path):
    shell = world(ONE)
    (tmp_path / "text.txt").write_text("one")
    book = tmp_path / "book.yaml"
    book.write_text("source: text.txt\n" + book.read_text())
    shell("run", "--now", "2025-01-31")
    assert shell("check", "--now", "2025-02-01").exit_code == 0
    (tmp_path / "text.txt").unlink()
    with pytest.raises(RulebookError):
        shell("check", "--now", "2025-02-01")


def test_a_rulebook_that_changes_while_it_is_read_is_not_judged_by_half(
    world, tmp_path, monkeypatch
):
    from monitor.bootstrap import Application

    shell = world(ONE)
    book = tmp_path / "book.yaml"
    looked_up = Application.register

    def changed_afterwards(application, reader):
        register = looked_up(application, reader)
        book.write_text(book.read_text().replace("id: one", "id: another"))
        return register

    monkeypatch.setattr(Application, "register", changed_afterwards)
    with pytest.raises(InputError, match="changed while it was being read"):
        shell("check", "--as-of", "2025-02-01")


def test_a_commitment_that_asks_about_a_turned_one_is_turned_too(world):
    asking = (
        "  - id: two\n    title: The second\n    quote: two\n    stalled: 300d\n    rules:\n"
        "      - id: drawn\n        when: {status: {commitment: one, status: stalled}}\n"
        "        then: {at_risk: the first has stalled}\n"
    )
    shell = world(ONE + asking)
    result = shell("check", "--now", "2025-07-15")
    assert result.exit_code == 1
    assert [line.split()[0] for line in result.stdout.splitlines()[:2]] == ["stalled", "at"]


def _iso(instant):
    from monitor.domain.time import format_instant

    return format_instant(instant, "Asia/Tokyo")
