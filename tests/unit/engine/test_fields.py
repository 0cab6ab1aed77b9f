"""Conditions at their edges, one by one, to the second."""

from dataclasses import replace
from decimal import Decimal

import pytest
from ledger import engine_of, from_nothing
from making import AT_RISK, DAY, book, day, kind, looked, rule, update

from monitor.domain import condition as ask
from monitor.domain.assessment import Standing
from monitor.domain.commitment import Indicator, Milestone, Thresholds
from monitor.domain.coverage import ASSUMED
from monitor.domain.time import parse_occurred


def spans(condition, *reports, now=100, coverage=(), **more):
    """[(day it began to hold, day it ended)] of a condition, watched through an at_risk rule."""
    hold = more.pop("hold", 0)
    watched = book(
        rule("r", condition, AT_RISK, hold=hold), assumed=not coverage, thresholds=FAR, **more
    )
    derivation = from_nothing(engine_of(watched), reports, coverage, day(now))["g0/c0"]
    found, begun = [], None
    for transition in derivation.transitions:
        risky = transition.after.standing is Standing.AT_RISK
        if risky and begun is None:
            begun = transition.at
        elif not risky and begun is not None:
            found.append(((begun - day(0)) / DAY, (transition.at - day(0)) / DAY))
            begun = None
    return found if begun is None else [*found, ((begun - day(0)) / DAY, None)]


FAR = Thresholds(3000 * DAY, 3001 * DAY, 3002 * DAY, 10 * DAY)
LATE = [update(10, "delay", "one"), update(20, "delay", "two"), update(25, "delay", "three")]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"at_least": 2}, [(20, None)]),
        ({"at_least": 2, "within": 10 * DAY}, [(25, 30)]),
        ({"at_least": 2, "within": 11 * DAY}, [(20, 21), (25, 31)]),
        ({"at_most": 0}, [(0, 10)]),
        ({"at_most": 1, "within": 11 * DAY}, [(0, 20), (21, 25), (31, None)]),
        ({"at_least": 1, "at_most": 1, "within": 11 * DAY}, [(10, 20), (21, 25), (31, 36)]),
        ({"at_least": 0}, [(0, None)]),
    ],
)
def test_a_count_is_of_the_half_open_window_that_ends_now(test, expected):
    assert spans(ask.Count(kind("delay"), **test), *LATE) == expected


def test_a_silence_begins_when_it_is_long_enough_and_ends_with_a_report():
    silent = ask.Silence(9 * DAY, kind("delay"))
    assert spans(silent, *LATE) == [(9, 10), (19, 20), (34, None)]


def test_a_silence_is_counted_where_somebody_looks_and_nowhere_else():
    silent = ask.Silence(30 * DAY, kind("delay"))
    gap = [looked(None, 20), looked(50, 90)]
    assert spans(silent, coverage=gap, now=80) == [(60, None)]


def test_a_sequence_holds_from_its_last_step_on():
    steps = ask.Sequence((kind("meeting"), kind("delay")), within=12 * DAY)
    assert spans(steps, update(5, "meeting"), *LATE) == [(10, None)]
    assert spans(steps, update(1, "meeting"), update(12, "meeting", "x"), *LATE) == [(10, None)]
    assert spans(steps, update(26, "meeting"), *LATE) == []


MEASURED = [
    update(5, "measurement", indicator="v", value="1"),
    update(15, "measurement", indicator="v", value="3"),
    update(30, "measurement", indicator="v", value="2"),
]


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"value": ask.Range(at_least=2)}, [(15, None)]),
        ({"value": ask.Range(above=2)}, [(15, 30)]),
        ({"value": ask.Range(at_most=9)}, [(5, None)]),
        ({"trend": ask.Trend.RISING}, [(15, 30)]),
        ({"trend": ask.Trend.FALLING}, [(30, None)]),
        ({"change": ask.Range(at_most=-1)}, [(30, None)]),
        ({"trend": ask.Trend.RISING, "within": 20 * DAY}, [(15, 25)]),
        ({"change": ask.Range(at_least=1), "within": 26 * DAY}, [(15, 31)]),
        ({"target": ask.TargetState.MET}, [(15, 30)]),
        ({"target": ask.TargetState.MISSED}, [(41, None)]),
    ],
)
def test_an_indicator_is_asked_about_its_value_its_change_and_its_target(test, expected):
    series = Indicator("v", "V", target=3)
    deadline = parse_occurred("2025-02-10")
    found = spans(
        ask.IndicatorTest("v", **test), *MEASURED, indicators=(series,), deadline=deadline
    )
    assert found == expected


@pytest.mark.parametrize(
    ("state", "reports", "expected"),
    [
        ("pending", (), [(0, 31)]),
        ("due_soon", (), [(31, 41)]),
        ("overdue", (), [(41, None)]),
        ("overdue", (update(50, "meeting"),), [(41, 50)]),
        ("done", (update(20, "meeting"),), [(20, None)]),
        ("done_late", (update(50, "statement", milestone="m"),), [(50, None)]),
        ("done", (update(50, "meeting"),), []),
    ],
)
def test_a_milestone_is_due_at_the_end_of_its_day(state, reports, expected):
    step = Milestone("m", "M", parse_occurred("2025-02-10"), done=kind("meeting"))
    asked = ask.MilestoneTest("m", (ask.MilestoneState(state),))
    assert spans(asked, *reports, milestones=(step,)) == expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ({"at_least": 1}, [(10, None)]),
        ({"at_least": 2}, [(50, None)]),
        ({"at_most": 1}, [(0, 50)]),
        ({"share": ask.Range(at_least=50)}, [(10, None)]),
        ({"share": ask.Range(above=50)}, [(50, None)]),
        ({"at_least": 1, "milestones": ("b",)}, [(50, None)]),
        ({"at_least": 1, "states": (ask.MilestoneState.OVERDUE,)}, [(41, 50)]),
        ({"at_least": 2, "states": (ask.MilestoneState.OVERDUE,)}, []),
    ],
)
def test_milestones_are_counted_as_they_are_done_or_late(test, expected):
    due = parse_occurred("2025-02-10")
    steps = tuple(Milestone(name, name, due) for name in ("a", "b"))
    done = [
        update(10, "statement", milestone="a"),
        update(50, "statement", milestone="b"),
    ]
    assert spans(ask.MilestoneCount(**test), *done, milestones=steps) == expected


LINE = Indicator(
    "v",
    "V",
    baseline=Decimal(10),
    target=Decimal(0),
    at_most=True,
    target_date=parse_occurred("2025-04-10"),
)
"""Ten down to nothing in a hundred days: a tenth a day."""

HALF = [update(20, "measurement", indicator="v", value="5")]


@pytest.mark.parametrize(
    ("pace", "expected"),
    [
        ({"above": 100}, [(20, 50)]),
        ({"at_most": 100}, [(50, None)]),
        ({"below": 80}, [(62.5, None)]),
        ({"at_least": 80}, [(20, 62.5)]),
        ({"at_least": 50}, [(20, None)]),
        ({"above": 50}, [(20, 100)]),
        ({"above": 0}, [(20, None)]),
        ({"above": 80, "below": 125}, [(40, 62.5)]),
    ],
)
def test_a_pace_is_of_the_straight_line_from_baseline_to_target(pace, expected):
    bounds = ask.Range(**{name: Decimal(percent) for name, percent in pace.items()})
    found = spans(ask.IndicatorTest("v", pace=bounds), *HALF, indicators=(LINE,), now=200)
    second = Decimal(1) / 86_400
    assert [tuple(e if e is None else round(e, 3) for e in span) for span in found] == expected
    if "below" in pace and len(pace) == 1:
        assert found[0][0] == float(Decimal("62.5") + second)


def test_the_line_of_a_pace_stands_still_while_nobody_looks():
    behind = ask.IndicatorTest("v", pace=ask.Range(at_most=Decimal(100)))
    gap = [looked(None, 30), looked(70, 200)]
    assert spans(behind, *HALF, indicators=(LINE,), coverage=gap, now=150) == [(70, None)]
    assert spans(behind, *HALF, indicators=(LINE,), coverage=gap[:1], now=150) == []


@pytest.mark.parametrize(
    "line",
    [
        replace(LINE, baseline=None),
        replace(LINE, target=None),
        replace(LINE, target=LINE.baseline),
        replace(LINE, target_date=None),
        replace(LINE, baseline_date=parse_occurred("2025-05")),
    ],
)
def test_without_a_line_there_is_no_pace(line):
    for bounds in (ask.Range(at_least=Decimal(0)), ask.Range(at_most=Decimal(1000))):
        assert spans(ask.IndicatorTest("v", pace=bounds), *HALF, indicators=(line,)) == []


def test_a_pace_begins_with_the_commitment_and_ends_at_its_deadline():
    line = replace(LINE, target_date=None)
    above = ask.IndicatorTest("v", pace=ask.Range(above=Decimal(100)))
    deadline = parse_occurred("2025-04-10")
    assert spans(above, *HALF, indicators=(line,), deadline=deadline) == [(20, 50)]


def test_a_pace_says_how_much_of_the_way_and_of_the_time_is_behind_it():
    behind = ask.IndicatorTest("v", pace=ask.Range(below=Decimal(80)))
    watched = book(rule("r", behind, AT_RISK), thresholds=FAR, indicators=(LINE,))
    engine = engine_of(watched)
    turn = from_nothing(engine, HALF, (), day(100))["g0/c0"].transitions[-1]
    (reason,) = turn.reasons
    assert reason.numbers == (("pace of v", "50% of the way, 62% of the time gone", "< 80%"),)
    assert reason.updates == (HALF[0].id,)
    seen = engine.inspect("g0/c0", [(day(20), HALF[0])], ASSUMED, day(30))
    shown = seen.rules[0].findings[-1]
    assert shown == ("the pace of v", "50% of the way, 30% of the time gone", "< 80%", False)


def test_a_deadline_is_near_and_then_passed():
    deadline = parse_occurred("2025-02-10")
    assert spans(ask.Deadline(within=20 * DAY), deadline=deadline) == [(21, 41)]
    assert spans(ask.Deadline(passed=True), deadline=deadline) == [(41, None)]
    assert spans(ask.Deadline(passed=True)) == []


def test_a_condition_that_must_hold_for_long_begins_that_much_later_and_ends_at_once():
    two = ask.Count(kind("delay"), within=11 * DAY, at_least=1)
    assert spans(two, update(10, "delay"), hold=5 * DAY) == [(15, 21)]
    assert spans(two, update(10, "delay"), hold=11 * DAY) == []


@pytest.mark.parametrize("seconds", [1, 59, 86_399])
def test_an_edge_is_exact_to_the_second(seconds):
    silent = ask.Silence(9 * DAY + seconds, kind("delay"))
    ((begun, _),) = spans(silent)
    assert round(begun * DAY) == 9 * DAY + seconds


@pytest.mark.parametrize("state", ask.TargetState)
def test_an_indicator_without_a_target_neither_meets_nor_misses_it(state):
    aimless = ask.IndicatorTest("rate", target=state)
    rate = Indicator("rate", "Rate")
    due = parse_occurred("2025-01-20")
    reports = [update(5, "measurement", "one", indicator="rate", value=Decimal(10))]
    assert spans(aimless, *reports, indicators=(rate,), deadline=due) == []
