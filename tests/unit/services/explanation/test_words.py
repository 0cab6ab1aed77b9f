"""Why a rule holds or not, in one sentence each."""

import pytest

from monitor.domain.inspection import Finding
from monitor.services.explanation.words import finding_words
from monitor.services.views.history import lag_words


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (
            Finding("matching updates within 90d", "2", ">= 3", holds=False),
            "2 of 3 matching updates within 90d",
        ),
        (
            Finding("watched time since the last advance", "41d", ">= 180d", holds=False),
            "41d of 180d watched time since the last advance",
        ),
        (
            Finding("the latest value of the indicator", "12.5", "<= 10", holds=False),
            "the latest value of the indicator: 12.5, not <= 10",
        ),
        (Finding("the target is met", "no", "yes", holds=False), "the target is met: no"),
        (
            Finding("matching updates so far", "1", "< 1", holds=False),
            "matching updates so far: 1, not < 1",
        ),
    ],
)
def test_a_comparison_in_words(finding, words):
    assert finding_words(finding) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "at once"), (59, "at once"), (60, "1m"), (7_199, "1h"), (86_400, "1d"), (950_000, "10d")],
)
def test_a_lag_in_words(seconds, words):
    assert lag_words(seconds) == words
