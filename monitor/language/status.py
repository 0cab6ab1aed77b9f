"""How a commitment stands, as a rule may ask it."""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from monitor.domain.assessment import Activity, Schedule, Standing, Status
from monitor.language.forms import Many, Short, refusal
from monitor.language.patterns import NOT_EMPTY, Strict, at_least_one, one_of
from monitor.language.words import Reference

LevelWord = Literal["none", "limited", "substantial", "complete"]

AXES = ("level", "activity", "schedule", "standing", "status", "last_known")


class LevelsModel(Strict):
    """A range of levels: none < limited < substantial < complete."""

    NOUN = "a range of levels"
    model_config = ConfigDict(json_schema_extra=NOT_EMPTY)

    at_least: LevelWord | None = Field(None, description="This level or a higher one.")
    at_most: LevelWord | None = Field(None, description="This level or a lower one.")

    @model_validator(mode="after")
    def _asks(self) -> "LevelsModel":
        at_least_one(self)
        return self


def _level(value: Any) -> Any:
    return {"at_least": value, "at_most": value} if isinstance(value, str) else value


Levels = Annotated[
    LevelsModel,
    BeforeValidator(_level),
    Short((("enum", ["none", "limited", "substantial", "complete"]), ("description", "Exactly."))),
]


class AxesModel(Strict):
    """How commitments stand; every axis given must hold."""

    level: Levels | None = Field(None, description="How far implementation has come.")
    activity: Many[Activity] | None = Field(None, description="Any of these.")
    schedule: Many[Schedule] | None = Field(None, description="Any of these.")
    standing: Many[Standing] | None = Field(None, description="Any of these.")
    status: Many[Status] | None = Field(None, description="Any of these headlines.")
    last_known: Many[Status] | None = Field(
        None, description="Any of these headlines, as it stood when coverage ended; while somebody"
        " looks, as it stands."
    )  # fmt: skip

    def asked(self) -> None:
        """Refuse a test of nothing."""
        if not self.model_fields_set.intersection(AXES):
            hint = "give level, activity, schedule, standing, status or last_known"
            raise refusal("nothing-asked", f"{self.NOUN} asks nothing", hint)


class StatusModel(AxesModel):
    """How a commitment stands; every axis given must hold."""

    NOUN = "a status test"
    model_config = ConfigDict(json_schema_extra=one_of(*AXES))

    commitment: Reference | None = Field(
        None, description="Another commitment: its id, or agreement/id. This one without it."
    )

    @model_validator(mode="after")
    def _asks(self) -> "StatusModel":
        self.asked()
        return self
