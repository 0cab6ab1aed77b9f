"""Dates that wait for a milestone, are moved or recur, and what becomes of the schedule."""

import pytest
from ledger import engine_of, from_nothing
from making import AT_RISK, DELIVER, IGNORE, book, day, kind, on, rule, update

from monitor.domain import condition as ask
from monitor.domain.assessment import Schedule, Standing
from monitor.domain.commitment import Milestone, Thresholds
from monitor.domain.condition import MilestoneState
from monitor.domain.coverage import ASSUMED
from monitor.domain.due import After, Move, parse_span
from monitor.domain.recurring import Recurring
from monitor.domain.time import DAY, parse_occurred

DONE = rule("done", on("implementation"), DELIVER)
SIGNED = Milestone("signed", "Signed", done=kind("agreement"))


def derived(*reports, now=200, **more):
    watched = book(DONE, **more)
    return from_nothing(engine_of(watched), reports, (), day(now))["g0/c0"]


def turns(*reports, **more):
    """[(day, schedule)] at every change of the schedule."""
    found = []
    for t in derived(*reports, **more).transitions:
        if not found or found[-1][1] is not t.after.schedule:
            found.append(((t.at - day(0)) // DAY, t.after.schedule))
    return found


def after(span, milestone=None, **more):
    return After(parse_span(span), milestone, **more)


def test_before_its_milestone_a_deadline_has_no_date():
    terms = {"deadline": after("60d", "signed"), "milestones": (SIGNED,)}
    assert turns(**terms) == [(0, Schedule.NOT_DUE)]
    (date,) = derived(**terms).standing.dates
    assert (date.end, date.said) == (None, "60d after the milestone signed")


def test_with_its_milestone_a_deadline_has_a_date_and_passes():
    terms = {"deadline": after("60d", "signed"), "milestones": (SIGNED,)}
    signed = update(10, "agreement")
    assert turns(signed, **terms) == [
        (0, Schedule.NOT_DUE),
        (41, Schedule.DUE_SOON),
        (71, Schedule.OVERDUE),
    ]
    assert turns(signed, update(80, "implementation"), **terms)[-1] == (80, Schedule.MET_LATE)
    assert turns(signed, update(60, "implementation"), **terms)[-1] == (60, Schedule.MET)


def test_what_is_done_before_its_date_is_known_is_met():
    terms = {"deadline": after("60d", "signed"), "milestones": (SIGNED,)}
    assert turns(update(60, "implementation"), **terms)[-1] == (60, Schedule.MET)


def test_dates_follow_each_other_from_milestone_to_milestone():
    staffed = Milestone("staffed", "Staffed", after("20d", "signed"), kind("meeting"))
    terms = {"deadline": after("20d", "staffed"), "milestones": (SIGNED, staffed)}
    reports = update(10, "agreement"), update(25, "meeting")
    assert turns(*reports, **terms)[-1] == (46, Schedule.OVERDUE)
    dates = derived(*reports, **terms).standing.dates
    assert [(d.name, d.end) for d in dates] == [("", day(46)), ("staffed", day(31))]


def test_a_deadline_counted_from_the_start_is_a_date_like_any_other():
    assert turns(deadline=after("40d"))[-1] == (41, Schedule.OVERDUE)
    assert turns(deadline=parse_occurred("2025-02-10"))[-1] == (41, Schedule.OVERDUE)


def test_what_becomes_overdue_names_the_day():
    terms = {"deadline": after("60d", "signed"), "milestones": (SIGNED,)}
    last = derived(update(10, "agreement"), now=71, **terms).transitions[-1]
    assert last.reasons[0].text == "overdue (deadline 2025-03-12)"


# ---- Dates that are moved ----------------------------------------------------------------------------

DEADLINE = parse_occurred("2025-02-10")
FEBRUARY = {"deadline": DEADLINE}


def moves(occurred, to, kind="delay", **more):
    more.setdefault("source", "The Wire")
    return update(occurred, kind, f"Put off to {to}", moves_to=parse_occurred(to), **more)


def held(condition, *reports, now=200, **more):
    """[(day it began to hold, day it ended)] of a condition."""
    watched = book(rule("r", condition, AT_RISK), **more)
    found = from_nothing(engine_of(watched), reports, (), day(now))["g0/c0"].transitions
    days, holding = [], False
    for t in found:
        risky = t.after.standing is Standing.AT_RISK
        if risky is not holding:
            days.append((t.at - day(0)) // DAY)
            holding = risky
    return days


def test_overdue_counts_from_the_original_and_the_moves_stand_beside_it():
    reports = moves(20, "2025-03-31"), moves(50, "2025-06-30", source="Ministry")
    assert turns(*reports, **FEBRUARY)[-1] == (41, Schedule.OVERDUE)
    (date,) = derived(*reports, **FEBRUARY).standing.dates
    assert (date.end, date.current, date.slips) == (day(41), day(181), 2)
    assert [(m.to, m.by, m.update) for m in date.moves] == [
        ("2025-03-31", "The Wire", reports[0].id),
        ("2025-06-30", "Ministry", reports[1].id),
    ]
    last = derived(*reports, now=45, **FEBRUARY).transitions[-1]
    said = "overdue (deadline 2025-02-10, moved to 2025-03-31 by The Wire, 1 slip)"
    assert last.reasons[0].text == said


def test_what_only_repeats_the_date_that_stands_is_no_move():
    reports = moves(20, "2025-03-31"), moves(21, "2025-03-31", source="Ministry")
    (date,) = derived(*reports, moves(5, "2025-02-10"), **FEBRUARY).standing.dates
    assert [m.to for m in date.moves] == ["2025-03-31"]


def test_a_move_to_an_earlier_date_is_a_move_and_no_slip():
    reports = moves(20, "2025-03-31"), moves(30, "2025-03-15"), moves(31, "2025-03-20")
    (date,) = derived(*reports, **FEBRUARY).standing.dates
    assert (len(date.moves), date.slips, date.current) == (3, 2, day(79))


def test_of_one_instant_the_latest_date_counts():
    reports = moves(20, "2025-06-30"), moves(20, "2025-03-31"), moves(20, "2025-05-31")
    (date,) = derived(*reports, **FEBRUARY).standing.dates
    assert [m.to for m in date.moves] == ["2025-06-30"]


def test_who_does_not_count_moves_no_date():
    watched = {"tier": 2, **FEBRUARY}
    (date,) = derived(moves(20, "2025-03-31", source="somebody"), **watched).standing.dates
    assert date.moves == ()
    ignored = rule("beside", on("delay"), IGNORE)
    rumour = from_nothing(
        engine_of(book(ignored, **FEBRUARY)), [moves(20, "2025-03-31")], (), day(90)
    )
    assert rumour["g0/c0"].standing.dates[0].moves == ()


def test_a_milestone_is_moved_by_an_update_that_names_it_and_is_not_done_by_it():
    step = Milestone("step", "Step", parse_occurred("2025-02-10"), done=kind("delay"))
    report = moves(20, "2025-03-31", milestone="step")
    found = derived(report, milestones=(step,), deadline=parse_occurred("2025-12-31"))
    (deadline, date) = found.standing.dates
    assert (date.name, date.done, date.slips, deadline.slips) == ("step", None, 1, 0)
    assert date.schedule is Schedule.OVERDUE


@pytest.mark.parametrize("due", ["2025-02-10", None], ids=["dated", "undated"])
def test_who_is_too_weak_to_move_a_date_does_not_complete_it_either(due):
    """The milestone takes anybody's word that it is done; this report says that it is put off."""
    anybody = ask.UpdatePattern(kind=("delay",), tier=3)
    step = Milestone("step", "Step", due and parse_occurred(due), done=anybody)
    rumour = moves(20, "2025-03-31", milestone="step", source="somebody")
    done = ask.MilestoneTest("step", (MilestoneState.DONE,))
    assert held(done, rumour, milestones=(step,), tier=1) == []


def test_rules_can_ask_how_often_and_to_when():
    reports = moves(20, "2025-03-31"), moves(50, "2025-06-30")
    twice = ask.Deadline(slips=ask.Slips(at_least=2))
    assert held(twice, *reports, **FEBRUARY) == [50]
    once = ask.Deadline(slips=ask.Slips(at_least=1, at_most=1))
    assert held(once, *reports, **FEBRUARY) == [20, 50]
    assert held(ask.Deadline(passed=True, current=True), *reports, **FEBRUARY) == [181]
    near = ask.Deadline(within=30 * DAY, current=True)
    assert held(near, *reports, **FEBRUARY) == [11, 20, 151, 181]


def test_rules_can_ask_the_same_of_a_milestone():
    step = Milestone("step", "Step", parse_occurred("2025-02-10"))
    reports = [moves(20, "2025-03-31", milestone="step"), update(100, milestone="step")]
    often = ask.MilestoneTest("step", slips=ask.Slips(at_least=1))
    assert held(often, *reports, milestones=(step,)) == [20]
    behind = ask.MilestoneTest("step", current=ask.Deadline(passed=True, current=True))
    assert held(behind, *reports, milestones=(step,)) == [90, 100]
    both = ask.MilestoneTest("step", (MilestoneState.OVERDUE,), ask.Slips(at_least=1))
    assert held(both, *reports, milestones=(step,)) == [41, 100]


def test_the_rulebook_may_tell_of_moves_itself_from_their_day_on():
    told = Move(parse_occurred("2025-03-31"), parse_occurred("2025-01-21"), "both sides")
    once = ask.Deadline(slips=ask.Slips(at_least=1))
    assert held(once, moved=(told,), **FEBRUARY) == [20]
    assert derived(moved=(told,), now=19, **FEBRUARY).standing.dates[0].moves == ()
    (date,) = derived(moved=(told,), **FEBRUARY).standing.dates
    assert [(m.to, m.by, m.update) for m in date.moves] == [("2025-03-31", "both sides", None)]


def test_a_date_that_waits_may_be_moved_before_it_is_known():
    terms = {"deadline": after("60d", "signed"), "milestones": (SIGNED,)}
    report = moves(5, "2025-12-31")
    (date,) = derived(report, **terms).standing.dates
    assert (date.end, date.current, date.slips) == (None, day(365), 0)
    (date,) = derived(report, update(10, "agreement"), **terms).standing.dates
    assert (date.end, date.current, date.slips) == (day(71), day(365), 1)


def test_a_pattern_can_ask_for_updates_that_move_a_date():
    asked = ask.Count(ask.UpdatePattern(moves=True), at_least=1)
    assert held(asked, update(10, "delay"), moves(20, "2025-03-31"), **FEBRUARY) == [20]


def test_moves_survive_the_cache():
    terms = {"deadline": after("60d", "signed"), "milestones": (SIGNED,)}
    engine = engine_of(book(DONE, **terms))
    reports = [(day(5), moves(5, "2025-12-31")), (day(10), update(10, "agreement"))]

    def derive(payload, news, now):
        return engine.derive("g0/c0", payload, news, lambda _: reports, ASSUMED, day(now))

    first = derive(None, reports, 30)
    again = derive(first.payload, [], 90)
    assert again.standing.dates == derive(None, reports, 90).standing.dates
    assert again.standing.dates[0].slips == 1


# ---- Milestones that recur ---------------------------------------------------------------------------


def review(every="1 month", first="2025-01-15", until=None):
    recurs = Recurring(parse_span(every), parse_occurred(first), until and parse_occurred(until))
    return {"milestones": (Milestone("review", "Review", done=kind("meeting"), recurs=recurs),)}


def test_a_milestone_that_recurs_is_overdue_from_the_first_date_that_was_missed():
    assert turns(now=100, **review()) == [
        (0, Schedule.NOT_DUE),
        (16, Schedule.DUE_SOON),
        (46, Schedule.OVERDUE),
    ]
    (date,) = derived(now=120, **review()).standing.dates
    assert (date.end, date.missed) == (day(46), 3)
    assert date.said == "every 1 month from 2025-01-15"


def test_each_period_has_to_be_met_in_itself():
    met = [update(40, "meeting"), update(50, "meeting", "Again"), update(70, "meeting", "More")]
    (date,) = derived(*met, now=73, **review()).standing.dates
    assert (date.end, date.missed, date.schedule) == (day(105), 0, Schedule.NOT_DUE)
    (date,) = derived(*met, now=110, **review()).standing.dates
    assert (date.end, date.missed, date.schedule) == (day(105), 1, Schedule.OVERDUE)


def test_what_comes_late_ends_the_lateness_and_stays_missed():
    (date,) = derived(update(60, "meeting"), now=65, **review()).standing.dates
    assert (date.end, date.missed) == (day(105), 1)
    assert turns(update(60, "meeting"), now=65, **review())[-1] == (60, Schedule.NOT_DUE)


def test_what_came_before_the_first_period_meets_nothing():
    (date,) = derived(update(5, "meeting"), now=30, **review()).standing.dates
    assert date.end == day(46)


def test_with_its_last_period_it_is_done_for_good():
    twice = review(until="2025-03-31")
    both = [update(40, "meeting"), update(70, "meeting", "Again")]
    assert turns(*both, **twice)[-1] == (70, Schedule.MET)
    assert turns(both[0], update(80, "meeting", "Late"), **twice)[-1] == (80, Schedule.MET_LATE)
    (date,) = derived(both[0], now=190, **twice).standing.dates
    assert (date.missed, date.schedule) == (1, Schedule.OVERDUE)


def test_rules_can_ask_how_many_dates_were_missed():
    twice = ask.MilestoneTest("review", missed=ask.Slips(at_least=2))
    assert held(twice, now=100, **review()) == [74]
    assert held(twice, update(60, "meeting"), now=140, **review()) == [105]
    last = derived(now=46, **review()).transitions[-1]
    assert last.reasons[0].text == "overdue (review 2025-02-15, 1 missed)"


def test_more_than_so_many_missed_turns_when_the_next_one_is():
    """It was looked at when as many were missed as are allowed, and not when there was one more."""
    more = ask.Not(ask.MilestoneTest("review", missed=ask.Slips(at_most=1)))
    assert held(more, now=100, **review()) == [74]
    one = ask.MilestoneTest("review", missed=ask.Slips(at_least=1, at_most=1))
    assert held(one, now=100, **review()) == [46, 74]


@pytest.mark.parametrize("met", [(), (40,), (50,), (40, 50), (60, 80)])
def test_it_is_looked_at_again_only_when_so_many_will_have_been_missed(met):
    """Else what recurs for ever is looked at for ever, and what comes in silence has no end."""
    reports = [update(at, "meeting", f"Of day {at}") for at in met]
    third = rule("third", ask.MilestoneTest("review", missed=ask.Slips(at_least=3)), AT_RISK)
    engine = engine_of(book(third, thresholds=Thresholds(DAY, 2 * DAY, 3 * DAY), **review()))

    def whole(now):
        return from_nothing(engine, reports, (), day(now))["g0/c0"]

    after = whole(400)
    (when,) = (t.at for t in after.transitions if "third" in {r.rule for r in t.reasons})
    assert whole((when - day(1)) // DAY).due_watched == when
    assert (after.due_clock, after.due_watched) == (None, None)


def test_the_rounds_survive_the_cache():
    engine = engine_of(book(DONE, **review()))
    reports = [(day(40), update(40, "meeting")), (day(70), update(70, "meeting", "Again"))]
    first = engine.derive("g0/c0", None, reports, lambda _: reports, ASSUMED, day(71))
    again = engine.derive("g0/c0", first.payload, [], lambda _: reports, ASSUMED, day(110))
    assert [(d.end, d.missed) for d in again.standing.dates] == [(day(105), 1)]
