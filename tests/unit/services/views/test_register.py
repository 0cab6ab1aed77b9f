"""The register that a run leaves, and who may rely on it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from monitor.domain.basis import Basis
from monitor.engine.engine import Engine
from monitor.engine.evaluators.plain import PlainEvaluator
from monitor.services.views.register import note, noted, register_of


class Notes(dict):
    """The notes of a store, and how often one was written."""

    written = 0

    def meta(self, key):
        return self.get(key)

    def set_meta(self, key, value):
        self[key], self.written = value, self.written + 1


def engine(book, origin="f0"):
    return Engine(replace(book, origin=origin), PlainEvaluator())


@pytest.fixture
def book(support):
    making = support("making")
    hoped = making.commitment(name="hoped", basis=Basis.EXPECTATION, zone="Asia/Tokyo")
    pacts = making.agreement(making.commitment(), hoped, assumed=False, grace=9, source="a.txt")
    return making.rulebook(pacts)


def test_what_is_left_is_what_is_found(support):
    @settings(max_examples=40)
    @given(support("strategies").rulebooks())
    def check(found):
        known, notes = engine(found), Notes()
        note(notes, known)
        assert noted(notes, known.origin) == register_of(known)

    check()


def test_it_says_what_the_rulebook_says(book):
    known = engine(book)
    register = register_of(known)
    (listed,) = register.agreements
    assert (listed.id, listed.source, listed.coverage.assumed, listed.coverage.grace) == (
        *("g0", "a.txt"),
        *(False, 9),
    )
    for key, commitment in known.commitments.items():
        entry = register.commitments[key]
        assert entry == tuple(getattr(commitment, name) for name in entry._fields)


def test_who_asks_about_a_commitment_is_known_as_the_engine_knows_it(support):
    @settings(max_examples=40)
    @given(support("strategies").rulebooks())
    def check(found):
        known = engine(found)
        askers = register_of(known).askers
        for key in known.commitments:
            assert list(askers.get(key, ())) == known.dependents(key)

    check()


def test_that_of_other_files_is_not_read(book):
    notes = Notes()
    note(notes, engine(book))
    assert noted(notes, engine(book, "f1").origin) is None
    assert noted(Notes(), engine(book).origin) is None


def test_it_is_left_once_and_again_when_the_files_change(book):
    notes = Notes()
    for origin, written in (("f0", 2), ("f0", 2), ("f1", 4), ("f1", 4), ("f0", 6)):
        note(notes, engine(book, origin))
        assert notes.written == written


def test_a_rulebook_that_was_not_read_from_files_leaves_none(book):
    notes = Notes()
    note(notes, engine(book, ""))
    assert notes == {}
