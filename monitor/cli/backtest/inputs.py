"""The history that `monitor backtest` replays: of files, or of the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from monitor.cli.output import say
from monitor.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.cli.backtest.rules import Edited
    from monitor.cli.context import Context
    from monitor.cli.inputs import InputFormat
    from monitor.cli.progress import Bar
    from monitor.domain.coverage import Coverage
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.services.evidence.collect import Collected
    from monitor.services.memory import Memory
    from monitor.sources.feed import FileSource


class Given(NamedTuple):
    """What the command line says about the history."""

    files: Sequence[Path]
    format: InputFormat | None
    mapping: Sequence[str]
    covers_until: str | None
    known_at: str | None


class Evidence(NamedTuple):
    """All updates and all coverage; `watched_until` is the last instant that somebody watched."""

    memory: Memory
    watched_until: Instant | None


def gather(context: Context, given: Given, edited: Sequence[Edited], bar: Bar) -> Evidence:
    """Read the history.

    Raises:
        UsageError: an option does not go with the others.
        InputError: a file cannot be read, or nothing in it is good.
    """
    if given.files:
        if given.known_at is not None:
            raise UsageError(
                "--known-at asks the store, not files", hint="leave it out, or the files"
            )
        return _of_files(context, given, edited, bar)
    for option, value in (
        ("--format", given.format),
        ("--map", given.mapping),
        ("--covers-until", given.covers_until),
    ):
        if value:
            raise UsageError(f"{option} goes with a FILE", hint="without one the store is replayed")
    return _of_store(context, given.known_at)


def _of_store(context: Context, known_at: str | None) -> Evidence:
    from monitor.cli.viewing import present_of

    with context.application.store.read() as reader:
        if known_at is not None:
            known = context.moment(known_at, "--known-at")
        else:
            known = present_of(context, reader)
        updates = list(reader.all_updates(known))
        rows = list(reader.watched(known))
    if not updates:
        say("the store knows no update; `monitor run` collects some", quiet=context.quiet)
    return _evidence(updates, rows)


def _of_files(context: Context, given: Given, edited: Sequence[Edited], bar: Bar) -> Evidence:
    from monitor.cli.inputs import opened_inputs
    from monitor.domain.update import KINDS
    from monitor.services.evidence.collect import collect, together

    declared = (k for one in edited for a in one.engine.rulebook.agreements for k in a.kinds)
    kinds = frozenset((*KINDS, *declared))
    with opened_inputs(given.files, _feed(given), None, named=False) as inputs:
        collected = [
            collect(one, context.now, kinds=kinds, zone=context.zone, progress=bar.read)
            for one in inputs
        ]
    _tell(collected, quiet=context.quiet)
    updates, rows = together(collected)
    return _evidence(updates, rows)


def _feed(given: Given) -> FileSource:
    """What all files have in common."""
    from monitor.cli.inputs import occurred_option
    from monitor.sources.detect import Format
    from monitor.sources.feed import FileSource
    from monitor.sources.mapping import map_options

    until = given.covers_until
    return FileSource(
        "",
        Path("-"),
        None if given.format is None else Format(given.format.value),
        map_options(given.mapping),
        None if until is None else occurred_option(until, "--covers-until"),
    )


def _tell(collected: Iterable[Collected], *, quiet: bool) -> None:
    """What was refused, and what is odd.

    Raises:
        InputError: nothing in a file was good.
    """
    for one in collected:
        for warning in one.warnings:
            say(f"warning: {warning}", quiet=quiet)
        if not one.rejects:
            continue
        first = one.rejects[0]
        reason = f"record {first.number}: {first.reason}"
        if not one.updates:
            raise InputError(
                f"{one.source}: none of its {len(one.rejects):,} records is good; {reason}",
                hint="--map FIELD=COLUMN reads columns of other names",
            )
        say(f"warning: {one.source}: {len(one.rejects):,} refused ({reason})", quiet=quiet)


def _evidence(updates: Sequence[Update], rows: Sequence[Coverage]) -> Evidence:
    from monitor.services.memory import Memory

    until = max((row.until for row in rows), default=None)
    return Evidence(Memory(updates, rows), None if until is None else until - 1)
