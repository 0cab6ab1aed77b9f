"""Evidence by instant: what a fold takes in, one group after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.domain.assessment import Assessment
    from monitor.domain.derivation import Change
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.plan import Plan
    from monitor.engine.tiers import Grader


class Group(NamedTuple):
    """Everything that matters at one instant.

    Updates with the mask of patterns they match, in the order of their ids, and new assessments of
    other commitments.
    """

    at: Instant
    matched: list[tuple[int, Update]]
    changes: list[Change]


def gather(
    plan: Plan,
    grader: Grader,
    evidence: Sequence[tuple[Instant, Update]],
    changes: Sequence[Change],
    until: Instant,
) -> list[Group]:
    """Evidence and changes by instant, without what matches nothing, is ignored, or is too early.

    Args:
        plan: of the commitment; evidence from before its start does not count.
        grader: of its agreement.
        evidence: ordered by (instant, id).
        changes: of other commitments, each in order.
        until: the last instant that is read.
    """
    groups: list[Group] = []
    if not plan.commitment.rated:
        return groups
    match, tier, start = plan.core.match, grader.tier, plan.start
    latest = None
    for at, update in evidence:
        if start <= at <= until:
            mask = match(update, tier(update))
            if mask > 0:
                if at == latest:
                    groups[-1].matched.append((mask, update))
                else:
                    latest = at
                    groups.append(Group(at, [(mask, update)], []))
    if not changes:
        return groups
    by_instant = {group.at: group for group in groups}
    for change in changes:
        if start <= change.at <= until:
            group = by_instant.setdefault(change.at, Group(change.at, [], []))
            group.changes.append(change)
    return [by_instant[at] for at in sorted(by_instant)]


def known_at_start(changes: Iterable[Change], start: Instant) -> dict[str, Assessment]:
    """How other commitments stood when a commitment began, before that instant's evidence.

    Of one that began in the same instant that is its first assessment.
    """
    known: dict[str, Assessment] = {}
    for change in changes:
        if change.at < start or (change.at == start and change.commitment not in known):
            known[change.commitment] = change.assessment
    return known
