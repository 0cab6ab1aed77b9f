"""Views of a store that was written under another rulebook: what it says is used where it holds."""

from dataclasses import replace

import pytest
from making import advance, agreement, commitment, day, on, rule, rulebook, update
from stepping import house

from monitor.domain.assessment import Level
from monitor.domain.commitment import About
from monitor.domain.condition import StatusTest
from monitor.services.views.routed import Routed
from monitor.services.views.standing import standings
from monitor.services.views.view import View

UP = rule("up", on("agreement"), advance(Level.LIMITED))
STEEL = commitment(UP, name="steel", about=About(("steel",)))
FISH = commitment(UP, name="fish", about=About(("fish",)))
MOST = commitment(
    rule("both", StatusTest("g0/fish", level_at_least=1), advance(Level.SUBSTANTIAL)),
    name="most",
    about=About(("most",)),
)
REPORTS = [
    update(10, "agreement", "Steel is agreed", topics=("steel",)),
    update(12, "agreement", "Fish is agreed", topics=("fish",)),
    update(14, "agreement", "Cod is agreed", topics=("cod",)),
]
SEA = replace(FISH, about=About(("cod", "fish")))


@pytest.fixture
def there():
    with house(rulebook(agreement(STEEL, FISH, MOST))) as made:
        made.step(day(20), [u._replace(recorded=day(15)) for u in REPORTS])
        yield made


class Counting:
    """A reader that notes what it is asked for everything, or for one commitment."""

    def __init__(self, reader):
        self._reader, self.asked = reader, []

    def __getattr__(self, name):
        return getattr(self._reader, name)

    def pages(self, size):
        self.asked.append("all")
        return self._reader.pages(size)

    def evidence(self, key):
        self.asked.append(key)
        return self._reader.evidence(key)


def seen(there, key, known_at=20):
    with there.store.read() as reader:
        counting = Counting(reader)
        rows = Routed(counting, there.engine, day(known_at)).reports(key)
    return [(at, u.title) for at, u in rows], counting.asked


def test_under_the_same_rules_what_is_stored_of_a_commitment_is_read(there):
    assert seen(there, "g0/fish") == ([(day(12), "Fish is agreed")], ["g0/fish"])


def test_a_commitment_whose_rules_are_others_now_has_everything_routed_to_it_anew(there):
    there.rules(rulebook(agreement(STEEL, SEA, MOST)))
    rows = [(day(12), "Fish is agreed"), (day(14), "Cod is agreed")]
    assert seen(there, "g0/fish") == (rows, ["all"])


def test_a_commitment_that_stayed_as_it_was_is_not_routed_again(there):
    there.rules(rulebook(agreement(STEEL, SEA, MOST)))
    assert seen(there, "g0/steel") == ([(day(10), "Steel is agreed")], ["g0/steel"])


def test_a_commitment_that_is_new_has_everything_routed_to_it(there):
    cod = commitment(UP, name="cod", about=About(("cod",)))
    there.rules(rulebook(agreement(STEEL, FISH, MOST, cod)))
    assert seen(there, "g0/cod") == ([(day(14), "Cod is agreed")], ["all"])


def test_what_was_not_known_yet_is_seen_by_neither_way(there):
    assert seen(there, "g0/fish", known_at=14)[0] == []
    there.rules(rulebook(agreement(STEEL, SEA, MOST)))
    assert seen(there, "g0/fish", known_at=14)[0] == []


def test_a_view_under_other_rules_is_that_of_a_store_that_was_run_with_them(there):
    edited = rulebook(agreement(STEEL, SEA, MOST))
    there.rules(edited)
    with house(edited) as other, there.store.read() as reader:
        other.step(day(20), [u._replace(recorded=day(15)) for u in REPORTS])
        with other.store.read() as beside:
            view = View(day(20), day(20))
            assert standings(reader, there.engine, view) == standings(beside, other.engine, view)
