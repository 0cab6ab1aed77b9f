"""Until when somebody was really looking.

Silence is evidence only inside coverage (law 6). A `Watch` is the coverage of one agreement as one
answer: a union of half-open spans [since, until). Its *watched clock* runs inside the spans and
stands still outside of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.time import EARLIEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.domain.time import Instant, Seconds


class Coverage(NamedTuple):
    """A source was watched in [since, until), as was learned at `recorded`.

    `agreement` None: for every agreement. `since` None: without a gap before.
    """

    source: str
    since: Instant | None
    until: Instant
    recorded: Instant
    agreement: str | None = None


class Watch(NamedTuple):
    """The union of coverage: sorted, disjoint, half-open spans.

    `grace`: how long after a span its end is not yet called an end. The clock stands still in it.
    """

    spans: tuple[tuple[Instant, Instant], ...]
    grace: Seconds = 0

    @property
    def end(self) -> Instant:
        """The first instant that nobody has watched, after the last one somebody has."""
        return self.spans[-1][1] if self.spans else EARLIEST

    def watched(self, after: Instant, now: Instant) -> Seconds:
        """How much of (after, now] lies inside coverage."""
        total = 0
        for since, until in self.spans:
            begin = after if after > since else since  # noqa: FURB136 - asked for every report
            end = now if now < until else until  # noqa: FURB136
            if end > begin:
                total += end - begin
        return total

    def when(self, after: Instant, duration: Seconds) -> Instant | None:
        """The instant at which `watched(after, instant)` reaches `duration`; None: not covered."""
        left = duration
        for since, until in self.spans:
            begin = after if after > since else since  # noqa: FURB136 - asked for every report
            if begin >= until:
                continue
            if until - begin >= left:
                return begin + left
            left -= until - begin
        return None

    def seen(self, instant: Instant) -> Instant:
        """The last instant up to `instant` that somebody has seen.

        Time that nobody watched has not passed for what rests on silence. EARLIEST where nobody
        has looked yet.
        """
        latest = EARLIEST
        for since, until in self.spans:
            if since > instant:
                break
            latest = instant if instant < until else until  # noqa: FURB136 - as above
        return latest

    def reach(self, target: Instant) -> Instant | None:
        """The first instant at which `seen` is at least `target`; None: not covered yet."""
        for since, until in self.spans:
            if target <= until:
                return max(since, target)
        return None

    def covers(self, instant: Instant) -> bool:
        """Whether the instant is watched, or within the grace of a span that was."""
        grace = self.grace
        for since, until in self.spans:  # noqa: SIM110 - asked for every assessment
            if since <= instant < until + grace:
                return True
        return False

    def turns(self) -> tuple[Instant, ...]:
        """The instants at which `covers` changes its answer, ascending."""
        edges = sorted({e for since, until in self.spans for e in (since, until + self.grace)})
        return tuple(edge for edge in edges if self.covers(edge) is not self.covers(edge - 1))

    def next_change(self, after: Instant) -> Instant | None:
        """The first instant after `after` at which `covers` changes its answer."""
        return next((edge for edge in self.turns() if edge > after), None)


ASSUMED = Watch(((EARLIEST, LATEST),))
"""A plain clock: somebody is always looking."""


def union(
    rows: Iterable[Coverage], grace: Seconds = 0, *, before: Iterable[tuple[Instant, Instant]] = ()
) -> Watch:
    """Join coverage rows of any number of sources: one source looking is somebody looking.

    `before` are spans that are joined with them.
    """
    spans = [(EARLIEST if row.since is None else row.since, row.until) for row in rows]
    return joined((*before, *spans), grace)


def joined(spans: Iterable[tuple[Instant, Instant]], grace: Seconds = 0) -> Watch:
    """Spans in any order, overlapping or not, as one watch."""
    found: list[tuple[Instant, Instant]] = []
    for since, until in sorted(spans):
        if until <= since:
            continue
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return Watch(tuple(found), grace)
