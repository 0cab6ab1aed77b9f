"""Counts and figures on other people's scales."""

from types import SimpleNamespace

import pytest

from monitor.domain.assessment import NOT_RATED, Level, Status
from monitor.domain.scale import Scale
from monitor.services.views.scales import counting_rule, figure_words, scale_body, scale_totals


def one(status, level=Level.NONE, theme=None, part_of=None):
    commitment = SimpleNamespace(
        agreement="pact", theme=theme, roll_up=None, per_party=None, part_of=part_of
    )
    assessment = NOT_RATED._replace(status=status, level=level)
    return SimpleNamespace(commitment=commitment, standing=SimpleNamespace(assessment=assessment))


STANDS = [
    one(Status.DELIVERED, Level.COMPLETE),
    one(Status.ADVANCING, Level.SUBSTANTIAL),
    one(Status.STALLED, Level.LIMITED),
    one(Status.NOT_STARTED),
    one(Status.NO_DATA, Level.SUBSTANTIAL),
    one(Status.NOT_RATED),
    one(Status.OVERDUE, part_of="pact/whole"),
]


@pytest.mark.parametrize(
    ("scale", "average", "percent", "words"),
    [
        (Scale.G20, 0.0, 50.0, "+0.00, 50% (n = 4)"),
        (Scale.PAM, 1.5, 50.0, "+1.50, 50% (n = 4)"),
        (Scale.OGP, None, 50.0, "50% (n = 4)"),
        (Scale.TRACKER, None, 25.0, "25% (n = 4)"),
    ],
)
def test_a_figure_is_of_those_with_a_value(scale, average, percent, words):
    (total,) = scale_totals(STANDS, scale)
    assert (total.n, total.average, total.percent) == (4, average, percent)
    assert total.left_out == {
        "no evidence available" if scale is Scale.OGP else "no data": 1,
        "not rated": 1,
    }
    assert sum(total.counts.values()) == total.n
    assert figure_words(total) == words


@pytest.mark.parametrize("scale", Scale)
def test_where_nothing_can_be_rated_there_is_no_figure(scale):
    (total,) = scale_totals([one(Status.NO_DATA)], scale)
    assert (total.n, total.average, total.percent) == (0, None, None)
    assert figure_words(total) == "- (n = 0)"


@pytest.mark.parametrize("scale", Scale)
def test_the_counting_rule_stands_beside_the_figures(scale):
    body = scale_body(STANDS, scale)
    assert body["rule"] == counting_rule(scale)
    assert body["of"][0]["n"] == 4
    assert "(left out)" in body["rule"]
