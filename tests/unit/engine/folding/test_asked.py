"""Commitments whose rules ask about others go on from what was kept, as all others do."""

import pytest
from ledger import Ledger, engine_of, from_nothing
from making import (
    AT_RISK,
    STALLED,
    advance,
    agreement,
    commitment,
    day,
    kind,
    on,
    rule,
    rulebook,
    update,
)
from strategies import Batch

from monitor.domain import condition as ask
from monitor.domain.assessment import Activity, Level, Standing, Status

RISK = rule("risk", on("delay"), AT_RISK, recover=on("funding"))
THRICE = rule("thrice", ask.Count(kind("delay"), at_least=3), STALLED)
FOLLOWS = rule("follows", ask.StatusTest("g0/asked", standing=(Standing.AT_RISK,)), AT_RISK)
STOPS = rule("stops", ask.StatusTest("g0/asked", last_known=(Status.STALLED,)), STALLED)
OWN = rule("own", on("agreement"), advance(Level.LIMITED))
BOOK = rulebook(
    agreement(
        commitment(RISK, THRICE, name="asked"),
        commitment(FOLLOWS, STOPS, OWN, name="asks"),
    )
)


def about(name, *days_and_kinds):
    return [update(n, kind, f"{name} {n}", commitment=f"g0/{name}") for n, kind in days_and_kinds]


@pytest.fixture
def ledger():
    made = Ledger(engine_of(BOOK))
    asked = about("asked", (2, "delay"), (4, "funding"), (40, "delay"), (44, "funding"))
    own = about("asks", *((n, "agreement") for n in (6, 8, 20, 22, 24, 26, 50, 52, 54, 56)))
    made.step(Batch(day(60), (*asked, *own), ()))
    return made


def whole(ledger):
    return from_nothing(engine_of(BOOK), ledger.known.values(), (), ledger.last)["g0/asks"]


def test_news_of_today_about_the_asked_one_is_read_from_the_newest_state_on(ledger):
    ledger.step(Batch(day(61), tuple(about("asked", (61, "delay"))), ()))
    found = ledger.derivations["g0/asks"]
    assert found.since == day(56)
    assert [(t.at, t.after.standing) for t in found.transitions][-1] == (
        day(61),
        Standing.AT_RISK,
    )
    assert ledger.histories["g0/asks"] == list(whole(ledger).transitions)


def test_news_of_today_about_the_asker_is_read_from_the_newest_state_on(ledger):
    ledger.step(Batch(day(61), tuple(about("asks", (61, "agreement"))), ()))
    assert ledger.derivations["g0/asks"].since == day(56)
    assert ledger.histories["g0/asks"] == list(whole(ledger).transitions)


def test_a_late_report_about_the_asked_one_is_read_from_the_checkpoint_before_it_on(ledger):
    ledger.step(Batch(day(61), tuple(about("asked", (30, "delay"), (32, "funding"))), ()))
    found = ledger.derivations["g0/asks"]
    assert day(20) <= found.since < day(30)
    assert ledger.histories["g0/asks"] == list(whole(ledger).transitions)


def test_a_late_report_that_changes_the_asked_one_at_two_times_is_followed_to_the_second(ledger):
    """In between, the asker stands as it did: what was kept there says nothing of what follows."""
    ledger.step(Batch(day(61), tuple(about("asked", (10, "delay"), (12, "funding"))), ()))
    asked = [t.at for t in ledger.histories["g0/asked"] if t.after.activity is Activity.STALLED]
    assert asked[0] == day(40)
    found = {t.at: t for t in ledger.histories["g0/asks"]}
    assert found[day(10)].after.standing is Standing.AT_RISK
    assert found[day(40)].after.activity is Activity.STALLED
    assert ledger.histories["g0/asks"] == list(whole(ledger).transitions)


def test_an_asked_history_that_stays_is_no_reason_to_read_the_asker_s_past(ledger):
    ledger.step(Batch(day(61), tuple(about("asked", (3, "measurement"))), ()))
    found = ledger.derivations["g0/asks"]
    assert (found.since, found.transitions) == (day(56), ())
