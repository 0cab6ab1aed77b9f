"""Each party by itself: one commitment becomes one for each, and the whole made of them."""

from decimal import Decimal

import pytest

from monitor.domain.time import parse_occurred
from monitor.domain.update import Update
from monitor.engine.evidence.router import Router
from monitor.language.loader import load_rulebook
from monitor.language.parts import part_ids

TEXT = """\
agreement: pact
title: Pact
date: 2025-01-01
parties: [JP, KR, United States]
weights: {emissions: {parties: {JP: 3, KR: 2}}}
sources: {official: {tier: 1, names: [Ministry]}}
commitments:
  - id: pledge
    title: Pledge
    quote: they pledge
    theme: growth
    about: {topics: [pledge], kind: [meeting, funding], all_parties: JP}
    deadline: {within: 90d, after: {milestone: first}}
    milestones: [{id: first, title: First, due: 2025-06}]
    indicators: [{id: rate, title: Rate}]
    per_party: PER_PARTY
  - id: whole
    title: Whole
    quote: they all pledge
    roll_up: {theme: growth}
"""


def report(**about):
    fields = {"kind": "meeting", "title": "Something", "recorded": 0} | about
    return Update(id="u", occurred=parse_occurred("2025-02-01"), **fields)


def loaded(tmp_path, per_party="60%"):
    (tmp_path / "pact.yaml").write_text(TEXT.replace("PER_PARTY", per_party), encoding="utf-8")
    return load_rulebook([tmp_path / "pact.yaml"])


@pytest.fixture
def rulebook(tmp_path):
    return loaded(tmp_path)


def test_each_party_has_a_part_behind_the_whole(rulebook):
    keys = [key.partition("/")[2] for key in rulebook.commitments]
    assert keys == ["pledge", "pledge@jp", "pledge@kr", "pledge@united-states", "whole"]


def test_a_part_has_all_of_the_whole_and_its_party(rulebook):
    part = rulebook.commitments["pact/pledge@kr"]
    assert (part.party, part.part_of, part.parties) == ("KR", "pact/pledge", ("KR",))
    assert part.title == "Pledge (KR)"
    assert part.about.topics == ("pledge",)
    assert part.about.where.all_parties == ("JP", "KR")
    assert part.about.where.kind == ("meeting", "funding")
    assert [m.id for m in part.milestones] == ["first"]
    assert [i.id for i in part.indicators] == ["rate"]


def test_the_whole_has_the_rules_of_a_roll_up_and_no_steps_of_its_own(rulebook):
    whole = rulebook.commitments["pact/pledge"]
    assert [key for key, _ in whole.roll_up.members.of] == [
        "pact/pledge@jp",
        "pact/pledge@kr",
        "pact/pledge@united-states",
    ]
    assert whole.roll_up.needs.share == 60
    assert (whole.milestones, whole.indicators, whole.deadline) == ((), (), None)
    assert {rule.where for rule in whole.rules} == {whole.where}


def test_parties_are_weighed_where_it_says_so(tmp_path):
    whole = loaded(tmp_path, "{needs: 60%, of: emissions}").commitments["pact/pledge"]
    assert [weight for _, weight in whole.roll_up.members.of] == [3, 2, Decimal(0)]


def test_the_roll_up_of_a_theme_has_the_whole_and_not_its_parts(rulebook):
    whole = rulebook.commitments["pact/whole"]
    reached = whole.rules[0].when
    assert reached.members.of == (("pact/pledge", Decimal(1)),)


def test_parts_of_one_commitment_share_their_rules(rulebook):
    jp, kr = (rulebook.commitments[f"pact/pledge@{name}"] for name in ("jp", "kr"))
    assert jp.rules is kr.rules


def test_the_hash_of_a_rulebook_follows_its_parts(tmp_path):
    assert len({loaded(tmp_path, needs).hash for needs in ("60%", "61%", "all", "any")}) == 4


def test_two_parties_never_have_one_id():
    assert part_ids("p", ["US", "U.S.", "us-2", "日本", "!!", "??"]) == {
        "US": "p@us",
        "U.S.": "p@u-s",
        "us-2": "p@us-2",
        "日本": "p@日本",
        "!!": "p@party",
        "??": "p@party-2",
    }
    assert part_ids("p", ["U S", "U.S."]) == {"U S": "p@u-s", "U.S.": "p@u-s-2"}


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"topics": ("pledge",), "parties": ("JP", "KR"), "kind": "meeting"}, ["jp", "kr"]),
        ({"topics": ("pledge",), "parties": ("KR",), "kind": "meeting"}, []),
        ({"topics": ("pledge",), "parties": ("JP",), "kind": "delay"}, []),
        ({"topics": ("pledge",), "kind": "meeting"}, []),
        ({"commitment": "pledge", "parties": ("KR", "UNITED STATES")}, ["", "kr", "united-states"]),
        ({"commitment": "pact/pledge"}, [""]),
        ({"commitment": "pledge@kr"}, ["kr"]),
        ({"commitment": "pact/pledge@kr", "parties": ("JP",)}, ["kr"]),
        ({"commitment": "pledge@kr", "agreement": "other"}, []),
    ],
)
def test_an_update_concerns_the_parts_of_the_parties_it_names(rulebook, about, expected):
    found = [key for key, _ in Router(rulebook).route(report(**about))]
    names = [f"pact/pledge@{name}" if name else "pact/pledge" for name in expected]
    assert sorted(found) == names
