"""What a configuration holds, wherever it was written.

A secret is named by an environment variable or by a file, never written here.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from monitor.domain.time import parse_occurred
from monitor.domain.zones import load_zone
from monitor.language.lintcodes import LintLevel, known_lint

if TYPE_CHECKING:
    from monitor.domain.routing import Policy
    from monitor.language.policy import Wrong
    from monitor.receiver_settings import BaseReceiver, HeartbeatSettings

    Receivers = list[BaseReceiver]
    Heartbeat = HeartbeatSettings | None
else:
    Receivers, Heartbeat = list[Any], Any  # judged by models that only who has any waits for

SQLITE = "sqlite:///"
POLICY = ("routes", "intervals", "mute_when")


class SourceSettings(BaseModel):
    """One file of updates that `monitor run` reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, description="Names its coverage.")
    file: Path = Field(description="Where the updates are, seen from this file.")
    format: Literal["ndjson", "json", "csv"] | None = Field(
        default=None, description="Its format; what it looks like if not given."
    )
    map: dict[str, Any] = Field(
        default={}, description="Which column fills which field: {topics: subject}."
    )
    covers_until: str | None = Field(
        default=None, description="Until when it was watched; its newest record if not given."
    )
    agreement: str | None = Field(
        default=None, description="Its coverage is about this agreement only."
    )

    @field_validator("covers_until")
    @classmethod
    def _date(cls, value: str | None) -> str | None:
        if value is not None:
            parse_occurred(value)
        return value


class Settings(BaseModel):
    """Everything a run needs to know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rules: list[Path] = Field(
        default=[Path("rules")], description="Rulebook files and folders; rules if not given."
    )
    store: str = Field(
        default=f"{SQLITE}monitor.db", description="The database: sqlite:///var/monitor.db."
    )
    timezone: str = Field(
        default="UTC", description="The IANA zone in which dates on the command line are read."
    )
    evaluator: Literal["auto", "durable", "plain"] = Field(
        default="auto", description="durable-rules, plain Python, or the first that is there."
    )
    sources: list[SourceSettings] = Field(
        default=[], description="Files of updates that a run reads."
    )
    receivers: Receivers = Field(default=[], description="Whom alerts go to.")
    heartbeat: Heartbeat = Field(
        default=None, description="A dead man's switch that is told how runs do."
    )
    lints: dict[Annotated[str, AfterValidator(known_lint)], LintLevel] = Field(
        default={}, description="Levels of lints, such as {duplicate-quote: off}."
    )
    # Read by `policy_of`, with models that only who has any of these waits for.
    routes: Any = Field(
        default=None, description="Who is told what, and when; all of it at once if not given."
    )
    intervals: Any = Field(default=None, description="Named hours and days for routes.")
    mute_when: Any = Field(
        default=None, description="What is not told while something else is open."
    )

    @field_validator("rules", mode="before")
    @classmethod
    def _paths(cls, value: object) -> object:
        """One path, several separated as in PATH, or a list."""
        return value.split(os.pathsep) if isinstance(value, str) else value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        load_zone(value)
        return value

    @field_validator("receivers", mode="before")
    @classmethod
    def _receivers(cls, value: object) -> object:
        if not value and isinstance(value, list):
            return value
        from monitor.receiver_settings import receivers_of  # noqa: PLC0415

        return receivers_of(value)

    @field_validator("heartbeat", mode="before")
    @classmethod
    def _heartbeat(cls, value: object) -> object:
        if value is None:
            return None
        from monitor.receiver_settings import HeartbeatSettings  # noqa: PLC0415

        return HeartbeatSettings.model_validate(value)

    @field_validator("sources", "receivers")
    @classmethod
    def _names(cls, value: list[Any]) -> list[Any]:
        names = [item.name for item in value]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two entries are called {name!r}")
        return value

    @property
    def policy(self) -> dict[str, Any]:
        """What is written of routes, intervals and muting."""
        return {key: getattr(self, key) for key in POLICY if getattr(self, key) is not None}

    @cached_property
    def routing(self) -> tuple[Policy, list[Wrong]]:
        """Who is told what, and when; with every name in it that means nothing.

        Raises:
            ValidationError: what is written has another form.
        """
        names = [receiver.name for receiver in self.receivers]
        written = self.policy
        if not written:
            from monitor.domain.routing import everybody  # noqa: PLC0415

            return everybody(names), []
        from monitor.language.policy import Written, build_policy  # noqa: PLC0415
        from monitor.language.routing import PolicyModel  # noqa: PLC0415

        model = PolicyModel(**written)
        return build_policy(
            Written(model.routes, model.intervals, model.mute_when, names, self.timezone)
        )
