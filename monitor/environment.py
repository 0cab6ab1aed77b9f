"""Settings from MONITOR_* variables."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from monitor.errors import ConfigError


class _Environment(BaseSettings):
    """The variables as they stand; lists and mappings are JSON. `monitor.config` judges them."""

    model_config = SettingsConfigDict(env_prefix="MONITOR_", extra="ignore")

    rules: str | None = None
    store: str | None = None
    timezone: str | None = None
    evaluator: str | None = None
    sources: list[dict[str, Any]] | None = None
    receivers: list[dict[str, Any]] | None = None
    lints: dict[str, Any] | None = None
    heartbeat: dict[str, Any] | None = None


def read_environment() -> dict[str, Any]:
    """Those that are set, by the name of the setting.

    Raises:
        ConfigError: one of them is no JSON where it must be.
    """
    try:
        return _Environment().model_dump(exclude_unset=True)
    except (SettingsError, ValidationError) as error:
        name = next((n for n in _SHAPES if n in str(error)), "*")
        hint = f"write {_SHAPES.get(name, 'a list of mappings')}"
        message = f"MONITOR_{name.upper()} is not JSON of the right shape"
        raise ConfigError(message, hint=hint) from None


_SHAPES = {
    "sources": "a list of mappings",
    "receivers": "a list of mappings",
    "lints": "a mapping of lints to levels",
    "heartbeat": "a mapping",
}
