"""Conditions that count: how many of the parties have done something.

A count has bounds on the number, on the share of the whole, or on both.
"""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, model_validator

from monitor.language.amounts import Bound, Percent
from monitor.language.context import context_of
from monitor.language.faults import did_you_mean, shorten
from monitor.language.forms import refusal
from monitor.language.patterns import PatternModel, Strict, one_of
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
        if not self.model_fields_set.intersection(PERCENT_BOUNDS):
            hint = f"give at least one of {', '.join(PERCENT_BOUNDS)}"
            raise refusal("nothing-asked", f"{self.NOUN} asks nothing", hint)
        return self


def _weights(word: str, info: ValidationInfo) -> str:
    context = context_of(info)
    if context and word not in context.weights:
        hint = did_you_mean(word, context.weights) or "declare them under weights:"
        raise refusal("unknown-weights", f"unknown weights '{shorten(word)}'", hint)
    return word


class ShareModel(PercentRange):
    """A part of the whole, in percent."""

    NOUN = "a share"

    of: Annotated[Identifier, AfterValidator(_weights)] | None = Field(
        None, description="The weights of the agreement that are added up; without it each counts"
        " one."
    )  # fmt: skip


def bounded(model: Any, noun: str) -> None:
    """Refuse a count that everything passes."""
    if model.at_least is None and model.at_most is None and model.share is None:
        hint = "give at_least, at_most or share"
        raise refusal("count-without-bound", f"{noun} without a bound", hint)


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
        bounded(self, "a count of parties")
        context = context_of(info)
        if context and context.parties is not None and not context.parties:
            hint = "list them under parties:"
            raise refusal("no-parties", "parties are counted, but none are listed", hint)
        return self
