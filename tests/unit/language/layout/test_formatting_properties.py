"""Whatever is formatted says what it said, keeps every comment, and is then left alone."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.language.document import parse_document
from monitor.language.layout.formatting import formatted

_NUMBERED = re.compile(r"# c(\d+)\.")


def _read(text: str) -> object:
    """What the reader of rulebooks makes of it."""
    document, _ = parse_document(text.encode(), "x.yaml")
    return None if document is None else document.data


def _holds(text: str, comments: int) -> None:
    before = _read(text)
    assume(before is not None)
    done = formatted(text.encode(), "x.yaml").decode()
    assert _read(done) == before
    found = Counter(int(number) for number in _NUMBERED.findall(done))
    assert found == Counter(range(comments))
    assert formatted(done.encode(), "x.yaml").decode() == done


@given(data=st.data())
@settings(max_examples=150)
def test_meaning_and_comments_survive_and_a_second_time_changes_nothing(support, data):
    _holds(*data.draw(support("yamls").documents()))


@pytest.mark.long
@given(data=st.data())
def test_meaning_and_comments_survive_in_very_many_files(support, data):
    _holds(*data.draw(support("yamls").documents()))
