"""Whatever is formatted says what it said, keeps every comment, and is then left alone."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import HealthCheck, assume, given, settings

from monitor.language.document import parse_document
from monitor.language.layout.formatting import formatted
from tests.support.yamls import documents

_NUMBERED = re.compile(r"# c(\d+)\.")


def _read(text: str) -> object:
    """What the reader of rulebooks makes of it."""
    document, _ = parse_document(text.encode(), "x.yaml")
    return None if document is None else document.data


@given(documents())
@settings(max_examples=400, suppress_health_check=list(HealthCheck), deadline=None)
def test_meaning_and_comments_survive_and_a_second_time_changes_nothing(
    document: tuple[str, int],
) -> None:
    text, comments = document
    assume(_read(text) is not None)
    done = formatted(text.encode(), "x.yaml").decode()
    assert _read(done) == _read(text)
    found = Counter(int(number) for number in _NUMBERED.findall(done))
    assert found == Counter(range(comments))
    assert formatted(done.encode(), "x.yaml").decode() == done
