"""What every command is given: settings, the application, and the time to speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.bootstrap import Application
    from monitor.domain.time import Instant


@dataclass
class Context:
    """The global options of one invocation, resolved when they are needed."""

    config: Path | None = None
    store: str | None = None
    rules: list[Path] | None = None
    now_text: str | None = None
    quiet: bool = False
    env_file: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    """What the env file holds."""

    @cached_property
    def application(self) -> Application:
        from monitor.bootstrap import Application
        from monitor.config import load_settings

        store = self.store
        if store is not None and "://" not in store:
            store = f"sqlite:///{store}"
        settings = load_settings(self.config, store=store, rules=self.rules or None)
        if self.now_text is None:
            return Application(settings)
        fixed = self.moment(self.now_text, "--now", settings.timezone)
        return Application(settings, lambda: fixed)

    @property
    def zone(self) -> str:
        """In which dates on the command line are read and shown."""
        return self.application.settings.timezone

    @property
    def now(self) -> Instant:
        return self.application.clock()

    def moment(self, text: str, option: str, zone: str | None = None) -> Instant:
        """Read a date or date-time from an option; a date means its last second.

        Raises:
            UsageError: it is none.
        """
        from monitor.domain.time import parse_moment

        try:
            return parse_moment(text, zone or self.zone)
        except ValueError as error:
            raise UsageError(f"{option}: {error}") from None


def current(ctx: typer.Context) -> Context:
    """The context of a command."""
    found = ctx.find_object(Context)
    return Context() if found is None else found


NowOption = Annotated[
    str | None,
    typer.Option("--now", metavar="TIME", help="Act as if it were this date or time."),
]


def at(ctx: typer.Context, now: str | None) -> Context:
    """The context of a command that has its own --now."""
    context = current(ctx)
    if now is not None:
        context.now_text = now
    return context
