"""What the laws found, one plain example each, so that it stays found."""

from dataclasses import replace
from decimal import Decimal

import pytest
from ledger import Ledger, engine_of, from_nothing
from making import (
    AT_RISK,
    DAY,
    OFFICIAL,
    advance,
    agreement,
    book,
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
from monitor.domain.assessment import Level, Standing
from monitor.domain.commitment import Indicator, Milestone, Superseded
from monitor.domain.due import Move
from monitor.domain.time import parse_occurred
from monitor.engine.engine import Engine
from monitor.engine.evaluators.plain import PlainEvaluator


def history(book, *reports, now=60, coverage=(), key="g0/c0"):
    return from_nothing(engine_of(book), reports, coverage, day(now))[key].transitions


def stepwise(book, *batches):
    ledger = Ledger(engine_of(book))
    for now, reports in batches:
        ledger.step(Batch(day(now), tuple(reports), ()))
    return ledger


def test_an_update_or_a_count_does_not_fire_at_whatever_instant_time_is_looked_at():
    either = ask.Any((on("agreement"), ask.Count(kind("delay"), at_most=5)))
    found = history(book(rule("r", either, advance(Level.LIMITED))), now=400)
    assert [t.after.level for t in found] == [Level.NONE] * len(found)
    assert len(found) == 4  # the start, quiet, stalled, dormant


def test_an_update_or_a_count_fires_when_an_update_completes_the_count():
    either = ask.Any((on("agreement"), ask.Count(kind("delay"), at_least=2)))
    late = [update(3, "delay", "one"), update(7, "delay", "two")]
    found = history(book(rule("r", either, advance(Level.LIMITED))), *late)
    assert [(t.at, t.after.level) for t in found] == [
        (day(0), Level.NONE),
        (day(7), Level.LIMITED),
    ]


def test_a_recovery_by_an_update_waits_for_that_update():
    back = ask.Any((on("agreement"), ask.Not(on("delay"))))
    risk = rule("r", on("dispute"), AT_RISK, recover=back)
    reports = [update(2, "dispute"), update(9, "agreement")]
    found = history(
        book(risk, milestones=(Milestone("m", "m", parse_occurred("2025-01-05")),)), *reports
    )
    standing = [(t.at, t.after.standing) for t in found]
    assert standing == [
        (day(0), Standing.IN_FORCE),
        (day(2), Standing.AT_RISK),
        (day(5), Standing.AT_RISK),  # overdue from here: the clock was looked at, nothing recovers
        (day(9), Standing.IN_FORCE),
    ]


def test_of_one_day_s_reports_the_worse_one_stands_also_where_the_risk_is_older():
    rules = (
        rule("up", on("agreement"), advance(Level.LIMITED)),
        rule("risk", on("delay"), AT_RISK),
    )
    fresh = [update(9, "agreement"), update(9, "delay", "again")]
    alone = history(book(*rules), *fresh)
    after_another = history(book(*rules), update(2, "delay"), *fresh)
    assert alone[-1].after.standing is Standing.AT_RISK
    assert after_another[-1].after.standing is Standing.AT_RISK


def test_late_news_counts_also_on_the_day_on_which_an_announced_future_arrives():
    rules = (
        rule("up", on("agreement"), advance(Level.LIMITED)),
        rule("more", on("funding"), advance(Level.SUBSTANTIAL)),
    )
    past, late, future = (
        update(10, "agreement"),
        update(5, "funding"),
        update(30, "agreement", "another"),
    )
    ledger = stepwise(book(*rules), (20, [past, future]), (40, [late]))
    assert ledger.histories["g0/c0"] == list(history(book(*rules), past, late, future, now=40))


def test_how_another_commitment_stands_is_known_from_the_common_start():
    other = commitment(name="other")
    risky = rule(
        "r",
        ask.Not(ask.StatusTest("g0/other", standing=(Standing.IN_FORCE,))),
        advance(Level.SUBSTANTIAL),
    )
    asks = commitment(risky, name="asks")
    found = history(rulebook(agreement(other, asks)), key="g0/asks")
    assert [t.after.level for t in found] == [Level.NONE]


def test_a_source_of_another_tier_means_other_rules():
    rules = rule("up", on("agreement"), advance(Level.LIMITED))
    promise = commitment(rules, tier=2)
    before = engine_of(rulebook(agreement(promise)))
    weaker = (replace(OFFICIAL, tier=3),)
    after = engine_of(rulebook(agreement(promise, sources=weaker)))
    assert before.rules_hash("g0/c0") != after.rules_hash("g0/c0")


def test_the_first_second_of_1970_is_an_instant_like_any_other():
    past = Superseded(parse_occurred("1970-01-01"), "another")
    old = commitment(superseded=past, start=-10 * DAY)
    engine = engine_of(rulebook(agreement(old)))
    assert from_nothing(engine, (), (), -DAY)["g0/c0"].due_clock == 0


def test_what_never_had_a_date_is_not_moved_to_one():
    """The language refuses it; whoever makes rulebooks by hand gets what an update gets."""
    move = Move(parse_occurred("2025-02-24"), parse_occurred("2025-01-10"), "the ministry")
    near = rule("near", ask.Deadline(within=DAY, current=True), advance(Level.LIMITED))
    found = history(book(near, moved=(move,)))
    assert [t.after.level for t in found] == [Level.NONE]


@pytest.fixture(params=["plain", "durable"])
def evaluator(request):
    if request.param == "plain":
        return PlainEvaluator()
    pytest.importorskip("durable_rules_engine", reason="durable-rules cannot be built here")
    from monitor.engine.evaluators.durable import DurableEvaluator

    return DurableEvaluator()


@pytest.mark.parametrize("value", ["350000000000", "999999999999.999999"])
def test_an_indicator_in_a_small_currency_is_compared_exactly(evaluator, value):
    measured = Indicator("won", "Investment", unit="KRW", target=Decimal(999999999999))
    above = ask.IndicatorTest("won", value=ask.Range(at_least=Decimal(350000000000)))
    rules = rule("enough", above, advance(Level.SUBSTANTIAL))
    asked = Engine(book(rules, indicators=(measured,)), evaluator)
    reports = [
        update(2, "measurement", indicator="won", value="349999999999.999999"),
        update(5, "measurement", indicator="won", value=value),
    ]
    found = from_nothing(asked, reports, (), day(9))["g0/c0"].transitions
    assert [(t.at, t.after.level) for t in found] == [
        (day(0), Level.NONE),
        (day(5), Level.SUBSTANTIAL),
    ]
