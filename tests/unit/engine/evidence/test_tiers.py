"""Who says it decides how much it counts."""

import pytest
from making import OFFICIAL, PRESS, update

from monitor.domain.commitment import SourceGroup
from monitor.engine.evidence.tiers import UNKNOWN_TIER, Grader, host_of


@pytest.mark.parametrize(
    ("source", "url", "tier"),
    [
        ("Ministry", "", 1),
        ("ministry", "", 1),
        ("Ministry (press office)", "", 1),
        ("Ministry via somebody", "", UNKNOWN_TIER),
        ("Ministryish", "", UNKNOWN_TIER),
        ("The Wire", "", 2),
        ("somebody", "https://gov.example/x", 1),
        ("somebody", "https://www.gov.example/x", 1),
        ("somebody", "https://notgov.example/x", UNKNOWN_TIER),
        ("somebody", "https://gov.example.evil.test/x", UNKNOWN_TIER),
        ("somebody", "https://gov.example@evil.test/", UNKNOWN_TIER),
        ("somebody", "https://user@GOV.example:8443/", 1),
        ("The Wire", "https://gov.example/x", 1),
        ("Ministry", "https://blog.test/", 1),
        ("", "", UNKNOWN_TIER),
        ("somebody", "no address", UNKNOWN_TIER),
    ],
)
def test_the_stronger_of_name_and_host_counts(source, url, tier):
    assert Grader((OFFICIAL, PRESS)).tier(update(1, source=source, url=url)) == tier


def test_without_groups_everybody_is_unknown():
    assert Grader(()).tier(update(1, source="Ministry", url="https://gov.example")) == UNKNOWN_TIER


def test_of_two_groups_with_one_name_the_first_counts():
    groups = (SourceGroup("a", 2, names=("X",)), SourceGroup("b", 1, names=("X",)))
    assert Grader(groups).tier(update(1, source="X")) == 2


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example/b?c=//d", "a.example"),
        ("HTTP://A.Example", "a.example"),
        ("https://u:p@a.example:80/", "a.example"),
        ("a.example/b", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address(url, host):
    assert host_of(url) == host
