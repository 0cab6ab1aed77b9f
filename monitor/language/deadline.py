"""What a rule may ask about a date: near, passed, moved, put off how often."""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from monitor.language.amounts import Bound, Duration
from monitor.language.forms import Short, refusal, short_words
from monitor.language.patterns import NOT_EMPTY, Strict, at_least_one, one_key


class SlipsModel(Strict):
    """How often a date was put off."""

    NOUN = "a number of slips"
    model_config = ConfigDict(json_schema_extra=NOT_EMPTY)

    at_least: Bound | None = Field(None, description="So often or more.")
    at_most: Bound | None = Field(None, description="So often or less.")

    @model_validator(mode="after")
    def _asks(self) -> "SlipsModel":
        at_least_one(self)
        return self


class NearModel(Strict):
    """How near a date is."""

    NOUN = "a date"
    model_config = ConfigDict(json_schema_extra=one_key)

    within: Duration | None = Field(None, description="It is at most so far ahead, and not met.")
    passed: Literal[True] | None = Field(None, description="It is behind.")

    @model_validator(mode="after")
    def _one(self) -> "NearModel":
        if len(self.model_fields_set) != 1:
            hint = "write {within: 30d} or passed"
            raise refusal("one-key", "a date is either within so long or passed", hint)
        return self


_passed = short_words(
    {"passed": {"passed": True}},
    "bad-deadline",
    "'{}' says nothing about a deadline",
    "write passed, or {within: 30d}",
)


Near = Annotated[
    NearModel,
    BeforeValidator(_passed),
    Short((("const", "passed"), ("description", "It is behind."))),
]


class DeadlineModel(Strict):
    """How near the commitment's deadline is, or how often it was put off."""

    NOUN = "a deadline"
    model_config = ConfigDict(json_schema_extra=one_key)

    within: Duration | None = Field(None, description="It is at most so far ahead, and not met.")
    passed: Literal[True] | None = Field(None, description="It is behind.")
    current: Near | None = Field(
        None, description="The same of the date that stands after all its moves."
    )
    slips: SlipsModel | None = Field(None, description="How often it was put off.")

    @model_validator(mode="after")
    def _asks(self) -> "DeadlineModel":
        if len(self.model_fields_set) != 1:
            hint = "write {within: 30d}, passed, {current: passed} or {slips: {at_least: 2}}"
            raise refusal("one-key", "a deadline is asked one thing", hint)
        return self


DeadlineTest = Annotated[
    DeadlineModel,
    BeforeValidator(_passed),
    Short((("const", "passed"), ("description", "The deadline is behind."))),
]
