"""From settings to receivers: the one place that reads their secrets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from monitor.errors import ConfigError
from monitor.receiver_settings import HttpReceiver, ReceiverSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.notify.guard import Guard
    from monitor.notify.receiver import Receiver
    from monitor.receiver_settings import BaseReceiver


def make_receiver(settings: ReceiverSettings) -> Receiver:
    """The receiver that the settings describe, with its secrets read.

    Raises:
        ConfigError: something is missing or wrong; the text shows no secret.
    """
    return _webhook(settings)


def _webhook(settings: ReceiverSettings) -> Receiver:
    from monitor.notify.webhook import WebhookReceiver  # noqa: PLC0415

    return WebhookReceiver(
        settings.name,
        required(settings, "url"),
        [s for s in (secret(settings, "secret"), secret(settings, "previous_secret")) if s],
        **_http(settings),
        hub_secret=secret(settings, "hub_secret"),
    )


def _http(settings: HttpReceiver) -> dict[str, Any]:
    return {
        "headers": _headers(settings),
        "timeout": settings.timeout,
        "guard": guard_of(settings),
    }


def _headers(settings: HttpReceiver) -> Mapping[str, str]:
    read = {name: _variable(settings, variable) for name, variable in settings.headers_env.items()}
    return {**settings.headers, **read}


def guard_of(settings: BaseReceiver) -> Guard:
    """Which addresses a receiver may have."""
    from monitor.notify.guard import Guard, networks  # noqa: PLC0415

    owner = f"receiver {settings.name!r}"
    return Guard(settings.allow_private, networks(settings.allow, owner))


def required(settings: BaseReceiver, key: str) -> str:
    """A value that the settings give themselves, by a variable, or by a file."""
    value = secret(settings, key)
    if value is None:  # the settings were checked: one of the three is there
        raise ConfigError(f"receiver {settings.name!r}: {key} is missing")
    return value


def secret(settings: BaseReceiver, key: str) -> str | None:
    """The value of `key`, `key_env` or `key_file`; None where none of them is given.

    Raises:
        ConfigError: it is named but cannot be had; the text does not show it.
    """
    if (given := getattr(settings, key, None)) is not None:
        return str(given)
    if (variable := getattr(settings, f"{key}_env", None)) is not None:
        return _variable(settings, variable)
    if (file := getattr(settings, f"{key}_file", None)) is None:
        return None
    try:
        text: str = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"receiver {settings.name!r}: {file}: {reason}") from None
    if not text:
        raise ConfigError(f"receiver {settings.name!r}: {file}: is empty")
    return text


def _variable(settings: BaseReceiver, variable: str) -> str:
    value = os.environ.get(variable, "").strip()
    if not value:
        raise ConfigError(f"receiver {settings.name!r}: the variable {variable} is not set")
    return value
