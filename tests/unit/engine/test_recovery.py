"""What ends a conclusion that an update began: also where it holds already when the update comes."""

import pytest
from ledger import engine_of, from_nothing
from making import AT_RISK, DAY, STALLED, advance, book, day, kind, on, rule, update

from monitor.domain import condition as ask
from monitor.domain.assessment import Activity, Level, Standing
from monitor.domain.coverage import ASSUMED
from monitor.domain.time import parse_occurred

FAR = ask.Not(ask.Deadline(within=30 * DAY))
JUNE = parse_occurred("2025-06-01")


def history(book, *reports, now=60):
    return from_nothing(engine_of(book), reports, (), day(now))["g0/c0"].transitions


def standings(book, *reports, now=60):
    found = history(book, *reports, now=now)
    return [((t.at - day(0)) // DAY, t.after.standing) for t in found if t.before is not None]


def test_an_update_begins_nothing_where_what_ends_it_holds_already():
    frozen = rule("frozen", on("suspension"), STALLED, recover=FAR)
    found = history(book(frozen, deadline=JUNE), update(5, "suspension"))
    assert [t.after.activity for t in found] == [Activity.ACTIVE]


@pytest.mark.parametrize("day_of_another", [6, 7, 40])
def test_whether_anything_else_happens_later_makes_no_difference(day_of_another):
    risk = rule("risk", on("suspension"), AT_RISK, recover=FAR)
    other = rule("up", on("agreement"), advance(Level.LIMITED))
    reports = [update(5, "suspension"), update(day_of_another, "agreement")]
    assert standings(book(risk, other, deadline=JUNE), *reports) == [
        (day_of_another, Standing.IN_FORCE)
    ]


def test_the_same_update_begins_it_where_what_ends_it_does_not_hold():
    risk = rule("risk", on("suspension"), AT_RISK, recover=FAR)
    near = parse_occurred("2025-01-20")
    found = standings(book(risk, deadline=near), update(5, "suspension"), now=10)
    assert found == [(5, Standing.AT_RISK)]


def test_what_has_begun_ends_at_an_update_that_brings_what_ends_it():
    enough = ask.Count(kind("suspension"), at_least=2)
    risk = rule("risk", on("suspension"), AT_RISK, recover=enough)
    found = standings(book(risk), update(5, "suspension"), update(9, "suspension", "again"))
    assert found == [(5, Standing.AT_RISK), (9, Standing.IN_FORCE)]


def test_of_two_updates_of_one_day_the_worse_one_stands_where_an_update_ends_it():
    risk = rule("risk", on("suspension"), AT_RISK, recover=on("agreement"))
    found = standings(book(risk), update(5, "suspension"), update(5, "agreement"))
    assert found == [(5, Standing.AT_RISK)]


def test_a_level_that_the_same_day_brings_ends_it_on_that_day():
    rules = (
        rule(
            "risk",
            on("suspension"),
            AT_RISK,
            recover=ask.StatusTest(None, level_at_least=Level.SUBSTANTIAL),
        ),
        rule("up", on("agreement"), advance(Level.SUBSTANTIAL)),
    )
    found = standings(book(*rules), update(5, "suspension"), update(5, "agreement"))
    assert found == [(5, Standing.IN_FORCE)]


def test_a_recovery_that_its_own_conclusion_brings_ends_where_it_began():
    itself = ask.StatusTest(None, standing=(Standing.AT_RISK,))
    risk = rule("risk", on("suspension"), AT_RISK, recover=itself)
    assert standings(book(risk), update(5, "suspension")) == []


def test_what_never_began_does_not_dwell():
    risk = rule("risk", on("suspension"), AT_RISK, recover=FAR, dwell=10 * DAY)
    assert standings(book(risk, deadline=JUNE), update(5, "suspension")) == []


def test_an_inspection_says_that_what_ends_it_holds():
    risk = rule("risk", on("suspension"), AT_RISK, recover=FAR)
    engine = engine_of(book(risk, deadline=JUNE))
    reports = [(day(5), update(5, "suspension"))]
    (far,) = engine.inspect("g0/c0", reports, ASSUMED, day(8)).rules
    (near,) = engine.inspect("g0/c0", reports, ASSUMED, day(140)).rules
    assert (far.active, far.recovered, near.recovered) == (False, True, False)
