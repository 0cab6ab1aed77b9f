"""What the laws are tried on: every key of the rule language and of the evidence is drawn."""

import dataclasses
from decimal import Decimal
from enum import Enum

import pytest
from drawing import MILESTONES
from drawn_conditions import Scope, lasting_atoms
from hypothesis import HealthCheck, Phase, given, settings
from strategies import cases

from monitor.domain import (
    assessment,
    bounds,
    calendar,
    commitment,
    condition,
    due,
    recurring,
    statuses,
)
from monitor.domain.commitment import (
    Agreement,
    Commitment,
    Indicator,
    Milestone,
    Rule,
    Rulebook,
    Weights,
)
from monitor.domain.coverage import Coverage
from monitor.domain.time import Occurred, Precision
from monitor.domain.update import Update

PEOPLE = "words for people"
PLACE = "where it stands in a file"
LOADER = "the loader makes rules of it, and those are drawn"

APART = {
    (Agreement, "source"): "quotes are compared with it",
    (Agreement, "kinds"): "patterns compare the names of kinds, whichever they are",
    (Agreement, "parties"): "handed on to commitments, where they are drawn",
    (Agreement, "file"): PLACE,
    (Milestone, "where"): PLACE,
    (Commitment, "where"): PLACE,
    (Commitment, "guideline"): PEOPLE,
    (Commitment, "basis"): PEOPLE,
    (Commitment, "profile"): LOADER,
    (Commitment, "severity"): "of alerts; that of rules is drawn",
    (Rulebook, "origin"): PLACE,
    (Rule, "note"): PEOPLE,
    (Indicator, "unit"): PEOPLE,
    (Update, "unit"): PEOPLE,
    (due.Move, "url"): PEOPLE,
}
"""Fields on which nothing that the laws speak of depends, and why."""


class Drawn:
    """Which fields had a value that is not the usual one, which words occurred, in which classes."""

    def __init__(self):
        self.classes, self.fields, self.words = set(), set(), set()

    def look(self, value):
        if isinstance(value, Enum):
            self.words.add(value)
        elif isinstance(value, Occurred):
            self.words.add(value.precision)
        elif dataclasses.is_dataclass(value):
            self._inside(value, [(f.name, f.default) for f in dataclasses.fields(value)])
        elif hasattr(value, "_fields"):
            usual = value._field_defaults
            self._inside(value, [(n, usual.get(n, dataclasses.MISSING)) for n in value._fields])
        elif isinstance(value, tuple | list | frozenset | set):
            for part in value:
                self.look(part)

    def _inside(self, value, fields):
        self.classes.add(type(value))
        for name, usual in fields:
            part = getattr(value, name)
            if usual is dataclasses.MISSING or part != usual:
                self.fields.add((type(value), name))
            self.look(part)


@pytest.fixture(scope="module")
def everything():
    """All that some cases hold, and some conditions of a commitment that has all to ask about."""
    found = Drawn()
    series = Indicator("tariff", "tariff", baseline=Decimal(1), target=Decimal(2))
    weights = (Weights("emissions", ()),)
    scope = Scope((series,), MILESTONES, ("g0/c0",), weights, (("g0", "energy"),))
    few = dict.fromkeys(("phases",), (Phase.generate,))
    few |= {"derandomize": True, "database": None, "deadline": None}
    few["suppress_health_check"] = list(HealthCheck)

    @settings(max_examples=150, **few)
    @given(cases())
    def look(case):
        found.look(case)

    @settings(max_examples=600, **few)
    @given(lasting_atoms(scope))
    def look_closer(atom):
        found.look(atom)

    look()
    look_closer()
    return found


def classes_of(*modules):
    """The value classes that a module defines."""
    return {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type)
        and value.__module__ == module.__name__
        and dataclasses.is_dataclass(value)
    }


def fields_of(kind):
    names = kind._fields if hasattr(kind, "_fields") else [f.name for f in dataclasses.fields(kind)]
    return {(kind, name) for name in names}


KINDS = classes_of(bounds, calendar, condition, commitment, due, recurring, statuses) | {
    Update,
    Coverage,
}


def names(pairs):
    return sorted(f"{kind.__name__}.{name}" for kind, name in pairs)


def test_every_kind_of_condition_rule_and_evidence_is_drawn(everything):
    assert sorted(k.__name__ for k in KINDS - everything.classes) == []


def test_every_key_is_drawn_with_a_value_that_is_not_the_usual_one(everything):
    wanted = set().union(*(fields_of(kind) for kind in KINDS))
    assert names(wanted - everything.fields - APART.keys()) == []


def test_what_is_said_not_to_be_drawn_is_not(everything):
    assert names(everything.fields & APART.keys()) == []


@pytest.mark.parametrize(
    "among",
    [
        condition.MilestoneState,
        condition.TargetState,
        condition.Trend,
        commitment.ConclusionKind,
        commitment.Severity,
        due.Unit,
        Precision,
        assessment.Level,
        assessment.Activity,
        assessment.Schedule,
        assessment.Standing,
        assessment.Status,
    ],
)
def test_every_word_is_drawn(everything, among):
    assert sorted(str(word) for word in set(among) - everything.words) == []
