"""The line of sums under what a run found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.cli.output import stderr

if TYPE_CHECKING:
    from collections.abc import Collection

    from monitor.services.delivery.report import DeliveryReport
    from monitor.services.run import RunReport


def print_sums(report: RunReport, introduced: Collection[str]) -> None:
    """How much there was of everything, and what to ask next; nothing where there was nothing."""
    step = report.step
    parts = [
        _some(len(step.transitions), "transition") + (" recorded" if introduced else ""),
        _some(len(step.withdrawn), "withdrawn", ""),
        _some(len(step.alerts), "alert"),
    ]
    said = [part for part in parts if part and not part.startswith("0 ")]
    if report.delivery is not None:
        said += _delivered(report.delivery, always=bool(step.alerts))
        told = bool(step.alerts) or report.delivery.dead > 0
    else:
        told = False
    if step.rewritten:
        said.append(_some(step.rewritten, "transition") + " rewritten, because the rules changed")
    if not said:
        return
    console = stderr()
    see = "`monitor history COMMITMENT`" if introduced else "`monitor status`"
    console.print(f"{', '.join(said)}; see {see}", style="dim", markup=False)
    if told and report.delivery is not None:
        for warning in report.delivery.warnings():
            console.print(f"warning: {warning}", markup=False)


def _delivered(delivery: DeliveryReport, *, always: bool) -> list[str]:
    """`2 delivered`, `1 waiting`, `1 given up`; what merely goes on waiting only with `always`."""
    waiting = sum(delivery.waiting.values())
    return [
        part
        for part in (
            _some(delivery.delivered, "delivered", ""),
            _some(waiting, "waiting", "") if always or delivery.delivered else "",
            _some(delivery.dead, "given up", ""),
        )
        if part and not part.startswith("0 ")
    ]


def _some(count: int, word: str, plural: str = "s") -> str:
    return f"{count:,} {word}{'' if count == 1 else plural}"
