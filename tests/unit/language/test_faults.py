from __future__ import annotations

import pytest

from monitor.domain.location import Location
from monitor.language.faults import Fault, FaultSeverity, did_you_mean, listing, path_text, shorten

PLACE = Location("rules/a.yaml", 12, 7)


def test_a_fault_prints_as_one_line_with_place_message_path_and_hint():
    fault = Fault(PLACE, "commitments[2].id", "there already is one", "duplicate-id", "rename it")
    assert str(fault) == (
        "rules/a.yaml:12:7: error: there already is one (at commitments[2].id); rename it"
    )


def test_a_near_miss_stands_beside_the_word_it_is_about():
    fault = Fault(PLACE, "a.b", "unknown kind 'agrement'", "x", "did you mean 'agreement'?")
    assert str(fault).endswith("unknown kind 'agrement', did you mean 'agreement'? (at a.b)")


def test_a_fault_of_a_whole_file_has_no_line():
    fault = Fault(Location("a.yaml", 0, 0), "", "no such file", "x", severity=FaultSeverity.INFO)
    assert str(fault) == "a.yaml: info: no such file"


def test_a_path_prints_as_an_author_would_say_it():
    path = ("commitments", 2, "rules", 0, "when", "update", "kind")
    assert path_text(path) == "commitments[2].rules[0].when.update.kind"
    assert path_text((0, "a")) == "[0].a"
    assert path_text(()) == ""


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("agrement", ["agreement", "meeting"], "did you mean 'agreement'?"),
        ("Agreement", ["agreement"], "did you mean 'agreement'?"),
        ("asia/tokio", ["Asia/Tokyo"], "did you mean 'Asia/Tokyo'?"),
        ("due_son", ["due_soon", "stalled"], "did you mean 'due_soon'?"),
        ("zebra", ["agreement"], None),
        ("x" * 500, ["x" * 499], None),
        (17, ["17"], None),
    ],
)
def test_only_near_misses_are_suggested(word, known, hint):
    assert did_you_mean(word, known) == hint


def test_long_and_unprintable_text_is_shortened_to_one_line():
    assert shorten("a\nb\x07c") == "a b c"
    assert len(shorten("word " * 100)) == 40


def test_listing_reads_like_a_sentence():
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b or c"
