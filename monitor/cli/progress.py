"""A bar for work that lasts: on stderr, where somebody watches, never for a moment's work."""

from __future__ import annotations

import os
import sys
from time import monotonic
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress, TaskID

PATIENCE = 0.8
"""Seconds of work before a bar appears."""

SWITCH = "MONITOR_PROGRESS"
"""`off` in this variable: never a bar. For what records a terminal: whether there is one depends
on how fast the machine is."""


class Bar:
    """Told how far the work is; shows it from the moment at which it has lasted.

    Args:
        wanted: False: nothing is ever shown. Nor is it where stderr is no terminal, or where the
            SWITCH is off.
    """

    def __init__(self, *, wanted: bool = True) -> None:
        self._wanted = wanted and sys.stderr.isatty() and os.environ.get(SWITCH) != "off"
        self._begun = monotonic()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def read(self, records: int) -> None:
        """So many records were read; how many there are is not known."""
        self._show(f"reading {records:,} records", records, None)

    def assessed(self, done: int, total: int) -> None:
        """So many commitments of those that need it were assessed."""
        self._show("assessing commitments", done, total)

    def replayed(self, done: int, total: int, reports: int) -> None:
        """So many commitments were replayed, with so many reports; how fast that goes."""
        passed = max(monotonic() - self._begun, 0.001)
        self._show(f"replaying, {reports / passed:,.0f} reports/s", done, total)

    def _show(self, text: str, done: int, total: int | None) -> None:
        if not self._wanted:
            return
        if self._progress is None:
            if monotonic() - self._begun < PATIENCE:
                return
            self._progress = _open()
            self._task = self._progress.add_task(text, total=None)
        if self._task is not None:
            self._progress.update(self._task, description=text, completed=done, total=total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()


def _open() -> Progress:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from monitor.cli.output import stderr

    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=stderr(),
        transient=True,
    )
    progress.start()
    return progress
