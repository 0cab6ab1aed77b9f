"""Other people's scales, over every assessment that there can be."""

from itertools import pairwise, product

import pytest

from monitor.domain.assessment import (
    NOT_RATED,
    Activity,
    Level,
    Schedule,
    Standing,
    Status,
    combined,
)
from monitor.domain.scale import WORDS, Scale, rate

WATCHED = [a for a in Activity if a is not Activity.UNWATCHED]
OTHER_AXES = list(product(WATCHED, Schedule, Standing, (False, True), (False, True), (False, True)))
"""Activity, schedule, standing; delivered, begun, watched."""
WITHOUT_VALUE = {Status.NO_DATA, Status.NOT_RATED, Status.SUPERSEDED}


def assessed(level, axes):
    activity, schedule, standing, delivered, begun, watched = axes
    done = delivered or level is Level.COMPLETE
    return combined(level, activity, schedule, standing, done, begun, watched)


@pytest.mark.parametrize("scale", Scale)
def test_every_assessment_has_a_rating_and_a_value_just_where_there_is_something_to_rate(scale):
    for level, axes in product(Level, OTHER_AXES):
        assessment = assessed(level, axes)
        rating = rate(scale, assessment)
        if assessment.status in WITHOUT_VALUE:
            assert rating.value is None, assessment
        else:
            assert rating.word == WORDS[scale][rating.value], assessment
    assert rate(scale, NOT_RATED) == (None, "not rated")


@pytest.mark.parametrize("scale", Scale)
def test_more_implementation_never_rates_lower(scale):
    for axes in OTHER_AXES:
        values = [rate(scale, assessed(level, axes)).value for level in Level]
        known = [value for value in values if value is not None]
        assert all(lower <= higher for lower, higher in pairwise(known)), axes


@pytest.mark.parametrize("scale", Scale)
def test_every_value_of_a_scale_is_reached(scale):
    found = {rate(scale, assessed(*case)).value for case in product(Level, OTHER_AXES)}
    assert found - {None} == set(WORDS[scale])


@pytest.mark.parametrize(
    ("status", "level", "expected"),
    [
        (Status.DELIVERED, Level.COMPLETE, ("full", "full", "complete", "kept")),
        (Status.REVERSED, Level.NONE, ("none", "not initiated", "not started", "broken")),
        (
            Status.OVERDUE,
            Level.SUBSTANTIAL,
            ("partial", "intermediate", "substantial", "compromise"),
        ),
        (Status.OVERDUE, Level.LIMITED, ("partial", "minimal", "limited", "broken")),
        (Status.STALLED, Level.LIMITED, ("partial", "minimal", "limited", "stalled")),
        (Status.AT_RISK, Level.NONE, ("none", "not initiated", "not started", "not yet rated")),
        (Status.ADVANCING, Level.LIMITED, ("partial", "minimal", "limited", "in the works")),
        (Status.NOT_STARTED, Level.NONE, ("none", "not initiated", "not started", "not yet rated")),
        (Status.NO_DATA, Level.LIMITED, ("no data", "no data", "no evidence available", "no data")),
        (Status.SUPERSEDED, Level.LIMITED, ("superseded",) * 4),
    ],
)
def test_the_table_of_the_manual(status, level, expected):
    assessment = NOT_RATED._replace(status=status, level=level)
    assert tuple(rate(scale, assessment).word for scale in Scale) == expected
