"""Who is told of an alert, when, and together with what.

A tree of routes in the way of Prometheus Alertmanager
(https://prometheus.io/docs/alerting/latest/configuration/#route): an alert goes down from the root
to the first child that matches it, and to the ones after that where the child says so; where no
child matches, it is the route's own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.interval import Digest, Interval, next_open
from monitor.domain.matching import Matcher, all_hold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from monitor.domain.matching import Facts
    from monitor.domain.time import Instant, Seconds


class Escalation(NamedTuple):
    """Who is told as well of what nobody has acknowledged so long after it was told."""

    after: Seconds
    receivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """When a message goes out.

    `group_by`: alerts that agree in these fields share a message; None: each has its own (in a
    digest: all share one). `wait`: how long the first of a group waits for others; `interval`:
    how long after a message of a group the next one may follow. `repeat`: how often what is still
    open is told again. `active` and `mute` are the intervals in and out of which messages go out.
    """

    group_by: tuple[str, ...] | None = None
    wait: Seconds = 0
    interval: Seconds = 0
    repeat: Seconds | None = None
    digest: Digest | None = None
    active: tuple[Interval, ...] = ()
    mute: tuple[Interval, ...] = ()
    escalate: tuple[Escalation, ...] = ()

    def due(self, now: Instant, last: Instant | None, open_until: Group | None = None) -> Due:
        """When what is found now is told, in a group that stands so.

        A digest whose hour has come since the step before this one is due at once, so that a job
        that runs once a day, a second after that hour, is not a day late.

        Args:
            now: this step.
            last: the step before it, None: there was none.
            open_until: the group.
        """
        at, why = now, ""
        if self.digest is not None:
            at = self.digest.next(now if last is None else last + 1)
            at, why = (now, "") if at <= now else (at, f"digest {self.digest}")
        elif open_until is not None and open_until.due is not None:
            at = max(now, open_until.due)
            why = "waits for others" if at > now else ""
        else:
            before = None if open_until is None else open_until.told
            at = now + self.wait if before is None else max(now, before + self.interval)
            why = "waits for others" if at > now else ""
        opens = next_open(self.active, self.mute, at)
        if opens is None or opens == at:
            return Due(at, why)
        return Due(opens, f"interval {self._closed(at)}")

    def _closed(self, at: Instant) -> str:
        muting = [interval.name for interval in self.mute if interval.contains(at)]
        return ", ".join(muting or [interval.name for interval in self.active])


class Due(NamedTuple):
    """An instant, and what it waits for; empty: nothing."""

    at: Instant
    why: str


class Group(NamedTuple):
    """How a group stands: when its waiting message is `due`, and when it was last `told`."""

    due: Instant | None = None
    told: Instant | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One node of the tree. `path` is its place in the configuration."""

    path: str
    receivers: tuple[str, ...]
    matchers: tuple[Matcher, ...] = ()
    goes_on: bool = False
    timing: Timing = field(default_factory=Timing)
    children: tuple[Route, ...] = ()

    def matches(self, facts: Facts) -> bool:
        return all_hold(self.matchers, facts)

    def leaves(self, facts: Facts) -> list[Route]:
        """The routes that an alert which has come to this one takes."""
        found: list[Route] = []
        for child in self.children:
            if child.matches(facts):
                found += child.leaves(facts)
                if not child.goes_on:
                    break
        return found or [self]

    def all(self) -> Iterator[Route]:
        """This one and all below it."""
        yield self
        for child in self.children:
            yield from child.all()

    def group(self, facts: Facts, alert: str) -> str:
        """The name of the group of an alert."""
        if self.timing.group_by is None:
            return self.path if self.timing.digest is not None else alert
        parts = [f"{name}={','.join(facts.get(name, ())[:1])}" for name in self.timing.group_by]
        return "|".join((self.path, *parts))


@dataclass(frozen=True, slots=True)
class Mute:
    """An open alert that `source` speaks of mutes those that `target` speaks of.

    Both agree in the fields `equal`. `dependants`: only of commitments whose rules ask about the
    source's commitment.
    """

    source: tuple[Matcher, ...]
    target: tuple[Matcher, ...] = ()
    equal: tuple[str, ...] = ()
    dependants: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole of it. `plain`: nobody has configured anything, every receiver is told at once."""

    root: Route
    mutes: tuple[Mute, ...] = ()
    plain: bool = False

    @property
    def by_path(self) -> Mapping[str, Route]:
        return {route.path: route for route in self.root.all()}

    @property
    def receivers(self) -> frozenset[str]:
        """Everybody who can be told anything."""
        routes = list(self.root.all())
        called = {name for route in routes for name in route.receivers}
        return frozenset(
            called | {n for r in routes for step in r.timing.escalate for n in step.receivers}
        )


def everybody(receivers: Sequence[str], mutes: tuple[Mute, ...] = ()) -> Policy:
    """The policy where no routes are configured: every alert to every receiver, at once."""
    return Policy(Route("", tuple(receivers)), mutes, plain=not mutes)
