"""The exception tree.

MonitorError                 every error a user can meet; carries an exit code and a hint
├── UsageError               the command line or a value on it is wrong            (exit 2)
├── ConfigError              monitor.yaml or MONITOR_* is wrong                     (exit 2)
├── RulebookError            one or more faults in a rulebook, each located         (exit 2)
├── InputError               an update record or file cannot be read                (exit 2)
└── StoreError               the database cannot be used                            (exit 3)
├── ForeignDatabaseError the file is not a monitor database
├── NewerSchemaError     written by a newer monitor
├── StoreUnwritableError read-only, missing directory, or disk full
└── StoreBusyError       another process holds it
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class MonitorError(Exception):
    """Something the user can act on.

    Args:
        message: what is wrong and where, one line.
        hint: what to do about it, one line, or None.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(MonitorError):
    """The command line, or a value on it, is wrong."""


class ConfigError(MonitorError):
    """The configuration is wrong."""


class RulebookError(MonitorError):
    """A rulebook has faults.

    Args:
        message: the count and the file.
        faults: one printable line each, in file order, already with file:line:column.
    """

    def __init__(
        self, message: str, faults: Sequence[str] = (), *, hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.faults = tuple(faults)


class InputError(MonitorError):
    """An update file or record cannot be read."""


class StoreError(MonitorError):
    """The database cannot be used."""

    exit_code: ClassVar[int] = 3


class ForeignDatabaseError(StoreError):
    """The file exists but is not a monitor database."""


class NewerSchemaError(StoreError):
    """The database was written by a newer monitor."""


class StoreUnwritableError(StoreError):
    """The database cannot be written: read-only, missing directory, or disk full."""


class StoreBusyError(StoreError):
    """Another process holds the database."""
