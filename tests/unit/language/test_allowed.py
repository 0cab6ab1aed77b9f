"""Lints that a comment allows, and the levels that a configuration gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.language.faults import FaultSeverity
from monitor.language.lintcodes import LINTS, LintLevel
from monitor.language.loader import check_rulebook

HEAD = "agreement: s\ntitle: S\ndate: 2025-08-23\nsources: {o: {tier: 1, names: [X]}}\n"
NEVER = "{id: r, when: {deadline: passed}, then: stalled}"


@pytest.fixture
def check(tmp_path, monkeypatch):
    """Check a rulebook whose only doubtful rule stands in line 12, with what is put around it."""
    monkeypatch.chdir(tmp_path)

    def run(above="", behind="", *, levels=None, more="", topics_seen=None):
        text = (
            f"{HEAD}source: s.txt\n\ncommitments:\n  - id: a\n    title: A\n    quote: q\n"
            f"    rules:\n{above}      - {NEVER}{behind}\n{more}"
        )
        Path("s.txt").write_text("q\n")
        Path("s.yaml").write_text(text)
        return check_rulebook([Path("s.yaml")], levels=levels, topics_seen=topics_seen)

    return run


def codes(faults):
    return [fault.code for fault in faults if fault.code != "complete-out-of-reach"]


WAYS = [
    ("", "  # monitor: allow never-fires -- a deadline follows"),
    ("      # monitor: allow never-fires -- a deadline follows\n", ""),
    ("# monitor: allow never-fires -- a deadline follows\n\n  # and more words\n", ""),
    ("", "  #monitor:allow never-fires, no-source -- a deadline follows"),
]


@pytest.mark.parametrize(("above", "behind"), WAYS)
def test_a_comment_with_a_reason_allows_a_lint(check, above, behind):
    report = check(above, behind)
    assert "never-fires" not in codes(report.faults)
    (one,) = report.suppressed
    assert (one.fault.code, one.reason) == ("never-fires", "a deadline follows")


def test_without_a_comment_it_is_told(check):
    report = check()
    assert codes(report.faults) == ["never-fires"]
    assert report.suppressed == ()


def test_a_comment_without_a_reason_is_itself_a_lint(check):
    report = check("", "  # monitor: allow never-fires")
    assert codes(report.faults) == ["allowed-without-reason"]
    (fault,) = [f for f in report.faults if f.code == "allowed-without-reason"]
    assert (fault.location.line, fault.severity) == (12, FaultSeverity.WARNING)
    assert "# monitor: allow never-fires -- and why" in str(fault)
    assert report.suppressed[0].reason == ""


@pytest.mark.parametrize(
    ("above", "behind", "told"),
    [
        ("", "  # monitor: allow never-fires, always-holds -- so", "there is no always-holds in line 12"),
        ("# monitor: allow never-fires -- so\n      - {id: x, when: {update: {kind: delay}}, then: stalled}\n", "", "there is no never-fires in line 13"),
        ("", "\n# monitor: allow never-fires -- so", "there is no never-fires in line 13"),
    ],
)  # fmt: skip
def test_a_comment_for_what_is_not_there_is_in_vain(check, above, behind, told):
    report = check(above, behind)
    (fault,) = [f for f in report.faults if f.code == "allowed-in-vain"]
    assert told in str(fault)


def test_a_comment_that_names_no_lint_is_told_what_there_is(check):
    (fault,) = [
        f
        for f in check("", "  # monitor: allow never-fire -- so").faults
        if f.code == "unknown-lint"
    ]
    assert "no lint is called 'never-fire', did you mean 'never-fires'?" in str(fault)
    (fault,) = [f for f in check("", "  # monitor: allow").faults if f.code == "unknown-lint"]
    assert "allows nothing" in str(fault)


@pytest.mark.parametrize(
    "text",
    [
        "    guideline: |\n      # monitor: allow always-holds -- text\n",
        "    guideline: >\n      so\n      # monitor: allow always-holds -- text\n",
        '    guideline: "a # monitor: allow always-holds -- text"\n',
        "    guideline: 'a\n      # monitor: allow always-holds -- text'\n",
        "    guideline: a#monitor:allow always-holds\n",
    ],
)
def test_what_stands_in_a_text_is_no_comment(check, text):
    assert codes(check(more=text).faults) == ["never-fires"]


def test_an_error_cannot_be_allowed_and_hides_what_would_be_in_vain(check):
    report = check("", "  # monitor: allow missing-key -- so", more="    titel: x\n")
    assert [f.code for f in report.errors] == ["unknown-key"]
    assert codes(report.lints) == ["unknown-lint"]
    report = check("", "  # monitor: allow always-holds -- so", more="    titel: x\n")
    assert codes(report.lints) == []


def test_what_could_not_be_looked_for_is_not_in_vain(check):
    comment = "  # monitor: allow never-fires, topic-never-seen -- new"
    assert codes(check("", comment).faults) == []
    assert codes(check("", comment, topics_seen={"a"}).faults) == ["allowed-in-vain"]


def test_levels_of_the_configuration_take_the_place_of_its_own(check):
    assert codes(check(levels={"never-fires": LintLevel.OFF}).faults) == []
    report = check(levels={"never-fires": LintLevel.ERROR})
    assert codes(report.errors) == ["never-fires"]
    assert report.size is not None, "a lint never keeps a rulebook from loading"
    (fault,) = [f for f in check(levels={"never-fires": LintLevel.INFO}).faults if f.code[0] == "n"]
    assert fault.severity is FaultSeverity.INFO


def test_what_is_off_need_not_be_there_to_be_allowed(check):
    off = {"never-fires": LintLevel.OFF}
    report = check("", "  # monitor: allow never-fires -- so", levels=off)
    assert codes(report.faults) == []


def test_a_level_cannot_soften_an_error(check):
    report = check(more="    titel: x\n", levels={"unknown-key": LintLevel.OFF})
    assert codes(report.errors) == ["unknown-key"]


def test_every_lint_that_is_found_has_its_usual_level(check):
    report = check("", "  # monitor: allow bogus", more="    quiet: 3m\n", topics_seen={"x"})
    found = {fault.code: fault.severity for fault in report.faults}
    assert len(found) >= 5
    assert found == {code: LINTS[code].severity for code in found}
