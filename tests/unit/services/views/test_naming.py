"""Which commitment a person means."""

import pytest

from monitor.errors import UsageError
from monitor.services.views.naming import commitment_key, one_of

KEYS = ["a/energy", "a/water", "b/water"]


def test_an_id_is_enough_where_it_is_the_only_one():
    assert commitment_key("energy", KEYS) == "a/energy"


def test_an_id_of_two_agreements_is_listed_and_the_key_says_which():
    with pytest.raises(UsageError, match="2 commitments are called 'water'") as caught:
        commitment_key("water", KEYS)
    assert caught.value.hint == "say which: a/water, b/water"
    assert commitment_key("b/water", KEYS) == "b/water"


@pytest.mark.parametrize("name", ["enrgy", "Energy", "a/enrgy", "c/energy", "ener"])
def test_a_near_miss_is_suggested(name):
    with pytest.raises(UsageError) as caught:
        commitment_key(name, KEYS)
    assert caught.value.hint == "did you mean energy?"


@pytest.mark.parametrize("name", ["", "/", "zzz", "a/"])
def test_a_name_like_no_other_is_no_commitment(name):
    with pytest.raises(UsageError):
        commitment_key(name, KEYS)


def test_one_of_lists_what_there_is_where_nothing_is_near():
    assert one_of("x", ["x", "y"], "theme") == "x"
    with pytest.raises(UsageError) as caught:
        one_of("zzz", ["energy", "water", "energy"], "theme")
    assert (caught.value.message, caught.value.hint) == (
        "no theme is called 'zzz'",
        "there are: energy, water",
    )
    with pytest.raises(UsageError) as caught:
        one_of("zzz", [], "theme")
    assert caught.value.hint == "there are: none"
