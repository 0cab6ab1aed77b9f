"""The next date of a commitment, and why it is one."""

import pytest

from monitor.domain.assessment import Activity, Assessment, Level, Schedule, Standing, Status
from monitor.domain.commitment import About, Commitment, Milestone, Superseded
from monitor.domain.coverage import ASSUMED, Watch
from monitor.domain.derivation import Dated
from monitor.domain.derivation import Standing as Stand
from monitor.domain.time import DAY, EARLIEST, parse_occurred
from monitor.services.views.overview import watched_words
from monitor.services.views.standing import Stands
from monitor.services.views.upcoming import upcoming

START = parse_occurred("2025-01-01").start("UTC")


def stands(due, *, status=Status.ON_TRACK, advanced=None, **more):
    commitment = Commitment("a/x", "x", "a", "X", "x", START, "UTC", About(("x",)), (), **more)
    assessment = Assessment(
        Level.NONE, Activity.ACTIVE, Schedule.NO_DEADLINE, Standing.IN_FORCE, status, status
    )
    dates = [(due, "") for due in [commitment.deadline] if due is not None]
    dates += [(m.due, m.id) for m in commitment.milestones]
    dated = tuple(Dated(n, d.text, d.end("UTC"), None, Schedule.NOT_DUE) for d, n in dates)
    return Stands(commitment, Stand(assessment, START, START, advanced, due, dated), ())


@pytest.mark.parametrize(
    ("days", "why"), [(90, "quiet"), (180, "stalled"), (365, "dormant"), (17, "a rule")]
)
def test_the_clocks_and_the_rules(days, why):
    due = START + days * DAY
    assert upcoming(stands(due), ASSUMED, START) == (due, why)


def test_the_clock_runs_from_the_last_advance():
    advanced = START + 10 * DAY
    assert upcoming(stands(START + 100 * DAY, advanced=advanced), ASSUMED, advanced).why == "quiet"


@pytest.mark.parametrize(("text", "why"), [("2025-06-01", "overdue"), ("2025-07-01", "due soon")])
def test_a_deadline_is_announced_and_then_passed(text, why):
    due = parse_occurred("2025-06-02").start("UTC")
    for dates in (
        {"deadline": parse_occurred(text)},
        {"milestones": (Milestone("m", "M", parse_occurred(text)),)},
    ):
        assert upcoming(stands(due, **dates), ASSUMED, START).why == why


def test_the_end_and_the_return_of_coverage():
    ends, returns = START + 20 * DAY, START + 40 * DAY
    watch = Watch(((EARLIEST, ends), (returns, returns + DAY)))
    assert upcoming(stands(ends), watch, START).why == "no data"
    assert upcoming(stands(returns), watch, ends).why == "watched again"


def test_a_final_headline_changes_only_when_something_takes_its_place():
    over = Superseded(parse_occurred("2027-01-01"), "another accord")
    final = {"status": Status.DELIVERED}
    assert upcoming(stands(START + 90 * DAY, **final), ASSUMED, START) is None
    assert upcoming(stands(None, **final, superseded=over), ASSUMED, START).why == "superseded"
    late = parse_occurred("2027-01-01").start("UTC")
    assert upcoming(stands(None, **final, superseded=over), ASSUMED, late) is None
    assert upcoming(stands(late, superseded=over), ASSUMED, START).why == "superseded"


def test_nothing_is_due_where_time_changes_nothing():
    assert upcoming(stands(None), ASSUMED, START) is None
    assert upcoming(stands(START), ASSUMED, START) is None


def test_without_knowing_the_coverage_the_calendar_still_speaks():
    due = parse_occurred("2025-06-02").start("UTC")
    assert (
        upcoming(stands(due, deadline=parse_occurred("2025-06-01")), None, START).why == "overdue"
    )
    assert upcoming(stands(START + 90 * DAY), None, START).why == "a rule"


def test_coverage_in_words():
    end = parse_occurred("2025-02-01").start("UTC")
    watch = Watch(((START, end),))
    assert watched_words(ASSUMED, START, "UTC") == "taken as always watched"
    assert watched_words(Watch(()), START, "UTC") == "never watched"
    assert watched_words(watch, START, "UTC") == "watched until 2025-01-31"
    assert watched_words(watch, end, "UTC") == "watched until 2025-01-31, not since"
    assert watched_words(watch, START - 1, "UTC") == "not watched at that time"
