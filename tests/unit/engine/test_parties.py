"""Thresholds over many parties: who has done it, by number and by weight, for how long."""

from decimal import Decimal

import pytest
from ledger import engine_of, from_nothing
from making import (
    AT_RISK,
    DAY,
    DELIVER,
    agreement,
    book,
    commitment,
    day,
    kind,
    rule,
    rulebook,
    update,
)

from monitor.domain import condition as ask
from monitor.domain.assessment import Standing, Status
from monitor.domain.commitment import Weights
from monitor.domain.coverage import ASSUMED
from monitor.engine.memory.slots import Tally

WORLD = ("BR", "CN", "EU", "IN", "US")
EMISSIONS = Weights(
    "emissions",
    tuple(zip(WORLD, map(Decimal, ("2.48", "20.09", "12.08", "4.1", "17.89")), strict=True)),
    Decimal(100),
)


def ratified(number, *parties, what="legislation"):
    return update(number, what, f"{what} {number}", parties=parties)


def share(percent, of="emissions"):
    return ask.Share(ask.Range(at_least=Decimal(percent)), of)


def counted(**bounds):
    return ask.PartyCount(kind("legislation"), kind("withdrawal"), **bounds)


def history(condition, *reports, then=AT_RISK, hold=0, now=100, parties=WORLD, weights=EMISSIONS):
    watched = book(
        rule("r", condition, then, hold=hold), tier=3, parties=parties, weights=(weights,)
    )
    return from_nothing(engine_of(watched), reports, (), day(now))["g0/c0"].transitions


def risky_from(condition, *reports, **more):
    """Days on which a condition began to hold and ended, watched through an at_risk rule."""
    turns = [t for t in history(condition, *reports, **more) if t.before is not None]
    found = []
    for turn in turns:
        before, after = turn.before.standing, turn.after.standing
        if (before is Standing.AT_RISK) is not (after is Standing.AT_RISK):
            found.append((turn.at - day(0)) // DAY)
    return found


JOINING = [ratified(3, "CN", "US"), ratified(10, "IN"), ratified(20, "EU"), ratified(30, "BR")]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"at_least": 1}, [3]),
        ({"at_least": 3}, [10]),
        ({"at_least": 5}, [30]),
        ({"at_least": 6}, []),
        ({"at_most": 2}, [0, 10]),
        ({"at_least": 2, "at_most": 3}, [3, 20]),
        ({"share": share("37.98")}, [3]),
        ({"share": share("37.980001")}, [10]),
        ({"at_least": 4, "share": share("42.08")}, [20]),
        ({"share": share(60, None)}, [10]),
        ({"share": share("60.000001", None)}, [20]),
        ({"share": ask.Share(ask.Range(above=Decimal(60)))}, [20]),
        ({"share": ask.Share(ask.Range(at_most=Decimal(60)))}, [0, 20]),
        ({"share": ask.Share(ask.Range(below=Decimal(60)))}, [0, 10]),
    ],
)
def test_parties_are_counted_by_number_and_by_weight(bounds, expected):
    found = risky_from(counted(**bounds), *JOINING)
    assert found == [turn for turn in expected if turn]


def test_a_share_is_of_the_commitments_own_parties_where_no_total_is_given():
    weights = Weights("emissions", EMISSIONS.parties)
    half = counted(share=share(50))
    assert risky_from(half, *JOINING, parties=("BR", "IN", "JP"), weights=weights) == [10]


def test_of_parties_that_weigh_nothing_no_share_is_ever_reached():
    weights = Weights("emissions", (("CN", Decimal(1)),))
    assert risky_from(counted(share=share(1)), *JOINING, parties=("US",), weights=weights) == []


def test_a_party_that_is_not_of_the_commitment_does_not_count():
    assert risky_from(counted(at_least=1), ratified(3, "JP"), ratified(4, "BR", "JP")) == [4]


def test_a_report_that_names_no_party_counts_for_nobody():
    assert risky_from(counted(at_least=1), ratified(3)) == []


def test_a_party_may_leave_and_come_back():
    away = ratified(15, "US", what="withdrawal")
    three = counted(at_least=3)
    assert risky_from(three, *JOINING[:2], away, ratified(40, "US")) == [10, 15, 40]


@pytest.mark.parametrize("order", [1, -1])
def test_of_one_day_the_withdrawal_stands(order):
    both = [ratified(3, "US"), ratified(3, "US", what="withdrawal")][::order]
    assert risky_from(counted(at_least=1), *both) == []


def test_the_threshold_of_the_paris_agreement_must_hold_for_thirty_days():
    """55 parties with 55 percent, then thirty days (article 21), in a world of five."""
    both = counted(at_least=4, share=share(54))
    away, back = ratified(25, "EU", what="withdrawal"), ratified(40, "EU")
    (last,) = history(both, *JOINING[:3], away, back, then=DELIVER, hold=30 * DAY)[-1:]
    assert last.after.status is Status.DELIVERED
    assert last.at == day(70)
    (reason,) = last.reasons
    assert reason.numbers == (
        ("parties", "4", "4"),
        ("share of emissions", "54.16%", "54%"),
    )
    assert reason.updates == (JOINING[0].id, JOINING[1].id, back.id)


def test_explain_names_the_parties_that_count_and_those_that_are_missing():
    both = counted(at_least=4, share=share(54))
    watched = book(rule("r", both, DELIVER), parties=WORLD, weights=(EMISSIONS,))
    evidence = [(day(3), JOINING[0]), (day(10), JOINING[1])]
    seen = engine_of(watched).inspect("g0/c0", evidence, ASSUMED, day(50))
    (view,) = seen.rules
    assert [(p.party, p.since, p.update, p.share) for p in view.parties] == [
        ("CN", day(3), JOINING[0].id, "20.09%"),
        ("US", day(3), JOINING[0].id, "17.89%"),
        ("IN", day(10), JOINING[1].id, "4.1%"),
        ("EU", None, None, "12.08%"),
        ("BR", None, None, "2.48%"),
    ]
    assert [(f.text, f.value, f.threshold, f.holds) for f in view.findings] == [
        ("parties", "3", ">= 4", False),
        ("the share of emissions", "42.08%", ">= 54%", False),
    ]


def test_commitments_with_the_same_rules_and_other_parties_are_not_mixed_up():
    both = rule("r", counted(at_least=1), AT_RISK)
    pair = [
        commitment(both, name=name, parties=parties)
        for name, parties in (("c0", ("CN",)), ("c1", ("US",)))
    ]
    found = from_nothing(engine_of(rulebook(agreement(*pair))), [ratified(3, "CN")], (), day(9))
    assert [len(found[f"g0/{name}"].transitions) for name in ("c0", "c1")] == [2, 1]


def test_a_tally_keeps_since_when_and_by_what_report():
    slot = Tally(0, 1, frozenset({"CN", "US"}))
    first, again, away = JOINING[0], ratified(5, "US"), ratified(9, "US", what="withdrawal")
    cell = slot.add(None, 3, first, 0b01, None)
    assert slot.add(cell, 5, again, 0b01, cell) == {
        "CN": [3, first.id, 1],
        "US": [3, first.id, 1],
    }
    gone = slot.add(cell, 9, away, 0b10, cell)
    assert gone["US"] == [9, away.id, 0]
    assert cell["US"] == [3, first.id, 1]
