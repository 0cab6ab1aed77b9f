"""`monitor alerts preview`: what a receiver would be sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.alerts.group import commands
from monitor.cli.context import Context, NowOption, at
from monitor.cli.output import emit

if TYPE_CHECKING:
    from monitor.domain.alert import Alert
    from monitor.domain.message import Message
    from monitor.receiver_settings import BaseReceiver


@commands.command(short_help="Show what a receiver would be sent.")
def preview(
    ctx: typer.Context,
    receiver: Annotated[
        str | None, typer.Option("--receiver", metavar="NAME", help="In the form of this one.")
    ] = None,
    alert: Annotated[
        list[str] | None,
        typer.Option("--alert", metavar="ID", help="Of this alert; may be repeated."),
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="FILE", help="With this body template.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="LANGUAGE", help="en, ja or ko.")
    ] = None,
    now: NowOption = None,
) -> None:
    """Show what a receiver would be sent, without sending it.

    Without --alert it is the newest alert, or an invented one where there is none yet. Without
    --receiver it is the plain text of a mail. Exit code 0; 2 when the template is wrong.
    """
    from monitor.errors import ConfigError
    from monitor.receivers import make_receiver

    context = at(ctx, now)
    settings = _settings(context, receiver, template, language)
    message = _message(context, settings, alert or [])
    try:
        emit(make_receiver(settings).sender.preview(message, context.now))
    except ValueError as error:
        raise ConfigError(f"receiver {settings.name!r}: {error}") from None


def _settings(
    context: Context, name: str | None, template: Path | None, language: str | None
) -> BaseReceiver:
    from monitor.cli.alerts.receivers import settings_of
    from monitor.errors import UsageError
    from monitor.notify.texts import LANGUAGES
    from monitor.receiver_settings import EmailSettings, TemplateSettings, Worded

    settings: BaseReceiver = EmailSettings.model_validate(
        {
            "type": "email",
            "name": "preview",
            "host": "localhost",
            "from": "monitor@example.org",
            "to": ["you@example.org"],
        }
    )
    if name is not None:
        settings = settings_of(context, name)
    if language is not None and language not in LANGUAGES:
        raise UsageError(f"--language {language}: it is one of {', '.join(LANGUAGES)}")
    changes: dict[str, Any] = {}
    if language is not None:
        changes["language"] = language
    if template is not None:
        changes["template"] = TemplateSettings(file=template)
    if changes and not isinstance(settings, Worded):
        raise UsageError(f"receiver {settings.name!r} is a program: it has no language or template")
    return settings.model_copy(update=changes)


def _message(context: Context, settings: BaseReceiver, ids: list[str]) -> Message:
    from monitor.domain.message import Message
    from monitor.errors import UsageError
    from monitor.notify.sample import sample

    found: list[Alert] = []
    path = context.application.store_path
    if ids or path is None or path.exists():
        with context.application.store.read() as reader:
            if ids:
                known = reader.alerts_named(ids)
                missing = [one for one in ids if one not in known]
                if missing:
                    raise UsageError(
                        f"there is no alert {missing[0]}", hint="`monitor alerts list -o json`"
                    )
                found = [known[one] for one in dict.fromkeys(ids)]
            else:
                found = list(reader.alerts(limit=1))
    if not found:
        language = getattr(settings, "language", "en")
        return sample(settings.name, context.now, language, context.zone)
    return Message(found[0].id, settings.name, tuple(found))
