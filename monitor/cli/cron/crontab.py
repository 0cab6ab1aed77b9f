"""The crontab of this user: a marked block in it, put in, replaced and taken out."""

from __future__ import annotations

import shlex
import subprocess
from typing import TYPE_CHECKING

from monitor.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.cli.cron.schedule import Every, Job

LONGEST = 998
"""Characters of a command that Debian's cron takes (MAX_COMMAND of its source is 1,000)."""

PATIENCE = 30
"""Seconds for `crontab`."""


def block(job: Job, every: Every) -> str:
    """The lines for a crontab, between marks by which they are found again.

    Raises:
        ConfigError: the command is too long for cron.
    """
    # cron makes a line break of every % that is not escaped, also between quotes
    command = shlex.join(job.command).replace("%", r"\%")
    if len(command) > LONGEST:
        raise ConfigError(f"the command is longer than the {LONGEST} characters that cron takes")
    begin, end = _marks(job)
    return f"{begin}\n{every.cron} {command}\n{end}\n"


def _marks(job: Job) -> tuple[str, str]:
    name = f"commitment monitor {job.mark}"
    return f"# >>> {name}: {job.config} >>>", f"# <<< {name} <<<"


def merged(old: str, job: Job, new: str | None) -> str:
    """The crontab with this block in the place of the one before it, or at the end; None: without.

    Raises:
        ConfigError: somebody has cut a mark.
    """
    begin, end = _marks(job)
    lines = old.splitlines()
    starts = [n for n, line in enumerate(lines) if line.startswith(begin[: begin.index(":")])]
    ends = [n for n, line in enumerate(lines) if line == end]
    if not starts and not ends:
        return _text([*lines, *(new or "").splitlines()])
    if len(starts) != 1 or len(ends) != 1 or starts[0] > ends[0]:
        raise ConfigError(
            f"the marks {begin!r} and {end!r} in the crontab do not belong together",
            hint="mend them with `crontab -e`",
        )
    return _text([*lines[: starts[0]], *(new or "").splitlines(), *lines[ends[0] + 1 :]])


def line(text: str, job: Job) -> str | None:
    """The line of this job in a crontab; None where it has none."""
    begin, end = _marks(job)
    lines = iter(text.splitlines())
    for one in lines:
        if one.startswith(begin[: begin.index(":")]):
            return next((inner for inner in lines if inner != end), None)
    return None


def _text(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def read() -> str:
    """The crontab as it is; "" where there is none.

    Raises:
        ConfigError: there is no cron, or this user may not use it.
    """
    done = _crontab("-l")
    if done.returncode == 0:
        return done.stdout
    if "no crontab for" in done.stderr:
        return ""
    raise _refused(done)


def write(text: str) -> None:
    """Make this the crontab; without a line in it there is none any more.

    Raises:
        ConfigError: cron does not take it; the crontab is what it was.
    """
    done = _crontab("-", text) if text.strip() else _crontab("-r")
    if done.returncode != 0:
        raise _refused(done)


def _refused(done: subprocess.CompletedProcess[str]) -> ConfigError:
    return ConfigError(f"crontab: {' '.join(done.stderr.split()) or f'exit {done.returncode}'}")


def _crontab(option: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - no part of it comes from elsewhere
            ["crontab", option],  # noqa: S607 - wherever the system has it
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        raise ConfigError(
            "there is no crontab command on this machine",
            hint="install cron (apt install cron), or take a timer: --systemd",
        ) from None
    except subprocess.TimeoutExpired:
        raise ConfigError(f"crontab: no answer within {PATIENCE} s") from None
