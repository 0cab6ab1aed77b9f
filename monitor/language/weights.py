"""How much each party weighs: what shares of parties are made of."""

# Annotations are evaluated: pydantic reads them.

from decimal import Decimal
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from monitor.language.amounts import MAX_NUMBER, Number
from monitor.language.context import context_of
from monitor.language.faults import did_you_mean, shorten
from monitor.language.forms import refusal
from monitor.language.patterns import Strict
from monitor.language.words import Party


def _listed(word: str, info: ValidationInfo) -> str:
    context = context_of(info)
    if context and word not in context.any_parties:
        hint = did_you_mean(word, sorted(context.any_parties)) or "list it under parties:"
        raise refusal("unknown-party", f"unknown party '{shorten(word)}'", hint)
    return word


def _weight(number: Decimal) -> Decimal:
    if number < 0:
        raise refusal("negative-weight", "a weight must not be negative", "0 weighs nothing")
    return number


Weight = Annotated[
    Number,
    AfterValidator(_weight),
    WithJsonSchema({"type": "number", "minimum": 0, "exclusiveMaximum": 1e12}),
]
Weighed = Annotated[Party, AfterValidator(_listed)]


class WeightsModel(Strict):
    """What the parties weigh in one respect."""

    NOUN = "weights"

    total: Weight | None = Field(
        None, description="What shares are shares of. Default: what the parties weigh together."
    )
    parties: Annotated[dict[Weighed, Weight], Field(min_length=1)] = Field(
        description="The weight of each party. One that is not listed weighs nothing."
    )

    @field_validator("parties", mode="before")
    @classmethod
    def _once(cls, value: Any) -> Any:
        """Parties are compared in upper case: the later of two spellings would win silently."""
        found: dict[str, Any] = {}
        for key in value if isinstance(value, dict) else ():
            party = key.upper().strip() if isinstance(key, str) else key
            if party in found:
                message = f"the party '{shorten(party)}' has two weights"
                hint = f"leave out '{shorten(found[party])}' or '{shorten(key)}'"
                raise refusal("duplicate-party", message, hint, (key,))
            found[party] = key
        return value

    @model_validator(mode="after")
    def _adds_up(self) -> "WeightsModel":
        together = sum(self.parties.values(), Decimal(0))
        if self.total is not None and together > self.total:
            message = f"the parties weigh {together:f} together, more than the total {self.total:f}"
            raise refusal("weights-above-total", message, "correct one of them", ("total",))
        if together == 0:
            hint = "give at least one party a weight"
            raise refusal("weights-of-nothing", "the parties weigh nothing together", hint)
        if together >= MAX_NUMBER:
            message = "the parties weigh 10^12 or more together"
            raise refusal("number-out-of-range", message, "measure in a larger unit")
        return self
