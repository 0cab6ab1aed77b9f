"""One headline from four axes, by one published precedence; and ids that never change."""

import pytest
from making import update

from monitor.domain.alert import AlertKind, Phase, alert_id, fact_id, facts
from monitor.domain.assessment import (
    Activity,
    Assessment,
    ConditionKind,
    Level,
    Schedule,
    Standing,
    Status,
    headline,
)
from monitor.domain.transition import Transition

USUAL = {
    "level": Level.LIMITED,
    "activity": Activity.ACTIVE,
    "schedule": Schedule.NOT_DUE,
    "standing": Standing.IN_FORCE,
    "delivered": False,
    "begun": True,
}

LADDER = [
    ({"standing": Standing.SUPERSEDED}, Status.SUPERSEDED),
    ({"delivered": True}, Status.DELIVERED),
    ({"standing": Standing.REVERSED}, Status.REVERSED),
    ({"watched": False}, Status.NO_DATA),
    ({"schedule": Schedule.OVERDUE}, Status.OVERDUE),
    ({"activity": Activity.STALLED}, Status.STALLED),
    ({"standing": Standing.AT_RISK}, Status.AT_RISK),
    ({}, Status.ADVANCING),
    ({"activity": Activity.QUIET}, Status.ON_TRACK),
    ({"activity": Activity.QUIET, "begun": False, "level": Level.NONE}, Status.NOT_STARTED),
]


@pytest.mark.parametrize(("axes", "status"), LADDER)
def test_each_headline_has_its_reason(axes, status):
    assert headline(**(USUAL | axes)) is status


@pytest.mark.parametrize("place", range(7))
def test_of_two_that_hold_the_one_further_up_is_the_headline(place):
    upper, status = LADDER[place]
    for lower, _ in LADDER[place + 1 : 7]:
        assert headline(**(USUAL | lower | upper)) is status


def test_a_level_without_an_advance_has_begun():
    assert headline(**(USUAL | {"begun": False})) is Status.ON_TRACK


def test_dormant_is_stalled_in_a_word():
    assert headline(**(USUAL | {"activity": Activity.DORMANT})) is Status.STALLED


BEGUN = Assessment(
    Level.NONE,
    Activity.ACTIVE,
    Schedule.NO_DEADLINE,
    Standing.IN_FORCE,
    Status.NOT_STARTED,
    Status.NOT_STARTED,
)
UP = BEGUN._replace(level=Level.LIMITED, status=Status.ADVANCING, last_known=Status.ADVANCING)
STALLED = UP._replace(
    activity=Activity.STALLED,
    status=Status.STALLED,
    last_known=Status.STALLED,
    conditions=(ConditionKind.STALLED,),
)
DONE = UP._replace(level=Level.COMPLETE, status=Status.DELIVERED, last_known=Status.DELIVERED)
BACK = BEGUN._replace(
    standing=Standing.REVERSED, status=Status.REVERSED, last_known=Status.REVERSED
)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, STALLED, []),
        (BEGUN, UP, [(AlertKind.ADVANCED, Phase.ONCE)]),
        (UP, STALLED, [(AlertKind.STALLED, Phase.OPENED)]),
        (STALLED, UP, [(AlertKind.STALLED, Phase.RESOLVED)]),
        (UP, DONE, [(AlertKind.DELIVERED, Phase.ONCE)]),
        (STALLED, DONE, [(AlertKind.DELIVERED, Phase.ONCE), (AlertKind.STALLED, Phase.RESOLVED)]),
        (UP, BEGUN, [(AlertKind.SETBACK, Phase.ONCE)]),
        (UP, BACK, [(AlertKind.REVERSED, Phase.ONCE)]),
        (UP, UP._replace(activity=Activity.QUIET), []),
        (UP, UP._replace(status=Status.SUPERSEDED), [(AlertKind.SUPERSEDED, Phase.ONCE)]),
    ],
)
def test_what_there_is_to_say_about_a_transition(before, after, said):
    assert list(facts(Transition("g/c", 0, before, after))) == said


def test_ids_are_the_same_for_ever():
    """A store of today must be read by a monitor of tomorrow: these are golden."""
    first = Transition("g/c", 1_735_689_600, None, BEGUN)
    stalled = Transition("g/c", 1_735_689_600, UP, STALLED)
    assert first.id == "t_cdb1c9a202e078d2b635bc07"
    assert stalled.id == "t_fe9393bab9c9755e4f3da83d"
    assert alert_id("a", "b") == "a_721cae21b291887a8041270d"
    assert fact_id(stalled, AlertKind.STALLED, Phase.OPENED) == "a_eca8428767d6818c1a1179bd"
    assert update("2025-02-01", "funding", "수소", value="1.50").id == "u_57b67077b08c029c0a8f601b"


def test_the_reasons_are_no_part_of_an_id_and_everything_else_is():
    plain = Transition("g/c", 5, UP, STALLED)
    assert plain._replace(reasons=("why",)).id == plain.id
    others = [
        plain._replace(commitment="g/d"),
        plain._replace(at=6),
        plain._replace(before=None),
        plain._replace(after=STALLED._replace(conditions=())),
    ]
    assert len({plain.id, *(other.id for other in others)}) == 5
