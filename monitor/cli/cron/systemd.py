"""The job as a service and a timer of systemd, for this user."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.cli.cron.schedule import Every, Job

PATIENCE = 60
"""Seconds for `systemctl`."""


def folder() -> Path:
    """Where the units of a user are (systemd.unit(5))."""
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "systemd" / "user"


def name(job: Job) -> str:
    """Of the units, without their kind."""
    return f"commitment-monitor-{job.mark}"


def units(job: Job, every: Every) -> dict[str, str]:
    """File name -> text. Persistent: what was missed while the machine was off is made up for."""
    # ":" takes $ as it is; % would be a specifier; what stands between quotes is one word
    words = " ".join(_quoted(word) for word in job.command)
    return {
        f"{name(job)}.service": f"""\
[Unit]
Description=Commitment monitor ({_specifiers(str(job.config))})

[Service]
Type=oneshot
ExecStart=:{words}
""",
        f"{name(job)}.timer": f"""\
[Unit]
Description=Commitment monitor, {every.words} ({_specifiers(str(job.config))})

[Timer]
OnCalendar={every.calendar}
Persistent=true

[Install]
WantedBy=timers.target
""",
    }


def _specifiers(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(word: str) -> str:
    escaped = _specifiers(word).replace('"', r"\"")
    return f'"{escaped}"'


def installed(job: Job) -> dict[str, str]:
    """File name -> text of what is there now."""
    found = {}
    for kind in ("service", "timer"):
        path = folder() / f"{name(job)}.{kind}"
        if path.is_file():
            found[path.name] = path.read_text(encoding="utf-8")
    return found


def write(job: Job, texts: Mapping[str, str]) -> None:
    """Put the units in place and start the timer.

    Raises:
        ConfigError: systemd cannot be reached, and nothing was written; or it refuses.
    """
    _reachable()
    try:
        folder().mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            (folder() / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{error.filename}: {error.strerror}") from None
    _systemctl("daemon-reload")
    _systemctl("enable", f"{name(job)}.timer")
    _systemctl("restart", f"{name(job)}.timer")


def remove(job: Job) -> None:
    """Stop the timer and take the units away.

    Raises:
        ConfigError: systemd cannot be reached, and nothing was removed; or it refuses.
    """
    _reachable()
    _systemctl("disable", "--now", f"{name(job)}.timer")
    for file in installed(job):
        (folder() / file).unlink()
    _systemctl("daemon-reload")


def _reachable() -> None:
    try:
        _systemctl("show-environment")
    except ConfigError as error:
        raise ConfigError(
            error.message,
            hint="`monitor cron print --systemd` prints the units, to be put in place by hand",
        ) from None


def _systemctl(*words: str) -> None:
    command = ["systemctl", "--user", *words]
    try:
        done = subprocess.run(  # noqa: S603 - no part of it comes from elsewhere
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except FileNotFoundError:
        raise ConfigError("there is no systemctl command on this machine") from None
    except subprocess.TimeoutExpired:
        raise ConfigError(f"{' '.join(command)}: no answer within {PATIENCE} s") from None
    if done.returncode != 0:
        said = " ".join(done.stderr.split()) or f"exit {done.returncode}"
        raise ConfigError(f"{' '.join(command)}: {said}")
