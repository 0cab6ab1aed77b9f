"""Reading sources into one intake: what is good, what was refused, and what was being watched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from monitor.domain.coverage import Coverage
    from monitor.domain.time import Instant
    from monitor.domain.update import Update


class Refused(Protocol):
    """A record that was refused."""

    @property
    def number(self) -> int: ...
    @property
    def line(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def record(self) -> str: ...


class Batch(Protocol):
    @property
    def updates(self) -> Sequence[Update]: ...
    @property
    def rejects(self) -> Sequence[Any]: ...


class Reading(Protocol):
    """One pass over one source."""

    @property
    def name(self) -> str: ...
    @property
    def warnings(self) -> Sequence[str]: ...
    def __iter__(self) -> Iterator[Batch]: ...


class Source(Protocol):
    """Where updates come from; implemented in `monitor.sources`."""

    @property
    def name(self) -> str: ...
    def collect(self, recorded: Instant, *, kinds: Collection[str] | None, zone: str) -> Any: ...
    def coverage(self, reading: Any, *, recorded: Instant, zone: str) -> Coverage | None: ...


class Collected(NamedTuple):
    """What one source gave."""

    source: str
    updates: list[Update]
    coverage: list[Coverage]
    rejects: list[Refused]
    warnings: tuple[str, ...]


def collect(
    source: Source,
    now: Instant,
    *,
    kinds: Collection[str] | None,
    zone: str,
    progress: Callable[[int], None] | None = None,
) -> Collected:
    """Read a source to its end.

    Raises:
        InputError: it cannot be read as a whole; nothing of it is taken then.
    """
    reading = source.collect(now, kinds=kinds, zone=zone)
    updates: list[Update] = []
    rejects: list[Refused] = []
    for batch in reading:
        updates += batch.updates
        rejects += batch.rejects
        if progress is not None:
            progress(len(updates) + len(rejects))
    covered = source.coverage(reading, recorded=now, zone=zone)
    warnings = list(reading.warnings)
    if covered is None:
        return Collected(source.name, updates, [], rejects, tuple(warnings))
    if covered.until > now + 1:
        warnings.append(
            f"{source.name}: covers_until lies ahead; until then its silence counts as watched"
        )
    return Collected(source.name, updates, [covered], rejects, tuple(warnings))


def together(collected: Iterable[Collected]) -> tuple[list[Update], list[Coverage]]:
    """One intake of several sources."""
    updates: list[Update] = []
    coverage: list[Coverage] = []
    for one in collected:
        updates += one.updates
        coverage += one.coverage
    return updates, coverage
