"""What is looked at, in short: enough to say how it stands without reading the rulebook again."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.domain.basis import Basis
    from monitor.domain.time import Instant, Seconds


class Silence(NamedTuple):
    """How silence is read in an agreement, as `monitor.domain.commitment.CoveragePolicy`."""

    assumed: bool
    grace: Seconds


class Listed(NamedTuple):
    """An agreement. `source` is its document, as the rulebook names it."""

    id: str
    source: str | None
    coverage: Silence


class Entry(NamedTuple):
    """A commitment: what it is called, and when its clocks began."""

    key: str
    id: str
    agreement: str
    title: str
    basis: Basis
    start: Instant
    zone: str


class Register(NamedTuple):
    """A rulebook, in short.

    `commitments` are by key, in file order; `askers` are those whose rules ask about one.
    `fingerprint` and `origin` are those of the engine.
    """

    origin: str
    fingerprint: str
    agreements: tuple[Listed, ...]
    commitments: Mapping[str, Entry]
    askers: Mapping[str, tuple[str, ...]]
