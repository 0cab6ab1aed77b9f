"""`monitor explain`: what comes, what would come, and what is lacking; on the shipped rulebook."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from monitor.errors import MonitorError


@pytest.fixture
def monitor(seen):
    return seen


@pytest.fixture(scope="module")
def earlier(support, tmp_path_factory):
    """The same on the last day that was watched."""
    shell = support("shell").Shell(tmp_path_factory.mktemp("earlier") / "monitor.db")
    assert shell.process("run", "--now", "2026-02-28").returncode == 0
    return shell


@pytest.fixture
def resting(support, earlier, tmp_path_factory):
    """A copy of that, which nobody else has open: it was closed when it was copied."""
    shell = support("shell").Shell(tmp_path_factory.mktemp("resting") / "monitor.db")
    shutil.copy(earlier.store, shell.store)
    return shell


def test_when_next_tells_the_chain_with_dates_rules_numbers_and_alerts(monitor):
    shown = monitor("explain", "clean-energy", "--when-next", "--as-of", "2026-01-15").stdout
    lines = [line.rstrip() for line in shown.splitlines()]
    assert lines[0] == "Strengthen cooperation in clean energy"
    assert "If nothing is heard and somebody goes on looking:" in lines
    at = lines.index("  2026-02-19  not started → stalled")
    assert "no first advance in 180d of watching, since 2025-08-23" in lines[at + 1]
    assert "rules/jp-kr-tokyo-2025.yaml:" in lines[at + 1]
    assert lines[at + 2] == "              alert: stalled opened"
    assert "If nobody looks any more: no data from 2026-03-01" in lines


def test_when_next_says_from_when_on_where_coverage_has_ended(monitor):
    body = json.loads(
        monitor(
            "explain", "clean-energy", "--when-next", "--now", "2026-06-15", "-o", "json"
        ).stdout
    )
    assert body["assumes"] == {"looking": "again", "from": "2026-06-16T00:00:00+09:00"}
    assert body["no_data_at"] is None
    first = body["ahead"][0]
    assert first["at"] == "2026-06-16T00:00:00+09:00"
    assert first["after"]["status"] == "stalled"
    assert first["alerts"] == [{"kind": "no_data", "phase": "resolved"}]


def test_when_next_of_what_is_delivered_tells_nobody_anything(monitor):
    delivered = next(
        one["id"]
        for one in json.loads(monitor("status", "-o", "json").stdout)["commitments"]
        if one["status"] == "delivered"
    )
    shown = monitor("explain", delivered, "--when-next", "--as-of", "2026-02-28", "-o", "json")
    ahead = json.loads(shown.stdout)["ahead"]
    assert {one["after"]["status"] for one in ahead} == {"delivered"}
    assert not any(one["alerts"] for one in ahead)


def test_when_next_names_the_rule_that_will_speak(own):
    shell = own(
        "  - id: one\n    title: One\n    quote: one\n    deadline: 2025-12-31\n    rules:\n"
        "      - id: hurry\n        when: {deadline: {within: 60d}}\n"
        "        then: {at_risk: two months left}\n"
        "  - {id: two, title: Two, quote: two, rated: false, guideline: Too vague.}\n"
    )
    shown = shell("explain", "one", "--when-next", "--now", "2025-02-01").stdout
    assert "2025-11-02" in shown
    assert "two months left  rule hurry, " in shown
    assert "book.yaml:11:9" in shown
    assert "overdue (deadline 2025-12-31)" in shown
    assert "no data from" not in shown
    vague = shell("explain", "two", "--when-next", "--now", "2025-02-01").stdout
    assert "It cannot be rated: time changes nothing." in vague


def test_what_is_made_of_others_has_no_stall_clock_to_wait_for(own):
    shell = own(
        "  - {id: one, title: One, quote: one, rated: false, guideline: Too vague.}\n"
        "  - {id: all, title: All, quote: one, roll_up: {of: [one]}}\n"
    )
    asked = ("explain", "all", "--now", "2025-06-01")
    assert "(quiet at 90d, stalled never, dormant never)" in " ".join(shell(*asked).stdout.split())
    body = json.loads(shell(*asked, "-o", "json").stdout)
    assert body["thresholds"] == {"quiet": "90d", "stalled": "never", "dormant": "never"}
    assert body["ahead"] == []
    assert json.loads(shell(*asked, "--when-next", "-o", "json").stdout)["ahead"] == []
    assert "stalled: never" in shell(*asked, "--why-not", "stalled").stdout


def test_when_next_says_until_when_it_looked_where_a_rule_turns_for_ever(own):
    shell = own(
        "  - id: one\n    title: One\n    quote: one\n    rules:\n"
        "      - id: flips\n        when: {not: {status: {standing: at_risk}}}\n        for: 1h\n"
        "        then: {at_risk: it is at risk while it is not}\n"
    )
    asked = ("explain", "one", "--when-next", "--now", "2025-02-01")
    told = "Looked no further than 2027-02-03: by then a rule has turned more than 10,000 times"
    assert told in shell(*asked).stdout
    body = json.loads(shell(*asked, "-o", "json").stdout)
    assert body["until"] == "2027-02-03T23:59:59+00:00"
    assert not body["more"]


FUND = {
    "occurred_at": "2026-02-20",
    "kind": "funding",
    "title": "A joint hydrogen fund",
    "topics": ["hydrogen"],
    "parties": ["JP", "KR"],
    "source": "Yonhap",
}


def digests(folder):
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.db*")
    }


@pytest.mark.parametrize("form", ["pretty", "line", "list", "stdin"])
def test_what_if_tells_before_and_after_and_touches_no_byte(resting, tmp_path, form):
    folder = Path(resting.store).parent
    before = digests(folder)
    text = {"pretty": json.dumps(FUND, indent=1), "list": json.dumps([FUND])}.get(form)
    file = tmp_path / "update.json"
    file.write_text(text or json.dumps(FUND))
    stdin = json.dumps(FUND, indent=1) if form == "stdin" else None
    name = "-" if stdin else file
    shown = resting(
        "explain", "clean-energy", "--what-if", name, "--now", "2026-02-28", input=stdin
    ).stdout
    assert digests(folder) == before
    assert "before:    stalled since 2026-02-19, level none" in shown
    assert "after:     advancing since 2026-02-20, level substantial" in shown
    assert "stalled → advancing, level none → substantial" in shown
    alerts = shown.partition("Alerts it would cause:")[2]
    assert "Strengthen cooperation in clean energy: advanced to substantial" in alerts
    assert "Strengthen cooperation in clean energy: no longer stalled" in alerts


def test_what_if_equals_a_real_ingest_into_a_copy(resting, support, tmp_path):
    copy = Path(resting.store)
    file = tmp_path / "supposed.jsonl"
    late = FUND | {"occurred_at": "2025-11-20", "kind": "delay", "topics": ["trade", "defence"]}
    file.write_text("\n".join(map(json.dumps, (FUND, late))))
    for now in ("2026-03-01", "2026-09-01"):
        args = ("--now", now, "-o", "json")
        told = json.loads(resting("explain", "clean-energy", "--what-if", file, *args).stdout)
        there = support("shell").Shell(tmp_path / f"{now}.db")
        shutil.copy(copy, there.store)
        quiet = support("shell").Shell(tmp_path / f"{now}-quiet.db")
        shutil.copy(copy, quiet.store)
        nothing = tmp_path / "nothing.jsonl"
        nothing.write_text("")
        real = json.loads(there("ingest", file, *args).stdout)
        plain = json.loads(quiet("ingest", nothing, *args).stdout)
        for kind in ("transitions", "alerts", "withdrawn"):
            known = {one["id"] for one in plain[kind]}
            assert told[kind] == [one for one in real[kind] if one["id"] not in known], kind
            if kind != "withdrawn":
                came = {one["id"] for one in real[kind]}
                assert told["instead"][kind] == [o for o in plain[kind] if o["id"] not in came]
        assert told["transitions"]
        after = json.loads(there("status", "clean-energy", *args).stdout)["commitments"][0]
        assert {k: after[k] for k in ("status", "level", "standing", "since")} == {
            k: told["after"][k] for k in ("status", "level", "standing", "since")
        }


def test_what_if_says_why_an_update_does_nothing(resting):
    blog = json.dumps(FUND | {"source": "A blog"})
    shown = resting("explain", "clean-energy", "--what-if", "-", "--now", "2026-02-28", input=blog)
    assert "A blog (tier 3), too weak: tier 2 moves a level here" in shown.stdout
    assert "unchanged: stalled since 2026-02-19" in shown.stdout
    old = resting(
        "explain", "clean-energy", "--what-if", "-", "--now", "2026-06-01", input=blog
    ).stdout
    assert "unchanged: was stalled since 2026-02-19, no data since 2026-03-01" in old
    other = resting(
        "explain", "us-ties", "--what-if", "-", "--now", "2026-02-28", input=json.dumps(FUND)
    )
    assert "does not concern us-ties, but clean-energy" in other.stdout


def test_what_if_works_on_no_store_at_all_and_makes_none(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "none.db")
    told = shell(
        "explain", "clean-energy", "--what-if", "-", "--now", "2026-02-25", input=json.dumps(FUND)
    ).stdout
    assert "after:     was advancing since 2026-02-20, no data since 2026-02-20" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "record", "message"),
    [
        ((), {"kind": "meeting"}, "standard-input: record 1: "),
        ((), FUND | {"kind": "fundng"}, "standard-input: record 1: "),
        (("--as-of", "2026-01-01"), FUND, "--what-if asks about the present"),
        (("--when-next",), FUND, "--when-next and --what-if are 2 questions"),
    ],
)
def test_what_cannot_be_supposed_is_told(monitor, arguments, record, message):
    with pytest.raises(MonitorError) as caught:
        monitor("explain", "clean-energy", "--what-if", "-", *arguments, input=json.dumps(record))
    assert message in caught.value.message
    assert caught.value.hint


def test_why_not_tells_each_way_with_its_numbers_and_its_line(monitor):
    shown = monitor(
        "explain", "us-negotiations", "--why-not", "at_risk", "--as-of", "2026-02-10"
    ).stdout
    assert "not at risk: it is advancing" in shown
    assert "count (delay): 0 of 2 matching updates within 120d" in shown
    assert "too weak: tier 3 where 2 is asked" in shown
    assert "rule repeated-delays: at risk" in shown
    assert "rules/jp-kr-tokyo-2025.yaml:" in shown


def test_why_not_tells_how_far_a_clock_is_and_when_it_gets_there(monitor):
    shown = monitor(
        "explain", "clean-energy", "--why-not", "stalled", "--as-of", "2025-12-31"
    ).stdout
    assert "130d of 180d watched since its start; if nothing is heard on 2026-02-19" in shown


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("stalled", "stalled already, but the headline is no data, which comes first"),
        ("no_data", "no data already"),
        ("overdue", "it has no date"),
        ("not_rated", "it is rated"),
        ("officials-meet", "rule officials-meet: advance to limited; no update has matched"),
        ("substantial", "rule done-for-both: advance to substantial"),
        ("ignore", "rule "),
    ],
)
def test_why_not_answers_for_headlines_levels_conclusions_and_rules(monitor, target, told):
    shown = monitor("explain", "clean-energy", "--why-not", target, "--now", "2026-06-01").stdout
    assert told in shown


def test_why_not_of_what_there_is_not_names_what_there_is(monitor):
    with pytest.raises(MonitorError) as caught:
        monitor("explain", "clean-energy", "--why-not", "ofcials-meet")
    assert "did you mean 'officials-meet'" in caught.value.message
    assert "stalled" in caught.value.hint


def test_the_tree_goes_from_the_headline_to_the_reports(monitor):
    shown = monitor("explain", "us-negotiations", "--tree", "--as-of", "2026-02-28").stdout
    lines = shown.splitlines()
    assert lines[0].startswith("at risk since 2026-02-24")
    assert [line for line in lines if "─ level: " in line or "─ schedule: " in line]
    rule = next(n for n, line in enumerate(lines) if "✓ rule slipping-while-quiet" in line)
    below = "\n".join(lines[rule : rule + 8])
    assert "✓ all of these" in below
    assert "✓ silence: watched time since the last advance: 107" in below
    assert "2026-02-24 delay “" in below


BOX = re.compile(r'    [ns]\d+\["[^"#<>&`\\]*(?:(?:#\d+;|<br/>)[^"#<>&`\\]*)*"\](:::(yes|no))?')
EDGE = re.compile(r'    ([ns]\d+) -->(?:\|"[^"|]*"\|)? ([ns]\d+)')
HEADS = {"--tree": "flowchart TD", "--why-not": "flowchart TD", "--when-next": "flowchart LR"}


@pytest.mark.parametrize("question", [("--tree",), ("--why-not", "advanced"), ("--when-next",)])
@pytest.mark.parametrize("commitment", ["clean-energy", "us-negotiations", "us-tariff-kr"])
def test_a_mermaid_figure_has_only_boxes_and_arrows_between_them(monitor, question, commitment):
    shown = monitor(
        "explain", commitment, *question, "--as-of", "2026-02-28", "-o", "mermaid"
    ).stdout
    head, *lines = shown.splitlines()
    assert head == HEADS[question[0]]
    boxes = {line.split("[")[0].strip() for line in lines if BOX.fullmatch(line)}
    edges = [match.groups() for line in lines if (match := EDGE.fullmatch(line))]
    styles = [line for line in lines if line.startswith("    classDef ")]
    assert len(boxes) + len(edges) + len(styles) == len(lines)
    assert boxes
    assert {end for edge in edges for end in edge} <= boxes
    assert len(edges) == len(boxes) - 1


def test_mermaid_itself_reads_every_figure_as_it_is_meant(monitor, support):
    questions = [
        (commitment, *question)
        for commitment in ("clean-energy", "us-negotiations", "us-tariff-kr")
        for question in (("--tree",), ("--why-not", "advanced"), ("--when-next",))
    ]
    texts = [
        monitor("explain", *question, "--as-of", "2026-02-28", "-o", "mermaid").stdout
        for question in questions
    ]
    broken = texts[0].replace('"]', "]", 1)
    *found, refused = support("nodes").read_by_mermaid([*texts, broken])
    assert "Parse error" in refused["error"]
    for question, text, figure in zip(questions, texts, found, strict=True):
        assert "error" not in figure, (question, figure)
        lines = text.splitlines()
        written = {line.split("[")[0].strip(): line for line in lines if BOX.fullmatch(line)}
        assert figure["boxes"].keys() == written.keys()
        for box, shown in figure["boxes"].items():
            assert f'["{shown.replace("<br>", "<br/>")}"]' in written[box]
        edges = [match.groups() for line in lines if (match := EDGE.fullmatch(line))]
        assert [(one, other) for one, other, _ in figure["edges"]] == edges


def test_what_if_has_no_figure(monitor):
    with pytest.raises(MonitorError) as caught:
        monitor("explain", "clean-energy", "--what-if", "x.json", "-o", "mermaid")
    assert "no figure" in caught.value.message
