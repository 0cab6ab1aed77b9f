"""Many commitments together: how many stand so, by number and by weight."""

from dataclasses import replace
from decimal import Decimal

import pytest
from ledger import engine_of, from_nothing
from making import (
    AT_RISK,
    advance,
    agreement,
    commitment,
    day,
    kind,
    looked,
    on,
    rule,
    rulebook,
    update,
)

from monitor.domain import condition as ask
from monitor.domain.assessment import Level, Standing, Status
from monitor.domain.commitment import About, Thresholds
from monitor.domain.coverage import ASSUMED
from monitor.domain.derivation import Change
from monitor.domain.location import Location
from monitor.domain.statuses import Needs, RollUp
from monitor.domain.time import DAY
from monitor.language.generated import roll_up_rules

STEPS = (
    rule("limited", on("meeting"), advance(Level.LIMITED)),
    rule("substantial", on("funding"), advance(Level.SUBSTANTIAL)),
    rule("complete", on("implementation"), advance(Level.COMPLETE)),
    rule("risky", ask.Count(kind("delay"), within=10 * DAY, at_least=1), AT_RISK),
)
THREE = ask.Members(
    tuple((f"g0/{name}", Decimal(weight)) for name, weight in (("a", 3), ("b", 1), ("c", 1)))
)
WHOLE = Location("rules/some.yaml", 3, 5)


def member(name, **more):
    return commitment(*STEPS, name=name, about=About((name,)), **more)


def world(*rules, assumed=True, others=("a", "b", "c"), **more):
    """Three members, and `whole`, which asks about them."""
    parts = [member(name) for name in others]
    whole = commitment(*rules, name="whole", about=About(("whole",)), **more)
    return rulebook(agreement(*parts, whole, assumed=assumed))


def turns(book, *reports, coverage=(), now=300):
    return from_nothing(engine_of(book), reports, coverage, day(now))["g0/whole"].transitions


def moved(number, name, what="meeting"):
    return update(number, what, f"{what} {name} {number}", topics=(name,))


LIMITED = ask.StatusTest(level_at_least=1)
REPORTS = [moved(3, "b"), moved(10, "a"), moved(20, "c")]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"at_least": 1}, 3),
        ({"at_least": 2}, 10),
        ({"every": True}, 20),
        ({"share": ask.Range(at_least=Decimal(60))}, 10),
        ({"share": ask.Range(at_least=Decimal("80.000001"))}, 20),
        ({"share": ask.Range(above=Decimal(19))}, 3),
    ],
)
def test_commitments_are_counted_by_number_and_by_weight(bounds, expected):
    book = world(rule("r", ask.CommitmentCount(THREE, LIMITED, **bounds), AT_RISK))
    risky = [t.at for t in turns(book, *REPORTS) if t.after.standing is Standing.AT_RISK]
    assert risky[0] == day(expected)


@pytest.mark.parametrize("weights", [(0, 0, 0), (0,)])
def test_of_those_who_weigh_nothing_no_share_is_ever_reached(weights):
    keys = ("g0/a", "g0/b", "g0/c")[: len(weights)]
    members = ask.Members(tuple((key, Decimal(0)) for key in keys))
    share = ask.CommitmentCount(members, LIMITED, share=ask.Range(at_least=Decimal(50)))
    (only,) = turns(world(rule("r", share, AT_RISK)), *REPORTS, now=40)
    assert only.after.standing is Standing.IN_FORCE


def test_one_that_has_not_begun_stands_as_on_its_first_day():
    parts = [member("a", start=day(50)), member("b"), member("c")]
    test = ask.StatusTest(status=(Status.NOT_STARTED,))
    asks = rule("r", ask.CommitmentCount(THREE, test, every=True), AT_RISK)
    book = rulebook(agreement(*parts, commitment(asks, name="whole", about=About(("whole",)))))
    (first, *_) = turns(book, moved(60, "a"))
    assert first.after.standing is Standing.AT_RISK


def test_a_reason_says_how_many_and_explain_names_them():
    half = ask.CommitmentCount(THREE, LIMITED, at_least=2, share=ask.Range(at_least=Decimal(60)))
    engine = engine_of(world(rule("r", half, AT_RISK)))
    histories = from_nothing(engine, REPORTS[:2], (), day(40))
    (reason,) = histories["g0/whole"].transitions[-1].reasons
    assert reason.numbers == (("commitments", "2", "2"), ("share of commitments", "80%", "60%"))
    changes = [
        Change(t.at, key, t.after) for key, d in histories.items() for t in d.transitions
        if key != "g0/whole"
    ]  # fmt: skip
    changes.sort(key=lambda change: change.at)
    (view,) = engine.inspect("g0/whole", (), ASSUMED, day(40), changes).rules
    assert [(m.commitment, m.holds, m.share) for m in view.members] == [
        ("g0/a", True, "60%"),
        ("g0/b", True, "20%"),
        ("g0/c", False, "20%"),
    ]
    assert [(f.text, f.value, f.threshold) for f in view.findings] == [
        ("commitments that are limited or better", "2", ">= 2"),
        ("the share of commitments that are limited or better", "80%", ">= 60%"),
    ]


FAR = Thresholds(90 * DAY, 3000 * DAY, 3001 * DAY)


def rolled(needs, *reports, assumed=True, coverage=(), now=300):
    made = tuple(roll_up_rules(RollUp(THREE, needs), WHOLE))
    book = world(*made, assumed=assumed, thresholds=FAR)
    found = turns(book, *reports, coverage=coverage, now=now)
    return [((t.at - day(0)) // DAY, t.after) for t in found]


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        (Needs(every=True), [(20, 1)]),
        (Needs(at_least=1), [(3, 1), (25, 2)]),
        (Needs(at_least=2), [(10, 1)]),
        (Needs(share=Decimal(60)), [(10, 1), (25, 2)]),
    ],
)
def test_a_roll_up_has_the_level_that_enough_of_its_members_have(needs, expected):
    found = rolled(needs, *REPORTS, moved(25, "a", "funding"), now=80)
    levels = [(at, int(axes.level)) for at, axes in found]
    rises = [
        (at, level)
        for (at, level), (_, was) in zip(levels[1:], levels, strict=False)
        if level > was
    ]
    assert rises == expected


def test_a_roll_up_is_delivered_when_its_members_are():
    done = [moved(30 + i, name, "implementation") for i, name in enumerate("abc")]
    found = rolled(Needs(every=True), *done)
    assert next(at for at, axes in found if axes.status is Status.DELIVERED) == 32


@pytest.mark.parametrize(
    ("needs", "days"),
    [(Needs(every=True), [5, 20]), (Needs(at_least=2), [6, 16]), (Needs(at_least=1), [])],
)
def test_a_roll_up_is_at_risk_while_too_few_are_left_that_are_not(needs, days):
    late = [moved(5, "a", "delay"), moved(6, "b", "delay"), moved(10, "a", "delay")]
    found = rolled(needs, *late, now=100)
    risky = [axes.standing is Standing.AT_RISK for _, axes in found]
    changed = [found[i][0] for i in range(1, len(found)) if risky[i] is not risky[i - 1]]
    assert changed == days


def test_what_was_known_of_its_members_stays_when_coverage_ends():
    """No data is not a recovery (law 6)."""
    found = rolled(
        Needs(every=True),
        moved(5, "a", "delay"),
        assumed=False,
        coverage=[looked(None, 8)],
        now=100,
    )
    last = found[-1][1]
    assert (last.status, last.last_known) == (Status.NO_DATA, Status.AT_RISK)


def test_the_rules_of_a_roll_up_know_where_it_stands_in_the_file():
    made = list(roll_up_rules(RollUp(THREE, Needs(every=True)), WHOLE))
    assert {r.where for r in made} == {WHOLE}
    assert len({r.id for r in made}) == len(made)
    assert replace(made[0], id="x").hold == 0
