"""The form of a file of rule tests: the models that read it.

rules: jp-kr-tokyo-2025.yaml                 # a rulebook, or a list; relative to this file
tests:
  - name: clean energy stalls 180 days after the summit
    updates: ../seeds/updates.jsonl          # a file, or the records themselves
    map: {topics: subject}                   # other people's columns, as in monitor.yaml
    covers_until: 2026-02-28                 # or coverage: a list; neither: always looking
    expect:
      - at: 2026-02-28                       # a date means its last second, in the agreement's zone
        commitments:
          clean-energy: {status: stalled, since: 2026-02-19, last_progress: none}
    transitions: [{commitment: clean-energy, at: +180d, to: stalled}]
    alerts: [{commitment: clean-energy, at: +180d, kind: stalled}]
    never: [{commitment: clean-energy, status: advancing}]
"""

# Annotations are evaluated: pydantic reads them.

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from monitor.domain.alert import Phase
from monitor.domain.assessment import Activity, Schedule, Standing, Status
from monitor.domain.commitment import Severity
from monitor.domain.time import parse_occurred
from monitor.services.ruletests.times import relative

Kind = Literal[
    "stalled", "at_risk", "overdue", "no_data",
    "advanced", "setback", "delivered", "reversed", "superseded",
]  # fmt: skip
"""Alerts that follow from the rules and the updates alone. The others tell of a run."""


def _moment(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # a year
    if not isinstance(value, str):
        message = "must be a date: write 2025, 2025-09, 2025-09-04, 2025-09-04T15:30+09:00 or +180d"
        raise ValueError(message)  # noqa: TRY004 - pydantic collects it
    if relative(value) is not None:
        return value
    return parse_occurred(value).text


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Moment = Annotated[str, BeforeValidator(_moment)]
LevelWord = Literal["none", "limited", "substantial", "complete"]
Listed = BeforeValidator(_listed)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def asked(self) -> set[str]:
        """The keys that were written, besides those that say what it is about."""
        return self.model_fields_set - {"commitment", "at"}


class Axes(Strict):
    """What can be asked of an assessment."""

    status: Status | None = None
    level: LevelWord | None = None
    activity: Activity | None = None
    schedule: Schedule | None = None
    standing: Standing | None = None
    last_known: Status | None = None


class Expected(Axes):
    """`since` and `last_progress` are dates; `last_progress: none` means that there is none."""

    since: Moment | None = None
    last_progress: Literal["none"] | Moment | None = None

    @model_validator(mode="after")
    def _asks(self) -> "Expected":
        if not self.model_fields_set:
            raise ValueError("asks nothing: give a status, a level, a date, …")
        return self


class Instant(Strict):
    """What stands at an instant, by the names of commitments."""

    at: Moment
    commitments: dict[str, Expected] = Field(min_length=1)


class Turn(Axes):
    """A transition: `from` and `to` are headlines, the axes those after it."""

    before: Status | None = Field(None, alias="from")
    to: Status | None = None


class Change(Turn):
    """A transition that must happen: at `at`, or at any time of the test."""

    commitment: str
    at: Moment | None = None
    rule: str | None = None
    text: str | None = None

    @model_validator(mode="after")
    def _asks(self) -> "Change":
        if not self.asked():
            raise ValueError("asks nothing: give from, to, a level, a rule, …")
        return self


class Announced(Strict):
    """An alert that must be announced: at `at`, or at any time of the test."""

    commitment: str
    kind: Kind
    phase: Phase | None = None
    at: Moment | None = None
    text: str | None = None
    severity: Severity | None = None
    labels: dict[str, str] | None = None


class Never(Turn):
    """What must not happen from the start to the last instant of the test.

    With `alert` an alert, with `from` or `to` a transition, else an assessment.
    """

    commitment: str
    alert: Literal[Kind, "any"] | None = None
    phase: Phase | None = None

    @model_validator(mode="after")
    def _asks(self) -> "Never":
        asked = self.asked()
        if not asked:
            raise ValueError("forbids nothing: give a status, a level, an alert, …")
        if self.alert is None and self.phase is not None:
            raise ValueError("phase is that of an alert: give alert as well")
        if self.alert is not None and asked - {"alert", "phase"}:
            raise ValueError("an alert has a phase and nothing else here")
        return self


class Covered(Strict):
    """Somebody was looking from `since` (left out: without a gap before) until `until`."""

    since: Moment | None = None
    until: Moment
    agreement: str | None = None

    def covers(self, agreement: str) -> bool:
        """Whether it is about an agreement; without a name it is about all."""
        return self.agreement in (None, agreement)


class Case(Strict):
    name: str = Field(min_length=1)
    updates: str | list[dict[str, Any]] = []
    map: dict[str, Any] = {}
    covers_until: Moment | None = None
    coverage: list[Covered] | None = None
    expect: list[Instant] = []
    transitions: list[Change] = []
    alerts: list[Announced] = []
    only: Annotated[list[Literal["transitions", "alerts"]], Listed] = []
    never: list[Never] = []

    @model_validator(mode="after")
    def _asks(self) -> "Case":
        if not (self.expect or self.transitions or self.alerts or self.never):
            raise ValueError("expects nothing: give expect, transitions, alerts or never")
        if self.covers_until is not None and self.coverage is not None:
            raise ValueError("give covers_until or coverage, not both")
        if not self.ends() and not self.coverage:
            raise ValueError("needs an end: give covers_until, or an instant under expect")
        if "transitions" in self.only and not self.transitions:
            raise ValueError("only: transitions needs some transitions")
        if "alerts" in self.only and not self.alerts:
            raise ValueError("only: alerts needs some alerts")
        return self

    def ends(self) -> list[str]:
        """Every point in time that is named, but for those of spans; a test ends with the last."""
        named = [self.covers_until, *(instant.at for instant in self.expect)]
        named += [change.at for change in self.transitions]
        named += [alert.at for alert in self.alerts]
        return [text for text in named if text is not None]


class TestFile(Strict):
    """One file."""

    __test__ = False

    rules: Annotated[list[str], Listed] = Field(min_length=1)
    tests: list[Case] = Field(min_length=1)
