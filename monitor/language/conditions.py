"""What a rule may wait for: a mapping with exactly one key that says what kind of condition it is.

All kinds share one model with one optional key each. A union of eleven models would answer a
misspelt key with eleven complaints, and would offer an editor nothing to complete.
"""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from monitor.domain.condition import MilestoneState, TargetState, Trend
from monitor.language.amounts import DURATION_FORM, Bound, Duration
from monitor.language.context import context_of
from monitor.language.counting import MilestonesModel, Pace, PartiesModel
from monitor.language.deadline import DeadlineTest, Near, SlipsModel
from monitor.language.faults import did_you_mean, shorten
from monitor.language.forms import Many, Short, refusal
from monitor.language.patterns import (
    PatternModel,
    Range,
    Strict,
    one_key,
    one_of,
)
from monitor.language.rollup import CommitmentsModel
from monitor.language.status import StatusModel
from monitor.language.words import Identifier


class CountModel(Strict):
    """How many matching updates there were."""

    NOUN = "a count"
    model_config = ConfigDict(json_schema_extra=one_of("at_least", "at_most"))

    update: PatternModel = Field(description="Which updates are counted.")
    within: Duration | None = Field(
        None, description="Only those of the last so many days count; all of them without it."
    )
    at_least: Bound | None = Field(None, description="So many or more.")
    at_most: Bound | None = Field(None, description="So many or fewer.")

    @model_validator(mode="after")
    def _bounded(self) -> "CountModel":
        if self.at_least is None and self.at_most is None:
            hint = "give at_least, at_most or both"
            raise refusal("count-without-bound", "a count without a bound", hint)
        return self


class SilenceModel(Strict):
    """Nothing for so long, counted only while somebody was looking."""

    NOUN = "a silence"

    update: PatternModel | None = Field(
        None, description="Which updates would break the silence; without it, an advance does."
    )
    for_: Duration = Field(
        alias="for", description="How long nothing was heard, for instance 180d."
    )


def _silence(value: Any) -> Any:
    return {"for": value} if isinstance(value, (str, int)) else value


Silence = Annotated[
    SilenceModel,
    BeforeValidator(_silence),
    Short((*DURATION_FORM.items(), ("description", "No advance for so long."))),
]


class SequenceModel(Strict):
    """Updates one after the other."""

    NOUN = "a sequence"

    steps: Annotated[tuple[PatternModel, ...], Field(min_length=2, max_length=20)] = Field(
        description="What has to happen, in this order; two steps at least."
    )
    within: Duration | None = Field(None, description="How long all of it may take.")


def _own(word: str, info: ValidationInfo) -> str:
    context = context_of(info)
    field = str(info.field_name)
    known = None
    if context:
        known = context.milestones if field == "milestone" else context.indicators
    if known is not None and word not in known:
        hint = did_you_mean(word, sorted(known)) or f"declare it under {field}s:"
        raise refusal(f"unknown-{field}", f"unknown {field} '{shorten(word)}'", hint)
    return word


Own = Annotated[Identifier, AfterValidator(_own)]


class IndicatorTestModel(Strict):
    """Where a measured series stands or goes."""

    NOUN = "an indicator test"
    model_config = ConfigDict(
        json_schema_extra=one_of("value", "change", "trend", "target", "pace")
    )

    indicator: Own = Field(description="The id of an indicator that the commitment declares.")
    value: Range | None = Field(None, description="The latest value.")
    change: Range | None = Field(
        None,
        description="The latest value minus the one before it, or, with `within`, minus the"
        " earliest one of that time.",
    )
    trend: Trend | None = Field(None, description="rising or falling.")
    within: Duration | None = Field(None, description="How far back `change` and `trend` look.")
    target: TargetState | None = Field(None, description="Whether the target is met or missed.")
    pace: Pace | None = Field(
        None, description="Progress, in percent of what the straight line to the target asks for."
    )

    @model_validator(mode="after")
    def _asks(self) -> "IndicatorTestModel":
        asked = self.model_fields_set - {"indicator", "within"}
        if not asked:
            hint = "give value, change, trend, target or pace"
            raise refusal("nothing-asked", "an indicator test asks nothing", hint)
        if self.within is not None and not asked & {"change", "trend"}:
            hint = "leave it out, or ask for change or trend"
            raise refusal("idle-within", "`within` goes with change or trend", hint, ("within",))
        return self


class MilestoneTestModel(Strict):
    """How a milestone stands."""

    NOUN = "a milestone test"
    model_config = ConfigDict(json_schema_extra=one_of("is", "current", "slips", "missed"))

    milestone: Own = Field(description="The id of a milestone that the commitment declares.")
    is_: Many[MilestoneState] | None = Field(
        None, alias="is", description="Any of pending, due_soon, overdue, done, done_late."
    )
    current: Near | None = Field(
        None, description="The date that stands after all its moves: passed, or {within: 30d}."
    )
    slips: SlipsModel | None = Field(None, description="How often its date was put off.")
    missed: SlipsModel | None = Field(
        None, description="How many dates of a milestone with `every` went by in vain."
    )

    @model_validator(mode="after")
    def _asks(self) -> "MilestoneTestModel":
        if self.model_fields_set == {"milestone"}:
            hint = "give is, slips, current or missed"
            raise refusal("nothing-asked", "a milestone test asks nothing", hint)
        return self


Parts = Annotated[tuple["ConditionModel", ...], Field(min_length=1, max_length=100)]


class ConditionModel(Strict):
    """A condition: exactly one of these keys."""

    NOUN = "a condition"
    model_config = ConfigDict(json_schema_extra=one_key)

    update: PatternModel | None = Field(None, description="At this instant an update matches.")
    count: CountModel | None = Field(None, description="So many matching updates, in a window.")
    parties: PartiesModel | None = Field(
        None, description="So many of its parties have done something, by number or by weight."
    )
    silence: Silence | None = Field(None, description="Nothing for so long, while watched.")
    sequence: SequenceModel | None = Field(None, description="One update after another, in time.")
    indicator: IndicatorTestModel | None = Field(
        None, description="The value, change, trend or target of a measured series."
    )
    milestone: MilestoneTestModel | None = Field(
        None, description="A dated step is done, due or late."
    )
    milestones: MilestonesModel | None = Field(
        None, description="So many milestones are done, due or late."
    )
    deadline: DeadlineTest | None = Field(None, description="The deadline is near, or passed.")
    status: StatusModel | None = Field(None, description="How this or another commitment stands.")
    commitments: CommitmentsModel | None = Field(
        None, description="So many commitments stand so: of a list, a theme or an agreement."
    )
    all_: Parts | None = Field(None, alias="all", description="Every one of these holds.")
    any_: Parts | None = Field(None, alias="any", description="At least one of these holds.")
    not_: "ConditionModel | None" = Field(None, alias="not", description="This does not hold.")

    @model_validator(mode="before")
    @classmethod
    def _one(cls, data: Any) -> Any:
        if isinstance(data, dict) and len(data) != 1:
            named = [key for key in data if key in CONDITION_KEYS]
            if len(named) > 1:
                keys = " and ".join(f"`{key}`" for key in named)
                hint = "join them: all: [{…}, {…}] or any: [{…}, {…}]"
                message = f"a condition has exactly one key, here are {keys}"
                raise refusal("one-key", message, hint, (named[1],))
            if not data:
                hint = f"give one of {', '.join(CONDITION_KEYS)}"
                raise refusal("one-key", "a condition is empty", hint)
        return data


CONDITION_KEYS = tuple(field.alias or name for name, field in ConditionModel.model_fields.items())
