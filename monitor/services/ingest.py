"""Taking in updates and coverage by hand: at once and assessed, or not at all."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from monitor.services.assessment.step import present
from monitor.services.evidence.collect import Collected, collect
from monitor.services.run import assess_within

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from monitor.domain.time import Instant
    from monitor.services.assessment.options import Options
    from monitor.services.assessment.step import StepReport
    from monitor.services.evidence.collect import Source
    from monitor.services.ports import Engine, Store, Writer


class Ingested(NamedTuple):
    """What was read, and what followed from it.

    `report` is None where nothing was assessed, because a record was bad and none was to go in
    then. `stored` False: everything was undone. `shown` are the commitments, of those with
    news, whose standing was announced before.
    """

    collected: Sequence[Collected]
    report: StepReport | None
    stored: bool
    shown: frozenset[str] = frozenset()

    @property
    def refused(self) -> int:
        """Records that could not be read, or contradict what is known."""
        conflicts = 0 if self.report is None else len(self.report.conflicts)
        return conflicts + sum(len(one.rejects) for one in self.collected)


def ingest(
    store: Store,
    engine: Engine,
    sources: Sequence[Source],
    clock: Callable[[], Instant],
    options: Options,
    *,
    kinds: Collection[str] | None,
    zone: str,
    strict: bool = False,
    dry_run: bool = False,
    on_busy: Callable[[], None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Ingested:
    """Read sources and take in what is good in them, in one transaction.

    Where another process runs, this one waits for it: whoever brings something by hand does not
    come again in a minute, as cron does.

    Args:
        store: where it goes.
        engine: assesses it.
        sources: are read to their ends, in this order.
        clock: the present.
        options: of the step.
        kinds: the known kinds; None: any.
        zone: in which dates without an offset are read.
        strict: take in nothing at all when a record of any source is bad or contradicts another.
        dry_run: find out what would happen, and undo it.
        on_busy: told once before it waits.
        progress: told how many records of a source were read so far.

    Raises:
        InputError: a source cannot be read; nothing of any source is taken then.
        StoreError: the database cannot be used.
    """
    with nullcontext() if dry_run else alone(store, on_busy):
        with store.read() as reader:
            now = present(reader, clock)
        collected = [
            collect(source, now, kinds=kinds, zone=zone, progress=progress) for source in sources
        ]
        return take_in(
            store, engine, collected, now, options, command="ingest", strict=strict, dry_run=dry_run
        )


def take_in(
    store: Store,
    engine: Engine,
    collected: Sequence[Collected],
    now: Instant,
    options: Options,
    *,
    command: str,
    strict: bool = False,
    dry_run: bool = False,
) -> Ingested:
    """Store and assess what was collected; the right to run is the caller's business."""
    if strict and any(one.rejects for one in collected):
        return Ingested(collected, None, stored=False)
    found: list[Ingested] = []
    try:
        with store.write() as writer:
            report = assess_within(writer, engine, collected, now, options, command=command)
            undone = dry_run or (strict and bool(report.conflicts))
            news = {t.commitment for t in report.transitions}
            news.update(row.transition.commitment for row in report.withdrawn)
            shown = _introduced(writer, news)
            found.append(Ingested(collected, report, not undone, shown))
            _keep_unless(undone)
    except _UndoneError:
        pass  # it was to be undone
    return found[0]


@contextmanager
def alone(store: Store, on_busy: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the right to run, after waiting for whoever has it."""
    with store.exclusive(wait=False) as held:
        if held:
            yield
            return
    if on_busy is not None:
        on_busy()
    with store.exclusive(wait=True):
        yield


class _UndoneError(Exception):
    """Leaves a transaction so that it is undone."""


def _keep_unless(undone: bool) -> None:
    if undone:
        raise _UndoneError


def _introduced(writer: Writer, keys: Collection[str]) -> frozenset[str]:
    states = writer.states(sorted(keys))
    return frozenset(key for key, state in states.items() if state.introduced is not None)
