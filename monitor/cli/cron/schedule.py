"""When and what a machine runs by itself, in the words of cron and of systemd."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.domain.time import DAY, HOUR, MINUTE, format_duration, parse_duration
from monitor.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.cli.context import Context
    from monitor.domain.time import Seconds

MORNING = "06:00"


@dataclass(frozen=True, slots=True)
class Every:
    """How often: a divisor of an hour, a divisor of a day, or once a day at `at` (minutes)."""

    seconds: Seconds
    at: int = 0

    @property
    def words(self) -> str:
        clock = f" at {self.at // 60:02}:{self.at % 60:02}" if self.seconds == DAY else ""
        return f"every {format_duration(self.seconds)}{clock}"

    @property
    def cron(self) -> str:
        """The five fields of a crontab line."""
        if self.seconds < HOUR:
            minutes = self.seconds // MINUTE
            return f"{'*' if minutes == 1 else f'*/{minutes}'} * * * *"
        if self.seconds < DAY:
            hours = self.seconds // HOUR
            return f"0 {'*' if hours == 1 else f'*/{hours}'} * * *"
        return f"{self.at % 60} {self.at // 60} * * *"

    @property
    def calendar(self) -> str:
        """The same for systemd's OnCalendar."""
        if self.seconds < HOUR:
            return f"*:0/{self.seconds // MINUTE}"
        if self.seconds < DAY:
            return f"0/{self.seconds // HOUR}:00"
        return f"*-*-* {self.at // 60:02}:{self.at % 60:02}:00"


def read_every(text: str, at: str | None) -> Every:
    """Read `--every` and `--at`.

    Raises:
        UsageError: cron cannot say that.
    """
    try:
        seconds = parse_duration(text)
    except ValueError as error:
        raise UsageError(f"--every: {error}") from None
    even = (
        (seconds % MINUTE == 0 and HOUR % seconds == 0)
        if seconds < HOUR
        else (seconds % HOUR == 0 and DAY % seconds == 0)
    )
    if not even:
        raise UsageError(
            f"--every: cron cannot do something every {text}",
            hint="write minutes that divide an hour (15m), hours that divide a day (6h), or 1d",
        )
    if at is not None and seconds != DAY:
        raise UsageError("--at: a time of day belongs to --every 1d")
    return Every(seconds, _clock(MORNING if at is None else at))


def _clock(text: str) -> int:
    hours, colon, minutes = text.partition(":")
    whole = hours.isascii() and hours.isdecimal() and minutes.isascii() and minutes.isdecimal()
    if not (colon and whole and int(hours) < 24 and int(minutes) < 60 and len(minutes) == 2):
        raise UsageError(f"--at: {text!r} is no time of day", hint="write it as 06:30")
    return int(hours) * 60 + int(minutes)


@dataclass(frozen=True, slots=True)
class Job:
    """A command with absolute paths, the configuration it is for, and the folder of that."""

    command: tuple[str, ...]
    config: Path

    @property
    def mark(self) -> str:
        """A short name of the configuration, the same every time."""
        return hashlib.sha256(os.fsencode(self.config)).hexdigest()[:8]


def job(context: Context) -> Job:
    """`monitor run` as this invocation was given its global options, from wherever it is started.

    Raises:
        ConfigError: there is no configuration file, or a path that cannot be written down.
    """
    from monitor.config import DEFAULT_FILE

    config = Path(context.config or os.environ.get("MONITOR_CONFIG") or DEFAULT_FILE).absolute()
    if not config.is_file():
        raise ConfigError(f"{config}: No such file", hint="`monitor init` writes a starter")
    words = [*_program(), "--config", str(config)]
    if context.store is not None:
        store = context.store
        words += ["--store", store if "://" in store else str(Path(store).absolute())]
    for rules in context.rules or ():
        words += ["--rules", str(rules.absolute())]
    if context.env_file is not None:
        words += ["--env-file", str(context.env_file.absolute())]
    words.append("run")
    for word in words:
        if not word.isprintable() or "\\" in word:
            raise ConfigError(
                f"{word!r} cannot be written into a crontab", hint="give it a plainer name"
            )
    return Job(tuple(words), config)


def _program() -> list[str]:
    """The installed command of this environment, or else its module."""
    installed = Path(sys.executable).with_name("monitor")
    return [str(installed)] if installed.is_file() else [sys.executable, "-m", "monitor"]


def missing_variables(context: Context) -> list[str]:
    """Variables that the run needs, and that neither cron nor the env file has.

    Those that the configuration names, and settings that are variables at the moment.
    """
    from monitor.settings import Settings

    ours = {f"MONITOR_{name}".upper() for name in Settings.model_fields} & os.environ.keys()
    ours -= {"MONITOR_STORE"} if context.store is not None else set()
    ours -= {"MONITOR_RULES"} if context.rules else set()
    return sorted((ours | set(_named(context))) - context.variables.keys())


def _named(context: Context) -> Iterator[str]:
    settings = context.application.settings
    heartbeat = () if settings.heartbeat is None else (settings.heartbeat,)
    for one in (*settings.receivers, *heartbeat):
        for name in type(one).model_fields:
            value = getattr(one, name)
            if name == "headers_env":
                yield from value.values()
            elif name.endswith("_env") and value is not None:
                yield value
