"""Which updates count no longer, because others take them back."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.retraction import is_evidence, taken_back
from monitor.domain.time import parse_occurred
from monitor.domain.update import Update

TIERS = {"official": 1, "press": 2, "rumour": 3}


def says(name, source="press", occurred="2025-09-04", **more):
    occurred = parse_occurred(occurred)
    return Update(name, occurred, 0, "statement", name, source=source, **more)


def tier(update):
    return TIERS[update.source]


def gone(*updates):
    """{id: by}, the same in whatever order they are given."""
    answers = [
        {name: taker.id for name, taker in taken_back(order, tier, "UTC").items()}
        for order in permutations(updates)
    ]
    assert all(answer == answers[0] for answer in answers)
    return answers[0]


def test_nothing_is_gone_where_nothing_is_taken_back():
    assert gone(says("a"), says("b")) == {}


def test_what_is_retracted_counts_no_longer():
    assert gone(says("a"), says("r", retracts="a")) == {"a": "r"}


def test_what_only_retracts_is_no_evidence_and_what_supersedes_is():
    assert not is_evidence(says("r", retracts="a"))
    assert is_evidence(says("s", supersedes="a"))
    assert is_evidence(says("b", retracts="a", supersedes="c"))


def test_a_retraction_of_what_is_not_known_waits():
    assert gone(says("r", retracts="never")) == {}


def test_retracting_twice_is_as_good_as_once():
    later = says("r2", occurred="2025-10", retracts="a")
    assert gone(says("a"), says("r1", retracts="a"), later) == {"a": "r2"}


def test_a_rumour_does_not_retract_the_official_record():
    assert gone(says("a", "official"), says("r", "rumour", retracts="a")) == {}
    assert gone(says("a", "rumour"), says("r", "official", retracts="a")) == {"a": "r"}


def test_a_retraction_that_is_retracted_takes_nothing_back():
    assert gone(says("a"), says("r", retracts="a"), says("q", retracts="r")) == {"r": "q"}


def test_a_chain_of_superseding_updates_leaves_the_last():
    assert gone(says("a"), says("b", supersedes="a"), says("c", supersedes="b")) == {"b": "c"}


def test_a_superseding_update_that_is_retracted_gives_its_place_back():
    assert gone(says("a"), says("s", supersedes="a"), says("r", retracts="s")) == {"s": "r"}


def test_of_several_that_supersede_one_update_the_strongest_then_the_latest_counts():
    old, press = says("a"), says("s1", occurred="2025-12", supersedes="a")
    official = says("s2", "official", supersedes="a")
    assert gone(old, press, official) == {"a": "s2", "s1": "s2"}
    later = says("s3", occurred="2026-01", supersedes="a")
    assert gone(old, press, later) == {"a": "s3", "s1": "s3"}
    same = says("s0", occurred="2025-12", supersedes="a")
    assert gone(old, press, same) == {"a": "s1", "s0": "s1"}


def test_the_next_in_line_takes_the_place_of_one_that_is_retracted():
    line = [says(f"s{n}", occurred=f"2025-1{n}", supersedes="a") for n in range(3)]
    assert gone(says("a"), *line, says("r", retracts="s2")) == {"a": "s1", "s0": "s1", "s2": "r"}
    both = [says("r2", retracts="s2"), says("r1", retracts="s1")]
    assert gone(says("a"), *line, *both) == {"a": "s0", "s1": "r1", "s2": "r2"}


def test_those_that_supersede_what_never_came_stand_in_line_as_well():
    assert gone(says("s1", supersedes="x"), says("s2", supersedes="x")) == {"s1": "s2"}


def test_one_too_weak_to_supersede_is_a_report_beside_the_other():
    old, weak = says("a", "official"), says("w", "rumour", supersedes="a")
    assert gone(old, weak, says("s", "official", supersedes="a")) == {"a": "s"}
    assert gone(old, weak) == {}


def test_those_in_a_circle_all_count():
    assert gone(says("a", retracts="b"), says("b", retracts="a")) == {}
    assert gone(says("a", retracts="b"), says("b", retracts="a"), says("c", supersedes="a")) == {
        "a": "c"
    }
    assert gone(says("x"), says("a", retracts="b"), says("b", supersedes="a", retracts="x")) == {}


def test_one_that_takes_back_itself_does_nothing():
    assert gone(says("a", retracts="a"), says("b", supersedes="b")) == {}


NAMES = ("a", "b", "c", "d", "e")


@st.composite
def families(draw):
    among = st.none() | st.sampled_from(NAMES)
    return [
        says(
            name,
            draw(st.sampled_from(sorted(TIERS))),
            draw(st.sampled_from(("2025", "2025-09-04"))),
            retracts=draw(among),
            supersedes=draw(among),
        )
        for name in draw(st.lists(st.sampled_from(NAMES), unique=True))
    ]


@settings(max_examples=200)
@given(families(), st.randoms(use_true_random=False))
def test_order_makes_no_difference_and_what_stands_takes_back_what_does_not(family, chance):
    out = taken_back(family, tier, "UTC")
    shuffled = list(family)
    chance.shuffle(shuffled)
    assert taken_back(shuffled, tier, "UTC") == out
    for name, taker in out.items():
        assert taker.id not in out
        loser = next(update for update in family if update.id == name)
        assert name in (taker.retracts, taker.supersedes) or (
            loser.supersedes == taker.supersedes is not None
        )
        assert tier(taker) <= tier(loser)
