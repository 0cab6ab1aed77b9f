"""A conclusion that flaps begins once and ends once, at exact instants, and says how often."""

import json

import pytest
from ledger import Ledger, engine_of, from_nothing
from making import (
    AT_RISK,
    DAY,
    STALLED,
    advance,
    book,
    commitment,
    day,
    kind,
    looked,
    on,
    rule,
    update,
)
from strategies import Batch

from monitor.domain import condition as ask
from monitor.domain.assessment import Level, Standing
from monitor.domain.commitment import Indicator, Thresholds
from monitor.domain.coverage import ASSUMED
from monitor.domain.time import HOUR, format_instant
from monitor.engine.memory.state import FORMAT, dump_state, load_state

ABOVE = ask.IndicatorTest("rate", value=ask.Range(above=15))
RATE = (Indicator("rate", "Tariff"),)


def hovers(**more):
    return book(rule("hovers", ABOVE, AT_RISK, **more), indicators=RATE)


def measured(hours, value):
    at = format_instant(day(hours / 24), "UTC")
    return update(at, "measurement", f"{value} percent", indicator="rate", value=value)


def flapping(times, every=3, first=24):
    """Above for so many hours, below for as many, again and again."""
    return [
        measured(first + (2 * number + half) * every, 16 - 2 * half)
        for number in range(times)
        for half in (0, 1)
    ]


def history(book, reports=(), now=60, coverage=()):
    return from_nothing(engine_of(book), reports, coverage, day(now))["g0/c0"].transitions


def turns(book, reports=(), now=60, coverage=()):
    """(day, standing) of each transition that changes the standing."""
    found = history(book, reports, now, coverage)
    return [
        ((t.at - day(0)) / DAY, t.after.standing)
        for t in found
        if t.before is not None and t.before.standing is not t.after.standing
    ]


RISK, FINE = Standing.AT_RISK, Standing.IN_FORCE


def test_a_condition_that_flaps_fifty_times_in_a_week_begins_once_and_ends_once():
    found = [t for t in history(hovers(dwell=7 * DAY), flapping(50, 1.5), now=40) if t.before]
    began, ended = (t for t in found if t.before.standing is not t.after.standing)
    assert began.at == day(1)
    last_beginning = day(1) + 49 * 3 * HOUR
    assert ended.at == last_beginning + 7 * DAY
    (reason,) = ended.reasons
    assert reason.text == "no longer at risk, after it came and went 50 times"
    assert ("times it came and went", "50", "dwell 7d") in reason.numbers


def test_without_a_dwell_it_begins_and_ends_fifty_times():
    assert len(turns(hovers(), flapping(50), now=40)) == 100


def test_a_short_rise_stands_as_long_as_the_dwell_says_and_says_nothing_of_flapping():
    reports = [measured(24, 16), measured(30, 14)]
    assert turns(hovers(dwell=7 * DAY), reports) == [(1, RISK), (8, FINE)]
    (reason,) = history(hovers(dwell=7 * DAY), reports)[-1].reasons
    assert reason.text == "no longer at risk"


def test_a_condition_that_held_longer_than_its_dwell_ends_at_once():
    reports = [measured(24, 16), measured(24 * 20, 14)]
    assert turns(hovers(dwell=7 * DAY), reports) == [(1, RISK), (20, FINE)]


def test_after_its_end_it_may_begin_again_at_once():
    reports = [measured(24, 16), measured(24 * 20, 14), measured(24 * 20 + 6, 16)]
    assert turns(hovers(dwell=7 * DAY), reports) == [(1, RISK), (20, FINE), (20.25, RISK)]


def test_the_dwell_of_the_commitment_is_that_of_rules_without_one():
    thresholds = Thresholds(dwell=7 * DAY)
    reports = [measured(24, 16), measured(30, 14)]
    inherited = book(rule("r", ABOVE, AT_RISK), indicators=RATE, thresholds=thresholds)
    assert turns(inherited, reports) == [(1, RISK), (8, FINE)]
    own = book(rule("r", ABOVE, AT_RISK, dwell=2 * DAY), indicators=RATE, thresholds=thresholds)
    assert turns(own, reports) == [(1, RISK), (3, FINE)]


def test_the_dwell_begins_when_the_conclusion_does_not_when_the_condition_does():
    reports = [measured(24, 16), measured(24 * 5, 14)]
    assert turns(hovers(hold=3 * DAY, dwell=7 * DAY), reports) == [(4, RISK), (11, FINE)]


def test_an_update_that_matches_again_counts_as_a_new_beginning():
    rules = (
        rule("frozen", on("suspension"), STALLED, dwell=10 * DAY),
        rule("up", on("agreement"), advance(Level.LIMITED)),
    )
    reports = [
        update(3, "suspension"),
        update(6, "suspension", "again"),
        update(8, "agreement"),
    ]
    found = [
        ((t.at - day(0)) / DAY, t.after.activity.value)
        for t in history(book(*rules), reports, now=40)
    ]
    assert found == [(0, "active"), (3, "stalled"), (8, "stalled"), (16, "active")]


def test_a_recovery_during_the_dwell_counts_when_the_dwell_is_over():
    risk = rule("r", on("dispute"), AT_RISK, recover=on("agreement"), dwell=10 * DAY)
    reports = [update(3, "dispute"), update(5, "agreement")]
    assert turns(book(risk), reports) == [(3, RISK), (13, FINE)]


def test_a_dwell_does_not_run_out_while_nobody_looks():
    blind = book(rule("hovers", ABOVE, AT_RISK, dwell=7 * DAY), indicators=RATE, assumed=False)
    reports = [measured(24, 16), measured(30, 14)]
    assert turns(blind, reports, coverage=[looked(0, 5)]) == [(1, RISK)]
    again = [looked(0, 5), looked(20, 30)]
    assert turns(blind, reports, coverage=again) == [(1, RISK), (20, FINE)]


def test_what_asks_about_its_own_standing_sees_what_is_held_on_to():
    calm = ask.StatusTest(None, standing=(FINE,))
    rules = (
        rule("hovers", ABOVE, AT_RISK, dwell=7 * DAY),
        rule("calm", calm, advance(Level.LIMITED), hold=2 * DAY),
    )
    reports = [measured(12, 16), measured(20, 14)]
    found = history(book(*rules, indicators=RATE), reports, now=30)
    raised = next(t for t in found if t.after.level is Level.LIMITED)
    assert raised.at == day(0.5) + 9 * DAY


def test_steps_within_a_dwell_find_what_one_step_finds():
    reports = flapping(9, 5)
    ledger = Ledger(engine_of(hovers(dwell=3 * DAY)))
    for hour in range(20, 24 * 16, 4):
        now = hour * HOUR
        mine = [u for u in reports if now - 4 * HOUR < u.occurred.start("UTC") - day(0) <= now]
        ledger.step(Batch(day(0) + now, tuple(mine), ()))
    whole = history(hovers(dwell=3 * DAY), reports, now=16)
    assert ledger.histories["g0/c0"] == list(whole)
    assert "came and went 9 times" in whole[-1].reasons[0].text


FROZEN = rule("frozen", on("suspension"), AT_RISK, recover=ask.Count(kind("agreement"), at_least=1))


def under_another(times=9, dwell=3 * DAY):
    """What hovers ends on day 6 (or so), under another risk that ends on day 30."""
    flaps = rule("hovers", ABOVE, AT_RISK, dwell=dwell)
    reports = [*flapping(times), update(2, "suspension"), update(30, "agreement")]
    return book(flaps, FROZEN, indicators=RATE), reports


def test_what_flapped_under_another_risk_is_told_when_that_one_ends():
    asked, reports = under_another()
    found = [t for t in history(asked, reports, now=40) if t.before]
    began, ended = (t for t in found if t.before.standing is not t.after.standing)
    assert (began.at, ended.at) == (day(1), day(30))
    assert [(r.rule, r.text) for r in ended.reasons] == [
        ("frozen", "no longer at risk"),
        ("hovers", "no longer at risk, after it came and went 9 times"),
    ]
    assert ("times it came and went", "9", "dwell 3d") in ended.reasons[1].numbers
    assert "came and went" not in began.reasons[0].text


def test_what_flapped_and_ended_twice_under_another_risk_is_told_in_one_sum():
    asked, reports = under_another()
    again = flapping(4, first=24 * 15)
    (*_, ended) = history(asked, [*reports, *again], now=40)
    assert ended.reasons[1].text == "no longer at risk, after it came and went 13 times"


def test_what_began_once_under_another_risk_is_not_told():
    asked, reports = under_another(times=1)
    (*_, ended) = history(asked, reports, now=40)
    assert [r.rule for r in ended.reasons] == ["frozen"]


def test_a_count_is_told_once_and_not_again_at_the_next_end():
    asked, reports = under_another()
    later = [measured(24 * 35, 16), measured(24 * 35 + 3, 14)]
    found = history(asked, [*reports, *later], now=60)
    assert [t.at for t in found if any("came and went" in r.text for r in t.reasons)] == [day(30)]


def test_steps_under_another_risk_find_what_one_step_finds():
    asked, reports = under_another()
    ledger = Ledger(engine_of(asked))
    for end in range(2, 42, 3):
        since, until = day(end - 3), day(end)
        mine = [u for u in reports if since < u.occurred.start("UTC") <= until]
        ledger.step(Batch(until, tuple(mine), ()))
    assert ledger.histories["g0/c0"] == list(history(asked, reports, now=41))


def test_a_flap_that_came_late_is_counted():
    reports = flapping(3)
    late = [measured(24 * 3, 16), measured(24 * 3 + 1, 14)]
    ledger = Ledger(engine_of(hovers(dwell=7 * DAY)))
    ledger.step(Batch(day(40), tuple(reports), ()))
    ledger.step(Batch(day(50), tuple(late), ()))
    (*_, ended) = ledger.histories["g0/c0"]
    assert "came and went 4 times" in ended.reasons[0].text
    assert ledger.histories["g0/c0"] == list(history(hovers(dwell=7 * DAY), reports + late, 50))


def inspected(book, reports, at):
    engine = engine_of(book)
    rows = sorted((u.occurred.start("UTC"), u) for u in reports)
    return engine.inspect("g0/c0", [r for r in rows if r[0] <= at], ASSUMED, at)


def test_an_inspection_says_that_only_the_dwell_holds_on_to_it():
    reports = flapping(3)
    seen = inspected(hovers(dwell=7 * DAY), reports, day(3)).rules[0]
    last = day(1) + 4 * 3 * HOUR
    assert (seen.holds, seen.active, seen.since) == (False, True, day(1))
    assert (seen.times, seen.until) == (3, last + 7 * DAY)
    during = inspected(hovers(dwell=7 * DAY), reports[:3], day(3)).rules[0]
    assert (during.holds, during.times, during.until) == (True, 2, None)


def test_stays_survive_the_round_trip_of_a_state():
    engine = engine_of(hovers(dwell=7 * DAY))
    reports = [(u.occurred.start("UTC"), u) for u in flapping(3)]
    payload = engine.derive("g0/c0", None, (), lambda _: reports, ASSUMED, day(3)).payload
    kept = payload.decode().split("\n")[1]
    state = load_state(kept)
    assert state.stays[0].times == 3
    assert dump_state(state) == kept
    assert json.loads(kept)[0] == FORMAT


@pytest.mark.parametrize("dwell", [0, DAY])
def test_only_lasting_conclusions_dwell(dwell):
    rules = (
        rule("up", ask.Count(kind("agreement"), at_least=1), advance(Level.LIMITED)),
        rule("hovers", ABOVE, AT_RISK, dwell=dwell),
    )
    core = engine_of(book(*rules, indicators=RATE, thresholds=Thresholds())).plan("g0/c0").core
    assert core.dwelling == (((1, DAY),) if dwell else ())
    assert commitment(*rules).thresholds.dwell == 0
