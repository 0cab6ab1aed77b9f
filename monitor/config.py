"""monitor.yaml and MONITOR_* variables: flags > environment > file > defaults.

Paths in the file are relative to the file. A secret is named by an environment variable or by a
file, never written here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from monitor.domain.time import parse_occurred
from monitor.domain.zones import load_zone
from monitor.errors import ConfigError
from monitor.language.document import Document, parse_document
from monitor.language.faults import did_you_mean, path_text
from monitor.language.lintcodes import LintLevel, known_lint

if TYPE_CHECKING:
    from monitor.domain.routing import Policy
    from monitor.language.policy import Wrong
    from monitor.receiver_settings import BaseReceiver, HeartbeatSettings

    Receivers = list[BaseReceiver]
    Heartbeat = HeartbeatSettings | None
else:
    Receivers, Heartbeat = list[Any], Any  # judged by models that only who has any waits for

DEFAULT_FILE = "monitor.yaml"
_SQLITE = "sqlite:///"
_POLICY = ("routes", "intervals", "mute_when")


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
        default=f"{_SQLITE}monitor.db", description="The database: sqlite:///var/monitor.db."
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

    @cached_property
    def routing(self) -> tuple[Policy, list[Wrong]]:
        """Who is told what, and when; with every name in it that means nothing.

        Raises:
            ValidationError: what is written has another form.
        """
        names = [receiver.name for receiver in self.receivers]
        written = _written(self)
        if not written:
            from monitor.domain.routing import everybody  # noqa: PLC0415

            return everybody(names), []
        from monitor.language.policy import Written, build_policy  # noqa: PLC0415
        from monitor.language.routing import PolicyModel  # noqa: PLC0415

        model = PolicyModel(**written)
        return build_policy(
            Written(model.routes, model.intervals, model.mute_when, names, self.timezone)
        )


def load_settings(path: Path | None = None, **flags: Any) -> Settings:
    """Read the configuration.

    Args:
        path: the file; None: MONITOR_CONFIG, else ./monitor.yaml where there is one.
        flags: values from the command line; None means not given.

    Raises:
        ConfigError: the file does not exist or a value is wrong; the text locates each.
    """
    named = path or (Path(os.environ["MONITOR_CONFIG"]) if "MONITOR_CONFIG" in os.environ else None)
    file = named or Path(DEFAULT_FILE)
    document = _read(file) if named or file.exists() else None
    environment = _environment()
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        in_file = {} if document is None else document.data or {}
        settings = Settings(**{**in_file, **environment, **given})
        wrong = settings.routing[1] if _written(settings) else ()
    except ValidationError as error:
        raise ConfigError(_explained(error, document, file, environment, given)) from None
    if wrong:
        raise ConfigError("\n".join(_located(fault, document, file) for fault in wrong))
    return _resolved(settings, file.parent, set(given) | set(environment))


def policy_of(settings: Settings) -> Policy:
    """Who is told what, and when."""
    return settings.routing[0]


def _written(settings: Settings) -> dict[str, Any]:
    return {key: getattr(settings, key) for key in _POLICY if getattr(settings, key) is not None}


def _located(wrong: Wrong, document: Document | None, file: Path) -> str:
    from monitor.language.routing import place_and_part  # noqa: PLC0415

    path, _ = place_and_part(wrong.path, None if document is None else document.data)
    place = str(file) if document is None else str(document.locate(path))
    return f"{place}: {wrong.message} (at {path_text(path)})"


def _read(file: Path) -> Document:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{file}: {error.strerror or error}", hint="`monitor init` writes a starter"
        ) from None
    document, faults = parse_document(raw, str(file))
    if document is None or faults:
        raise ConfigError("\n".join(str(fault) for fault in faults))
    if not isinstance(document.data, dict | None):
        raise ConfigError(f"{file}:1:1: a configuration is a mapping of names to values")
    return document


def _explained(
    error: ValidationError,
    document: Document | None,
    file: Path,
    environment: Mapping[str, Any],
    flags: Mapping[str, Any],
) -> str:
    lines = []
    for fault in error.errors():
        where = tuple(part for part in fault["loc"] if part != "[key]")
        message = fault["msg"].removeprefix("Value error, ")
        model: type[BaseModel] = SourceSettings if where[:1] == ("sources",) else Settings
        if where[:1] == ("receivers",):
            from monitor.receiver_settings import place_and_model  # noqa: PLC0415

            where, model = place_and_model(where)
        elif where and where[0] in _POLICY:
            from monitor.language.routing import place_and_part  # noqa: PLC0415

            where, model = place_and_part(where, None if document is None else document.data)
        if where[:1] == ("heartbeat",):
            from monitor.receiver_settings import HeartbeatSettings  # noqa: PLC0415

            model = HeartbeatSettings
        if fault["type"] == "extra_forbidden":
            names = [field.alias or name for name, field in model.model_fields.items()]
            hint = did_you_mean(where[-1], names)
            message = f"unknown key {str(where[-1])!r}" + (f", {hint}" if hint else "")
        first = str(where[0]) if where else ""
        elsewhere = first in flags or first in environment
        if document is not None and first in (document.data or {}) and not elsewhere:
            key = fault["type"] == "extra_forbidden"
            lines.append(f"{document.locate(where, key=key)}: {message} (at {path_text(where)})")
        else:
            name = f"--{first}" if first in flags else f"MONITOR_{first}".upper()
            name = name if first else str(file)
            lines.append(f"{name}: {message}")
    return "\n".join(lines)


def _environment() -> dict[str, Any]:
    """The settings that MONITOR_* variables give."""
    if not any(f"MONITOR_{name}".upper() in os.environ for name in Settings.model_fields):
        return {}
    # pydantic-settings loads asyncio and more: only who uses the variables waits for it
    from monitor.environment import read_environment  # noqa: PLC0415

    return read_environment()


def _resolved(settings: Settings, folder: Path, own: set[str]) -> Settings:
    """Paths from the file are relative to it; those from flags and environment to where one is."""
    changes: dict[str, Any] = {
        "sources": [
            source.model_copy(update={"file": folder / source.file}) for source in settings.sources
        ],
    }
    if settings.receivers or settings.heartbeat is not None:
        from monitor.receiver_settings import relative_to  # noqa: PLC0415

        changes["receivers"] = [relative_to(receiver, folder) for receiver in settings.receivers]
        if settings.heartbeat is not None:
            changes["heartbeat"] = relative_to(settings.heartbeat, folder)
    if "rules" not in own:
        changes["rules"] = [folder / rule for rule in settings.rules]
    store = settings.store
    if "store" not in own and store.startswith(_SQLITE) and not store.startswith(f"{_SQLITE}/"):
        changes["store"] = f"{_SQLITE}{folder / store.removeprefix(_SQLITE)}"
    return settings.model_copy(update=changes)
