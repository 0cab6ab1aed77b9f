"""Variables from a file, for cron, which has hardly any."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from monitor.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def read_env_file(path: Path) -> dict[str, str]:
    """Lines of `NAME=value`, as in a .env file. No shell reads them: `$` and the like mean nothing.

    Raises:
        ConfigError: it cannot be read, or a line is none; the text shows no value.
    """
    from dotenv.parser import parse_stream  # noqa: PLC0415 - for who has such a file

    try:
        with path.open(encoding="utf-8") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(f"{path}: {reason}") from None
    for binding in bindings:
        if binding.error or (binding.key is not None and binding.value is None):
            line = binding.original.line + _blank_before(binding.original.string)
            raise ConfigError(f"{path}:{line}: not a variable", hint="write NAME=value")
    return {b.key: b.value for b in bindings if b.key is not None and b.value is not None}


def add_env_file(path: Path) -> dict[str, str]:
    """Set the variables of a file that are not set; all that it has.

    Raises:
        ConfigError: see `read_env_file`.
    """
    found = read_env_file(path)
    for name, value in found.items():
        os.environ.setdefault(name, value)
    return found


def _blank_before(text: str) -> int:
    return len(text[: len(text) - len(text.lstrip())].splitlines()) if text.strip() else 0
