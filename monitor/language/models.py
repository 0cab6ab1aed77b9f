"""A rulebook file. These models are the one source of what is accepted and of the JSON Schema."""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from monitor.language.amounts import Date, Duration, Tier, Zone
from monitor.language.commitments import CommitmentModel, Overrides, ProfileName, Rules
from monitor.language.forms import Many, Short, refusal, short_words
from monitor.language.patterns import Strict, one_of
from monitor.language.weights import WeightsModel
from monitor.language.words import Host, Identifier, Line, NewKind, Party, Text


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
    model_config = ConfigDict(json_schema_extra=one_of("hosts", "names"))

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


Coverage = Annotated[
    CoverageModel,
    BeforeValidator(
        short_words(
            {"assumed": {"assumed": True}},
            "bad-coverage",
            "unknown coverage '{}'",
            "write assumed, or {grace: 2d}",
        )
    ),
    Short((("const", "assumed"), ("description", "Somebody is always looking."))),
]


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
    weights: dict[Identifier, WeightsModel] | None = Field(
        None, description="How much each party weighs, by what is weighed, for instance emissions."
    )


class RulebookModel(HeaderModel):
    """A rulebook file: one agreement and its commitments."""

    commitments: Annotated[tuple[CommitmentModel, ...], Field(min_length=1)] = Field(
        description="What was promised."
    )
