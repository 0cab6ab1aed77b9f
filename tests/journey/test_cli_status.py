"""`monitor status`, `history` and `explain`: the questions of an analyst, on the shipped rulebook."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from monitor.errors import UsageError
from monitor.services.views.totals import RULE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def monitor(seen):
    return seen


@pytest.fixture
def empty(support, tmp_path):
    return support("shell").Shell(tmp_path / "none.db")


def listed(monitor, *arguments):
    return json.loads(monitor("status", "-o", "json", *arguments).stdout)["commitments"]


def test_status_says_where_everything_stood_when_somebody_still_looked(monitor):
    shown = monitor("status", "--as-of", "2026-02-28", "--now", "2026-03-01").stdout
    assert "South Korea summit, Tokyo  jp-kr-tokyo-2025" in shown
    assert "as of 2026-02-28, known 2026-03-01 · watched until 2026-02-28 · 2 reversed" in shown
    lines = shown.splitlines()
    at = next(number for number, line in enumerate(lines) if "clean-energy" in line)
    assert lines[at].split()[:2] == ["stalled", "2026-02-19"]
    assert lines[at].endswith("2026-03-01")
    assert lines[at + 1].split()[:2] == ["none", "-"]
    assert "no first advance in 180d of watching, since 2025-08-23" in lines[at + 1]
    assert lines[at + 1].endswith("no data")


def test_status_marks_what_nobody_pledged(monitor):
    shown = monitor("status", "apology", "clean-energy", "--as-of", "2026-02-01").stdout
    assert "apology · expectation" in shown
    assert "clean-energy · expectation" not in shown


def test_after_the_end_of_coverage_stands_what_was_known_last_since_when_and_why(monitor):
    shown = monitor("status", "--now", "2026-06-01").stdout
    assert "nobody has looked since 2026-03-01: “was” is what stood then" in shown
    assert "2 reversed, 2 delivered; no data on 10: 2 were stalled, 1 at risk, 1 not " in shown
    assert "was stalled      2026-02-19  Strengthen cooperation in clean energy" in shown
    assert "no first advance in 180d of watching, since 2025-08-23" in shown
    assert "“Defence ministers agree to resume naval search-and-rescue drills and hold " in shown
    assert "the rate lost its ground: “US Supreme Court voids" in shown
    assert "since 2026-03-01" not in shown.replace("looked since 2026-03-01", "")
    assert not any("2026-03-01" in line for line in shown.splitlines()[2:])


def test_without_a_day_of_coverage_there_is_no_date_since_which_nobody_looked(monitor):
    shown = monitor("status", "clean-energy", "--known-at", "2025-12-01").stdout
    assert "never watched" in shown
    assert "was not started" in shown
    assert "no advance yet" in shown


def test_the_json_of_status_has_the_documented_shape(monitor):
    arguments = ("status", "clean-energy", "--as-of", "2026-02-28", "--now", "2026-03-01")
    body = json.loads(monitor(*arguments, "-o", "json").stdout)
    assert body == {
        "version": 1,
        "as_of": "2026-02-28T23:59:59+09:00",
        "known_at": "2026-03-01T23:59:59+09:00",
        "commitments": [
            {
                "id": "clean-energy",
                "agreement": "jp-kr-tokyo-2025",
                "title": "Strengthen cooperation in clean energy",
                "theme": "energy",
                "basis": "pledge",
                "party": None,
                "part_of": None,
                "status": "stalled",
                "since": "2026-02-19",
                "last_known": "stalled",
                "known_since": "2026-02-19",
                "level": "none",
                "activity": "stalled",
                "schedule": "no_deadline",
                "standing": "in_force",
                "last_progress": None,
                "next_due": "2026-03-01",
                "dates": [],
                "reasons": [
                    {
                        "cause": "silence",
                        "text": "no first advance in 180d of watching, since 2025-08-23",
                        "numbers": [{"name": "silence", "value": "180d", "threshold": "180d"}],
                    }
                ],
            }
        ],
        "totals": {
            "rule": RULE,
            "of": [
                {**AGREEMENT, "theme": None, "n": 1, "headlines": {"stalled": 1}},
                {**AGREEMENT, "theme": "energy", "n": 1, "headlines": {"stalled": 1}},
            ],
        },
    }


AGREEMENT = {"agreement": "jp-kr-tokyo-2025"}


def test_totals_are_told_with_n_and_the_counting_rule(monitor):
    when = ("--as-of", "2026-02-28", "--now", "2026-03-01")
    lines = monitor("status", "--totals", *when).stdout.splitlines()
    assert lines[0].split() == ["agreement", "theme", "n", "how", "they", "stand"]
    assert "jp-kr-tokyo-2025  economy      2  2 reversed" in lines
    assert lines[-1] == RULE


def test_the_reasons_are_those_of_the_change_of_the_headline_and_name_rule_and_place(monitor):
    (found,) = listed(monitor, "us-negotiations", "--as-of", "2026-02-28")
    assert found["status"] == "at_risk"
    assert [reason["rule"] for reason in found["reasons"]] == ["slipping-while-quiet"]
    assert found["reasons"][0]["where"].startswith("rules/jp-kr-tokyo-2025.yaml:")
    assert found["reasons"][0]["updates"]


def test_what_was_not_known_yet_is_not_shown(monitor):
    (found,) = listed(monitor, "clean-energy", "--known-at", "2025-12-01")
    assert (found["status"], found["since"]) == ("no_data", "2025-08-23")
    body = json.loads(monitor("status", "--known-at", "2025-12-01", "-o", "json").stdout)
    assert body["as_of"] == body["known_at"] == "2025-12-01T23:59:59+09:00"


def test_filters_leave_what_was_asked_for(monitor):
    view = ("--as-of", "2026-02-28")
    assert [c["id"] for c in listed(monitor, *view, "--status", "stalled")] == [
        "clean-energy",
        "denuclearisation",
    ]
    themes = {c["theme"] for c in listed(monitor, *view, "--theme", "economy", "--theme", "energy")}
    assert themes == {"economy", "energy"}
    everything = listed(monitor, *view, "--agreement", "jp-kr-tokyo-2025")
    assert len(everything) == 14
    assert [c["id"] for c in listed(monitor, *view, "jp-kr-tokyo-2025/us-ties")] == ["us-ties"]


def test_a_filter_that_leaves_nothing_says_so_and_is_no_error(monitor):
    view = ("--as-of", "2026-02-28")
    none = monitor("status", *view, "--status", "superseded")
    assert (none.exit_code, none.stdout) == (0, "")
    assert none.stderr == "no commitment is superseded\n"
    early = monitor("status", "--as-of", "2025-01-01")
    assert "had begun by 2025-01-01" in early.stderr
    assert listed(monitor, "--as-of", "2025-01-01") == []


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["status", "clen-energy"], "no commitment is called 'clen-energy'", "clean-energy"),
        (["status", "tariff"], "no commitment is called 'tariff'", "us-tariff-kr or us-tariff-jp"),
        (["status", "zzz"], "no commitment is called 'zzz'", "`monitor status` lists them"),
        (["status", "--theme", "enrgy"], "no theme is called 'enrgy'", "did you mean energy?"),
        (["status", "--agreement", "xyzw"], "no agreement is called", "jp-kr-tokyo-2025"),
        (["status", "--as-of", "soon"], "--as-of: 'soon' is not a date", None),
        (["status", "--known-at", "2026-13"], "--known-at", None),
        (["history", "clean"], "no commitment is called 'clean'", "clean-energy"),
        (["explain", "clean_energy"], "no commitment is called", "clean-energy"),
        (["explain", "apology", "--as-of", "2025-01-01"], "begins only on 2025-08-23", "later"),
    ],
)
def test_a_wrong_name_or_date_is_told_with_a_way_out(monitor, arguments, message, hint):
    with pytest.raises(UsageError) as caught:
        monitor(*arguments)
    assert message in caught.value.message
    assert hint is None or hint in caught.value.hint


def test_a_headline_that_does_not_exist_is_refused(monitor):
    result = monitor("status", "--status", "stale")
    assert result.exit_code == 2
    assert "stale" in result.stderr


def test_an_empty_store_says_what_to_do_and_is_not_made(empty, tmp_path):
    for command in (["status"], ["history", "clean-energy"]):
        result = empty(*command)
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr == "nothing is known yet; run `monitor run`\n"
    assert len(listed(empty, "--now", "2026-03-01")) == 14
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("view", [("--now", "2026-06-01"), ("--as-of", "2026-02-28")])
@pytest.mark.parametrize("width", [80, 100, 119, 120, 121, 160, 220])
def test_the_table_fits_every_terminal(monitor, monkeypatch, width, view):
    from rich.console import Console

    from monitor.cli.views import standings

    monkeypatch.setattr(standings, "stdout", lambda: Console(width=width, highlight=False))
    lines = monitor("status", *view).stdout.splitlines()
    assert max(len(line) for line in lines) <= width
    assert [line for line in lines if line != line.rstrip()] == []
    assert len(lines) < 5 * 14  # no column of single words
    for count in ("2 reversed", "2 delivered", "1 not started", "3 on track", "3 advancing"):
        assert any(count in line for line in lines[:5])
    for report in ("“US Supreme Court voids", "“Defence ministers agree to"):
        assert any(report in line for line in lines)


def test_an_explanation_fits_a_narrow_terminal_and_cuts_no_address(monitor, monkeypatch):
    from rich.console import Console

    from monitor.cli.explain import text as explanation

    monkeypatch.setattr(explanation, "stdout", lambda: Console(width=80, highlight=False))
    shown = monitor("explain", "north-korea-security", "--as-of", "2025-12-31").stdout
    assert "because: a joint drill was suspended" in shown
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert "…" not in shown


def test_colour_is_for_eyes_only(monitor):
    piped = monitor.process("status", "clean-energy")
    assert "\x1b[" not in piped.stdout
    forced = monitor.process("status", "clean-energy", env={"FORCE_COLOR": "1"})
    assert "\x1b[31mstalled" in forced.stdout
    never = monitor.process("status", env={"FORCE_COLOR": "1", "NO_COLOR": "1"})
    assert "\x1b[31m" not in never.stdout


def test_history_tells_both_clocks_and_the_reason(monitor):
    shown = monitor("history", "clean-energy", "--as-of", "2026-02-28").stdout
    assert shown.splitlines()[:2] == [
        "Strengthen cooperation in clean energy",
        "jp-kr-tokyo-2025/clean-energy",
    ]
    assert "2026-02-19  not started → stalled  ·  activity quiet → stalled" in shown
    assert "no first advance in 180d of watching, since 2025-08-23" in shown
    assert "recorded 2026-03-01, 10d later, in the summary" in shown
    assert "no data" not in shown


def test_history_names_the_rule_and_its_place(monitor):
    shown = monitor("history", "us-negotiations").stdout
    assert "2025-11-14  advancing, still  level limited → substantial" in shown
    assert "advanced to substantial  text-agreed  rules/jp-kr-tokyo-2025.yaml:" in shown


def test_the_json_of_history_has_the_documented_shape(monitor):
    body = json.loads(
        monitor("history", "clean-energy", "-o", "json", "--now", "2026-04-01").stdout
    )
    assert body["commitment"] == "jp-kr-tokyo-2025/clean-energy"
    assert body["known_at"] is None
    stalled = next(t for t in body["transitions"] if t["after"]["status"] == "stalled")
    assert stalled["at"] == "2026-02-19T00:00:00+09:00"
    assert stalled["recorded"] == "2026-03-01T23:59:59+09:00"
    assert stalled["lag_seconds"] == 10 * 86_400 + 86_399
    assert (stalled["announced"], stalled["in_summary"]) == (False, True)
    assert stalled["withdrawn"] is None
    assert stalled["changes"][0] == {
        "axis": "status",
        "before": "not started",
        "after": "stalled",
    }
    assert body["transitions"][0]["before"] is None


def test_history_says_how_each_change_was_told(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "monitor.db")
    shell("ingest", ROOT / "seeds/updates-2025-08_2026-02.jsonl", "--map", "topics=subject",
          "--covers-until", "2025-09-30", "--now", "2025-09-30")  # fmt: skip
    before = shell("history", "us-tariff-jp", "--now", "2025-09-30").stdout
    assert before.count(", not announced") == before.count("recorded ") > 0
    shell("run", "--now", "2025-10-15")
    shell("run", "--now", "2026-10-15")
    shown = shell("history", "us-tariff-jp", "--now", "2026-10-15").stdout
    told = re.findall(r"recorded (\d{4}-\d\d).*, ([a-z ]+)\n", shown)
    assert told == [
        ("2025-09", "in the summary"),
        ("2025-09", "in the summary"),
        ("2026-10", "announced"),
        ("2026-10", "nothing to announce"),
        ("2026-10", "announced"),
        ("2026-10", "nothing to announce"),
    ]


def test_what_is_announced_one_by_one_at_the_first_run_is_no_matter_of_the_summary(
    support, tmp_path
):
    shell = support("shell").Shell(tmp_path / "monitor.db")
    shell("run", "--now", "2026-03-01", "--announce-since", "2026-02-01")
    shown = shell("history", "clean-energy", "--now", "2026-03-01").stdout
    told = re.findall(r"recorded .*, ([a-z ]+)\n", shown)
    assert told == ["in the summary", "in the summary", "announced", "announced"]


def test_a_store_ahead_of_the_clock_answers_for_its_own_day_and_says_so(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "monitor.db")
    shell("run", "--now", "2199-01-01")
    told = "the store stands at 2199-01-01, ahead of the clock ("
    for command in (["status"], ["check"], ["history", "clean-energy"], ["explain", "us-ties"]):
        result = shell(*command)
        assert result.stderr.count(told) == 1
        assert "give --as-of" in result.stderr
        assert "never watched" not in result.stdout
        assert "2026-0" in result.stdout
        assert told not in shell("-q", *command).stderr
        assert told not in shell(*command, "--now", "2199-02-01").stderr
    assert "was stalled      2026-02-19" in shell("status").stdout
    assert listed(shell, "clean-energy", "--as-of", "2026-02-28")[0]["status"] == "stalled"
    body = json.loads(shell("check", "-o", "json").stdout)
    assert body["now"] == body["last_run"]
    earlier = shell("status", "clean-energy", "--now", "2026-06-01")
    assert (earlier.stderr, "never watched" in earlier.stdout) == ("", True)


def test_what_stands_no_longer_is_shown_only_on_demand(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "monitor.db")
    shell("run", "--now", "2026-03-01")
    late = tmp_path / "late.jsonl"
    late.write_text(
        json.dumps(
            {
                "occurred_at": "2026-01-15",
                "kind": "funding",
                "topics": ["hydrogen"],
                "source": "Yonhap",
                "title": "Seoul and Tokyo fund a joint hydrogen terminal",
            }
        )
    )
    assert shell("ingest", late, "--now", "2026-03-05").exit_code == 0
    now = shell("history", "clean-energy", "--now", "2026-03-06").stdout
    assert "not started → stalled" not in now
    assert "2026-01-15  not started → advancing" in now
    assert "49d later" in now
    both = shell("history", "clean-energy", "--all", "--now", "2026-03-06").stdout
    assert "not started → stalled" in both
    assert "; withdrawn 2026-03-05" in both
    then = shell("history", "clean-energy", "--known-at", "2026-03-02").stdout
    assert "not started → stalled" in then
    assert "advancing" not in then


def test_a_commitment_that_left_the_rulebook_still_has_its_history(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "monitor.db")
    shell("run", "--now", "2026-03-01")
    book = tmp_path / "other.yaml"
    book.write_text(
        "agreement: other\ntitle: Other\ndate: 2025-01-01\ncommitments:\n"
        "  - {id: one, title: One, quote: one}\n"
    )
    shown = shell("--rules", book, "history", "clean-energy", "--now", "2026-03-02").stdout
    assert "(not in the rulebook any more)" in shown
    assert "not started → stalled" in shown


def test_history_before_anything_was_recorded_says_so(monitor):
    result = monitor("history", "clean-energy", "--known-at", "2025-12-01")
    assert (result.stdout, result.stderr) == ("", "nothing was recorded about it by then\n")


def test_explain_gives_the_answer_first_then_promise_evidence_and_dates(monitor):
    shown = monitor(
        "explain", "clean-energy", "--as-of", "2026-02-28", "--now", "2026-03-01"
    ).stdout
    lines = shown.splitlines()
    assert lines[0] == "Strengthen cooperation in clean energy"
    assert lines[3] == "stalled since 2026-02-19"
    assert lines[4] == "because: no first advance in 180d of watching, since 2025-08-23"
    places = [
        shown.index(part)
        for part in (
            "189d watched since its start (quiet at 90d, stalled at 180d, dormant at 365d)",
            "“strengthen cooperation in areas such as clean energy”",
            "seeds/000_671e2ea46023a681.txt",
            "Does not count: LNG, oil and coal",
            "silence 180d, threshold 180d",
            "Rules: 0 of 7 have spoken",
            "ignored by rule fossil-is-not-clean: implementation, Etoday",
            "What comes next, if nothing is heard",
            "2026-08-23  dormant",
        )
    ]
    assert places == sorted(places)


def test_explain_says_what_a_rule_rests_on_and_what_it_lacks(monitor):
    shown = monitor("explain", "us-negotiations", "--as-of", "2026-02-28").stdout
    assert "rule slipping-while-quiet, rules/jp-kr-tokyo-2025.yaml:" in shown
    assert "watched silence 102d, threshold 90d" in shown
    assert "(tier " in shown
    assert "https://" in shown
    assert "1 update matched, 2025-11-04" in shown
    assert "1 of 2 matching updates within 120d" in shown
    assert "no update has matched" in shown


def test_explain_shows_what_was_known_before_nobody_looked(monitor):
    shown = monitor("explain", "us-negotiations", "--now", "2026-06-01").stdout
    assert "was at risk since 2026-02-24, no data since 2026-03-01" in shown
    assert "Before that" in shown
    assert "2026-02-24  on track → at risk" in shown
    assert "What comes next, if nothing is heard and somebody looks again" in shown


def test_explain_says_that_a_source_is_too_weak(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "monitor.db")
    feed = tmp_path / "feed.jsonl"
    record = {"occurred_at": "2025-10-01", "kind": "funding", "topics": ["hydrogen"]}
    record |= {"source": "A blog", "title": "Japan and South Korea fund a hydrogen plant"}
    feed.write_text(json.dumps(record))
    shell("ingest", feed, "--now", "2025-10-05", "--covers-until", "2025-10-05")
    shown = shell("explain", "clean-energy", "--now", "2025-10-05").stdout
    assert "1 matching update, but its source is tier 3 and tier 2 is needed" in shown
    assert "its source is only tier 3: funding, A blog" in shown


def test_explain_of_what_cannot_be_rated_and_of_a_series_without_values(own):
    shell = own(
        "  - {id: one, title: '[red]One[/red]', quote: one, rated: false, guideline: Too vague.}\n"
        "  - id: two\n    title: Two\n    quote: two\n    indicators: [{id: rate, title: Rate}]\n"
        "    rules:\n      - id: high\n        then: {at_risk: too high}\n"
        "        when: {indicator: {indicator: rate, value: {above: 3}}}\n"
    )
    vague = shell("explain", "one", "--now", "2025-02-01").stdout
    assert vague.startswith("[red]One[/red]\n")
    assert "not rated since 2025-01-01\nbecause: it cannot be rated" in vague
    assert "Too vague." in vague
    assert "Rules" not in vague
    assert "the indicator has too few values yet" in shell("explain", "two").stdout


def test_the_json_of_explain_tells_each_update_once(monitor):
    body = json.loads(
        monitor("explain", "us-negotiations", "--as-of", "2026-02-28", "-o", "json").stdout
    )
    assert (body["version"], body["status"], body["since"]) == (1, "at_risk", "2026-02-24")
    assert body["thresholds"] == {"quiet": "90d", "stalled": "180d", "dormant": "365d"}
    states = {rule["id"]: rule["state"] for rule in body["rules"]}
    assert states["slipping-while-quiet"] == "holds"
    assert states["text-agreed"] == "matched"
    assert states["broken-off"] == "waits"
    named = {identity for rule in body["rules"] for identity in rule["matched"]}
    named |= set(body["unused"]) | {row["update"] for row in body["ignored"]}
    assert named <= body["updates"].keys()
    assert all(rule["where"] for rule in body["rules"])


def test_a_reader_that_has_gone_sees_no_traceback(monitor):
    with subprocess.Popen(
        monitor.command("explain", "clean-energy"),
        cwd=monitor.config.rpartition("/")[0],
        env=monitor.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.close()
        complaint = process.stderr.read().decode()
    assert "Traceback" not in complaint


def test_a_scale_is_a_view_with_its_rule_and_n(monitor):
    when = ("--as-of", "2026-02-28", "--now", "2026-03-01")
    lines = monitor("status", "--scale", "g20", *when).stdout.splitlines()
    assert any(line.split()[:3] == ["-1", "none", "stalled"] for line in lines)
    assert any(line.split()[:3] == ["1", "full", "delivered"] for line in lines)
    assert any("(n = 14)" in line for line in lines)
    assert lines[-1].startswith("average: of the scores; percent: (average + 1) / 2; ")
    only = monitor("status", "--scale", "g20", "--totals", *when).stdout.splitlines()
    assert lines[-len(only) :] == only


def test_what_a_scale_has_no_value_for_is_left_out_of_n(monitor):
    lines = monitor("status", "--scale", "pam", "--totals", "--now", "2026-11-01").stdout
    assert "(n = 4)" in lines
    assert "10 no data" in lines
