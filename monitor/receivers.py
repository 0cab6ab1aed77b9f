"""From settings to receivers: the one place that reads their secrets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from monitor.domain.delivery import Retry
from monitor.domain.time import DAY, HOUR, MINUTE
from monitor.errors import ConfigError
from monitor.receiver_settings import (
    AlertmanagerSettings,
    AppriseSettings,
    DiscordSettings,
    EmailSettings,
    HeartbeatSettings,
    HttpReceiver,
    NtfySettings,
    ReceiverSettings,
    SlackSettings,
    TeamsSettings,
    Worded,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from monitor.domain.delivery import Outbound, Outcome
    from monitor.domain.time import Instant
    from monitor.notify.guard import Guard
    from monitor.notify.heartbeat import Heartbeat
    from monitor.notify.receiver import Form, Receiver, Sender
    from monitor.notify.wording import Wording
    from monitor.receiver_settings import BaseReceiver

LATER = 5 * MINUTE
"""A receiver that cannot be made is looked at again after this."""


def make_receiver(settings: BaseReceiver) -> Receiver:
    """The receiver that the settings describe, with its secrets read.

    Raises:
        ConfigError: something is missing or wrong; the text shows no secret.
    """
    from monitor.notify.receiver import Receiver  # noqa: PLC0415

    match settings:
        case ReceiverSettings():
            return _webhook(settings)
        case EmailSettings():
            return Receiver(settings.name, _mail(settings))
        case AppriseSettings():
            return Receiver(settings.name, _apprise(settings))
        case HttpReceiver():
            return Receiver(settings.name, _posting(settings))
        case _:
            raise AssertionError(settings)


class Unusable:
    """Stands in for a receiver that cannot be made: what is for it waits until it can be.

    One that is set up wrongly keeps neither the others from being told nor the monitor from
    looking.
    """

    timeout = 1.0

    def __init__(self, fault: ConfigError) -> None:
        self.fault = fault

    def deliver(self, outbound: Outbound, now: Instant) -> Outcome:
        """Nothing is tried."""
        del outbound
        return Retry(now + LATER, self.fault.message, attempted=False)


def make_receivers(settings: Iterable[BaseReceiver]) -> dict[str, Receiver | Unusable]:
    """All of them by name, those that cannot be made as `Unusable`."""
    made: dict[str, Receiver | Unusable] = {}
    for one in settings:
        try:
            made[one.name] = make_receiver(one)
        except ConfigError as error:
            made[one.name] = Unusable(error)
    return made


def raise_unusable(receivers: Mapping[str, Receiver | Unusable]) -> None:
    """Say at the end what could not be used.

    Raises:
        ConfigError: a receiver is set up wrongly.
    """
    faults = [one.fault for one in receivers.values() if isinstance(one, Unusable)]
    if faults:
        raise ConfigError(
            "\n".join(fault.message for fault in faults),
            hint=faults[0].hint or "what is for it waits; everybody else was told",
        )


def make_heartbeat(settings: HeartbeatSettings) -> Heartbeat:
    """The dead man's switch that the settings describe.

    Raises:
        ConfigError: something is missing or wrong; the text shows no secret.
    """
    from monitor.notify.heartbeat import Heartbeat  # noqa: PLC0415

    return Heartbeat(required(settings, "url"), **_http(settings), start=settings.start)


def _webhook(settings: ReceiverSettings) -> Receiver:
    from monitor.notify.webhook import WebhookReceiver  # noqa: PLC0415

    return WebhookReceiver(
        settings.name,
        required(settings, "url"),
        [s for s in (secret(settings, "secret"), secret(settings, "previous_secret")) if s],
        **_http(settings),
        hub_secret=secret(settings, "hub_secret"),
        limit=settings.max_bytes,
    )


def _posting(settings: HttpReceiver) -> Sender:
    from monitor.notify.receiver import HttpSender  # noqa: PLC0415

    url = required(settings, "url")
    form: Form
    match settings:
        case SlackSettings():
            from monitor.notify.forms import slack  # noqa: PLC0415

            form = slack.SlackForm(wording(settings, slack.escape))
        case TeamsSettings():
            from monitor.notify.forms import teams  # noqa: PLC0415

            form = teams.TeamsForm(wording(settings, teams.escape))
        case DiscordSettings():
            from monitor.notify.forms import discord  # noqa: PLC0415

            form = discord.DiscordForm(wording(settings, discord.escape))
        case NtfySettings():
            from monitor.notify.forms.ntfy import NtfyForm  # noqa: PLC0415

            topic = required(settings, "topic")
            form = NtfyForm(wording(settings, str), topic, secret(settings, "token"))
        case AlertmanagerSettings():
            from monitor.notify.forms.alertmanager import PATH, AlertmanagerForm  # noqa: PLC0415

            hold, event_hold = settings.hold * DAY, settings.event_hold * HOUR
            form = AlertmanagerForm(wording(settings, str), hold, event_hold)
            url = url.rstrip("/") + PATH
        case _:
            raise AssertionError(settings)
    return HttpSender(settings.name, url, form, **_http(settings))


def _mail(settings: EmailSettings) -> Sender:
    from monitor.notify.mail import Mailbox  # noqa: PLC0415
    from monitor.notify.smtp import MailSender  # noqa: PLC0415

    box = Mailbox(
        settings.host,
        settings.sender,
        settings.to,
        settings.port,
        settings.tls,
        settings.username,
        secret(settings, "password"),
    )
    guard = guard_of(settings)
    return MailSender(settings.name, box, wording(settings, str), settings.timeout, guard)


def _apprise(settings: AppriseSettings) -> Sender:
    from monitor.notify.apprise import AppriseSender  # noqa: PLC0415

    if not settings.allow_private:
        raise ConfigError(
            f"{settings.owner}: Apprise makes its own connections, which the guard cannot look at",
            hint="`allow_private: true` says that its address is trusted",
        )
    url = required(settings, "url")
    return AppriseSender(settings.name, url, wording(settings, str), settings.timeout)


def wording(settings: Worded, escape: Callable[[str], str]) -> Wording:
    """In whose words a receiver is told.

    Raises:
        ConfigError: its template cannot be read or used.
    """
    from monitor.notify.wording import Wording  # noqa: PLC0415

    own = settings.template
    if own is None:
        return Wording(settings.language)
    from monitor.notify.templates import Template  # noqa: PLC0415 - jinja, for who has a template

    owner = settings.owner
    body = own.body
    if own.file is not None:
        try:
            body = own.file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
            raise ConfigError(f"{owner}: template: {own.file}: {reason}") from None
    return Wording(settings.language, Template(own.title, body, escape, owner))


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

    return Guard(settings.allow_private, networks(settings.allow, settings.owner))


def required(settings: BaseReceiver, key: str) -> str:
    """A value that the settings give themselves, by a variable, or by a file."""
    value = secret(settings, key)
    if value is None:  # the settings were checked: one of the three is there
        raise ConfigError(f"{settings.owner}: {key} is missing")
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
        raise ConfigError(f"{settings.owner}: {file}: {reason}") from None
    if not text:
        raise ConfigError(f"{settings.owner}: {file}: is empty")
    return text


def _variable(settings: BaseReceiver, variable: str) -> str:
    value = os.environ.get(variable, "").strip()
    if not value:
        raise ConfigError(f"{settings.owner}: the variable {variable} is not set")
    return value
