"""The form of a mapping: where a tracker's file has what, and what its words mean."""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from monitor.domain.tracker import TERMINAL, Means, Word

ID_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Text = Annotated[str, Field(min_length=1, max_length=1_000)]
Column = Annotated[str, Field(min_length=1, max_length=200, description="A column or key.")]


class Form(BaseModel):
    """A mapping that allows no other keys than its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class PromiseForm(Form):
    """Where a row has what about a promise."""

    title: Column
    id: Column | None = None
    quote: Column | None = None
    theme: Column | None = None
    status: Column | None = None
    made: Column | None = None
    deadline: Column | None = None
    parties: Column | None = None
    url: Column | None = None
    updated: Column | None = None
    note: Column | None = None


class UpdatesForm(Form):
    """Where the dated updates stand: in a list inside each promise, or in a file of their own."""

    within: Column | None = None
    file: Text | None = None
    promise: Column | None = None
    date: Column
    title: Column | None = None
    status: Column | None = None
    text: Column | None = None
    url: Column | None = None
    source: Column | None = None


class TotalsForm(Form):
    """The published totals: in a file (one row a status, or one column each), or given here."""

    file: Text | None = None
    at: Column | None = None
    status: Column | None = None
    count: Column | None = None
    percent: Column | None = None
    theme: Column | None = None
    all: Text | None = None
    given: dict[str, Annotated[int, Field(ge=0)]] | None = None


class WordForm(Form):
    """What one status means."""

    means: Means
    terminal: bool | None = None


def _word(value: Any) -> Any:
    return {"means": value} if isinstance(value, str) else value


class TrackerForm(Form):
    """The whole mapping."""

    tracker: Text
    agreement: Annotated[str, Field(pattern=ID_PATTERN, max_length=100)]
    title: Text
    date: Text
    timezone: Text = "UTC"
    parties: tuple[Text, ...] = ()
    format: Literal["csv", "json", "ndjson"] | None = None
    records: Column | None = None
    dates: tuple[Text, ...] = ()
    promise: PromiseForm
    statuses: Annotated[dict[str, Annotated[WordForm, BeforeValidator(_word)]], Field(min_length=1)]
    updates: UpdatesForm | None = None
    totals: TotalsForm | None = None

    def words(self) -> dict[str, Word]:
        """The vocabulary, by the words in small letters."""
        return {
            text.casefold(): Word(
                text,
                form.means,
                form.means in TERMINAL if form.terminal is None else form.terminal,
            )
            for text, form in self.statuses.items()
        }
