"""The columns of a view: each turns what is remembered, and the instant, into one integer.

A field also knows when its value next crosses a threshold of its tests merely because time passes:
`next_seen` at a date, `next_watched` after a duration of watching. Those instants are exact, which
is what makes the engine independent of how often it runs.

No conclusion is drawn from time that nobody watched (law 6): fields read the clock as `seen`, the
last instant somebody has looked, so that what was known when coverage ended stays as it was.
"""

from monitor.engine.fields.base import Field
from monitor.engine.fields.dates import MilestoneIs, MilestonesIn, Missed, Remaining, Slips
from monitor.engine.fields.measures import Change, Latest, Measured, Target
from monitor.engine.fields.pace import Pace
from monitor.engine.fields.parties import PartiesDone
from monitor.engine.fields.reports import Completed, CountIn, Event, Silent
from monitor.engine.fields.standings import CommitmentsIn, LevelOf, StatusIs

CONTINUOUS = (Silent, Remaining, Latest, Change)
"""Columns that hardly ever have the same value twice."""

THRESHOLDED = (CountIn, Silent, Remaining, Slips, Missed, PartiesDone, MilestonesIn, CommitmentsIn)
"""Columns that are told what they are compared with."""

__all__ = [
    "CONTINUOUS",
    "THRESHOLDED",
    "Change",
    "CommitmentsIn",
    "Completed",
    "CountIn",
    "Event",
    "Field",
    "Latest",
    "LevelOf",
    "Measured",
    "MilestoneIs",
    "MilestonesIn",
    "Missed",
    "Pace",
    "PartiesDone",
    "Remaining",
    "Silent",
    "Slips",
    "StatusIs",
    "Target",
]
