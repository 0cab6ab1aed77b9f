"""What comes in silence is looked for as far as there is something to come."""

import pytest
from making import AT_RISK, advance, agreement, commitment, day, looked, on, rule, rulebook, update
from stepping import RUN, house

from monitor.domain.assessment import Level, Standing
from monitor.domain.commitment import Milestone
from monitor.domain.condition import MilestoneTest, Not, Silence, Slips, StatusTest
from monitor.domain.due import parse_span
from monitor.domain.recurring import Recurring
from monitor.domain.time import DAY, HOUR
from monitor.engine.engine import Engine
from monitor.services.explanation.foresight import foresee
from monitor.services.views.standing import Derived
from monitor.services.views.view import View

UP = rule("up", on("agreement"), advance(Level.LIMITED))
MONTHLY = Milestone("review", "Review", recurs=Recurring(parse_span("1 month")))
FLIPPING = rule("flips", Not(StatusTest(standing=(Standing.AT_RISK,))), AT_RISK, hold=HOUR)
"""At risk while not at risk: it begins and ends in one instant, and then an hour later again."""


def foreseen(book, key, **more):
    with house(book) as there:
        there.step(day(20), [update(10, "agreement")], [looked(None, 21)], options=RUN)
        with there.store.read() as reader:
            return foresee(Derived(reader, there.engine, View(day(20), day(20))), key, **more)


def days(told):
    return [(t.at - day(0)) / DAY for t in told.chain]


@pytest.fixture(autouse=True)
def reached(monkeypatch):
    """Up to when was derived; never far beyond what there is to tell."""
    derive, found = Engine.derive, []

    def within(engine, key, payload, news, fetch, watch, now, **more):
        assert now < day(100 * 365)
        found.append(now)
        return derive(engine, key, payload, news, fetch, watch, now, **more)

    monkeypatch.setattr(Engine, "derive", within)
    return found


def test_who_asks_about_what_recurs_for_ever_is_told_to_the_end(reached):
    """It went on to the year 9999, date by date, as long as any of them turned."""
    twice = rule("twice", MilestoneTest("review", missed=Slips(at_least=2)), AT_RISK)
    risk = rule("risk", StatusTest("g0/c0", standing=(Standing.AT_RISK,)), AT_RISK)
    asked, asker = commitment(twice, milestones=(MONTHLY,)), commitment(UP, risk, name="asker")
    told = foreseen(rulebook(agreement(asked, asker)), "g0/asker")
    assert days(told) == [60, 100, 190, 375]
    assert not told.more
    assert told.until is None
    assert max(reached) < day(5 * 365)


def test_a_clock_that_turns_far_ahead_is_waited_for():
    late = rule("late", Silence(40 * 365 * DAY), AT_RISK)
    told = foreseen(rulebook(agreement(commitment(UP, late))), "g0/c0")
    assert days(told) == [100, 190, 375, 10 + 40 * 365]
    assert not told.more
    assert told.until is None


def test_a_rule_that_contradicts_itself_is_looked_at_so_often_and_no_further():
    """It turned every hour up to the year 9999 without changing anything."""
    told = foreseen(rulebook(agreement(commitment(UP, FLIPPING))), "g0/c0")
    assert days(told) == [100, 190, 375]
    assert day(375) < told.until < day(10 * 365)
    assert not told.more


def test_so_is_one_that_asks_about_it():
    risk = rule("risk", StatusTest("g0/c0", standing=(Standing.AT_RISK,)), AT_RISK)
    asked, asker = commitment(UP, FLIPPING), commitment(UP, risk, name="asker")
    told = foreseen(rulebook(agreement(asked, asker)), "g0/asker")
    assert days(told) == [100, 190, 375]
    assert day(375) < told.until < day(10 * 365)


def test_where_the_chain_goes_on_that_is_what_is_said():
    told = foreseen(rulebook(agreement(commitment(UP, FLIPPING))), "g0/c0", limit=2)
    assert days(told) == [100, 190]
    assert (told.more, told.until) == (True, None)
