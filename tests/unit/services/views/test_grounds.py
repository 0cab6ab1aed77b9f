"""What a headline rests on, and the counts above a table."""

import pytest

from monitor.domain.assessment import NOT_BEGUN, Activity, Level, Schedule, Standing, Status
from monitor.domain.commitment import About, Commitment
from monitor.domain.coverage import Watch
from monitor.domain.derivation import Standing as Stand
from monitor.domain.time import DAY, EARLIEST, parse_occurred
from monitor.domain.transition import Cause, Reason, Transition
from monitor.domain.update import Update
from monitor.services.views.grounds import Ground, grounds, known_change, telling
from monitor.services.views.overview import count_words, looked_words
from monitor.services.views.standing import Stands

START = parse_occurred("2025-01-01").start("UTC")
ADVANCING = NOT_BEGUN._replace(
    level=Level.LIMITED, status=Status.ADVANCING, last_known=Status.ADVANCING
)
AT_RISK = ADVANCING._replace(
    standing=Standing.AT_RISK, status=Status.AT_RISK, last_known=Status.AT_RISK
)
DARK = AT_RISK._replace(activity=Activity.UNWATCHED, status=Status.NO_DATA)
BEGAN = Transition("a/x", START, None, NOT_BEGUN, (Reason(Cause.START, "it dates from 2025"),))
GONE = Reason(Cause.COVERAGE, "nobody has looked since 2025-03-01")


class Updates:
    """A reader of nothing but updates."""

    def __init__(self, *updates):
        self._updates = {update.id: update for update in updates}

    def updates(self, ids):
        return {i: self._updates[i] for i in ids if i in self._updates}


def update(identity, day, title="So"):
    return Update(identity, parse_occurred(day), START, "meeting", title, source="The Herald")


def ground(*transitions, known=(), **more):
    commitment = Commitment("a/x", "x", "a", "X", "x", START, "UTC", About(("x",)), (), **more)
    after = transitions[-1].after
    stands = Stands(commitment, Stand(after, START, START, None, None), transitions)
    return grounds(Updates(*known), [stands])["a/x"]


def turn(before, after, *reasons, days=1):
    return Transition("a/x", START + days * DAY, before, after, reasons)


def rule(text, *updates):
    return Reason(Cause.RULE, text, "r", None, updates)


def test_while_nobody_looks_the_reason_is_that_of_the_last_known_headline():
    risky = turn(ADVANCING, AT_RISK, rule("at risk: it was put off", "u1", "u2"))
    found = ground(
        BEGAN,
        turn(NOT_BEGUN, ADVANCING, rule("advanced to limited", "u0")),
        risky,
        turn(AT_RISK, DARK, GONE, days=9),
        known=[update("u1", "2025-01-03"), update("u2", "2025-01-05", "Later")],
    )
    assert found == Ground("it was put off", update("u2", "2025-01-05", "Later"))
    assert known_change([BEGAN, risky, turn(AT_RISK, DARK, GONE, days=9)]) is risky


def test_a_change_of_the_last_known_headline_while_nobody_looks_is_the_one_that_tells():
    overdue = DARK._replace(schedule=Schedule.OVERDUE, last_known=Status.OVERDUE)
    found = ground(
        BEGAN,
        turn(NOT_BEGUN, DARK, GONE),
        turn(DARK, overdue, GONE, Reason(Cause.DATE, "overdue (deadline 2025-02-01)"), days=31),
    )
    assert found == Ground("overdue (deadline 2025-02-01)", None)


def test_of_many_reasons_the_one_about_the_headline_tells():
    first, second = rule("advanced to limited"), rule("advanced to substantial")
    over = rule("no longer at risk: it was put off")
    substantial = ADVANCING._replace(level=Level.SUBSTANTIAL)
    assert telling(turn(AT_RISK, substantial, first, over, second)) is second
    assert telling(turn(AT_RISK, AT_RISK, first, rule("at risk: late"))).text == "at risk: late"
    waiting = AT_RISK._replace(status=Status.ON_TRACK, last_known=Status.ON_TRACK)
    assert telling(turn(AT_RISK, waiting, over)) is over
    assert telling(turn(AT_RISK, waiting, GONE, over)) is over
    assert telling(turn(AT_RISK, waiting)) is None


@pytest.mark.parametrize(
    ("reason", "known", "text"),
    [
        (rule("advanced to limited", "u"), True, ""),
        (rule("advanced to limited", "u"), False, "advanced to limited"),
        (rule("advanced to limited: a first step", "u"), True, "a first step"),
        (rule("advanced again, still limited", "u"), True, ""),
        (Reason(Cause.SILENCE, "no advance in 90d"), False, "no advance in 90d"),
    ],
)
def test_what_the_headline_and_the_level_say_is_not_said_again(reason, known, text):
    updates = [update("u", "2025-01-02")] if known else []
    assert ground(BEGAN, turn(NOT_BEGUN, ADVANCING, reason), known=updates).text == text


def test_what_has_not_begun_and_what_cannot_be_rated_say_so():
    assert ground(BEGAN) == Ground("no advance yet", None)
    assert ground(BEGAN, rated=False).text == "it cannot be rated"


def test_counts_come_most_pressing_first_and_without_data_last():
    two = AT_RISK._replace(activity=Activity.STALLED, status=Status.STALLED)
    assert count_words([ADVANCING, two, ADVANCING]) == ["1 stalled,", "2 advancing"]
    dark = DARK._replace(last_known=Status.ON_TRACK)
    assert count_words([dark, two, DARK, dark]) == [
        "1 stalled;", "no data on 3: 1 was at risk,", "2 on track",
    ]  # fmt: skip
    assert count_words([dark, dark]) == ["no data on 2: 2 were on track"]


def test_who_looked_is_told_with_what_stood_only_where_data_is_lacking():
    end = parse_occurred("2025-03-01").start("UTC")
    gap = Watch(((EARLIEST, end), (end + 9 * DAY, end + 20 * DAY)))
    told = "nobody has looked since 2025-03-01: “was” is what stood then"
    assert looked_words(gap, end + DAY, "UTC", blind=True) == told
    assert looked_words(gap, end + DAY, "UTC", blind=False) == "not watched at that time"
    assert looked_words(Watch(()), end, "UTC", blind=True) == "never watched"
