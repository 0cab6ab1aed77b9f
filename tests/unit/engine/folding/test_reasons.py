"""Every conclusion explains itself: rule, place, evidence, numbers."""

import pytest
from ledger import engine_of, from_nothing
from making import (
    AT_RISK,
    DAY,
    advance,
    book,
    day,
    kind,
    looked,
    on,
    rule,
    setback,
    update,
)

from monitor.domain import condition as ask
from monitor.domain.assessment import Level
from monitor.domain.commitment import Conclusion, ConclusionKind, Indicator, Severity
from monitor.domain.time import parse_occurred
from monitor.domain.transition import Cause

UP = rule("up", on("agreement"), advance(Level.LIMITED))


def history(book, *reports, now=60, coverage=()):
    return from_nothing(engine_of(book), reports, coverage, day(now))["g0/c0"].transitions


def reasons(book, at, *reports, **more):
    (found,) = [t for t in history(book, *reports, **more) if t.at == day(at) and t.before]
    return found.reasons


def test_the_first_assessment_says_since_when_the_commitment_dates():
    (first,) = history(book(), now=1)
    (reason,) = first.reasons
    assert (reason.cause, reason.text) == (Cause.START, "the commitment dates from 2025-01-01")


def test_a_rule_is_named_with_its_place_and_its_evidence():
    report = update(10, "agreement")
    loud = rule(
        "up",
        on("agreement"),
        advance(Level.LIMITED),
        severity=Severity.CRITICAL,
        labels=(("team", "b"),),
        message="{title}!",
    )
    (reason,) = reasons(book(loud), 10, report, update(10, "meeting"))
    assert (reason.cause, reason.rule, reason.text) == (Cause.RULE, "up", "advanced to limited")
    assert reason.where == "rules/some.yaml:12:7"
    assert reason.updates == (report.id,)
    assert (reason.severity, reason.labels, reason.message) == (
        "critical",
        (("team", "b"),),
        "{title}!",
    )


def test_a_count_gives_its_numbers_and_every_report_it_counted():
    slipping = rule(
        "slipping",
        ask.Count(kind("delay"), within=30 * DAY, at_least=2),
        Conclusion(ConclusionKind.AT_RISK, reason="repeated delays"),
    )
    late = [update(2, "delay", "too old"), update(25, "delay", "one"), update(40, "delay", "two")]
    (reason,) = reasons(book(slipping), 40, *late)
    assert reason.text == "at risk: repeated delays"
    assert reason.numbers == (("count within 30d", "2", "2"),)
    assert reason.updates == (late[1].id, late[2].id)


def test_the_end_of_a_lasting_conclusion_names_the_rule_that_ends_and_not_its_message():
    slipping = rule(
        "slipping",
        ask.Count(kind("delay"), within=30 * DAY, at_least=1),
        AT_RISK,
        message="{title}?",
    )
    (reason,) = reasons(book(slipping), 40, update(10, "delay"))
    assert (reason.text, reason.rule, reason.message) == ("no longer at risk", "slipping", None)


@pytest.mark.parametrize(
    ("reports", "at", "text"),
    [
        ((), 90, "no first advance in 90d of watching, since 2025-01-01"),
        ((update(10, "agreement"),), 100, "no advance in 90d of watching, since 2025-01-11"),
    ],
)
def test_silence_says_how_long_and_since_when(reports, at, text):
    (reason,) = reasons(book(UP), at, *reports, now=150)
    assert (reason.cause, reason.text) == (Cause.SILENCE, text)
    assert reason.numbers == (("silence", "90d", "90d"),)


def test_the_end_of_coverage_says_since_when_nobody_has_looked():
    watched = book(UP, assumed=False, grace=2 * DAY)
    (reason,) = reasons(watched, 22, coverage=[looked(None, 20)])
    assert (reason.cause, reason.text) == (Cause.COVERAGE, "nobody has looked since 2025-01-21")
    (reason,) = reasons(watched, 30, coverage=[looked(None, 20), looked(30, 50)])
    assert (reason.cause, reason.text) == (Cause.COVERAGE, "watched again from 2025-01-31")


def test_a_date_that_passed_is_named():
    (reason,) = reasons(book(UP, deadline=parse_occurred("2025-02-10")), 41)
    assert (reason.cause, reason.text) == (Cause.DATE, "overdue (deadline 2025-02-10)")


def test_of_one_day_both_the_good_and_the_bad_are_named():
    back = rule("back", on("reversal"), setback(Level.NONE))
    both = [update(10, "agreement"), update(10, "reversal")]
    found = reasons(book(UP, back), 10, *both)
    assert {(r.rule, r.updates) for r in found} == {
        ("up", (both[0].id,)),
        ("back", (both[1].id,)),
    }


def test_a_sequence_names_the_reports_that_make_it():
    steps = ask.Sequence((kind("meeting"), kind("agreement")), within=20 * DAY)
    reports = [update(1, "meeting"), update(15, "meeting", "x"), update(30, "agreement")]
    (reason,) = reasons(book(rule("s", steps, advance(Level.LIMITED))), 30, *reports)
    assert reason.updates == (reports[1].id, reports[2].id)


def test_an_indicator_names_the_reports_that_it_compares():
    rising = ask.IndicatorTest("volume", trend=ask.Trend.RISING)
    watched = book(
        rule("r", rising, advance(Level.LIMITED)), indicators=(Indicator("volume", "Volume"),)
    )
    reports = [
        update(1, "measurement", indicator="volume", value="1"),
        update(5, "measurement", indicator="volume", value="2.5"),
    ]
    (reason,) = reasons(watched, 5, *reports)
    assert set(reason.updates) == {report.id for report in reports}
