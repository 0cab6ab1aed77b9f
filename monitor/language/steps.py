"""Dated steps and measured series of a commitment, as they are written."""

# Annotations are evaluated: pydantic reads them.

from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from monitor.domain.due import circle
from monitor.domain.time import Occurred
from monitor.language.amounts import Date, Number
from monitor.language.context import context_of
from monitor.language.due import Again, Due, Moves
from monitor.language.forms import refusal
from monitor.language.patterns import PatternModel, Strict
from monitor.language.words import Identifier, Line


def movable(moved: Moves | None, date: Any, key: str) -> Moves | None:
    """Refuse moves of no date. `date`: what is moved; an Ellipsis where it has a fault itself."""
    if moved is not None and date is None:
        raise refusal("moved-without-date", "what has no date cannot be moved", f"give `{key}`")
    return moved


class MilestoneModel(Strict):
    """A dated step of a commitment."""

    NOUN = "a milestone"

    id: Identifier = Field(description="Unique in the commitment; updates can name it.")
    title: Line = Field(description="What is to be done.")
    due: Due | None = Field(
        None, description="By when: a date, or {within: 90d, after: {milestone: …}}."
    )
    every: Again | None = Field(
        None, description="It is due again and again, so long after `from`: 6 months, 1 year."
    )
    from_: Date | None = Field(
        None,
        alias="from",
        description="When its first period begins. Default: the commitment's date.",
    )
    until: Date | None = Field(None, description="After this date it is due no more.")
    moved: Moves | None = Field(
        None, description="To which dates it was moved; it counts as late from the original one."
    )
    done: PatternModel | None = Field(
        None, description="The update that means it is done, besides one that names the milestone."
    )

    @field_validator("moved")
    @classmethod
    def _of_a_date(cls, moved: Moves | None, info: ValidationInfo) -> Moves | None:
        return movable(moved, info.data.get("due", ...), "due")

    @model_validator(mode="after")
    def _again(self) -> "MilestoneModel":
        if self.every is None:
            for key, value in (("from", self.from_), ("until", self.until)):
                if value is not None:
                    message = f"`{key}` is for a milestone that recurs"
                    raise refusal("idle-period", message, "give `every` as well", (key,))
        elif self.due is not None:
            hint = "leave one of them out"
            raise refusal("one-key", "a milestone has a date, or recurs", hint, ("every",))
        return self


class IndicatorModel(Strict):
    """A measured series."""

    NOUN = "an indicator"

    id: Identifier = Field(description="The name that updates carry with the value.")
    title: Line = Field(description="What is measured.")
    unit: Line | None = Field(None, description="In what, for instance % or GW.")
    baseline: Number | None = Field(None, description="The value at the start.")
    target: Number | None = Field(None, description="The value to reach.")
    direction: Literal["at_least", "at_most"] = Field(
        "at_least", description="From which side the target is reached."
    )
    baseline_date: Date | None = Field(
        None, description="When the way to the target begins. Default: with the commitment."
    )
    target_date: Date | None = Field(
        None, description="By when the target is to be reached. Default: the deadline."
    )

    @field_validator("target_date")
    @classmethod
    def _after(cls, target: Occurred | None, info: ValidationInfo) -> Occurred | None:
        begin: Occurred | None = info.data.get("baseline_date")
        context = context_of(info)
        zone = context.zone if context else "UTC"
        if target and begin and target.end(zone) <= begin.start(zone):
            message = f"the target's date {target.text} lies before the baseline's ({begin.text})"
            raise refusal("target-before-baseline", message, "correct one of the two dates")
        return target


def refuse_circles(milestones: tuple[MilestoneModel, ...]) -> None:
    """Refuse milestones that wait for each other, or for one that is never done for good."""
    waits = {
        m.id: m.due.after.milestone
        for m in milestones
        if m.due is not None and m.due.after is not None and m.due.after.milestone is not None
    }
    again = {m.id for m in milestones if m.every is not None}
    for number, milestone in enumerate(milestones):
        if waits.get(milestone.id) in again:
            message = f"'{waits[milestone.id]}' recurs, so it is never done for good"
            at = (number, "due", "after", "milestone")
            raise refusal("after-recurring", message, "name another milestone, or a date", at)
    names = circle(waits)
    if names is not None:
        place = next(i for i, m in enumerate(milestones) if m.id == names[-2])
        message = f"these milestones wait for each other: {' -> '.join(names)}"
        if len(names) == 2:
            message = f"the milestone '{names[0]}' waits for itself"
        hint = "give one of them a date of its own"
        raise refusal("due-circle", message, hint, (place, "due", "after", "milestone"))
