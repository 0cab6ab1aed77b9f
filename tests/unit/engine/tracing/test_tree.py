"""Each condition of the language is explained part by part, with numbers against what is asked."""

from decimal import Decimal
from typing import get_args

import pytest
from ledger import engine_of
from making import FIRST, advance, book, day, kind, on, rule, update

from monitor.domain import condition as ask
from monitor.domain.assessment import Level, Status
from monitor.domain.commitment import ConclusionKind, Indicator, Milestone
from monitor.domain.coverage import ASSUMED
from monitor.domain.statuses import CommitmentCount, Members, StatusTest
from monitor.domain.time import DAY, parse_occurred
from monitor.engine.tracing.tree import KINDS
from monitor.language.conditions import CONDITION_KEYS
from monitor.services.explanation.whynot import ALIASES, CLOCKS, OTHER, RULES, TARGETS

DELAY = ask.UpdatePattern(kind=("delay",))
LACKING = {
    ask.Count(DELAY, within=90 * DAY, at_least=3): ("1", ">= 3"),
    ask.PartyCount(kind("funding"), at_least=2): ("1", ">= 2"),
    ask.Silence(180 * DAY): ("41d", ">= 180d"),
    ask.Sequence((DELAY, kind("reversal")), within=90 * DAY): ("1", ">= 2"),
    ask.IndicatorTest("rate", value=ask.Range(above=Decimal(90))): ("70", "> 90"),
    ask.IndicatorTest("rate", pace=ask.Range(at_least=Decimal(100))): ("2% of the way", ">= 100%"),
    ask.MilestoneTest("first", states=(ask.MilestoneState.DONE,)): ("no", "yes"),
    ask.MilestoneCount(at_least=1): ("0", ">= 1"),
    ask.Deadline(within=10 * DAY): ("324d", "<= 10d"),
    StatusTest(status=(Status.STALLED,)): ("no", "yes"),
    CommitmentCount(
        Members((("g0/other", Decimal(1)),)), StatusTest(status=(Status.STALLED,)), at_least=1
    ): ("0", ">= 1"),
}


def seen(condition, *updates, at=41, **more):
    world = {
        "parties": ("JP", "KR"),
        "deadline": parse_occurred("2025-12-31"),
        "milestones": (Milestone("first", "First"),),
        "indicators": (Indicator("rate", "Rate", baseline=Decimal(60), target=Decimal(560)),),
        **more,
    }
    engine = engine_of(book(rule("r", condition, advance(Level.LIMITED)), **world))
    rows = sorted(((u.occurred.start("UTC"), u) for u in updates), key=lambda row: row[0])
    inspection = engine.inspect("g0/c0", rows, ASSUMED, day(at))
    return inspection.rules[0]


REPORTS = (
    update(20, "delay"),
    update(21, "funding", parties=("JP",)),
    update(22, "measurement", indicator="rate", value="70"),
)


@pytest.mark.parametrize("condition", LACKING, ids=lambda c: type(c).__name__)
def test_what_a_condition_lacks_is_told_in_numbers(condition):
    reports = REPORTS
    tree = seen(condition, *reports).tree
    value, threshold = LACKING[condition]
    assert not tree.holds
    assert tree.kind == KINDS[type(condition)]
    lacking = [f for f in tree.findings if not f.holds]
    assert any(f.value.startswith(value) and f.threshold == threshold for f in lacking), lacking


def test_every_condition_of_the_language_has_its_explanation():
    parts = {ask.All, ask.Any, ask.Not}
    assert set(KINDS) == {*get_args(ask.Atom), *parts}
    assert set(KINDS.values()) == set(CONDITION_KEYS)
    assert {type(c) for c in LACKING} == set(KINDS) - parts - {ask.OnUpdate}


def test_every_conclusion_and_every_headline_can_be_asked_for():
    assert {kind for kinds in RULES.values() for kind in kinds} == set(ConclusionKind)
    for word in [*ConclusionKind, *Status]:
        assert ALIASES.get(word.value, word.value) in TARGETS
    assert {*RULES, *CLOCKS, *OTHER} == set(TARGETS)


def test_parts_stand_below_all_any_and_not_with_their_own_answers():
    condition = ask.All((ask.Any((ask.Silence(30 * DAY), ask.Count(DELAY, at_least=9))),
                         ask.Not(ask.Count(DELAY, at_least=1))))  # fmt: skip
    tree = seen(condition, *REPORTS).tree
    assert (tree.kind, tree.holds) == ("all", False)
    either, never = tree.of
    assert (either.kind, [part.holds for part in either.of]) == ("any", [True, False])
    assert (never.kind, never.holds, never.of[0].holds) == ("not", False, True)
    assert never.of[0].updates == (REPORTS[0].id,)


def test_reports_too_weak_for_a_count_a_silence_and_a_sequence_are_told_there():
    weak = update(30, "delay", title="a rumour")
    for condition in (
        ask.Count(DELAY, at_least=2),
        ask.Silence(90 * DAY, DELAY),
        ask.Sequence((DELAY, DELAY)),
        on("delay"),
    ):
        tree = seen(condition, weak, tier=2).tree
        assert tree.too_weak == (weak.id,)
        assert tree.tier == 2


def test_parties_that_are_missing_are_named():
    tree = seen(ask.PartyCount(kind("funding"), at_least=2), *REPORTS).tree
    assert [(p.party, p.since is None) for p in tree.parties] == [("JP", False), ("KR", True)]
    assert tree.parties[0].since > FIRST
