"""The rules of a commitment that is made of others.

It reaches a level when enough of its members have, and falls back when they no longer do. It is
stalled, or at risk, when too few are left that are not: with `needs: all` because of one of them,
with `needs: any` only because of all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import Level, Status
from monitor.domain.commitment import Conclusion, ConclusionKind, Rule
from monitor.domain.condition import All, CommitmentCount, Not, Range, StatusTest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.domain.condition import Condition
    from monitor.domain.location import Location
    from monitor.domain.statuses import Members, Needs, RollUp

TROUBLED = (Status.REVERSED, Status.OVERDUE, Status.STALLED, Status.AT_RISK)
"""Last known headlines that are no way to a level. No data is none of them (law 6)."""


def roll_up_rules(roll_up: RollUp, where: Location) -> Iterator[Rule]:
    """Level by level, the best last, and then what is the matter."""
    members, needs = roll_up.members, roll_up.needs
    for level in (Level.LIMITED, Level.SUBSTANTIAL, Level.COMPLETE):
        reached = _enough(members, needs, StatusTest(level_at_least=int(level)))
        below = Level(level - 1)
        there = StatusTest(level_at_least=int(level))
        yield _rule(f"rolls-up-to-{level.word}", reached, ConclusionKind.ADVANCE, level, where)
        yield _rule(
            f"falls-back-to-{below.word}",
            All((there, Not(reached))),
            ConclusionKind.SETBACK,
            below,
            where,
        )
    for name, kind, trouble in (
        ("too-many-stalled", ConclusionKind.STALLED, (Status.STALLED,)),
        ("too-many-in-trouble", ConclusionKind.AT_RISK, TROUBLED),
    ):
        well = tuple(status for status in Status if status not in trouble)
        enough = _enough(members, needs, StatusTest(last_known=well))
        yield _rule(name, Not(enough), kind, None, where)


def _enough(members: Members, needs: Needs, test: StatusTest) -> CommitmentCount:
    share = None if needs.share is None else Range(at_least=needs.share)
    return CommitmentCount(members, test, needs.at_least, None, share, needs.every)


def _rule(
    name: str, when: Condition, kind: ConclusionKind, level: Level | None, where: Location
) -> Rule:
    reason = None if level is not None else name.replace("-", " ")
    return Rule(name, when, Conclusion(kind, level, reason), where=where)
