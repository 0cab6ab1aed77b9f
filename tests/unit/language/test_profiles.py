from __future__ import annotations

from importlib.resources import files

import pytest

from monitor.domain.condition import IndicatorTest, MilestoneTest, StatusTest, atoms
from monitor.language import convert, profiles
from monitor.language.inherit import needs
from monitor.language.profiles import BUILT_IN, built_in


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_built_in_profile_is_sound_and_says_why(name):
    profile, document = built_in(name)
    assert profile.description
    assert document.file == f"built-in/{name}.yaml"
    ids = [rule.id for rule in profile.rules]
    assert len(set(ids)) == len(ids)
    assert all(rule.note for rule in profile.rules)


@pytest.mark.parametrize("name", [name for name in BUILT_IN if name != "none"])
def test_a_built_in_profile_says_where_its_numbers_come_from(name):
    text = files(profiles).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    _, _, reasons = text.partition("\n# Reasons and sources:\n")
    assert "://" in reasons
    assert "judgement" in reasons


MEASURED = "numeric-target"


@pytest.mark.parametrize("name", [name for name in BUILT_IN if name != MEASURED])
def test_a_built_in_profile_asks_nothing_that_a_commitment_must_declare(name):
    profile, document = built_in(name)
    rules = tuple(convert.rule(rule, document.locate(()), str) for rule in profile.rules)
    assert needs(rules) == ()
    found = [atom for rule in rules for atom in atoms(rule.when)]
    assert not any(isinstance(a, (IndicatorTest, MilestoneTest, StatusTest)) for a in found)


def test_a_numeric_target_asks_for_one_indicator_and_nothing_else():
    profile, document = built_in(MEASURED)
    rules = tuple(convert.rule(rule, document.locate(()), str) for rule in profile.rules)
    assert {id_ for _, id_ in needs(rules)} == {"measure"}


@pytest.mark.parametrize("name", BUILT_IN)
def test_words_are_not_progress_in_any_profile(name):
    profile, _ = built_in(name)
    for rule in profile.rules:
        if rule.when.update is not None:
            assert not {"announcement", "statement"} & set(rule.when.update.kind or ())


def test_no_other_profile_is_built_in():
    with pytest.raises(KeyError):
        built_in("standrad")
