"""`monitor rules test`: transitions, alerts, relative dates, coverage of rules, forms of output."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from monitor.errors import RulebookError, UsageError

BOOK = """agreement: own
title: Own
date: 2025-01-01
sources: {press: {tier: 2, names: [Agency]}}
profiles:
  mine:
    rules:
      - {id: met, when: {update: {kind: meeting}}, then: {advance: limited}}
      - {id: nobody, when: {update: {kind: dispute}}, then: ignore}
commitments:
  - id: one
    title: The first
    quote: one
    profile: mine
    severity: critical
    labels: {desk: asia}
    rules:
      - {id: voted, when: {update: {kind: legislation}}, then: {advance: limited}}
      - {id: slips, when: {count: {update: {kind: delay}, within: 30d, at_least: 2}}, then: {at_risk: it slips}, message: "{title} slips"}
  - {id: two, title: The second, quote: two, profile: mine, date: 2025-03-01}
"""

WORLD = """rules: book.yaml
tests:
  - name: a world
    updates:
      - {id: first, occurred_at: +9d, kind: meeting, commitment: one, source: Agency, title: They meet}
      - {id: again, occurred_at: first+10d, kind: legislation, commitment: one, source: Agency, title: A law}
      - {occurred_at: again+12h, kind: delay, commitment: one, source: Agency, title: Not now}
      - {occurred_at: again+1d, kind: delay, commitment: one, source: Agency, title: Nor then}
    covers_until: first+400d
"""


@pytest.fixture
def run(support, tmp_path):
    """Run the tests of one file beside a small rulebook: a world, and what is expected of it."""
    (tmp_path / "book.yaml").write_text(BOOK)
    shell = support("shell").Shell(tmp_path / "none.db")
    file = tmp_path / "book.test.yaml"

    def call(expected, *arguments, world=WORLD):
        file.write_text(world + expected)
        return shell("rules", "test", file, *arguments)

    return call


def differences(result):
    return [d for test in json.loads(result.stdout)["tests"] for d in test["differences"]]


HOLD = [
    "transitions: [{commitment: one, at: 2025-01-10, from: not_started, to: advancing, rule: met}]",
    "transitions: [{commitment: one, to: advancing, level: limited, text: advanced}]",
    "transitions: [{commitment: one, at: 2025-01, to: at_risk, standing: at_risk, rule: slips}]",
    "transitions: [{commitment: one, at: again+1d, to: at_risk}]",
    "transitions: [{commitment: own/one, at: again+180d, to: stalled, activity: stalled}]",
    "transitions: [{commitment: two, at: +180d, to: stalled}]",
    "alerts: [{commitment: one, kind: advanced, at: 2025-01-10, severity: info, phase: once}]",
    "alerts: [{commitment: one, kind: at_risk, severity: critical, labels: {desk: asia}, text: The first slips}]",
    "alerts: [{commitment: one, kind: stalled, phase: opened, at: again+180d}]",
    "alerts: [{commitment: two, kind: stalled, at: +180d}]\n    only: alerts",
    "transitions: [{commitment: two, to: stalled}, {commitment: two, activity: quiet}]\n    only: transitions",
    "expect: [{at: first+10d, commitments: {one: {last_progress: again+0d, since: +9d}}}]",
    "expect: [{at: +90d, commitments: {two: {activity: quiet}, one: {activity: active}}}]",
    "never: [{commitment: one, alert: reversed}, {commitment: one, to: delivered}]",
    "never: [{commitment: one, alert: stalled, phase: resolved}, {commitment: two, alert: advanced}]",
    "never: [{commitment: one, from: stalled, to: advancing}, {commitment: one, status: overdue}]",
]


@pytest.mark.parametrize("expected", HOLD)
def test_what_happens_is_found(run, expected):
    result = run(f"    {expected}\n")
    assert result.exit_code == 0, result.stdout


MISS = [
    (
        "transitions: [{commitment: one, at: 2025-01-11, from: not_started, to: advancing}]",
        (
            "transition",
            "not started → advancing on 2025-01-11",
            "not started → advancing on 2025-01-10",
        ),
    ),
    (
        "transitions: [{commitment: one, to: delivered}]",
        ("transition", "… → delivered", "…"),
    ),
    (
        "transitions: [{commitment: one, to: at_risk, rule: met}]",
        ("transition", "… → at risk, by rule met", "advancing → at risk on 2025-01-21"),
    ),
    (
        "transitions: [{commitment: one, at: again+2d, to: at_risk}]",
        ("transition", "… → at risk on again+2d (2025-01-22)", "advancing → at risk on 2025-01-21"),
    ),
    (
        "alerts: [{commitment: two, kind: advanced}]",
        ("alert", "advanced", "stalled opened (warning) on 2025-08-28"),
    ),
    (
        "alerts: [{commitment: one, kind: at_risk, severity: info}]",
        ("alert", "at risk (info)", "at risk opened (critical) on 2025-01-21"),
    ),
    (
        "alerts: [{commitment: one, kind: at_risk, labels: {desk: europe}}]",
        ("alert", "at risk desk=europe", "at risk opened (critical) on 2025-01-21"),
    ),
    (
        "alerts: [{commitment: one, kind: at_risk, text: late}]",
        ("alert", "at risk saying “late”", "at risk opened (critical) on 2025-01-21"),
    ),
    (
        "alerts: [{commitment: one, kind: advanced}, {commitment: one, kind: stalled}, {commitment: one, kind: at_risk, phase: resolved}]\n    only: alerts",
        ("alert", "no other alert", "at risk opened (critical) on 2025-01-21"),
    ),
    (
        "transitions: [{commitment: two, to: stalled}]\n    only: [transitions]",
        ("transition", "no other transition", "activity active → quiet on 2025-05-30"),
    ),
    (
        "never: [{commitment: one, alert: any}]",
        ("never", "not advanced (info) on 2025-01-10", "advanced (info) on 2025-01-10"),
    ),
    (
        "never: [{commitment: one, to: at_risk}]",
        ("never", "not advancing → at risk on 2025-01-21", "advancing → at risk on 2025-01-21"),
    ),
    (
        "expect: [{at: first+10d, commitments: {one: {last_progress: first+9d}}}]",
        ("last_progress", "first+9d (2025-01-19)", "2025-01-20"),
    ),
]


@pytest.mark.parametrize(("expected", "shown"), MISS)
def test_what_does_not_happen_is_shown_beside_what_comes_nearest(run, expected, shown):
    result = run(f"    {expected}\n", "-o", "json")
    assert result.exit_code == 1
    first = differences(result)[0]
    axis, wanted, found = shown
    assert (first["axis"], first["expected"]) == (axis, wanted)
    assert found in ("…", first["found"])
    assert first["hint"]


def test_a_commitment_without_any_alert_says_so(run):
    world = WORLD.replace("first+400d", "first+20d")
    result = run("    alerts: [{commitment: two, kind: stalled}]\n", "-o", "json", world=world)
    assert differences(result)[0]["found"] == "no alert"


def test_expected_got_and_why_stand_below_each_other(run):
    result = run("    transitions: [{commitment: one, at: 2025-02, to: at_risk}]\n")
    lines = [line.strip() for line in result.stdout.splitlines()[2:]]
    assert lines[0] == "2025-02  one  line 9"[: len(lines[0])] or lines[0].startswith(
        "2025-02  one"
    )
    assert re.fullmatch(r"expected +got", lines[1])
    assert re.fullmatch(
        r"transition  … → at risk on 2025-02 +advancing → at risk on 2025-01-21", lines[2]
    )
    assert lines[3].startswith("why  at risk: it slips")


@pytest.mark.parametrize(
    ("coverage", "at", "headline"),
    [
        ("[{until: 2025-02-28}]", "2025-02-28", "not_started"),
        ("[{until: 2025-02-28}]", "2025-03-01", "no_data"),
        ("[{until: +10d}, {since: +20d, until: 2025-12-31}]", "+15d", "no_data"),
        ("[{until: +10d}, {since: +20d, until: 2025-12-31}]", "+180d", "not_started"),
        ("[{until: +10d}, {since: +20d, until: 2025-12-31}]", "2025-07-10", "stalled"),
        ("[{until: 2025-12-31, agreement: own}]", "+180d", "stalled"),
        ("[]", "+1d", "no_data"),
    ],
)
def test_coverage_is_a_list_of_spans(run, coverage, at, headline):
    world = f"rules: book.yaml\ntests:\n  - name: x\n    coverage: {coverage}\n"
    result = run(
        f"    expect: [{{at: {at}, commitments: {{one: {{status: {headline}}}}}}}]\n", world=world
    )
    assert result.exit_code == 0, result.stdout


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("transitions: [{commitment: one, at: frist+1d, to: stalled}]", "no update is called 'frist' (did you mean 'first'?)"),
        ("alerts: [{commitment: onne, kind: stalled}]", "no commitment is called 'onne' (did you mean one?)"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(run, expected, message):
    result = run(f"    {expected}\n")
    assert result.exit_code == 1
    assert message in " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("coverage", "message"),
    [
        ("[{until: 2025-03-01, agreement: owm}]", "no agreement is called 'owm' (did you mean own?)"),
        ("[{since: 2025-04, until: 2025-03-01}]", "coverage ends (2025-03-01) before it begins"),
    ],
)  # fmt: skip
def test_coverage_that_cannot_be_is_told(run, coverage, message):
    world = f"rules: book.yaml\ntests:\n  - name: x\n    coverage: {coverage}\n"
    result = run("    never: [{commitment: one, status: delivered}]\n", world=world)
    assert result.exit_code == 1
    assert message in " ".join(result.stdout.split())


def test_an_update_counts_only_from_one_above_it(run):
    world = WORLD.replace("occurred_at: +9d", "occurred_at: again+1d")
    result = run("    never: [{commitment: one, to: reversed}]\n", world=world)
    assert "no update is called 'again' (give an update this id)" in result.stdout


@pytest.mark.parametrize(
    ("expected", "fault"),
    [
        ("transitions: [{commitment: one}]", "asks nothing: give from, to"),
        ("transitions: [{commitment: one, to: stale}]", "unknown to 'stale', did you mean 'stalled'?"),
        ("alerts: [{commitment: one, kind: summary}]", "unknown kind 'summary', known are stalled, at_risk"),
        ("alerts: [{commitment: one, kind: stalled, phase: open}]", "unknown phase 'open', did you mean 'opened'?"),
        ("never: [{commitment: one, alert: stale}]", "unknown alert 'stale', did you mean 'stalled'?"),
        ("never: [{commitment: one, alert: stalled, level: none}]", "an alert has a phase and nothing else here"),
        ("never: [{commitment: one, phase: opened}]", "give alert as well"),
        ("coverage: []\n    never: [{commitment: one, to: stalled}]", "give covers_until or coverage, not both"),
        ("only: alerts\n    never: [{commitment: one, to: stalled}]", "only: alerts needs some alerts"),
        ("only: transitions\n    never: [{commitment: one, to: stalled}]", "only: transitions needs some"),
        ("only: [standing]\n    never: [{commitment: one, to: stalled}]", "unknown only 'standing'"),
        ("expect: [{at: +10m0, commitments: {one: {level: none}}}]", "is not a date"),
        ("expect: [{at: +99999d, commitments: {one: {level: none}}}]", "at most a century"),
        ("map: {}", "expects nothing: give expect, transitions, alerts or never"),
    ],
)  # fmt: skip
def test_a_form_that_is_wrong_is_told_with_its_place(run, expected, fault):
    with pytest.raises(RulebookError) as caught:
        run(f"    {expected}\n")
    assert any(fault in line for line in caught.value.faults), caught.value.faults
    assert all(re.search(r"book\.test\.yaml:\d+:\d+: error: ", f) for f in caught.value.faults)


TWO = """    never: [{commitment: one, to: reversed}]
  - name: another, of talks & "laws" <#1>
    covers_until: 2025-02-01
    expect: [{at: 2025-02-01, commitments: {two: {status: stalled}, one: {level: limited}}}]
  - name: cannot be run
    updates: gone.jsonl
    covers_until: 2025-02-01
    never: [{commitment: one, to: reversed}]
"""


def test_run_picks_tests_by_their_names(run):
    result = run(TWO, "--run", "^a world$")
    assert (result.exit_code, result.stderr) == (0, "1 test (1 expectations): 1 passed\n")
    with pytest.raises(UsageError, match="no test is called like 'nothing'"):
        run(TWO, "--run", "nothing")
    with pytest.raises(UsageError, match="not a regular expression"):
        run(TWO, "--run", "(")


def test_the_report_on_coverage_names_rules_that_never_spoke(run):
    result = run(TWO, "--coverage", "--run", "a world")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    start = lines.index("never spoke in any test")
    assert re.fullmatch(r"  nobody  ignore  2 commitments  .*book\.yaml:9", lines[start + 1])
    assert lines[start + 2] == (
        "3 of 4 rules spoke, 75 %: advance limited 2 of 2, at_risk 1 of 1, ignore 0 of 1"
    )


def test_a_rule_spoke_where_it_changed_nothing_and_where_it_dropped_an_update(run):
    world = WORLD.replace("kind: delay", "kind: dispute")
    result = run(
        "    never: [{commitment: one, to: reversed}]\n", "--coverage", "-o", "json", world=world
    )
    coverage = json.loads(result.stdout)["coverage"]
    assert {r["rule"]: r["spoken"] for r in coverage["rules"]} == {
        "met": True,
        "voted": True,  # the level was limited already
        "nobody": True,
        "slips": False,
    }
    assert coverage["percent"] == 75
    assert coverage["rules"][0]["commitments"] == ["own/one", "own/two"]


def test_fail_under_fails_where_fewer_rules_spoke(run):
    one = ("--run", "a world", "--fail-under")
    assert run(TWO, *one, "75").exit_code == 0
    result = run(TWO, *one, "75.1")
    assert result.exit_code == 1
    assert "fewer than 75.1 % of the rules spoke: 3 of 4" in result.stderr


def test_junit_is_read_by_a_real_reader_and_has_the_common_form(run):
    junitparser = pytest.importorskip("junitparser")
    result = run(TWO, "-o", "junit")
    assert result.exit_code == 1
    document = junitparser.JUnitXml.fromstring(result.stdout.encode())
    assert (document.tests, document.failures, document.errors) == (3, 1, 1)
    (suite,) = document
    assert (suite.tests, suite.failures, suite.errors) == (3, 1, 1)
    passed, failed, error = suite
    assert passed.is_passed
    assert failed.name == 'another, of talks & "laws" <#1>'
    (difference,) = [r for r in failed.result if isinstance(r, junitparser.Failure)]
    assert difference.message == "2 differences"
    assert "two: begun: expected yes, got no: it begins on 2025-03-01" in difference.text
    assert isinstance(error.result[0], junitparser.Error)
    assert "gone.jsonl" in error.result[0].message


COMMON = {
    "testsuites": ({"name", "tests", "failures", "errors", "time", "disabled"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package"},
        {"properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "classname", "time", "status", "assertions"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"type", "message"}, set()),
    "error": ({"type", "message"}, set()),
}  # fmt: skip
"""The elements and attributes that the schemas of Jenkins (junit-10.xsd) and Ant both know."""


def test_junit_has_only_what_the_common_schemas_know(run):
    root = ET.fromstring(run(TWO, "-o", "junit").stdout.encode())
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = COMMON[element.tag]
        assert set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
        if element.tag in ("testsuites", "testsuite"):
            assert {"name", "tests", "failures", "errors"} <= set(element.attrib)
            assert all(element.get(n).isdigit() for n in ("tests", "failures", "errors"))


def test_junit_leaves_out_what_xml_cannot_hold(run):
    odd = '    never: [{commitment: one, to: reversed}]\n  - name: "odd \\u200b\\uFFFE"\n    never: [{commitment: one, to: reversed}]\n    covers_until: 2026\n'
    root = ET.fromstring(run(odd, "-o", "junit").stdout.encode())
    assert len(list(root.iter("testcase"))) == 2


def test_tap_is_read_by_a_real_reader(run):
    parser = pytest.importorskip("tap.parser")
    result = run(TWO, "-o", "tap")
    assert result.exit_code == 1
    assert result.stdout.startswith("TAP version 14\n1..3\nok 1 - ")
    lines = list(parser.Parser().parse_text(result.stdout.replace("version 14", "version 13")))
    tests = [line for line in lines if line.category == "test"]
    assert [(t.number, t.ok, t.todo or t.skip) for t in tests] == [
        (1, True, False),
        (2, False, False),
        (3, False, False),
    ]
    first, second = (t.yaml_block for t in tests if not t.ok)
    assert first["differences"][0]["found"] == "no: it begins on 2025-03-01"
    assert "gone.jsonl" in second["message"]
    assert tests[0].yaml_block is None
    assert {line.category for line in lines} == {"version", "plan", "test"}


def test_github_gets_an_annotation_for_each_difference(run):
    result = run(TWO, "-o", "github", "--coverage")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert all(re.fullmatch(r"::(error|notice) [^:]+::.+", line) for line in lines), lines
    errors = [line for line in lines if line.startswith("::error ")]
    assert len(errors) == 3
    assert re.search(r"file=.*book\.test\.yaml,line=13,title=rule test%3A another%2C of", errors[0])
    assert sum(line.startswith("::notice ") for line in lines) == 1


def test_each_form_of_output_is_quiet_about_nothing_it_should_say(run):
    for form in ("text", "json", "junit", "tap", "github"):
        result = run(TWO, "-o", form)
        assert result.exit_code == 1
        assert "3 tests" in result.stderr
        assert "gone.jsonl" in result.stdout
