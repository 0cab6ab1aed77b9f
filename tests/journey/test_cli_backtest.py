"""`monitor backtest`: a history replayed, from files or the store; nothing is stored."""

import json
import re
import subprocess
import xml.etree.ElementTree as ET

import pytest

from monitor.errors import InputError, RulebookError, UsageError

BOOK = """agreement: own
title: Own
date: 2025-01-01
sources: {press: {tier: 2, names: [Agency]}}
commitments:
  - id: one
    title: The first
    quote: one
    rules:
      - {id: slips, when: {update: {kind: delay}}, then: {at_risk: it slips}}
  - {id: two, title: The second, quote: two, date: 2025-03-01}
"""
NEWS = """\
{"occurred_at": "2025-01-10", "kind": "meeting", "topics": "one", "title": "They meet", "source": "Agency"}
{"occurred_at": "2025-02-01", "kind": "delay", "topics": "one", "title": "Not now", "source": "Agency"}
{"occurred_at": "2025-02-21", "kind": "legislation", "topics": "one", "title": "Signed", "source": "Agency"}
"""


@pytest.fixture
def world(support, tmp_path, monkeypatch):
    """A folder with rules and news, and a shell in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "book.yaml").write_text(BOOK)
    (tmp_path / "news.jsonl").write_text(NEWS)
    (tmp_path / "monitor.yaml").write_text(
        "sources: [{name: news, file: news.jsonl, covers_until: 2025-12-31}]\n"
    )
    return support("shell").Shell(tmp_path / "monitor.db", tmp_path / "monitor.yaml")


NOW = ("--now", "2026-06-01")
FILE = ("news.jsonl", "--covers-until", "2025-12-31", *NOW)


def body(shell, *arguments):
    return json.loads(shell("backtest", *arguments, "-o", "json").stdout)


def lines(course):
    return [(t["at"][:10], t["after"]["status"]) for t in course["transitions"]]


def test_a_file_is_replayed_from_the_first_commitment_to_the_end_of_what_was_watched(world):
    found = body(world, *FILE)
    assert (found["from"], found["to"]) == (
        "2025-01-01T00:00:00+00:00",
        "2025-12-31T23:59:59+00:00",
    )
    one, two = found["commitments"]
    assert lines(one) == [
        ("2025-01-01", "not_started"),
        ("2025-01-10", "advancing"),
        ("2025-02-01", "at_risk"),
        ("2025-02-21", "advancing"),
        ("2025-05-22", "on_track"),
        ("2025-08-20", "stalled"),
    ]
    assert one["days"] == {
        "stalled": 134.0, "at_risk": 20.0, "advancing": 112.0, "on_track": 90.0, "not_started": 9.0
    }  # fmt: skip
    assert [(a["kind"], a["phase"], a["told"][:10]) for a in one["alerts"]] == [
        ("advanced", "once", "2025-01-10"),
        ("at_risk", "opened", "2025-02-01"),
        ("advanced", "once", "2025-02-21"),
        ("at_risk", "resolved", "2025-02-21"),
        ("stalled", "opened", "2025-08-20"),
    ]
    assert two["from"] == "2025-03-01T00:00:00+00:00"
    assert found["updates"] == found["reports"] == 3
    assert found["totals"]["commitment_days"] == 365 + 306
    assert not world.process("status").stdout.strip()


def test_the_store_gives_the_same_as_the_files_it_was_fed(world):
    assert world("run", *NOW).exit_code == 0
    assert body(world, *NOW) == body(world, *FILE)


def test_the_store_is_asked_for_what_it_knew(world, tmp_path):
    assert world("run", *NOW).exit_code == 0
    with (tmp_path / "news.jsonl").open("a") as file:
        file.write(NEWS.splitlines()[2].replace("02-21", "06-30").replace("Signed", "Again") + "\n")
    assert world("run", "--now", "2026-07-01").exit_code == 0
    before = body(world, "--known-at", "2026-06-15", "--now", "2026-07-02")
    after = body(world, "--now", "2026-07-02")
    assert (before["updates"], after["updates"]) == (3, 4)
    assert ("2025-08-20", "stalled") in lines(before["commitments"][0])
    assert ("2025-08-20", "stalled") not in lines(after["commitments"][0])


def test_a_span_cuts_everything_and_its_first_run_announces_nothing_one_by_one(world):
    found = body(world, *FILE, "--from", "2025-02-01", "--to", "2025-02-28")
    one = found["commitments"][0]
    assert one["days"] == {"at_risk": 20.0, "advancing": 8.0}
    assert lines(one) == [("2025-02-01", "at_risk"), ("2025-02-21", "advancing")]
    assert [a["kind"] for a in one["alerts"]] == ["advanced", "at_risk"]
    assert found["ahead"] == ["own/two"]


def test_a_weekly_run_finds_the_same_later(world):
    daily, weekly = (body(world, *FILE, "--cadence", c)["commitments"][0] for c in ("1d", "7d"))
    assert daily["transitions"] == weekly["transitions"]
    assert [a["id"] for a in daily["alerts"]] == [a["id"] for a in weekly["alerts"]]
    assert [a["told"][:10] for a in weekly["alerts"]] == [
        "2025-01-15", "2025-02-05", "2025-02-26", "2025-02-26", "2025-08-20"
    ]  # fmt: skip


def test_the_table_tells_days_transitions_alerts_and_the_sums(world):
    shown = world("backtest", *FILE)
    assert (
        "    stalled 134d, at risk 20d, advancing 112d, on track 90d, not started 9d"
        in shown.stdout
    )
    assert "    2025-02-01  advancing → at risk  alert: at risk" in shown.stdout
    assert "2 commitments, 3 updates, " in shown.stdout
    assert "alerts: advanced 2, at risk 1, no longer at risk 1, stalled 2" in shown.stdout
    assert "a run every 1d" in shown.stderr
    assert not any(line.endswith(" ") for line in shown.stdout.splitlines())
    assert world("--quiet", "backtest", *FILE).stderr == ""


def test_other_rules_take_the_place_of_those_configured(world, tmp_path):
    (tmp_path / "other.yaml").write_text(BOOK.replace("kind: delay", "kind: dispute"))
    found = body(world, *FILE, "--rules", "other.yaml")
    assert found["rules"]["name"] == "other.yaml"
    assert "at_risk" not in found["commitments"][0]["days"]


def test_columns_of_other_names_are_mapped(world, tmp_path):
    (tmp_path / "news.csv").write_text(
        "when,what,subject,headline,by\n2025-01-10,meeting,one,They meet,Agency\n"
    )
    maps = ("occurred_at=when", "kind=what", "topics=subject", "title=headline", "source=by")
    found = body(world, "news.csv", *(word for m in maps for word in ("--map", m)), *NOW)
    assert lines(found["commitments"][0])[-1] == ("2025-01-10", "advancing")
    assert found["to"] == "2025-01-10T00:00:00+00:00", "a file was watched until its newest record"


def test_a_bad_record_is_told_and_the_others_are_replayed(world, tmp_path):
    (tmp_path / "news.jsonl").write_text(NEWS + '{"kind": "meeting"}\n')
    shown = world("backtest", *FILE)
    assert shown.exit_code == 0
    assert "news.jsonl: 1 refused (record 4: " in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("no.jsonl",), InputError, "no.jsonl"),
        (("bad.jsonl",), InputError, "none of its 1 records is good; record 1: "),
        (("news.jsonl", "--known-at", "2025"), UsageError, "--known-at asks the store"),
        (("--map", "topics=subject"), UsageError, "--map goes with a FILE"),
        (("--covers-until", "2025"), UsageError, "--covers-until goes with a FILE"),
        (("news.jsonl", "--cadence", "often"), UsageError, "--cadence: 'often' is not a duration"),
        (("news.jsonl", "--from", "soon"), UsageError, "--from: "),
        (("news.jsonl", "--to", "2024"), UsageError, "the span ends (2024-12-31) before it begins"),
        (("news.jsonl", "--rules", "none.yaml"), UsageError, "--rules none.yaml"),
        (("news.jsonl", "--rules", "broken.yaml"), RulebookError, "broken.yaml"),
    ],
)
def test_what_cannot_be_used_is_told(world, tmp_path, arguments, error, said):
    (tmp_path / "bad.jsonl").write_text('{"kind": "meeting"}\n')
    (tmp_path / "broken.yaml").write_text("agreement: broken\n")
    with pytest.raises(error) as raised:
        world("backtest", *arguments, *NOW)
    assert said in raised.value.message
    assert raised.value.exit_code == 2


def test_two_versions_of_the_rules_are_compared(world, tmp_path):
    (tmp_path / "other.yaml").write_text(BOOK.replace("kind: delay", "kind: dispute"))
    found = body(world, *FILE, "--rules", "rules", "--rules", "other.yaml")
    assert (found["first"]["rules"]["name"], found["second"]["rules"]["name"]) == (
        "rules", "other.yaml"
    )  # fmt: skip
    (one,) = found["commitments"]
    assert (one["id"], found["alike"]) == ("one", 1)
    assert lines(one["first"]) == [("2025-02-01", "at_risk"), ("2025-02-21", "advancing")]
    assert lines(one["second"]) == [("2025-02-21", "advancing")]
    assert [a["kind"] for a in one["first"]["alerts"]] == ["at_risk", "at_risk"]
    assert one["second"]["alerts"] == []
    assert one["second"]["days"]["advancing"] - one["first"]["days"]["advancing"] == 20


def test_the_difference_is_told_line_by_line(world, tmp_path):
    (tmp_path / "other.yaml").write_text(
        BOOK.replace("kind: delay", "kind: dispute").replace("id: two", "id: three")
    )
    shown = world("backtest", *FILE, "--rules", "rules", "--rules", "other.yaml").stdout
    assert shown.startswith("- rules\n+ other.yaml\nOwn  own\n")
    assert "    at risk 20d → 0d, advancing 112d → 132d\n" in shown
    assert "  - 2025-02-01  advancing → at risk  alert: at risk\n" in shown
    assert "  + 2025-02-21  advancing, level limited → substantial  alert: advanced" not in shown
    assert "    only in the first\n" in shown
    assert "    only in the second\n" in shown
    assert "  3 of 3 commitments differ\n" in shown


def test_rules_that_conclude_the_same_differ_in_nothing(world, tmp_path):
    (tmp_path / "other.yaml").write_text(BOOK.replace("title: The first", "title: Another name"))
    shown = world("backtest", *FILE, "--rules", "rules", "--rules", "other.yaml").stdout
    assert "  0 of 2 commitments differ\n  transitions 9 → 9: 0 gone, 0 new\n" in shown


@pytest.fixture
def repository(world, tmp_path):
    """The folder as a git repository whose last commit brought the rule about delays."""

    def git(*arguments):
        names = (
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.org",
            "-c",
            "commit.gpgsign=false",
        )
        subprocess.run(["git", *names, *arguments], cwd=tmp_path, check=True, capture_output=True)

    (tmp_path / "pact.txt").write_text("one\ntwo\n")
    sourced = BOOK.replace("title: Own\n", "title: Own\nsource: ../pact.txt\n")
    book = tmp_path / "rules" / "book.yaml"
    book.write_text(sourced.replace("kind: delay", "kind: dispute"))
    git("init", "-q")
    git("add", "rules", "pact.txt")
    git("commit", "-qm", "rules")
    book.write_text(sourced)
    git("commit", "-qam", "delays put at risk")
    return git


def test_the_rules_of_a_revision_are_compared_with_those_of_today(world, repository, tmp_path):
    found = body(world, *FILE, "--rules", "HEAD~1", "--rules", "rules")
    assert found["first"]["rules"]["name"] == "HEAD~1"
    assert len(found["first"]["rules"]["commit"]) == 40
    (one,) = found["commitments"]
    assert lines(one["second"])[0] == ("2025-02-01", "at_risk")
    (reason,) = one["second"]["transitions"][0]["reasons"]
    assert reason["where"].startswith("rules/book.yaml:")
    same = body(world, *FILE, "--rules", "HEAD", "--rules", "rules")
    assert (same["commitments"], same["alike"]) == ([], 2)
    named = body(world, *FILE, "--rules", "HEAD~1:rules/book.yaml", "--rules", "HEAD")
    assert [one["id"] for one in named["commitments"]] == ["one"]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("monitor-")] == []


def test_faults_of_a_revision_are_told_with_the_names_its_files_have(world, repository, tmp_path):
    (tmp_path / "rules" / "book.yaml").write_text("agreement: broken\n")
    repository("commit", "-qam", "broken")
    with pytest.raises(RulebookError) as raised:
        world("backtest", *FILE, "--rules", "HEAD")
    assert raised.value.message.endswith("in rules/book.yaml, at HEAD")
    assert all(fault.startswith("rules/book.yaml:") for fault in raised.value.faults)


def test_a_revision_without_the_rules_is_told(world, repository):
    with pytest.raises(RulebookError) as raised:
        world("backtest", *FILE, "--rules", "HEAD:other.yaml")
    assert "other.yaml" in raised.value.faults[0]


def test_a_revision_that_is_none_is_told(world, repository, monkeypatch):
    for name in ("HEAD~9", "--help", "main..HEAD"):
        with pytest.raises(UsageError, match="no such revision"):
            world("backtest", *FILE, "--rules", name)
    with pytest.raises(UsageError, match="--rules is empty"):
        world("backtest", *FILE, "--rules", "")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git is not installed"):
        world("backtest", *FILE, "--rules", "HEAD")


def test_a_revision_outside_of_a_repository_is_told(world, monkeypatch, tmp_path):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="is in no git repository"):
        world("backtest", *FILE, "--rules", "HEAD~1")


def test_three_versions_are_not_compared(world):
    with pytest.raises(UsageError, match="given 3 times"):
        world("backtest", *FILE, *("--rules", "rules") * 3)


def test_rules_are_held_against_labels(world, tmp_path):
    (tmp_path / "labels.csv").write_text(
        "commitment,date,label\none,2025-02-10,at risk\none,2025-12-01,on track\n"
    )
    found = body(world, *FILE, "--labels", "labels.csv")["score"]
    assert (found["n"], found["hits"], len(found["rows"])) == (2, 1, 2)
    shown = world("backtest", *FILE, "--labels", "labels.csv").stdout
    assert "Labels of labels.csv\n1 of 2 labels are hits\n" in shown
    assert "  miss  2025-12-01  own/one  labelled on track, found stalled\n" in shown
    assert re.search(r"at risk( +1){3}( +1\.00){3} +9d \(1\)\n", shown)
    assert "a hit: the headline at the last second of the label's date" in shown


def test_both_versions_are_held_against_labels(world, tmp_path):
    (tmp_path / "labels.json").write_text(
        '[{"commitment": "one", "date": "2025-02-10", "label": "at_risk"}]'
    )
    (tmp_path / "other.yaml").write_text(BOOK.replace("kind: delay", "kind: dispute"))
    both = ("--rules", "rules", "--rules", "other.yaml", "--labels", "labels.json")
    found = body(world, *FILE, *both)
    assert [found[side]["score"]["hits"] for side in ("first", "second")] == [1, 0]
    shown = world("backtest", *FILE, *both).stdout
    assert "Labels of labels.json, rules\n1 of 1" in shown
    assert "Labels of labels.json, other.yaml\n0 of 1" in shown


def test_a_bad_label_is_told_with_its_place_and_nothing_is_printed(world, tmp_path):
    (tmp_path / "labels.csv").write_text("commitment,date,label\nonne,2025-02-10,at risk\n")
    with pytest.raises(InputError) as raised:
        world("backtest", *FILE, "--labels", "labels.csv")
    assert raised.value.message == (
        "labels.csv:2: no commitment is called 'onne'; did you mean one?"
    )


def test_the_figure_has_a_piece_for_every_spell(world, tmp_path):
    assert world("backtest", *FILE, "--figure", "figure.svg").exit_code == 0
    root = ET.parse(tmp_path / "figure.svg").getroot()
    name = "{http://www.w3.org/2000/svg}"
    told = [t.text for g in root.iter(f"{name}g") for t in g.findall(f"{name}title")]
    assert told[:3] == [
        "not started, 2025-01-01 to 2025-01-09",
        "advancing, 2025-01-10 to 2025-01-31",
        "at risk, 2025-02-01 to 2025-02-20",
    ]
    widths = [float(g.find(f"{name}rect").get("width")) for g in root.iter(f"{name}g")]
    assert sum(widths[:6]) == pytest.approx(720, abs=1)
    assert len(told) == 8


def test_titles_are_escaped_and_cut_in_the_figure(world, tmp_path):
    long = "Bread & roses <for> everybody who asks for them, every day"
    (tmp_path / "rules" / "book.yaml").write_text(
        BOOK.replace("title: The first", f"title: '{long}'")
    )
    world("backtest", *FILE, "--figure", "figure.svg")
    texts = ET.parse(tmp_path / "figure.svg").getroot().iter("{http://www.w3.org/2000/svg}text")
    (shown,) = [t for t in texts if t.text.startswith("Bread")]
    assert shown.text.endswith("…")
    assert shown[0].text == long


def test_the_figure_of_a_terminal_has_letters_where_there_are_no_colours(world):
    shown = world("--quiet", "backtest", *FILE, "--figure", "-").stdout.splitlines()
    legend = shown[-1]
    assert legend == "X stalled  ! at risk  A advancing  T on track  N not started"
    one, two = shown[-3:-1]
    assert re.fullmatch(r"one +N+A+!+A+T+X+", one)
    assert re.fullmatch(r"two +N+X+", two)


def test_a_terminal_with_colours_has_blocks(world):
    coloured = {"FORCE_COLOR": "1", "TERM": "xterm-256color", "COLUMNS": "100"}
    shown = world.process("backtest", *FILE, "--figure", "-", cwd=".", env=coloured).stdout
    assert "█" in shown
    assert "\x1b[" in shown
    plain = world.process(
        "backtest", *FILE, "--figure", "-", cwd=".", env={**coloured, "NO_COLOR": "1"}
    ).stdout
    assert "█" not in plain


def test_a_figure_that_cannot_be_drawn_is_told(world):
    for arguments, said in (
        (("--figure", "none/f.PNG"), "No such file|not installed"),
        (("--figure", "f.gif"), "name an .svg or .png file"),
        (("--figure", "-", "-o", "json"), "would stand in the JSON"),
        (("--figure", "f.svg", "--rules", "rules", "--rules", "rules"), "one version"),
        (("--figure", "none/f.svg"), "No such file"),
    ):
        with pytest.raises(UsageError, match=said):
            world("backtest", *FILE, *arguments)
