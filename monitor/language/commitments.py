"""A commitment as it is written, and what it may inherit."""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from monitor.domain.basis import Basis
from monitor.domain.commitment import Severity
from monitor.domain.time import Occurred
from monitor.language.amounts import Date, Duration, Tier
from monitor.language.context import context_of
from monitor.language.due import Calendars, Due, DueModel, Moves
from monitor.language.faults import did_you_mean, shorten
from monitor.language.forms import Many, refusal
from monitor.language.patterns import PatternModel, Strict
from monitor.language.rollup import PerParty, PerPartyModel, RollUpModel
from monitor.language.rules import Labels, RuleModel
from monitor.language.steps import IndicatorModel, MilestoneModel, movable, refuse_circles
from monitor.language.words import Identifier, Line, Party, Text


def _profile(word: str, info: ValidationInfo) -> str:
    context = context_of(info)
    if context and word not in context.profiles:
        hint = did_you_mean(word, context.profiles)
        hint = hint or f"known are {', '.join(sorted(context.profiles))}"
        raise refusal("unknown-profile", f"unknown profile '{shorten(word)}'", hint)
    return word


ProfileName = Annotated[Identifier, AfterValidator(_profile)]
Rules = Annotated[tuple[RuleModel, ...], Field(max_length=1_000)]


class Overrides(Strict):
    """What a commitment inherits from its profile and from `defaults`."""

    quiet: Duration | None = Field(
        None, description="After so long without an advance it counts as quiet. Default 90d."
    )
    stalled: Duration | None = Field(
        None, description="After so long without an advance it counts as stalled. Default 180d."
    )
    dormant: Duration | None = Field(
        None, description="After so long without an advance it counts as dormant. Default 365d."
    )
    due_soon: Duration | None = Field(
        None, description="How long before its deadline it counts as due soon. Default 30d."
    )
    dwell: Duration | None = Field(
        None,
        description="How long a stalled or at_risk that a rule concluded stands at least, where the"
        " rule does not say it. Default: it ends at once.",
    )
    tier: Tier | None = Field(
        None, description="The weakest source that counts in rules: 1, 2 or 3. Default 2."
    )
    severity: Severity | None = Field(
        None, description="Of its alerts: info, warning or critical. Default warning."
    )
    labels: Labels | None = Field(None, description="Added to its alerts, for routing.")
    calendar: Calendars | None = Field(
        None,
        description="Whose holidays are no working days: codes of countries or their parts, for"
        " instance JP, KR or US-CA. Default: only Saturdays and Sundays are free.",
    )


class AboutModel(PatternModel):
    """Which updates concern a commitment: all tests given must hold."""

    NOUN = "about"

    @model_validator(mode="after")
    def _asks(self) -> "AboutModel":
        if not self.model_fields_set:
            hint = "give topics, or leave `about` out: then the commitment's id is its topic"
            raise refusal("nothing-asked", "`about` asks nothing", hint)
        return self


class SupersededModel(Strict):
    """The commitment was replaced."""

    NOUN = "superseded"

    on: Date = Field(description="When.")
    by: Line = Field(description="By what.")


class CommitmentModel(Overrides):
    """One verifiable future act or result."""

    NOUN = "a commitment"

    id: Identifier = Field(
        description="Unique in the file; also its topic where `about` is absent."
    )
    title: Line = Field(description="The commitment in a few words.")
    quote: Line = Field(
        description="The very words of the source document; only white space may differ."
    )
    guideline: Text | None = Field(
        None, description="What counts as full, partial and no implementation, and what does not."
    )
    theme: Line | None = Field(None, description="For grouping.")
    basis: Basis = Field(
        Basis.PLEDGE,
        description="pledge: the source promises it. expectation: somebody expects it.",
    )
    rated: bool = Field(
        True,
        strict=True,
        description="false: it cannot be assessed; the guideline says why.",
    )
    parties: Many[Party] | None = Field(
        None, description="Who promised. Default: the agreement's parties."
    )
    date: Date | None = Field(None, description="When its clocks begin. Default: the agreement's.")
    profile: ProfileName | None = Field(
        None, description="Whose rules it has besides its own. `none`: its own only."
    )
    about: AboutModel | None = Field(
        None, description="Which updates concern it. Default: those whose topic is its id."
    )
    deadline: Due | None = Field(
        None, description="By when: a date, or {within: 90d, after: {milestone: …}}."
    )
    moved: Moves | None = Field(
        None,
        description="To which dates the deadline was moved; lateness counts from the original one.",
    )
    milestones: Annotated[tuple[MilestoneModel, ...], Field(max_length=1_000)] = Field(
        (), description="Dated steps."
    )
    indicators: Annotated[tuple[IndicatorModel, ...], Field(max_length=1_000)] = Field(
        (), description="Measured series."
    )
    roll_up: RollUpModel | None = Field(
        None, description="It is made of other commitments and stands as they do."
    )
    per_party: PerParty | None = Field(
        None, description="Each party has to keep it: each is assessed by itself, and the whole"
        " stands as so many of them do."
    )  # fmt: skip
    superseded: SupersededModel | None = Field(
        None, description="When, and by what, it was replaced."
    )
    rules: Rules = Field(
        (), description="Its own rules. One with the id of a profile's rule replaces it."
    )

    @field_validator("deadline")
    @classmethod
    def _later(cls, deadline: DueModel | None, info: ValidationInfo) -> DueModel | None:
        context = context_of(info)
        if deadline is None or deadline.date is None or context is None:
            return deadline
        start: Occurred | None = info.data.get("date") or context.date
        if start is None:
            return deadline
        if deadline.date.end(context.zone) <= start.start(context.zone):
            text = deadline.date.text
            message = f"the deadline {text} lies before the commitment ({start.text})"
            raise refusal("deadline-before-date", message, "correct one of the two dates")
        return deadline

    @field_validator("moved")
    @classmethod
    def _of_a_deadline(cls, moved: Moves | None, info: ValidationInfo) -> Moves | None:
        return movable(moved, info.data.get("deadline", ...), "deadline")

    @field_validator("milestones")
    @classmethod
    def _no_circle(cls, milestones: tuple[MilestoneModel, ...]) -> tuple[MilestoneModel, ...]:
        refuse_circles(milestones)
        return milestones

    @field_validator("per_party")
    @classmethod
    def _either(cls, per_party: PerPartyModel | None, info: ValidationInfo) -> PerPartyModel | None:
        if per_party is not None and info.data.get("roll_up") is not None:
            message = "a commitment is made of others or of its parties, not of both"
            raise refusal("one-key", message, "leave one of them out")
        return per_party
