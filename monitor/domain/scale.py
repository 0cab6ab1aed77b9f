"""Other people's scales, as views of the same assessment.

Each is one table from an assessment to a value. Where a scale has none (nobody looked, it cannot be
rated, it was replaced) the value is None: such a commitment is shown, and left out of n.

Sources:
    g20: the compliance reports of the G7 and G20 Research Groups, University of Toronto, score each
        commitment +1 (full), 0 (partial) or -1 (none), https://g20.utoronto.ca/compliance/.
    pam: "a four-point ordinal scale: 0 for not initiated, 1 for minimal implementation, 2 for
        intermediate implementation, and 3 for full implementation", aggregated to a percentage.
        Cortright and Stone (2017), "A barometer of peace implementation in Colombia",
        https://peacepolicy.nd.edu/2017/10/11/a-barometer-of-peace-implementation-in-colombia/
    ogp: "No Evidence Available, Not Started, Limited, Substantial, and Complete"; the last two are
        "high-completion commitments". Open Government Partnership, Glossary, "Completion",
        https://www.opengovpartnership.org/glossary/completion/
    tracker: Not Yet Rated, In the Works, Stalled, Compromise, Promise Kept, Promise Broken.
        PolitiFact (2010), "The difference between Stalled and Promise Broken",
        http://www.politifact.com/truth-o-meter/blog/2010/jan/04/difference-between-stalled-and-promise-broken/
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.assessment import Level, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.assessment import Assessment


class Scale(StrEnum):
    """Whose scale."""

    G20 = "g20"
    PAM = "pam"
    OGP = "ogp"
    TRACKER = "tracker"


class Rating(NamedTuple):
    """`value` orders the words of a scale, the best last; None: the scale has no value for it."""

    value: int | None
    word: str


_NO_VALUE = {
    Status.NO_DATA: "no data",
    Status.NOT_RATED: "not rated",
    Status.SUPERSEDED: "superseded",
}

_G20 = {-1: "none", 0: "partial", 1: "full"}
_PAM = {0: "not initiated", 1: "minimal", 2: "intermediate", 3: "full"}
_OGP = {0: "not started", 1: "limited", 2: "substantial", 3: "complete"}
_TRACKER = {
    0: "broken",
    1: "stalled",
    2: "not yet rated",
    3: "in the works",
    4: "compromise",
    5: "kept",
}
WORDS: Mapping[Scale, Mapping[int, str]] = {
    Scale.G20: _G20,
    Scale.PAM: _PAM,
    Scale.OGP: _OGP,
    Scale.TRACKER: _TRACKER,
}
"""The words of each scale by value, the worst first."""


def rate(scale: Scale, assessment: Assessment) -> Rating:
    """Where an assessment stands on a scale."""
    status = assessment.status
    if status in _NO_VALUE:
        word = _NO_VALUE[status]
        if scale is Scale.OGP and status is Status.NO_DATA:
            word = "no evidence available"
        return Rating(None, word)
    value = _tracked(assessment) if scale is Scale.TRACKER else _graded(scale, assessment)
    return Rating(value, WORDS[scale][value])


def _graded(scale: Scale, assessment: Assessment) -> int:
    level = Level.COMPLETE if assessment.status is Status.DELIVERED else assessment.level
    if assessment.status is Status.REVERSED:
        level = Level.NONE
    if scale is not Scale.G20:
        return int(level)
    return {Level.NONE: -1, Level.COMPLETE: 1}.get(level, 0)


def _tracked(assessment: Assessment) -> int:
    """By the outcome. What is overdue is judged, as its time is over: by what was achieved."""
    match assessment.status:
        case Status.DELIVERED:
            return 5
        case Status.REVERSED:
            return 0
        case Status.OVERDUE:
            return 4 if assessment.level >= Level.SUBSTANTIAL else 0
        case Status.STALLED:
            return 1
        case Status.NOT_STARTED:
            return 2
        case _:
            return 3 if assessment.level > Level.NONE else 2
