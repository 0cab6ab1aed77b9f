"""monitor.yaml and MONITOR_* variables: flags > environment > file > defaults.

Paths in the file are relative to the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from monitor.errors import ConfigError
from monitor.language.document import Document, parse_document
from monitor.language.faults import did_you_mean, path_text
from monitor.settings import POLICY, SQLITE, Settings, SourceSettings

if TYPE_CHECKING:
    from monitor.domain.routing import Policy
    from monitor.language.policy import Wrong

DEFAULT_FILE = "monitor.yaml"


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
        wrong = settings.routing[1] if settings.policy else ()
    except ValidationError as error:
        raise ConfigError(_explained(error, document, file, environment, given)) from None
    if wrong:
        raise ConfigError("\n".join(_located(fault, document, file) for fault in wrong))
    return _resolved(settings, file.parent, set(given) | set(environment))


def policy_of(settings: Settings) -> Policy:
    """Who is told what, and when."""
    return settings.routing[0]


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
        elif where and where[0] in POLICY:
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
    if "store" not in own and store.startswith(SQLITE) and not store.startswith(f"{SQLITE}/"):
        changes["store"] = f"{SQLITE}{folder / store.removeprefix(SQLITE)}"
    return settings.model_copy(update=changes)
