"""The cron job: collect, assess, deliver."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.records import Run
from monitor.services.alerts.dispatch import dispatch
from monitor.services.assessment.options import Options
from monitor.services.assessment.step import Intake, StepReport, present, take_step
from monitor.services.delivery.deliver import deliver
from monitor.services.evidence.collect import Collected, collect, together
from monitor.services.views.register import note

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from monitor.domain.time import Instant
    from monitor.services.delivery.deliver import Receiver
    from monitor.services.delivery.report import DeliveryReport
    from monitor.services.evidence.collect import Source
    from monitor.services.ports import Engine, Store, Writer


class RunReport(NamedTuple):
    """What a run did; `delivery` is None where nothing was sent because nobody is configured."""

    collected: Sequence[Collected]
    step: StepReport
    delivery: DeliveryReport | None


def run(
    store: Store,
    engine: Engine,
    sources: Sequence[Source],
    receivers: Mapping[str, Receiver],
    clock: Callable[[], Instant],
    options: Options,
    *,
    kinds: Collection[str],
    zone: str,
    wait: bool = False,
    progress: Callable[[int], None] | None = None,
    begun: Callable[[], None] | None = None,
) -> RunReport | None:
    """Do the whole job once; None where another process is doing it.

    `progress` is told how many records of a source were read so far; `begun` is called once it is
    certain that no other process is at work.

    What was collected, and everything that follows from it, commits in one transaction. Deliveries
    come after it, out of the outbox: a failing receiver costs no assessment.

    Raises:
        InputError: a source cannot be read; nothing of any source is taken then.
        StoreError: the database cannot be used.
    """
    with store.exclusive(wait=wait) as held:
        if not held:
            return None
        if begun is not None:
            begun()
        with store.read() as reader:
            now = present(reader, clock)
        collected = [
            collect(source, now, kinds=kinds, zone=zone, progress=progress) for source in sources
        ]
        report = assess(store, engine, collected, now, options, command="run")
        if options.policy is not None:
            dispatch(store, options.policy, report.now)
        sent = deliver(store, receivers, clock) if receivers else None
        return RunReport(collected, report, sent)


def assess(
    store: Store,
    engine: Engine,
    collected: Sequence[Collected],
    now: Instant,
    options: Options,
    *,
    command: str,
) -> StepReport:
    """Take in what was collected and assess, in one transaction."""
    with store.write() as writer:
        return assess_within(writer, engine, collected, now, options, command=command)


def assess_within(
    writer: Writer,
    engine: Engine,
    collected: Sequence[Collected],
    now: Instant,
    options: Options,
    *,
    command: str,
) -> StepReport:
    """The same in a transaction that the caller commits, or undoes."""
    report = take_step(writer, engine, Intake(*together(collected)), now, options)
    note(writer, engine)
    if report.updates or report.transitions or report.alerts:
        writer.add_run(
            Run(command, now, report.updates, len(report.transitions), len(report.alerts))
        )
    return report
