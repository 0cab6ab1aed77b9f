"""Why an assessment changed, in words, with the evidence and the numbers (law 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import Activity, Schedule
from monitor.domain.commitment import ConclusionKind
from monitor.domain.condition import MilestoneState
from monitor.domain.time import DAY, format_date, format_duration
from monitor.domain.transition import Cause, Reason
from monitor.engine import fields
from monitor.engine.memory.schedule import standing_dates
from monitor.engine.memory.slots import SCALE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.assessment import Assessment
    from monitor.domain.derivation import Dated
    from monitor.domain.update import Update
    from monitor.engine.compiled.plan import Plan
    from monitor.engine.memory.moment import Moment
    from monitor.engine.memory.state import Stay


_NOTHING: frozenset[int] = frozenset()
_NO_TIMES: Mapping[int, int] = {}


class Drawn:
    """What was concluded at one instant: rules by number.

    `fired` are event rules, each once; `began` and `ended` are lasting conclusions that changed.
    `over` are the stays that ended, by rule; `flapped` is how often conclusions whose kind is over
    came and went, by rule. `recovered` are rules whose update came while what
    ends their conclusion held: they do not begin again at this instant.
    """

    # What most instants do not have stands in the class: to make one of these is felt.
    began: Sequence[int] = ()
    ended: Sequence[int] = ()
    over: dict[int, Stay] | None = None
    flapped: Mapping[int, int] = _NO_TIMES
    recovered: frozenset[int] = _NOTHING

    def __init__(self, matched: Sequence[tuple[int, Update]] = ()) -> None:
        self.matched = matched
        self.fired: list[int] = []
        self.fresh: list[int] = []

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
        rows = list(zip(was, now, event, strict=True))
        self.began = [i for i, row in enumerate(rows) if row == (False, True, False)]
        self.ended = [i for i, row in enumerate(rows) if row == (True, False, False)]


def explain_change(
    plan: Plan, moment: Moment, before: Assessment | None, after: Assessment, drawn: Drawn
) -> tuple[Reason, ...]:
    """One reason per rule that spoke, then the clocks."""
    again = before is not None and before.level is after.level
    reasons = [
        _of_rule(plan, moment, index, "", drawn, again=after if again else None)
        for index in drawn.fired
    ]
    if drawn.began:
        reasons += [_of_rule(plan, moment, index, "", drawn) for index in drawn.began]
    ended = drawn.ended
    if drawn.flapped:
        earlier = (i for i, times in drawn.flapped.items() if times > 1 and i not in ended)
        ended = [*ended, *earlier]
    if ended:
        reasons += [_of_end(plan, moment, index, drawn) for index in ended]
    if before is None:
        date = format_date(moment.at, plan.commitment.zone)
        reasons.append(Reason(Cause.START, f"the commitment dates from {date}"))
        return tuple(reasons)
    if before.activity is not after.activity:
        if Activity.UNWATCHED in (before.activity, after.activity):
            reasons.append(_coverage(plan, moment, after))
        elif not drawn.fired and not drawn.ended:
            reasons += _silence(plan, moment, after)
    if before.schedule is not after.schedule:
        reasons.append(_schedule(plan, moment, after.schedule))
    return tuple(reasons)


def _coverage(plan: Plan, moment: Moment, after: Assessment) -> Reason:
    zone = plan.commitment.zone
    if after.activity is not Activity.UNWATCHED:
        return Reason(Cause.COVERAGE, f"watched again from {format_date(moment.at, zone)}")
    ended = [until for _, until in moment.watch.spans if until <= moment.at]
    since = format_date(max(ended, default=moment.at), zone)
    return Reason(Cause.COVERAGE, f"nobody has looked since {since}")


def _of_rule(
    plan: Plan,
    moment: Moment,
    index: int,
    prefix: str,
    drawn: Drawn,
    again: Assessment | None = None,
) -> Reason:
    """Why a rule spoke. `again`: what stands where an advance does not raise the level."""
    core = plan.core
    rule, speech = core.rules[index], core.speeches[index]
    bits = speech.bits
    ids = [update[0] for mask, update in drawn.matched if mask & bits]
    for column in speech.remembered:
        ids += column.evidence(moment)
    text = speech.text
    if again is not None and rule.then.kind is ConclusionKind.ADVANCE:
        text = f"advanced again, still {again.level.word}"
    return Reason(
        Cause.RULE,
        prefix + text,
        rule.id,
        speech.where,
        tuple(dict.fromkeys(ids)) if len(ids) > 1 else tuple(ids),
        tuple(n for column in speech.numbered for n in numbers_of(moment, column))
        if speech.numbered
        else (),
        speech.severity,
        rule.labels,
        None if prefix else rule.message,
    )


def _of_end(plan: Plan, moment: Moment, index: int, drawn: Drawn) -> Reason:
    """A lasting conclusion that ends says how often it came and went while it was held on to."""
    reason = _of_rule(plan, moment, index, "no longer ", drawn)
    stay = None if drawn.over is None else drawn.over.get(index)
    times = drawn.flapped.get(index, 1 if stay is None else stay.times)
    if times == 1:
        return reason
    dwell = format_duration(dict(plan.core.dwelling)[index])
    return reason._replace(
        text=f"{reason.text}, after it came and went {times} times",
        numbers=(*reason.numbers, ("times it came and went", str(times), f"dwell {dwell}")),
    )


def numbers_of(moment: Moment, column: fields.Field) -> list[tuple[str, str, str]]:
    """(name, value, threshold) of a column that has thresholds, as printable text."""
    match column:
        case fields.CountIn(within=within, thresholds=thresholds) if thresholds:
            name = "count" if within is None else f"count within {format_duration(within)}"
            return [(name, str(column.value(moment)), str(thresholds[0]))]
        case fields.PartiesDone(thresholds=thresholds) if thresholds:
            name = "parties" if column.of is None else f"share of {column.of}"
            value = column.value(moment)
            return [(name, amount(column, value), amount(column, t)) for t in thresholds]
        case fields.CommitmentsIn(thresholds=thresholds) if thresholds:
            counted = column.value(moment)
            name = "share of commitments" if column.weighed else "commitments"
            return [
                (name, member_amount(column, counted), member_amount(column, t)) for t in thresholds
            ]
        case fields.MilestonesIn(thresholds=thresholds) if thresholds:
            number = str(column.value(moment))
            return [(milestone_words(column), number, str(t)) for t in thresholds]
        case fields.Pace(indicator=indicator):
            found = column.progress(moment)
            asked = f"{column.op.value} {column.percent / SCALE:g}%"
            return [] if found is None else [(f"pace of {indicator}", str(found), asked)]
        case fields.Silent(thresholds=thresholds) if thresholds:
            elapsed = days(column.value(moment))
            return [("watched silence", elapsed, format_duration(t)) for t in thresholds]
        case fields.Slips(thresholds=thresholds) | fields.Missed(thresholds=thresholds) if (
            thresholds
        ):
            name = "slips" if isinstance(column, fields.Slips) else "missed"
            return [(name, str(column.value(moment)), str(thresholds[0]))]
        case fields.Remaining(thresholds=thresholds) if thresholds:
            return [("remaining", days(column.value(moment)), format_duration(max(thresholds)))]
        case _:
            return []


def milestone_words(column: fields.MilestonesIn) -> str:
    """What is counted."""
    states = column.states
    if states == {MilestoneState.DONE, MilestoneState.DONE_LATE}:
        return "milestones done"
    return f"milestones {' or '.join(sorted(s.value.replace('_', ' ') for s in states))}"


def amount(column: fields.PartiesDone, number: int) -> str:
    """A number of parties, or what they weigh in percent of the whole, cut after two digits."""
    return str(number) if column.of is None else percent(number, column.whole)


def member_amount(column: fields.CommitmentsIn, number: int) -> str:
    """The same for commitments."""
    return percent(number, column.whole) if column.weighed else str(number)


def percent(number: int, whole: int) -> str:
    """A part of a whole, cut after two digits."""
    return f"{number * 10_000 // max(whole, 1) / 100:g}%"


def days(seconds: int) -> str:
    """Seconds as whole days where they are, else exactly."""
    return f"{seconds // DAY}d" if seconds % DAY == 0 else f"{seconds / DAY:.1f}d"


def _silence(plan: Plan, moment: Moment, after: Assessment) -> list[Reason]:
    state = moment.state
    limits = plan.commitment.thresholds
    reference = plan.terms.start if state.advanced is None else state.advanced
    if after.activity is Activity.QUIET:
        threshold = limits.quiet
    elif after.activity is Activity.STALLED:
        threshold = limits.stalled
    elif after.activity is Activity.DORMANT:
        threshold = limits.dormant
    else:
        return []
    elapsed = days(moment.watch.watched(reference, moment.at))
    date = format_date(reference, plan.commitment.zone)
    what = "no advance" if state.advanced is not None else "no first advance"
    text = f"{what} in {elapsed} of watching, since {date}"
    return [
        Reason(Cause.SILENCE, text, numbers=(("silence", elapsed, format_duration(threshold)),))
    ]


def _schedule(plan: Plan, moment: Moment, schedule: Schedule) -> Reason:
    named = ", ".join(
        f"{date.name or 'deadline'} {format_date(date.end - 1, plan.commitment.zone)}{moved(date)}"
        for date in standing_dates(moment)
        if date.end is not None
    )
    told = f" ({named})" if named else ""
    return Reason(Cause.DATE, schedule.value.replace("_", " ") + told)


def moved(date: Dated) -> str:
    """To when a date was moved, and by whom, in a phrase; nothing where it was not."""
    if date.missed:
        return f", {date.missed} missed"
    if not date.moves:
        return ""
    last, count = date.moves[-1], date.slips
    by = f" by {last.by}" if last.by else ""
    often = f", {count} slip{'' if count == 1 else 's'}" if count else ""
    return f", moved to {last.to}{by}{often}"
