"""How many commitments stand so, as a rule asks it and as a commitment is made of others."""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Any

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from monitor.domain.statuses import Needs
from monitor.language.amounts import Bound, bound, percent_of, some
from monitor.language.counting import PercentRange, WeightsName, bounded, counted_parties
from monitor.language.faults import did_you_mean, shorten
from monitor.language.forms import Short, refusal
from monitor.language.patterns import Strict, one_of
from monitor.language.status import AXES, AxesModel
from monitor.language.weights import Weight
from monitor.language.words import Identifier, Line, Reference


def _weighed(value: Any) -> Any:
    """One, or a list: each weighs one."""
    if isinstance(value, str):
        return {value: 1}
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return dict.fromkeys(value, 1)
    return value


MOST = 1_000

_NAMES = {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
Listed = Annotated[
    dict[Reference, Weight],
    Field(min_length=1),
    BeforeValidator(_weighed),
    Short((("anyOf", [{"type": "string", "minLength": 1}, _NAMES]), ("description", "Alike."))),
]


class MembersModel(Strict):
    """Some commitments: those listed, or all of a theme, of an agreement, or of both."""

    of: Listed | None = Field(
        None, description="These: a list, or a mapping of each to its weight."
    )
    agreement: Identifier | None = Field(None, description="All of this agreement.")
    theme: Line | None = Field(
        None, description="All of this theme, of the agreement named, else of this one."
    )

    def chosen(self) -> None:
        """Refuse a choice of nothing, or two."""
        if self.of is not None and (self.agreement or self.theme):
            message = "commitments are either listed or chosen by theme and agreement"
            raise refusal("one-key", message, "leave one of them out", ("of",))
        if self.of is None and not self.agreement and not self.theme:
            hint = "give of, theme or agreement"
            raise refusal("nothing-chosen", f"{self.NOUN} of no commitments", hint)
        if self.of is not None and len(self.of) > MOST:
            raise refusal("too-many", f"more than {MOST:,} commitments are listed", None, ("of",))
        if self.of is not None and not any(self.of.values()):
            hint = "give at least one of them a weight"
            raise refusal("weights-of-nothing", "the commitments weigh nothing", hint, ("of",))


def _least(value: Any) -> int | str:
    if value == "all":
        return "all"
    if isinstance(value, str):
        hint = did_you_mean(value, ("all",)) or "write a number, or all"
        raise refusal("unknown-word", f"unknown word '{shorten(value)}'", hint)
    return bound(value)


AtLeast = Annotated[
    int | str,
    PlainValidator(_least),
    WithJsonSchema({"anyOf": [{"const": "all"}, {"type": "integer", "minimum": 0}]}),
]


class CommitmentsModel(MembersModel, AxesModel):
    """How many of some commitments stand so; every axis given must hold."""

    NOUN = "a count of commitments"
    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                one_of(*AXES),
                one_of("of", "theme", "agreement"),
                one_of("at_least", "at_most", "share"),
            ]
        }
    )

    at_least: AtLeast | None = Field(None, description="So many or more, or `all`.")
    at_most: Bound | None = Field(None, description="So many or fewer.")
    share: PercentRange | None = Field(
        None, description="Such a part of them, by the weights under `of` where there are any."
    )

    @model_validator(mode="after")
    def _asks(self) -> "CommitmentsModel":
        self.asked()
        self.chosen()
        bounded(self)
        return self


def _needs(value: Any) -> Needs:
    if value in ("all", "any"):
        return Needs(every=True) if value == "all" else Needs(at_least=1)
    if isinstance(value, str) and "%" in value:
        share = percent_of(value)
        if not 0 < share <= 100:
            raise refusal("not-a-percentage", f"'{value}' must be more than 0%, at most 100%")
        return Needs(share=share)
    if isinstance(value, str):
        hint = (
            did_you_mean(value, ("all", "any")) or "write all, any, a number, or for instance 60%"
        )
        raise refusal("unknown-word", f"unknown word '{shorten(value)}'", hint)
    return Needs(at_least=some(value))


NEEDS_FORM: dict[str, Any] = {
    "anyOf": [
        {"enum": ["all", "any"]},
        {"type": "integer", "minimum": 1, "maximum": 1_000},
        {"type": "string", "pattern": r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$"},
    ]
}
NeedsAnswer = Annotated[Any, PlainValidator(_needs), WithJsonSchema(NEEDS_FORM)]


class PerPartyModel(Strict):
    """Each party is assessed by itself; the whole stands as enough of them do."""

    NOUN = "per_party"

    needs: NeedsAnswer = Field(
        description="How many parties bring the whole to their level: all, any, a number, or a"
        " share such as 60%."
    )
    of: WeightsName | None = Field(
        None, description="The weights of the agreement that a share is of; without it each party"
        " counts one."
    )  # fmt: skip

    @model_validator(mode="after")
    def _asks(self, info: ValidationInfo) -> "PerPartyModel":
        counted_parties(info, "each party is asked")
        if self.of is not None and self.needs.share is None:
            hint = "write needs: 60%, or leave `of` out"
            raise refusal("idle-of", "`of` goes with a share", hint, ("of",))
        return self


def _per_party(value: Any) -> Any:
    return {"needs": value} if isinstance(value, (str, int)) else value


PerParty = Annotated[
    PerPartyModel,
    BeforeValidator(_per_party),
    Short((*NEEDS_FORM.items(), ("description", "How many parties it takes."))),
]


class RollUpModel(MembersModel):
    """Made of other commitments: it stands as they do."""

    NOUN = "a roll-up"
    model_config = ConfigDict(json_schema_extra=one_of("of", "theme", "agreement"))

    needs: NeedsAnswer | None = Field(
        None,
        description="How many of them bring it to their level: all (default), any, a number, or a"
        " share such as 60%.",
    )

    @model_validator(mode="after")
    def _asks(self) -> "RollUpModel":
        self.chosen()
        return self
