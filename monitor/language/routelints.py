"""What is doubtful in routes, though it can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.interval import next_open
from monitor.domain.routing import Timing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.domain.matching import Matcher
    from monitor.domain.routing import Policy, Route
    from monitor.domain.time import Instant


def lints(policy: Policy, receivers: Sequence[str], now: Instant) -> list[tuple[str, str]]:
    """What is doubtful in a policy: where, and why.

    Args:
        policy: who is told what, and when.
        receivers: the names of all that are configured.
        now: from which instant on intervals are looked at.
    """
    return [
        *_unreached(policy),
        *_closed(policy.root, Timing(), now),
        *(
            (f"receiver {name}", "is told nothing: no route names it")
            for name in receivers
            if name not in policy.receivers
        ),
    ]


def _closed(route: Route, above: Timing, now: Instant) -> Iterator[tuple[str, str]]:
    """Intervals that never open, where they are written."""
    timing = route.timing
    own = (timing.active, timing.mute) != (above.active, above.mute)
    if own and next_open(timing.active, timing.mute, now) is None:
        names = ", ".join(interval.name for interval in (*timing.active, *timing.mute))
        yield route.path, f"never waits: {names} leave it no hour in 400 days, so it tells at once"
    for child in route.children:
        yield from _closed(child, timing, now)


def _unreached(policy: Policy) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for route in policy.root.all():
        before: list[Route] = []
        for child in route.children:
            rival = next((r for r in before if set(r.matchers) <= set(child.matchers)), None)
            if rival is not None:
                found.append((child.path, f"is never reached: {rival.path} takes all of it"))
            elif wrong := _contradiction((*route.matchers, *child.matchers)):
                found.append((child.path, f"is never reached: no alert has {wrong}"))
            elif not child.matchers and not child.goes_on and child is not route.children[-1]:
                found.append((child.path, "has no matchers: the routes after it get nothing"))
            if not child.goes_on:
                before.append(child)
    return found


def _contradiction(matchers: Sequence[Matcher]) -> str | None:
    """Two matchers of one field, other than party, that no value satisfies."""
    plain = [m for m in matchers if m.pattern is None and not m.negated and m.field != "party"]
    for place, one in enumerate(plain):
        for other in plain[place + 1 :]:
            same = one.field == other.field != "commitment"
            if same and not set(one.values) & set(other.values):
                return f"{one} and {other}"
    return None
