"""A rulebook file. These models are the one source of what is accepted and of the JSON Schema."""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo
from pydantic import field_validator, model_validator

from monitor.domain.commitment import Basis, Severity
from monitor.domain.time import Occurred
from monitor.language.context import context_of
from monitor.language.faults import did_you_mean, shorten
from monitor.language.patterns import PatternModel, Strict
from monitor.language.rules import Labels, RuleModel
from monitor.language.scalars import (
    Date,
    Duration,
    Host,
    Identifier,
    Line,
    Many,
    NewKind,
    Number,
    Party,
    Short,
    Text,
    Tier,
    Zone,
    refusal,
)


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
    tier: Tier | None = Field(
        None, description="The weakest source that may move a level: 1, 2 or 3. Default 2."
    )
    severity: Severity | None = Field(
        None, description="Of its alerts: info, warning or critical. Default warning."
    )
    labels: Labels | None = Field(None, description="Added to its alerts, for routing.")


class DefaultsModel(Overrides):
    """Inherited by every commitment of the file that does not say otherwise."""

    NOUN = "the defaults"

    profile: ProfileName | None = Field(
        None, description="Whose rules apply where a commitment names no profile. Default standard."
    )


class ProfileModel(Overrides):
    """Rules and durations that several commitments share."""

    NOUN = "a profile"

    description: Text | None = Field(None, description="What it is for, and why these numbers.")
    rules: Rules = Field((), description="The rules of every commitment with this profile.")


class SourceGroupModel(Strict):
    """Sources of one reliability."""

    NOUN = "a source group"

    tier: Tier = Field(description="1 official record, 2 established press or wire, 3 other.")
    hosts: Many[Host] | None = Field(
        None, description="Hosts such as mofa.go.jp; their subdomains are meant as well."
    )
    names: Many[Line] | None = Field(None, description="Names by which updates call the source.")

    @model_validator(mode="after")
    def _recognises(self) -> "SourceGroupModel":
        if not self.hosts and not self.names:
            raise refusal("nothing-asked", "a source group without sources", "give hosts or names")
        return self


class CoverageModel(Strict):
    """How it is known that somebody was looking."""

    NOUN = "the coverage"

    assumed: Literal[True] | None = Field(
        None, description="Somebody is always looking: silence is counted by a plain clock."
    )
    grace: Duration | None = Field(
        None, description="How late news may come before its absence is called no data."
    )


def _coverage(value: Any) -> Any:
    if isinstance(value, str):
        if value != "assumed":
            hint = did_you_mean(value, ("assumed",)) or "write assumed, or {grace: 2d}"
            raise refusal("bad-coverage", f"unknown coverage '{shorten(value)}'", hint)
        return {"assumed": True}
    return value


Coverage = Annotated[
    CoverageModel,
    BeforeValidator(_coverage),
    Short((("const", "assumed"), ("description", "Somebody is always looking."))),
]


class AboutModel(PatternModel):
    """Which updates concern a commitment: all tests given must hold."""

    NOUN = "about"

    @model_validator(mode="after")
    def _asks(self) -> "AboutModel":
        if not self.model_fields_set:
            hint = "give topics, or leave `about` out: then the commitment's id is its topic"
            raise refusal("nothing-asked", "`about` asks nothing", hint)
        return self


class MilestoneModel(Strict):
    """A dated step of a commitment."""

    NOUN = "a milestone"

    id: Identifier = Field(description="Unique in the commitment; updates can name it.")
    title: Line = Field(description="What is to be done.")
    due: Date | None = Field(
        None, description="By when; a day, month or year means the whole of it."
    )
    done: PatternModel | None = Field(
        None, description="The update that means it is done, besides one that names the milestone."
    )


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
    deadline: Date | None = Field(
        None, description="By when; a day, month or year means the whole of it."
    )
    milestones: Annotated[tuple[MilestoneModel, ...], Field(max_length=1_000)] = Field(
        (), description="Dated steps."
    )
    indicators: Annotated[tuple[IndicatorModel, ...], Field(max_length=1_000)] = Field(
        (), description="Measured series."
    )
    superseded: SupersededModel | None = Field(
        None, description="When, and by what, it was replaced."
    )
    rules: Rules = Field(
        (), description="Its own rules. One with the id of a profile's rule replaces it."
    )

    @field_validator("deadline")
    @classmethod
    def _later(cls, deadline: Occurred | None, info: ValidationInfo) -> Occurred | None:
        context = context_of(info)
        start = info.data.get("date") or (context and context.date)
        if deadline is None or context is None or start is None:
            return deadline
        if deadline.end(context.zone) <= start.start(context.zone):
            message = f"the deadline {deadline.text} lies before the commitment ({start.text})"
            raise refusal("deadline-before-date", message, "correct one of the two dates")
        return deadline


class HeaderModel(Strict):
    """Everything in a rulebook file but its commitments."""

    NOUN = "a rulebook"

    agreement: Identifier = Field(description="The agreement's id, unique among all files.")
    title: Line = Field(description="The agreement in a few words.")
    date: Date = Field(description="When it was made; the clocks of its commitments begin then.")
    timezone: Zone = Field("UTC", description="The IANA zone in which its dates are meant.")
    parties: Many[Party] | None = Field(None, description="Who made it.")
    source: Line | None = Field(
        None, description="The document that quotes come from, as a path relative to this file."
    )
    kinds: Many[NewKind] | None = Field(
        None, description="Kinds of updates besides the built-in ones."
    )
    coverage: Coverage | None = Field(
        None,
        description="How it is known that somebody was looking. Default: as sources recorded it,"
        " without grace.",
    )
    defaults: DefaultsModel | None = Field(None, description="Inherited by every commitment.")
    sources: dict[Identifier, SourceGroupModel] | None = Field(
        None, description="Who is how reliable, in named groups. Sources in none are of tier 3."
    )
    profiles: dict[Identifier, ProfileModel] | None = Field(
        None, description="Shared rules and durations, by name."
    )


class RulebookModel(HeaderModel):
    """A rulebook file: one agreement and its commitments."""

    commitments: Annotated[tuple[CommitmentModel, ...], Field(min_length=1)] = Field(
        description="What was promised."
    )
