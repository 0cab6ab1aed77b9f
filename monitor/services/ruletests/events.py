"""What happens in a rule test, against what must happen and what must not: transitions, alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.alert import Alert, Phase
from monitor.domain.assessment import words
from monitor.domain.time import format_date
from monitor.domain.transition import Transition
from monitor.services.ruletests.times import origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.domain.assessment import Assessment
    from monitor.domain.commitment import Commitment
    from monitor.services.ruletests.form import Announced, Axes, Change, Never, Turn
    from monitor.services.ruletests.times import Times

AXES = ("status", "level", "activity", "schedule", "standing", "last_known")
_MANY = 3


class Missed(NamedTuple):
    """What comes nearest to what was expected, in a line, and why it is so."""

    found: str
    why: str | None = None


def values(assessment: Assessment) -> dict[str, str]:
    """The axes as words."""
    return {
        "status": assessment.status.value,
        "level": assessment.level.word,
        "activity": assessment.activity.value,
        "schedule": assessment.schedule.value,
        "standing": assessment.standing.value,
        "last_known": assessment.last_known.value,
    }


def holds(axes: Axes, assessment: Assessment) -> bool:
    """Whether an assessment has all the values that are written."""
    found = values(assessment)
    return all(found[axis] == value for axis, value in written(axes))


def written(axes: Axes) -> list[tuple[str, str]]:
    """The axes that are asked for, with their words."""
    asked = [(axis, getattr(axes, axis)) for axis in AXES if axis in axes.model_fields_set]
    return [(axis, str(value)) for axis, value in asked if value is not None]


def turns(turn: Turn, transition: Transition) -> int:
    """How much of what is asked a transition does not answer; 0: all of it is answered.

    A headline that is only written as `to` must be new.
    """
    before = None if transition.before is None else transition.before.status
    missed = 0
    if turn.before is not None:
        missed += before is not turn.before
    if turn.to is not None:
        new = turn.before is not None or before is not turn.to
        missed += 2 * (transition.after.status is not turn.to or not new)
    return missed + (not holds(turn, transition.after))


class Happened:
    """The transitions and alerts of one commitment in one test."""

    def __init__(
        self,
        commitment: Commitment,
        times: Times,
        transitions: Sequence[Transition],
        alerts: Sequence[Alert],
    ) -> None:
        self.commitment, self.times = commitment, times
        self.transitions, self.alerts = transitions, alerts
        self.origin = origin_of(commitment)

    def misses_change(self, asked: Change) -> Missed | None:
        """None where one of the transitions is as expected; else the nearest one."""
        ranked = [(self._far_from(asked, t), t) for t in self.transitions if t.before is not None]
        return self._nearest(ranked, "no transition")

    def misses_alert(self, asked: Announced) -> Missed | None:
        """None where one of the alerts is as expected; else the nearest one."""
        ranked = [(self._differs(asked, alert), alert) for alert in self.alerts]
        return self._nearest(ranked, "no alert")

    def forbidden(self, never: Never) -> tuple[Transition | Alert, str] | None:
        """The first thing that must not happen and does, in words."""
        if never.alert is not None:
            return next(
                (
                    (alert, self.told(alert))
                    for alert in self.alerts
                    if never.alert in ("any", alert.kind.value)
                    and never.phase in (None, alert.phase)
                ),
                None,
            )
        if never.before is not None or never.to is not None:
            return next(
                ((t, self.told(t)) for t in self.transitions if t.before and not turns(never, t)),
                None,
            )
        said = ", ".join(f"{axis} {value}" for axis, value in written(never))
        return next(((t, said) for t in self.transitions if holds(never, t.after)), None)

    def beside_changes(self, asked: Iterable[Change]) -> list[Transition]:
        """Transitions that nothing asks for. The first assessment is none."""
        wanted = list(asked)
        return [
            t
            for t in self.transitions
            if t.before is not None and all(self._far_from(one, t) for one in wanted)
        ]

    def beside_alerts(self, asked: Iterable[Announced]) -> list[Alert]:
        """Alerts that nothing asks for."""
        wanted = list(asked)
        return [a for a in self.alerts if all(self._differs(one, a) for one in wanted)]

    def told(self, event: Transition | Alert) -> str:
        """One line: what and when."""
        date = format_date(event.at, self.commitment.zone)
        if isinstance(event, Transition):
            return f"{_change(event)} on {date}"
        phase = "" if event.phase is Phase.ONCE else f" {event.phase.value}"
        return f"{words(event.kind.value)}{phase} ({event.severity}) on {date}"

    def asked_change(self, asked: Change) -> str:
        """What a test expects, in a line like `told`."""
        parts = []
        if asked.before is not None or asked.to is not None:
            ends = [words(s.value) if s is not None else "…" for s in (asked.before, asked.to)]
            parts.append(" → ".join(ends))
        parts += [f"{axis} {words(value)}" for axis, value in written(asked)]
        parts += [f"by rule {asked.rule}"] if asked.rule else []
        parts += [f"because of “{asked.text}”"] if asked.text else []
        return self._dated(", ".join(parts), asked.at)

    def asked_alert(self, asked: Announced) -> str:
        """What a test expects, in a line like `told`."""
        text = words(asked.kind)
        if asked.phase not in (None, Phase.ONCE):
            text += f" {asked.phase}"
        text += f" ({asked.severity})" if asked.severity else ""
        text += f" saying “{asked.text}”" if asked.text else ""
        labels = (f"{name}={value}" for name, value in (asked.labels or {}).items())
        return self._dated(" ".join((text, *labels)), asked.at)

    def _dated(self, text: str, at: str | None) -> str:
        return text if at is None else f"{text} on {self.times.shown(at, self.origin)}"

    def _on_time(self, event: Transition | Alert, at: str | None) -> bool:
        return at is None or self.times.meets(event.at, at, self.origin)

    def _far_from(self, asked: Change, transition: Transition) -> int:
        reasons = transition.reasons
        return (
            turns(asked, transition) * 2
            + (not self._on_time(transition, asked.at))
            + (asked.rule is not None and all(r.rule != asked.rule for r in reasons))
            + (asked.text is not None and all(asked.text not in r.text for r in reasons))
        )

    def _differs(self, asked: Announced, alert: Alert) -> int:
        """A kind by itself means that it begins, not that it ends."""
        labels = dict(alert.labels)
        other = alert.phase is Phase.RESOLVED if asked.phase is None else alert.phase != asked.phase
        return (
            4 * (alert.kind.value != asked.kind)
            + 2 * other
            + (not self._on_time(alert, asked.at))
            + (asked.severity not in (None, alert.severity))
            + (asked.text is not None and asked.text not in alert.message)
            + any(labels.get(name) != value for name, value in (asked.labels or {}).items())
        )

    def _nearest(
        self, ranked: Sequence[tuple[int, Transition | Alert]], nothing: str
    ) -> Missed | None:
        if not ranked:
            return Missed(nothing)
        least = min(far for far, _ in ranked)
        if not least:
            return None
        near = [event for far, event in ranked if far == least]
        shown = "; ".join(self.told(event) for event in near[:_MANY])
        more = f"; and {len(near) - _MANY} more" if len(near) > _MANY else ""
        return Missed(shown + more, why(near[0]))


def why(event: Transition | Alert) -> str | None:
    """What led to it."""
    if isinstance(event, Alert):
        return event.message
    return "; ".join(reason.text for reason in event.reasons) or None


def _change(transition: Transition) -> str:
    before, after = transition.before, transition.after
    if before is None:
        return words(after.status.value)
    text = f"{words(before.status.value)} → {words(after.status.value)}"
    if before.status is after.status:
        was, now = values(before), values(after)
        changed = [axis for axis in AXES if was[axis] != now[axis]]
        text = ", ".join(f"{axis} {words(was[axis])} → {words(now[axis])}" for axis in changed)
    return text
