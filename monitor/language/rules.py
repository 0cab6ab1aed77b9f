"""A rule: when a condition holds, conclude something."""

# Annotations are evaluated: pydantic reads them.

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from monitor.domain.commitment import Severity
from monitor.language.amounts import Duration
from monitor.language.conditions import ConditionModel
from monitor.language.faults import did_you_mean, listing, shorten
from monitor.language.forms import Short, refusal
from monitor.language.patterns import Strict, one_key
from monitor.language.words import Identifier, LabelValue, Line, Template, Text

WORDS = ("deliver", "reverse", "stalled", "at_risk", "ignore")
"""Conclusions that may stand as a word."""

LASTING = frozenset({"stalled", "at_risk"})
"""Conclusions that begin and end."""


class ConclusionModel(Strict):
    """What follows: exactly one of these keys."""

    NOUN = "a conclusion"
    model_config = ConfigDict(json_schema_extra=one_key)

    advance: Literal["limited", "substantial", "complete"] | None = Field(
        None, description="The level rises to at least this; the stall clock begins anew."
    )
    setback: Literal["none", "limited", "substantial"] | None = Field(
        None, description="The level falls to at most this."
    )
    deliver: Line | None = Field(None, description="The commitment is fulfilled, for this reason.")
    reverse: Line | None = Field(None, description="The commitment is undone, for this reason.")
    stalled: Line | None = Field(None, description="It counts as stalled, for this reason.")
    at_risk: Line | None = Field(None, description="It counts as at risk, for this reason.")

    @property
    def word(self) -> str:
        (word,) = self.model_fields_set
        return word

    @model_validator(mode="before")
    @classmethod
    def _one(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        if "ignore" in data:
            raise refusal("one-key", "`ignore` stands alone", "write then: ignore", ("ignore",))
        if len(data) != 1:
            keys = [key for key in data if key in cls.model_fields]
            if len(keys) > 1:
                hint = "write one rule for each"
                message = f"a rule concludes one thing, here are {listing(keys)}"
                raise refusal("one-key", message.replace(" or ", " and "), hint, (keys[1],))
            if not data:
                raise refusal(
                    "one-key", "a conclusion is empty", f"give {listing(cls.model_fields)}"
                )
        return data


@cache
def _bare(word: str) -> ConclusionModel:
    """One for all rules: it cannot be changed, and pydantic takes long to make it."""
    return ConclusionModel.model_construct(_fields_set={word})


def _conclusion(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value in WORDS:
        return _bare(value)
    if value in ("advance", "setback"):
        hint = f"write {{{value}: limited}}"
        raise refusal("level-missing", f"`{value}` needs a level", hint)
    known = (*WORDS, "advance", "setback")
    hint = did_you_mean(value, known) or f"write one of {listing(known)}"
    raise refusal("unknown-conclusion", f"unknown conclusion '{shorten(value)}'", hint)


Conclusion = Annotated[
    ConclusionModel,
    BeforeValidator(_conclusion),
    Short((("enum", list(WORDS)), ("description", "A conclusion that needs no level."))),
]

Labels = dict[Identifier, LabelValue]


_JOINED = frozenset({"all_", "any_", "not_"})
"""Conditions that are made of others."""


def leaves(condition: ConditionModel, *, negated: bool = False) -> Iterator[tuple[str, bool]]:
    """The kind of every leaf, and whether it stands under a `not`."""
    (key,) = condition.model_fields_set
    if key in ("all_", "any_"):
        for part in getattr(condition, key) or ():
            yield from leaves(part, negated=negated)
    elif condition.not_ is not None:
        yield from leaves(condition.not_, negated=True)
    else:
        yield key, negated


def _lasts(key: str, code: str, info: ValidationInfo) -> None:
    """Refuse what only a conclusion that begins and ends can have."""
    then = info.data.get("then")
    if isinstance(then, ConclusionModel) and then.word not in LASTING:
        message = f"`{key}` with {then.word}: only stalled and at_risk begin and end"
        raise refusal(code, message, f"leave `{key}` out")


def refuse_absence(condition: ConditionModel, at: tuple[str, ...] = ()) -> ConditionModel:
    """An instant at which no update comes is no instant."""
    if condition.model_fields_set.isdisjoint(_JOINED):
        return condition
    found = {negated for key, negated in leaves(condition) if key == "update"}
    if found == {True}:
        message = "an update under `not` never begins to hold"
        raise refusal("absence", message, "use silence", at)
    return condition


class RuleModel(Strict):
    """When a condition holds (for so long), conclude something, until it recovers."""

    NOUN = "a rule"

    id: Identifier = Field(description="Unique among the rules of the commitment.")
    when: ConditionModel = Field(description="The condition.")
    then: Conclusion = Field(description="What follows from it.")
    for_: Duration | None = Field(
        None, alias="for", description="How long the condition must hold without a break."
    )
    recover: ConditionModel | None = Field(
        None,
        description="What ends a lasting conclusion (stalled, at_risk); without it, that `when` no"
        " longer holds, or, where `when` is an update, the next advance.",
    )
    dwell: Duration | None = Field(
        None,
        description="How long a lasting conclusion (stalled, at_risk) stands at least, counted from"
        " when it last began. Default: the commitment's.",
    )
    severity: Severity | None = Field(None, description="Of its alerts: info, warning or critical.")
    labels: Labels | None = Field(None, description="Added to its alerts.")
    message: Template | None = Field(
        None,
        description="What its alerts say. Placeholders: {agreement} {commitment} {title} {status}"
        " {since} {rule} {reason}.",
    )
    note: Text | None = Field(None, description="Why an expert would defend this rule.")

    @field_validator("then")
    @classmethod
    def _fits(cls, then: ConclusionModel, info: ValidationInfo) -> ConclusionModel:
        when = info.data.get("when")
        if not isinstance(when, ConditionModel):
            return then
        if then.word == "ignore":
            other = next((key for key, _ in leaves(when) if key != "update"), None)
            if other:
                message = f"`ignore` can only ask about the update itself, not {other}"
                hint = "use update, all, any and not"
                raise refusal("ignore-asks-more", message, hint, ("..", "when"))
        else:
            refuse_absence(when, ("..", "when"))
        return then

    @field_validator("for_")
    @classmethod
    def _lasts(cls, duration: int | None, info: ValidationInfo) -> int | None:
        when = info.data.get("when")
        if isinstance(when, ConditionModel) and any(key == "update" for key, _ in leaves(when)):
            message = "`for` with an update: an update happens at an instant and does not last"
            raise refusal("for-an-instant", message, "leave `for` out, or use count or silence")
        return duration

    @field_validator("dwell")
    @classmethod
    def _stays(cls, dwell: int | None, info: ValidationInfo) -> int | None:
        _lasts("dwell", "dwell-of-event", info)
        return dwell

    @field_validator("recover")
    @classmethod
    def _ends(cls, recover: ConditionModel | None, info: ValidationInfo) -> ConditionModel | None:
        _lasts("recover", "recover-from-event", info)
        return recover and refuse_absence(recover)
