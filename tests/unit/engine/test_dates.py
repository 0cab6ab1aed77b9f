"""Dates that wait for a milestone, and what becomes of the schedule."""

from ledger import engine_of, from_nothing
from making import DELIVER, book, day, kind, on, rule, update

from monitor.domain.assessment import Schedule
from monitor.domain.commitment import Milestone
from monitor.domain.due import After, parse_span
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
