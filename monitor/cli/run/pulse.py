"""The heartbeat of a run: that it began, and how it ended. No fault of it fails the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from monitor.cli.output import say
from monitor.errors import MonitorError, RulebookError

if TYPE_CHECKING:
    from types import TracebackType

    from monitor.bootstrap import Application
    from monitor.notify.heartbeat import Heartbeat, Signal
    from monitor.services.run import RunReport


class Pulse:
    """Around a run: `with Pulse(...) as pulse`, then `begin()` once it is its turn.

    A run that gives way to another one says nothing: if that other one hangs, its silence is what
    the switch is for.
    """

    def __init__(self, application: Application, *, quiet: bool) -> None:
        self._application = application
        self._quiet = quiet
        self._begun = False
        self._note = ""
        self._heartbeat: Heartbeat | None = None

    def begin(self) -> None:
        """The run begins."""
        from monitor.notify.heartbeat import Signal

        self._begun = True
        self._tell(Signal.START)

    def note(self, report: RunReport) -> None:
        """What it did, to be told at its end."""
        if self._heartbeat is not None:
            self._note = "\n".join(_words(report))

    def __enter__(self) -> Self:
        if self._application.settings.heartbeat is not None:
            try:
                self._heartbeat = self._application.heartbeat
            except MonitorError as error:
                self._warn(error.message.removeprefix("heartbeat: "))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._heartbeat is None:
            return
        from monitor.notify.heartbeat import Signal

        if error is not None:
            self._tell(Signal.FAIL, _fault(error))
        elif self._begun:
            self._tell(Signal.SUCCESS, f"exit status 0\n{self._note}")

    def _tell(self, signal: Signal, note: str = "") -> None:
        if self._heartbeat is None:
            return
        fault = self._heartbeat.tell(signal, note)
        if fault is not None and signal.value != "/start":  # its end fails as well, and says so
            self._warn(fault)

    def _warn(self, fault: str) -> None:
        say(f"warning: heartbeat: {fault}", quiet=self._quiet)


def _words(report: RunReport) -> list[str]:
    step = report.step
    transitions, alerts = len(step.transitions), len(step.alerts)
    counts = [f"{step.updates:,} updates, {transitions:,} transitions, {alerts:,} alerts"]
    if report.delivery is not None:
        waiting = sum(report.delivery.waiting.values())
        counts.append(f"{report.delivery.delivered:,} delivered, {waiting:,} waiting")
        counts += [f"warning: {warning}" for warning in report.delivery.warnings()]
    return counts


def _fault(error: BaseException) -> str:
    """The exit status of `main`, and what it says."""
    if isinstance(error, MonitorError):
        faults = error.faults[:10] if isinstance(error, RulebookError) else ()
        lines = [f"exit status {error.exit_code}", *faults, f"error: {error.message}"]
        return "\n".join([*lines, f"hint: {error.hint}"] if error.hint else lines)
    if isinstance(error, KeyboardInterrupt):
        return "exit status 130\ninterrupted"
    status = 3 if isinstance(error, OSError) else 1
    return f"exit status {status}\nerror: {type(error).__name__}"
