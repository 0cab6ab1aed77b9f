"""By when, as it is written: a date, or a span of time after something."""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from monitor.domain.calendar import known_places
from monitor.domain.due import Span, Unit, parse_span
from monitor.language.amounts import DATE_FORM, Date
from monitor.language.conditions import Own
from monitor.language.faults import did_you_mean, shorten
from monitor.language.forms import Many, Short, plain_type, refusal
from monitor.language.patterns import Strict, one_of
from monitor.language.words import Line, plain_text


def _span(value: Any) -> Span:
    if isinstance(value, int) and not isinstance(value, bool):
        hint = f"write {value}d, {value} working days or {value} months"
        raise refusal("bad-duration", f"{value} has no unit", hint)
    text = plain_text(value)
    if not text.isascii() or len(text) > 30:
        text = shorten(text, 30) + "?"
    try:
        return parse_span(text)
    except ValueError as error:
        raise refusal("bad-duration", str(error)) from None


SPAN_FORM: dict[str, Any] = {
    "type": "string",
    "pattern": r"^\s*0*[1-9][0-9]*\s*((working|business)\s+days?|months?|quarters?|y|years?"
    r"|s|m|min|h|d|w|seconds?|minutes?|hours?|days?|weeks?)\s*$",
    "examples": ["90d", "10 working days", "6 months"],
}
SpanField = Annotated[Span, PlainValidator(_span), WithJsonSchema(SPAN_FORM)]


class AfterModel(Strict):
    """What has to happen first."""

    NOUN = "what a date comes after"

    milestone: Own | None = Field(
        None, description="After this milestone of the commitment is done."
    )
    date: Date | None = Field(None, description="After this date.")

    @model_validator(mode="after")
    def _one(self) -> "AfterModel":
        if len(self.model_fields_set) != 1:
            hint = "write after: 2025-08-23, or after: {milestone: signed}"
            raise refusal("one-key", "a date comes after a date or after a milestone", hint)
        return self


def _dated(value: Any) -> Any:
    return value if isinstance(value, dict) else {"date": value}


After = Annotated[AfterModel, BeforeValidator(_dated), Short(tuple(DATE_FORM.items()))]


class DueModel(Strict):
    """By when: a date, or a span of time after something."""

    NOUN = "a date"
    model_config = ConfigDict(json_schema_extra=one_of("date", "within"))

    date: Date | None = Field(
        None, description="This date; a day, month or year means the whole of it."
    )
    within: SpanField | None = Field(
        None,
        description="So long after `after`: 90d, 10 working days, 6 months. Working days are those"
        " of `calendar`.",
    )
    after: After | None = Field(
        None, description="A date, or {milestone: …}. Default: the commitment's own date."
    )

    @model_validator(mode="after")
    def _either(self) -> "DueModel":
        if (self.date is None) is (self.within is None):
            hint = "write the date alone, or {within: 90d, after: …}"
            message = "must be a date, or within so long after something"
            raise refusal("one-key", message, hint)
        if self.after is not None and self.within is None:
            hint = "write {within: 90d, after: …}"
            raise refusal("after-without-within", "`after` needs `within`", hint, ("after",))
        return self


Due = Annotated[DueModel, BeforeValidator(_dated), Short(tuple(DATE_FORM.items()))]


class MoveModel(Strict):
    """A date was moved to another one."""

    NOUN = "a move of a date"

    to: Date = Field(description="The date that stands from then on.")
    on: Date = Field(description="When it was moved.")
    by: Line = Field(description="Who moved it.")
    url: Line | None = Field(None, description="Where that can be read.")


def _again(span: Span) -> Span:
    if span.unit in (Unit.SECOND, Unit.WORKING_DAY):
        hint = "write for instance 6 months, 1 year or 2 weeks"
        raise refusal("bad-period", "what recurs is counted in days, weeks, months or years", hint)
    return span


Again = Annotated[SpanField, AfterValidator(_again)]

Moves = Annotated[tuple[MoveModel, ...], Field(min_length=1, max_length=1_000)]


def _place(value: Any) -> Any:
    if not isinstance(value, str):
        message = f"must be the code of a country, not {plain_type(value)}"
        raise refusal("unknown-calendar", message, "write for instance JP or US-CA")
    return value


def _known(code: str) -> str:
    places = known_places()
    if code not in places:
        message = f"no holidays are known for '{shorten(code)}'"
        hint = did_you_mean(code.upper(), places) or "write a code of a country: JP, or US-CA"
        raise refusal("unknown-calendar", message, hint)
    return code


Place = Annotated[Line, BeforeValidator(_place), AfterValidator(_known)]
Calendars = Many[Place]
