"""What a rule may ask of one update."""

# Annotations are evaluated: pydantic reads them.

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from monitor.language.amounts import Number, Tier
from monitor.language.context import context_of
from monitor.language.faults import did_you_mean, shorten
from monitor.language.forms import Many, Short, refusal
from monitor.language.words import Identifier, Kind, Line, Party, Regex, Topic


class Strict(BaseModel):
    """A mapping that allows no other keys than its own. `NOUN` names it in faults."""

    NOUN: ClassVar[str] = "this mapping"

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        defer_build=True,
        validate_by_alias=True,
        validate_by_name=False,
    )


NOT_EMPTY: dict[str, Any] = {"minProperties": 1}


def one_key(schema: dict[str, Any]) -> None:
    """Tells an editor that exactly one of the keys is needed.

    Not by `maxProperties`: on an empty line the YAML language server counts the line itself as one
    and offers nothing.
    """
    schema["oneOf"] = [{"required": [key]} for key in schema["properties"]]


def one_of(*keys: str) -> dict[str, Any]:
    """Tells an editor that at least one of these keys is needed."""
    return {"anyOf": [{"required": [key]} for key in keys]}


def at_least_one(model: Strict, *keys: str) -> None:
    """Refuse a mapping with none of these keys; where none are named, an empty one."""
    if not (model.model_fields_set.intersection(keys) if keys else model.model_fields_set):
        fields = type(model).model_fields.items()
        asking = keys or tuple(field.alias or name for name, field in fields)
        hint = f"give at least one of {', '.join(asking)}"
        raise refusal("nothing-asked", f"{model.NOUN} asks nothing", hint)


class RangeModel(Strict):
    """An interval of numbers; every bound given must hold."""

    NOUN = "a range"
    model_config = ConfigDict(json_schema_extra=NOT_EMPTY)

    at_least: Number | None = Field(None, description="Not less than this.")
    at_most: Number | None = Field(None, description="Not more than this.")
    above: Number | None = Field(None, description="More than this.")
    below: Number | None = Field(None, description="Less than this.")

    @model_validator(mode="after")
    def _asks(self) -> "RangeModel":
        at_least_one(self)
        return self


def _exact_number(value: Any) -> Any:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return {"at_least": value, "at_most": value}
    return value


Range = Annotated[
    RangeModel,
    BeforeValidator(_exact_number),
    Short((("type", "number"), ("description", "Exactly this number."))),
]


class TextModel(Strict):
    """Terms to look for, in any language, without regard to case."""

    NOUN = "a text test"
    model_config = ConfigDict(json_schema_extra=NOT_EMPTY)

    any: Many[Line] | None = Field(None, description="At least one of these terms occurs.")
    all: Many[Line] | None = Field(None, description="Every one of these terms occurs.")
    none: Many[Line] | None = Field(None, description="None of these terms occurs.")
    regex: Regex | None = Field(
        None, description="A Python regular expression that is found somewhere, in any case."
    )

    @model_validator(mode="after")
    def _asks(self) -> "TextModel":
        at_least_one(self)
        return self


def _any_term(value: Any) -> Any:
    return {"any": value} if isinstance(value, (str, list)) else value


_TERM_LIST = {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
_TERMS = (
    ("anyOf", [{"type": "string", "minLength": 1}, _TERM_LIST]),
    ("description", "Any of these terms."),
)
TextTest = Annotated[TextModel, BeforeValidator(_any_term), Short(_TERMS)]


def _declared(word: str, info: ValidationInfo) -> str:
    """An update can only be expected to name what some commitment of the file declares."""
    context = context_of(info)
    field = str(info.field_name)
    known = None
    if context:
        known = context.any_milestones if field == "milestone" else context.any_indicators
    if known is not None and word not in known:
        hint = did_you_mean(word, sorted(known)) or f"declare it under {field}s: of a commitment"
        raise refusal(f"unknown-{field}", f"unknown {field} '{shorten(word)}'", hint)
    return word


Declared = Annotated[Identifier, AfterValidator(_declared)]


class PatternModel(Strict):
    """Tests on the fields of one update; every test given must hold.

    A list holds when the update has any of its members.
    """

    NOUN = "an update pattern"

    kind: Many[Kind] | None = Field(
        None, description="The update is of one of these kinds, for instance meeting or funding."
    )
    topics: Many[Topic] | None = Field(None, description="The update has one of these topics.")
    parties: Many[Party] | None = Field(None, description="The update names one of these parties.")
    all_parties: Many[Party] | None = Field(
        None, description="The update names every one of these parties."
    )
    source: Many[Line] | None = Field(
        None, description="The update comes from one of these sources."
    )
    tier: Tier | None = Field(
        None,
        description="The weakest source that counts: 1 official record, 2 established press, 3 any."
        " In a rule that moves a level it takes the place of the commitment's own tier.",
    )
    title: TextTest | None = Field(None, description="Terms in the title.")
    text: TextTest | None = Field(None, description="Terms in the title or the text.")
    url: TextTest | None = Field(None, description="Terms in the address.")
    milestone: Many[Declared] | None = Field(
        None, description="The update names one of these milestones."
    )
    indicator: Many[Declared] | None = Field(
        None, description="The update measures one of these indicators."
    )
    value: Range | None = Field(None, description="The value that was measured.")
    moves: Literal[True] | None = Field(
        None, description="The update moves a date: it says `moves_to`."
    )
