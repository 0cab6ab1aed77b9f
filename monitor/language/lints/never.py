"""Why a condition can never hold. Only contradictions are found, and only certain ones."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from monitor.domain.condition import (
    All,
    Any,
    CommitmentCount,
    Count,
    Deadline,
    IndicatorTest,
    MilestoneCount,
    MilestoneState,
    MilestoneTest,
    Not,
    OnUpdate,
    PartyCount,
    Range,
    Sequence,
    Share,
    Slips,
    StatusTest,
    UpdatePattern,
)
from monitor.domain.due import fixed_end
from monitor.language.lints.patterns import contradiction, empty, implies

if TYPE_CHECKING:
    from monitor.domain.commitment import Commitment
    from monitor.domain.condition import Condition

_NEED_A_DATE = {MilestoneState.DUE_SOON, MilestoneState.OVERDUE, MilestoneState.DONE_LATE}


class Never(NamedTuple):
    """`ignored`: not a contradiction, but an `ignore` rule takes every update it waits for."""

    reason: str
    ignored: bool = False


class Setting(NamedTuple):
    """What is known around a condition. `commitment` None: a profile, that is, any commitment."""

    commitment: Commitment | None = None
    ignored: tuple[tuple[str, UpdatePattern], ...] = ()


def never(condition: Condition, setting: Setting) -> Never | None:
    """Why `condition` can never hold, or None where it may."""
    match condition:
        case All(parts):
            return next((n for part in parts if (n := never(part, setting))), None)
        case Any(parts):
            found = [never(part, setting) for part in parts]
            return found[0] if all(found) else None
        case OnUpdate(pattern):
            return _no_update(pattern, setting)
        case Count():
            return _count(condition, setting)
        case PartyCount():
            return _parties(condition, setting)
        case Sequence(steps):
            return next((n for step in steps if (n := _no_update(step, setting))), None)
        case IndicatorTest():
            return _indicator(condition, setting.commitment)
        case MilestoneTest():
            return _milestone(condition, setting.commitment)
        case MilestoneCount():
            return _milestones(condition, setting.commitment)
        case Deadline(slips=Slips(int(least), int(most))) if least > most:
            return Never(f"at_least {least} is more than at_most {most}")
        case CommitmentCount():
            return _commitments(condition)
        case Deadline() if setting.commitment and setting.commitment.deadline is None:
            return Never("the commitment has no deadline")
        case StatusTest(level_at_least=int(least), level_at_most=int(most)) if least > most:
            return Never("the lowest level asked for is above the highest")
        case Not():
            return None
        case _:
            return None


def _no_update(pattern: UpdatePattern, setting: Setting) -> Never | None:
    reason = contradiction(pattern)
    if reason:
        return Never(reason)
    for rule, ignored in setting.ignored:
        if implies(pattern, ignored):
            return Never(f"the rule '{rule}' ignores every update it waits for", ignored=True)
    return None


def _count(count: Count, setting: Setting) -> Never | None:
    least, most = count.at_least, count.at_most
    if least is not None and most is not None and least > most:
        return Never(f"at_least {least} is more than at_most {most}")
    return _no_update(count.update, setting) if least else None


def _parties(test: PartyCount, setting: Setting) -> Never | None:
    least, most = test.at_least, test.at_most
    if least is not None and most is not None and least > most:
        return Never(f"at_least {least} is more than at_most {most}")
    if test.share and (reason := empty(test.share.bounds)):
        return Never(reason)
    commitment = setting.commitment
    if commitment and least and least > len(commitment.parties):
        return Never(f"it asks for {least} parties of {len(commitment.parties)}")
    if commitment and test.share and (reason := _too_light(test.share, commitment)):
        return Never(reason)
    wanted = least or (test.share and (test.share.bounds.at_least or test.share.bounds.above))
    return _no_update(test.update, setting) if wanted else None


def _too_light(share: Share, commitment: Commitment) -> str | None:
    """Why all parties together are not enough."""
    most = Decimal(100)
    if share.of is not None:
        weights = next(w for w in commitment.weights if w.id == share.of)
        whole = weights.whole(commitment.parties)
        together = replace(weights, total=None).whole(commitment.parties)
        most = together * 100 / whole if whole else Decimal(0)
    least, above = share.bounds.at_least, share.bounds.above
    if (least is not None and most < least) or (above is not None and most <= above):
        wanted = f"{least:f}%" if least is not None else f"more than {above:f}%"
        return f"its parties together have {most:.4g}% of {share.of or 'them'}, not {wanted}"
    return None


def _indicator(test: IndicatorTest, commitment: Commitment | None) -> Never | None:
    for given in (test.value, test.change):
        if given and (reason := empty(given)):
            return Never(reason)
    if test.target and commitment:
        for indicator in commitment.indicators:
            if indicator.id == test.indicator and indicator.target is None:
                return Never(f"the indicator '{indicator.id}' has no target")
    if test.pace:
        return _pace(test, test.pace, commitment)
    return None


def _pace(test: IndicatorTest, pace: Range, commitment: Commitment | None) -> Never | None:
    if reason := empty(pace):
        return Never(reason)
    for indicator in commitment.indicators if commitment else ():
        if commitment and indicator.id == test.indicator:
            lacks = None
            if indicator.baseline is None:
                lacks = "has no baseline"
            elif indicator.target is None:
                lacks = "has no target"
            elif indicator.baseline == indicator.target:
                lacks = "has a baseline that is its target"
            elif indicator.target_date is None and not _has_date(commitment):
                lacks = "has no target_date, and the commitment no deadline"
                if commitment.deadline is not None:
                    lacks = "has no target_date, and the deadline waits for a milestone"
            if lacks:
                return Never(f"the indicator '{indicator.id}' {lacks}: it has no pace")
    return None


def _has_date(commitment: Commitment) -> bool:
    return fixed_end(commitment.deadline, commitment.start, commitment.zone) is not None


def _milestones(test: MilestoneCount, commitment: Commitment | None) -> Never | None:
    least, most = test.at_least, test.at_most
    if least is not None and most is not None and least > most:
        return Never(f"at_least {least} is more than at_most {most}")
    if test.share and (reason := empty(test.share)):
        return Never(reason)
    if commitment is None:
        return None
    among = [m for m in commitment.milestones if not test.milestones or m.id in test.milestones]
    if least and least > len(among):
        return Never(f"it asks for {least} milestones of {len(among)}")
    some = least or (test.share and (test.share.at_least or test.share.above is not None))
    if _NEED_A_DATE.issuperset(test.states) and some:
        dated = sum(m.due is not None or m.recurs is not None for m in among)
        if dated == 0 or (least and least > dated):
            return Never(f"only {dated} of {len(among)} milestones have a due date")
    return None


def _commitments(test: CommitmentCount) -> Never | None:
    least, most, listed = test.at_least, test.at_most, len(test.members.of)
    if least is not None and most is not None and least > most:
        return Never(f"at_least {least} is more than at_most {most}")
    if test.share and (reason := empty(test.share)):
        return Never(reason)
    if listed and least and least > listed:
        return Never(f"it asks for {least} commitments of {listed}")
    return never(test.test, Setting())


def _milestone(test: MilestoneTest, commitment: Commitment | None) -> Never | None:
    needs = test.slips or test.current or _NEED_A_DATE.issuperset(test.states)
    if commitment and needs:
        for milestone in commitment.milestones:
            undated = milestone.due is None and milestone.recurs is None
            if milestone.id == test.milestone and undated:
                return Never(f"the milestone '{milestone.id}' has no due date")
    if commitment and test.missed and (test.missed.at_least or 0) > 0:
        for milestone in commitment.milestones:
            if milestone.id == test.milestone and milestone.recurs is None:
                return Never(f"the milestone '{milestone.id}' does not recur")
    return None
