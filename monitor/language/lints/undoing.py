"""Whether what a rule concludes takes away what it rests on."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from monitor.domain.assessment import LIVELY, Activity, Level, Schedule, Standing, combined
from monitor.domain.commitment import ConclusionKind
from monitor.domain.condition import All, Any, Not, StatusTest, atoms, is_instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.assessment import Assessment
    from monitor.domain.commitment import Rule
    from monitor.domain.condition import Condition

_WATCHED = tuple(a for a in Activity if a is not Activity.UNWATCHED)
_BOTH = (False, True)


def undoes_itself(rule: Rule) -> bool:
    """Whether the rule can end as soon as it stands, and begin again, for ever.

    Such a rule is "at risk while not at risk". What an update began, and what has a `recover`,
    stays whatever becomes of its condition.
    """
    if rule.recover is not None or is_instant(rule.when):
        return False
    asked = All(tuple(part for part in _conjuncts(rule.when) if _only_of_itself(part)))
    return bool(asked.of) and _undone(asked, rule.then.kind)


@lru_cache(maxsize=1024)
def _undone(asked: Condition, kind: ConclusionKind) -> bool:
    """Remembered: rules of one kind are written for many commitments."""
    return any(_holds(asked, before) and not _holds(asked, after) for before, after in _turns(kind))


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    """What must hold, each by itself."""
    if isinstance(condition, All):
        for part in condition.of:
            yield from _conjuncts(part)
    else:
        yield condition


def _only_of_itself(condition: Condition) -> bool:
    return all(isinstance(a, StatusTest) and a.commitment is None for a in atoms(condition))


def _turns(kind: ConclusionKind) -> Iterator[tuple[Assessment, Assessment]]:
    """Every way to stand without a lasting conclusion that it would change, and with it."""
    for level, activity, schedule, standing in product(Level, _WATCHED, Schedule, Standing):
        if kind is ConclusionKind.AT_RISK and standing is Standing.IN_FORCE:
            turned = activity, Standing.AT_RISK
        elif kind is ConclusionKind.STALLED and activity in LIVELY:
            turned = Activity.STALLED, standing
        else:
            continue
        for done, begun, watched in product(_BOTH, _BOTH, _BOTH):
            yield (
                combined(level, activity, schedule, standing, done, begun, watched),
                combined(level, turned[0], schedule, turned[1], done, begun, watched),
            )


def _holds(condition: Condition, a: Assessment) -> bool:
    match condition:
        case All(parts):
            return all(_holds(part, a) for part in parts)
        case Any(parts):
            return any(_holds(part, a) for part in parts)
        case Not(part):
            return not _holds(part, a)
        case StatusTest():
            return condition.holds(a)
        case _:
            raise TypeError(condition)
