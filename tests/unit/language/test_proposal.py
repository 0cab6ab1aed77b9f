"""What `rules new` writes: YAML that means what was said, laid out as `rules fmt` would."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.document import parse_document
from monitor.language.files import RulebookFile
from monitor.language.layout.adding import add_item
from monitor.language.layout.formatting import formatted
from monitor.language.loader import check_rulebook
from monitor.language.profiles import BUILT_IN
from monitor.language.proposal import (
    NUMERIC,
    Opening,
    Proposal,
    built_in_purposes,
    commitment_lines,
    opening_text,
    purpose,
    value,
)
from monitor.language.reading import read_text

LINE = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.split)


def read(text):
    document, faults = parse_document(text.encode(), "x.yaml")
    assert not faults
    return document.data


@given(LINE)
def test_any_text_comes_back_as_it_was_but_for_white_space(text):
    wanted = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    assert read(f"a: {value(text)}\n") == {"a": wanted}
    assert read(f"a: {{b: [{value(text, inside=True)}, x]}}\n") == {"a": {"b": [wanted, "x"]}}


@pytest.mark.parametrize(
    "text", ["NO", "on", "5", "true", "a: b", "a #b", "[x", "%", "- a", "~", "'"]
)
def test_what_another_reader_might_misread_stands_in_quotes(text):
    assert value(text) == f'"{text}"'


@pytest.mark.parametrize("text", ["A night ferry", "2025-09-01", "it's 5 percent", "日本"])
def test_what_is_plainly_text_stands_without_quotes(text):
    assert value(text) == text


def whole(proposal, **more):
    top = Opening("a", "A", "2025-01-01", press=("Herald",), **more)
    lines = commitment_lines(
        proposal, "standard", built_in_purposes()[proposal.profile or "standard"]
    )
    return add_item(opening_text(top).encode(), "x.yaml", "commitments", lines)


@pytest.mark.parametrize("profile", BUILT_IN)
def test_a_commitment_of_each_profile_has_no_fault_and_is_formatted(tmp_path, profile):
    numbers = {"baseline": "27.5", "target": "15", "unit": "%"} if profile == NUMERIC else {}
    proposal = Proposal(
        id="one", title="One: the first", quote="a long quote " * 12, profile=profile,
        guideline="Full: all of it.", theme="NO", basis="expectation", parties=("NO", "SE"),
        topics=("one", "5"), deadline="2026-12", done=("opens",), **numbers,
    )  # fmt: skip
    raw = whole(proposal, timezone="Asia/Tokyo", parties=("NO", "SE"), official=("go.jp",))
    assert formatted(raw, "x.yaml") == raw
    file = RulebookFile(tmp_path / "x.yaml", "x.yaml")
    assert check_rulebook([], given=[(file, raw)]).errors == ()
    (built,) = read_text(raw, file).agreement.commitments
    assert (built.id, built.title, built.theme) == ("one", "One: the first", "NO")
    assert built.quote == " ".join(proposal.quote.split())
    assert built.parties == ("NO", "SE")


def test_the_least_there_is_to_say_is_enough():
    raw = whole(Proposal(id="one", title="One", quote="q"))
    assert formatted(raw, "x.yaml") == raw
    assert read(raw.decode())["commitments"] == [{"id": "one", "title": "One", "quote": "q"}]
    assert "# profile: standard, as none is named" in raw.decode()


def test_a_target_below_the_baseline_is_to_be_fallen_to():
    down = Proposal(id="a", title="A", quote="q", profile=NUMERIC, baseline="27.5", target="15")
    (measure,) = read(whole(down).decode())["commitments"][0]["indicators"]
    assert measure["direction"] == "at_most"
    up = Proposal(id="a", title="A", quote="q", profile=NUMERIC, baseline="15", target="27.5")
    assert "direction" not in read(whole(up).decode())["commitments"][0]["indicators"][0]


def test_a_profile_is_told_by_its_first_sentence():
    assert purpose("One\n  thing. And more.") == "One thing."
    assert purpose(None) == ""
    assert all(built_in_purposes().values())
