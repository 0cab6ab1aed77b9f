"""A rulebook over a history: what would have been concluded and announced, day after day.

Nothing is stored, and nothing is derived in another way than for `monitor status` and `monitor
run`: a backtest is the pure derivation of all evidence (law 1), cut to a span.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, cast

from monitor.domain.time import LATEST
from monitor.services.alerts.alerting import Alerting
from monitor.services.alerts.news import Occasion
from monitor.services.memory import Past
from monitor.services.views.standing import Derived
from monitor.services.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from monitor.domain.alert import Alert, AlertKind, Phase
    from monitor.domain.assessment import Assessment, Status
    from monitor.domain.commitment import Commitment
    from monitor.domain.time import Instant, Seconds
    from monitor.domain.transition import Transition
    from monitor.services.memory import Memory
    from monitor.services.ports import Engine, Reader


class Span(NamedTuple):
    """What is replayed: every instant from `first` to `last`, both included."""

    first: Instant
    last: Instant


class Spell(NamedTuple):
    """A headline that stood without a break in [since, until)."""

    status: Status
    since: Instant
    until: Instant


class Course(NamedTuple):
    """What became of one commitment in the span.

    `history` is everything up to the end of the span, `transitions` those of the span itself, and
    `alerts` what receivers would have been told, each `recorded` when a run would have found it.
    `spells` follow one another without a gap, from the later of the span's and the commitment's
    beginning to the end of the span.
    """

    commitment: Commitment
    history: Sequence[Transition]
    transitions: Sequence[Transition]
    alerts: Sequence[Alert]
    spells: Sequence[Spell]

    def at(self, instant: Instant) -> Assessment | None:
        """How it stood at an instant up to the end of the span; None: it had not begun."""
        found = None
        for transition in self.history:
            if transition.at > instant:
                break
            found = transition.after
        return found

    @property
    def seconds(self) -> Counter[Status]:
        """How long each headline stood in the span."""
        return seconds_in(self.spells)


class Backtest(NamedTuple):
    """A rulebook over a span, in the order of the rulebook.

    Commitments that begin after the span are not among the courses but in `ahead`. `reports` counts
    an update once for each commitment that it concerns.
    """

    span: Span
    cadence: Seconds
    courses: Sequence[Course]
    ahead: Sequence[Commitment]
    updates: int
    reports: int

    @property
    def seconds(self) -> Counter[Status]:
        """How long each headline stood, over all commitments."""
        return seconds_in(spell for course in self.courses for spell in course.spells)

    @property
    def told(self) -> Counter[tuple[AlertKind, Phase]]:
        """How many alerts of each kind and phase there would have been."""
        return Counter((a.kind, a.phase) for course in self.courses for a in course.alerts)


def beginning(engine: Engine) -> Instant | None:
    """When the first commitment of a rulebook begins; None: it has none."""
    return min((c.start for c in engine.commitments.values()), default=None)


def backtest(
    memory: Memory,
    engine: Engine,
    span: Span,
    cadence: Seconds,
    progress: Callable[[int, int, int], None] | None = None,
) -> Backtest:
    """Replay a history.

    Each update counts from the instant at which it occurred, as if it had been known then. Runs are
    made at the beginning of the span, then once in every `cadence`, and a last one at its end. The
    first of them sums up where things stand; what changes after it is announced by the next run.

    Args:
        memory: all evidence, of the time before the span too.
        engine: with the rulebook.
        span: what is looked at.
        cadence: seconds between two runs.
        progress: is told how many commitments are done, of how many, with how many reports.
    """
    work = Derived(cast("Reader", memory), engine, View(span.last, LATEST))
    total = len(engine.commitments)
    courses: list[Course] = []
    ahead: list[Commitment] = []
    reports = 0
    for number, (key, commitment) in enumerate(engine.commitments.items(), 1):
        if commitment.start > span.last:
            ahead.append(commitment)
            continue
        reports += len(work.reports(key))
        history = work.history(key).transitions
        courses.append(_course(commitment, history, memory, engine, span, cadence))
        if progress is not None:
            progress(number, total, reports)
    return Backtest(span, cadence, courses, ahead, len(memory.all_updates()), reports)


def _course(
    commitment: Commitment,
    history: Sequence[Transition],
    memory: Memory,
    engine: Engine,
    span: Span,
    cadence: Seconds,
) -> Course:
    reader = cast("Reader", Past(history, memory))
    alerting = Alerting(reader, engine, Occasion(span.last, None, ()))
    inside = [t for t in history if span.first <= t.at <= span.last]
    alerts = [
        alert._replace(recorded=found_by(alert.at, span, cadence))
        for alert in alerting.told([t for t in inside if t.at > span.first])
    ]
    first = max(span.first, commitment.start)
    return Course(commitment, history, inside, alerts, spells(history, first, span.last + 1))


def found_by(at: Instant, span: Span, cadence: Seconds) -> Instant:
    """The first run that finds what happened at an instant of the span."""
    runs = -(-(at - span.first) // cadence)
    return min(span.first + runs * cadence, span.last)


def spells(history: Iterable[Transition], since: Instant, until: Instant) -> list[Spell]:
    """The headlines of a history, cut to [since, until)."""
    # Of several at one instant the last one stands.
    turns = {max(t.at, since): t.after.status for t in history if t.at < until}
    found: list[Spell] = []
    for at, status in turns.items():
        if found and found[-1].status is status:
            continue
        if found:
            found[-1] = found[-1]._replace(until=at)
        found.append(Spell(status, at, until))
    return found


def seconds_in(found: Iterable[Spell]) -> Counter[Status]:
    """How long each headline stood in some spells."""
    total: Counter[Status] = Counter()
    for spell in found:
        total[spell.status] += spell.until - spell.since
    return total
