"""Conditions of degree: how many parties, how many milestones, how far along the line.

A count has bounds on the number, on the share of the whole, or on both.
"""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Any, ClassVar, Protocol

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from monitor.domain.condition import MilestoneState
from monitor.language.amounts import Bound, Percent
from monitor.language.context import context_of
from monitor.language.faults import did_you_mean, listing, shorten
from monitor.language.forms import Many, Short, refusal, short_words
from monitor.language.patterns import PatternModel, Strict, at_least_one, one_of
from monitor.language.words import Identifier

PERCENT_BOUNDS = ("at_least", "at_most", "above", "below")


class PercentRange(Strict):
    """An interval of percentages; every bound given must hold."""

    NOUN = "a range of percentages"
    model_config = ConfigDict(json_schema_extra=one_of(*PERCENT_BOUNDS))

    at_least: Percent | None = Field(None, description="Not less than this.")
    at_most: Percent | None = Field(None, description="Not more than this.")
    above: Percent | None = Field(None, description="More than this.")
    below: Percent | None = Field(None, description="Less than this.")

    @model_validator(mode="after")
    def _asks(self) -> "PercentRange":
        at_least_one(self, *PERCENT_BOUNDS)
        return self


PACES = {
    "behind": {"below": "95%"},
    "on": {"at_least": "95%", "at_most": "105%"},
    "ahead": {"above": "105%"},
}
"""What the words mean, in percent of what the line asks for.

95% is where Eurostat's monitoring of the sustainable development goals calls progress towards a
target significant (ratio of the actual to the required rate of change); 105% is the same on the
other side.
"""


class PaceModel(PercentRange):
    """Progress, in percent of what the straight line asks for by now."""

    NOUN = "a pace"


Pace = Annotated[
    PaceModel,
    BeforeValidator(
        short_words(
            PACES,
            "unknown-pace",
            "unknown pace '{}'",
            f"write {listing(PACES)}, or {{below: 80%}}",
        )
    ),
    Short((("enum", list(PACES)), ("description", "Below, at or above 95% to 105% of the line."))),
]


def _weights(word: str, info: ValidationInfo) -> str:
    context = context_of(info)
    if context and word not in context.weights:
        hint = did_you_mean(word, context.weights) or "declare them under weights:"
        raise refusal("unknown-weights", f"unknown weights '{shorten(word)}'", hint)
    return word


WeightsName = Annotated[Identifier, AfterValidator(_weights)]


class ShareModel(PercentRange):
    """A part of the whole, in percent."""

    NOUN = "a share"

    of: WeightsName | None = Field(
        None, description="The weights of the agreement that are added up; without it each counts"
        " one."
    )  # fmt: skip


class Counted(Protocol):
    """A mapping that bounds a number, or the share of a whole."""

    NOUN: ClassVar[str]

    @property
    def at_least(self) -> Any: ...
    @property
    def at_most(self) -> Any: ...
    @property
    def share(self) -> Any: ...


def bounded(model: Counted) -> None:
    """Refuse a count that everything passes."""
    if model.at_least is None and model.at_most is None and model.share is None:
        hint = "give at_least, at_most or share"
        raise refusal("count-without-bound", f"{model.NOUN} without a bound", hint)


def counted_parties(info: ValidationInfo, what: str) -> None:
    """Refuse `what` is asked of parties where the commitment has none."""
    context = context_of(info)
    if context and context.parties is not None and not context.parties:
        hint = "list them under parties:"
        raise refusal("no-parties", f"{what}, but none are listed", hint)


class PartiesModel(Strict):
    """How many of the commitment's parties have done something."""

    NOUN = "a count of parties"
    model_config = ConfigDict(json_schema_extra=one_of("at_least", "at_most", "share"))

    update: PatternModel = Field(
        description="The update that shows it, for each party that it names."
    )
    undone_by: PatternModel | None = Field(
        None, description="The update that undoes it, for each party that it names."
    )
    at_least: Bound | None = Field(None, description="So many parties or more.")
    at_most: Bound | None = Field(None, description="So many parties or fewer.")
    share: ShareModel | None = Field(
        None, description="Such a part of the parties, or of what they weigh."
    )

    @model_validator(mode="after")
    def _asks(self, info: ValidationInfo) -> "PartiesModel":
        bounded(self)
        counted_parties(info, "parties are counted")
        return self


def _milestone(word: str, info: ValidationInfo) -> str:
    context = context_of(info)
    if context and context.milestones is not None and word not in context.milestones:
        hint = did_you_mean(word, sorted(context.milestones)) or "declare it under milestones:"
        raise refusal("unknown-milestone", f"unknown milestone '{shorten(word)}'", hint)
    return word


class MilestonesModel(Strict):
    """How many milestones stand so."""

    NOUN = "a count of milestones"
    model_config = ConfigDict(json_schema_extra=one_of("at_least", "at_most", "share"))

    is_: Many[MilestoneState] = Field(
        (MilestoneState.DONE, MilestoneState.DONE_LATE),
        alias="is",
        description="Any of pending, due_soon, overdue, done, done_late. Default: done, done_late.",
    )
    of: Many[Annotated[Identifier, AfterValidator(_milestone)]] | None = Field(
        None, description="Only these milestones; all of the commitment's without it."
    )
    at_least: Bound | None = Field(None, description="So many or more.")
    at_most: Bound | None = Field(None, description="So many or fewer.")
    share: PercentRange | None = Field(None, description="Such a part of them.")

    @model_validator(mode="after")
    def _asks(self, info: ValidationInfo) -> "MilestonesModel":
        bounded(self)
        context = context_of(info)
        if context and context.milestones is not None and not context.milestones:
            hint = "declare them under milestones:"
            raise refusal("no-milestones", "milestones are counted, but none are declared", hint)
        return self
