"""Routes, intervals and rules of muting, as they are written in monitor.yaml."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from monitor.domain.interval import (
    parse_time,
)
from monitor.domain.matching import FIELDS, parse_matcher
from monitor.language.amounts import Duration
from monitor.language.forms import Many, OneOrMany, listed
from monitor.language.hours import WindowModel, Windows, Zone, readable

_FORBID = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


def _time(text: str) -> str:
    if parse_time(text) == 24 * 60:
        raise ValueError("the day ends before 24:00: write 00:00")
    return text


def _group_field(name: str) -> str:
    if name in FIELDS or re.fullmatch(r"labels\.[\w-]+", name):
        return name
    raise ValueError(
        f"alerts cannot be grouped by {name!r}: write {', '.join(FIELDS)} or labels.NAME"
    )


Names = Annotated[tuple[str, ...], BeforeValidator(listed), OneOrMany()]
"""One name, or a list of them, which may be empty."""


class MatchModel(BaseModel):
    """What an alert must have: of every key given, any of its values."""

    model_config = _FORBID

    agreement: Many[str] | None = Field(None, description="The agreement's id.")
    commitment: Many[str] | None = Field(None, description="The id, or agreement/id.")
    theme: Many[str] | None = Field(None, description="The commitment's theme.")
    party: Many[str] | None = Field(None, description="One of the commitment's parties.")
    severity: Many[Literal["info", "warning", "critical"]] | None = Field(
        None, description="How grave it is."
    )
    kind: (
        Many[
            Literal[
                "stalled",
                "at_risk",
                "overdue",
                "no_data",
                "advanced",
                "setback",
                "delivered",
                "reversed",
                "superseded",
                "summary",
                "correction",
                "rules_changed",
            ]
        ]
        | None
    ) = Field(None, description="What is told.")
    phase: Many[Literal["once", "opened", "resolved"]] | None = Field(
        None, description="Whether it happened, began or ended."
    )
    status: Many[str] | None = Field(None, description="The commitment's headline after it.")
    labels: dict[str, Many[str]] | None = Field(None, description="Labels and their values.")
    no: MatchModel | None = Field(
        None, alias="not", description="What it must not have: none of the values of any key."
    )


def _form(value: Any) -> str:
    return "mapping" if isinstance(value, (dict, MatchModel)) else "list"


Matchers = Annotated[
    Annotated[MatchModel, Tag("mapping")]
    | Annotated[Many[Annotated[str, readable(parse_matcher)]], Tag("list")],
    Discriminator(_form),
]
"""A mapping, or matchers as Alertmanager writes them: `severity != info`."""


class EscalateModel(BaseModel):
    """Who is told as well of what nobody has acknowledged."""

    model_config = _FORBID

    after: Duration = Field(description="How long after it was told.")
    receiver: Many[str] = Field(description="Who is told then.")


class RouteModel(BaseModel):
    """One node of the tree; what it does not say it has from the node above."""

    model_config = _FORBID

    receiver: Names | None = Field(None, description="Who is told; an empty list: nobody.")
    matchers: Matchers | None = Field(None, description="Which alerts; none: all.")
    goes_on: bool = Field(
        False, alias="continue", description="Whether the routes after it get the alert too."
    )
    group_by: tuple[Annotated[str, AfterValidator(_group_field)], ...] | None = Field(
        None, description="Alerts that agree in these fields share a message."
    )
    wait: Duration | None = Field(None, description="How long the first waits for others.")
    interval: Duration | None = Field(
        None, description="How long after a message of a group the next may follow."
    )
    repeat: Duration | None = Field(
        None, description="How often what is open and not acknowledged is told again."
    )
    digest: Literal["immediate", "daily", "weekly"] | None = Field(
        None, description="At once, or gathered once a day or week."
    )
    at: Annotated[str, AfterValidator(_time)] | None = Field(
        None, description="The time of day of a digest; 09:00 if not given."
    )
    on: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None = Field(
        None, description="The day of a weekly digest; mon if not given."
    )
    zone: Zone | None = Field(None, description="The zone of `at` and `on`.")
    active_intervals: Names | None = Field(
        None, description="Messages go out in one of these only, and wait for it."
    )
    mute_intervals: Names | None = Field(
        None, description="Messages go out in none of these, and wait for its end."
    )
    escalate: tuple[EscalateModel, ...] | None = Field(
        None, description="Who is told as well of what nobody acknowledges."
    )
    routes: tuple[RouteModel, ...] = Field(
        (), description="More special ones, of which the first that matches is taken."
    )

    @model_validator(mode="after")
    def _together(self) -> RouteModel:
        if self.digest in ("daily", "weekly") and (self.wait or self.interval):
            raise ValueError("a digest gathers by itself: leave out wait and interval")
        if self.on is not None and self.digest != "weekly":
            raise ValueError("`on` is for a weekly digest: write digest: weekly beside it")
        steps = [step.after for step in self.escalate or ()]
        if steps != sorted(set(steps)):
            raise ValueError("the steps of escalate must come later and later")
        return self


class MuteModel(BaseModel):
    """While an alert that `open` speaks of is open, those that `mutes` speaks of are not told."""

    model_config = _FORBID

    open: Matchers = Field(description="The alert that is open.")
    mutes: Matchers | None = Field(None, description="What is not told meanwhile; none: all.")
    equal: tuple[Annotated[str, AfterValidator(_group_field)], ...] | None = Field(
        None, description="Fields in which both agree; agreement if not given."
    )
    dependants: bool = Field(
        False, description="Only commitments whose rules ask about the open one's commitment."
    )


class PolicyModel(BaseModel):
    """What monitor.yaml says of who is told what."""

    model_config = _FORBID

    routes: RouteModel | None = None
    intervals: dict[str, Windows] = {}
    mute_when: tuple[MuteModel, ...] = ()


def place_and_part(
    loc: tuple[int | str, ...], data: Any
) -> tuple[tuple[int | str, ...], type[BaseModel]]:
    """Where a fault stands in a file, and the model whose key is there.

    Args:
        loc: as pydantic tells it, with steps of its own where it tried one of several forms.
        data: the file.
    """
    path: list[int | str] = []
    value = data
    for number, step in enumerate(loc):
        inside = (
            step in value
            if isinstance(value, dict)
            else isinstance(value, list) and isinstance(step, int) and step < len(value)
        )
        if inside:
            value = value[step]
        elif number + 1 < len(loc) and isinstance(value, (dict, list)):
            continue
        path.append(step)
    above = [step for step in path[:-1] if isinstance(step, str)]
    return tuple(path), next(
        (_PARTS[step] for step in reversed(above) if step in _PARTS), RouteModel
    )


_PARTS: dict[str, type[BaseModel]] = {
    "matchers": MatchModel,
    "open": MatchModel,
    "mutes": MatchModel,
    "not": MatchModel,
    "escalate": EscalateModel,
    "intervals": WindowModel,
    "mute_when": MuteModel,
    "routes": RouteModel,
}
