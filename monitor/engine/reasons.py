"""Why an assessment changed, in words, with the evidence and the numbers (law 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import Activity, Schedule
from monitor.domain.commitment import ConclusionKind
from monitor.domain.time import DAY, format_date, format_duration
from monitor.domain.transition import Cause, Reason
from monitor.engine import fields

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.assessment import Assessment
    from monitor.domain.commitment import Rule
    from monitor.domain.update import Update
    from monitor.engine.fields import Moment


class Drawn:
    """What was concluded at one instant: rules by number.

    `fired` are event rules, each once; `began` and `ended` are lasting conclusions that changed.
    """

    __slots__ = ("began", "ended", "fired", "fresh", "matched")

    def __init__(self, matched: Sequence[tuple[int, Update]] = ()) -> None:
        self.matched = matched
        self.fired: list[int] = []
        self.fresh: list[int] = []
        self.began: list[int] = []
        self.ended: list[int] = []

    def fire(self, index: int) -> None:
        if index not in self.fired:
            self.fired.append(index)
            self.fresh.append(index)

    def take_fresh(self) -> list[int]:
        """Those that fired since this was last asked."""
        fresh, self.fresh = self.fresh, []
        return fresh

    def compare(self, was: Sequence[bool], now: Sequence[bool], event: Sequence[bool]) -> None:
        """Find the lasting conclusions that began or ended."""
        for index, (before, after) in enumerate(zip(was, now, strict=True)):
            if before != after and not event[index]:
                (self.began if after else self.ended).append(index)


def explain_change(
    moment: Moment, before: Assessment | None, after: Assessment, drawn: Drawn
) -> tuple[Reason, ...]:
    """One reason per rule that spoke, then the clocks."""
    commitment = moment.plan.commitment
    rules = moment.plan.core.rules
    reasons = [_of_rule(moment, i, conclusion_text(rules[i]), drawn) for i in drawn.fired]
    reasons += [_of_rule(moment, i, conclusion_text(rules[i]), drawn) for i in drawn.began]
    reasons += [
        _of_rule(moment, i, f"no longer {conclusion_text(rules[i])}", drawn) for i in drawn.ended
    ]
    if before is None:
        date = format_date(moment.at, commitment.zone)
        reasons.append(Reason(Cause.START, f"the commitment dates from {date}"))
        return tuple(reasons)
    watched_before = before.activity is not Activity.UNWATCHED
    watched_after = after.activity is not Activity.UNWATCHED
    date = format_date(moment.at, commitment.zone)
    if watched_before and not watched_after:
        end = max(
            (until for _, until in moment.watch.spans if until <= moment.at), default=moment.at
        )
        since = format_date(end, commitment.zone)
        reasons.append(Reason(Cause.COVERAGE, f"nobody has looked since {since}"))
    elif watched_after and not watched_before:
        reasons.append(Reason(Cause.COVERAGE, f"watched again from {date}"))
    elif before.activity is not after.activity and not drawn.fired and not drawn.ended:
        reasons += _silence(moment, after)
    if before.schedule is not after.schedule:
        reasons.append(_schedule(moment, after.schedule))
    return tuple(reasons)


def conclusion_text(rule: Rule) -> str:
    """What a rule concludes, as a phrase."""
    then = rule.then
    words = {
        ConclusionKind.ADVANCE: f"advanced to {then.level.word if then.level is not None else ''}",
        ConclusionKind.SETBACK: f"set back to {then.level.word if then.level is not None else ''}",
        ConclusionKind.DELIVER: "delivered",
        ConclusionKind.REVERSE: "reversed",
        ConclusionKind.STALLED: "stalled",
        ConclusionKind.AT_RISK: "at risk",
        ConclusionKind.IGNORE: "ignored",
    }
    text = words[then.kind]
    return f"{text}: {then.reason}" if then.reason else text


def _of_rule(moment: Moment, index: int, text: str, drawn: Drawn) -> Reason:
    core = moment.plan.core
    rule = core.rules[index]
    columns = [core.columns[c] for c in core.columns_of[index]]
    ids = rule_evidence(moment, columns, drawn.matched)
    return Reason(
        Cause.RULE,
        text,
        rule=rule.id,
        where=str(rule.where) if rule.where.file else None,
        updates=tuple(ids),
        numbers=tuple(n for column in columns for n in numbers_of(moment, column)),
        severity=None if rule.severity is None else rule.severity.value,
        labels=rule.labels,
        message=rule.message,
    )


def rule_evidence(
    moment: Moment, columns: Sequence[fields.Field], matched: Sequence[tuple[int, Update]]
) -> list[str]:
    """Ids of the updates that these columns rest on, each once, in order."""
    ids: dict[str, None] = {}
    for column in columns:
        if isinstance(column, fields.Event):
            ids.update((u.id, None) for mask, u in matched if mask >> column.bit & 1)
        else:
            ids.update((i, None) for i in column.evidence(moment))
    return list(ids)


def numbers_of(moment: Moment, column: fields.Field) -> list[tuple[str, str, str]]:
    """(name, value, threshold) of a column that has thresholds, as printable text."""
    match column:
        case fields.CountIn(within=within, thresholds=thresholds) if thresholds:
            name = "count" if within is None else f"count within {format_duration(within)}"
            return [(name, str(column.value(moment)), str(thresholds[0]))]
        case fields.Silent(thresholds=thresholds) if thresholds:
            elapsed = days(column.value(moment))
            return [("watched silence", elapsed, format_duration(t)) for t in thresholds]
        case fields.Remaining(thresholds=thresholds) if thresholds:
            return [("remaining", days(column.value(moment)), format_duration(max(thresholds)))]
        case _:
            return []


def days(seconds: int) -> str:
    """Seconds as whole days where they are, else exactly."""
    return f"{seconds // DAY}d" if seconds % DAY == 0 else f"{seconds / DAY:.1f}d"


def _silence(moment: Moment, after: Assessment) -> list[Reason]:
    plan, state = moment.plan, moment.state
    limits = plan.commitment.thresholds
    reference = plan.start if state.advanced is None else state.advanced
    threshold = {
        Activity.QUIET: limits.quiet,
        Activity.STALLED: limits.stalled,
        Activity.DORMANT: limits.dormant,
    }.get(after.activity)
    if threshold is None:
        return []
    elapsed = days(moment.watch.watched(reference, moment.at))
    date = format_date(reference, plan.commitment.zone)
    what = "no advance" if state.advanced is not None else "no first advance"
    text = f"{what} in {elapsed} of watching, since {date}"
    return [
        Reason(Cause.SILENCE, text, numbers=(("silence", elapsed, format_duration(threshold)),))
    ]


def _schedule(moment: Moment, schedule: Schedule) -> Reason:
    plan = moment.plan
    dates = [("deadline", plan.deadline), *plan.milestone_due.items()]
    named = ", ".join(
        f"{name} {format_date(end - 1, plan.commitment.zone)}" for name, end in dates if end
    )
    return Reason(Cause.DATE, f"{schedule.value.replace('_', ' ')} ({named})")
