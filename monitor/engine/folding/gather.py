"""Evidence by instant: what a fold takes in, one group after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.domain.assessment import Assessment
    from monitor.domain.derivation import Change
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.compiled.plan import Plan
    from monitor.engine.evidence.tiers import Grader


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
    evidence: Iterable[tuple[Instant, Update]],
    changes: Sequence[Change],
    until: Instant,
    ahead: list[Instant] | None = None,
) -> Iterator[Group]:
    """Evidence and changes by instant, without what matches nothing, is ignored, or is too early.

    Both are read as far as they are asked for.

    Args:
        plan: of the commitment; evidence from before its start does not count.
        grader: of its agreement.
        evidence: ordered by (instant, id).
        changes: of other commitments, in order of time.
        until: the last instant that is read.
        ahead: is told the first instant after it with evidence.
    """
    if not plan.commitment.rated:
        return iter(())
    reports = _reports(plan, grader, evidence, until, ahead)
    return _merged(reports, changes, plan.start, until) if changes else reports


def _merged(
    reports: Iterator[Group], changes: Sequence[Change], start: Instant, until: Instant
) -> Iterator[Group]:
    left = [change for change in reversed(changes) if start <= change.at <= until]
    for group in reports:
        while left and left[-1].at < group.at:
            yield _of_changes(left)
        while left and left[-1].at == group.at:
            group.changes.append(left.pop())
        yield group
    while left:
        yield _of_changes(left)


def _of_changes(left: list[Change]) -> Group:
    """The changes of the next instant, taken from the end of the list."""
    group = Group(left[-1].at, [], [])
    while left and left[-1].at == group.at:
        group.changes.append(left.pop())
    return group


def _reports(
    plan: Plan,
    grader: Grader,
    evidence: Iterable[tuple[Instant, Update]],
    until: Instant,
    ahead: list[Instant] | None,
) -> Iterator[Group]:
    match, tier, start = plan.core.match, grader.tier, plan.start
    group: Group | None = None
    for at, update in evidence:
        if at > until:
            if ahead is not None:
                ahead.append(at)
            break
        if at < start:
            continue
        mask = match(update, tier(update))
        if mask > 0:
            if group is not None and at == group.at:
                group.matched.append((mask, update))
            else:
                if group is not None:
                    yield group
                group = Group(at, [(mask, update)], [])
    if group is not None:
        yield group


def known_at_start(changes: Iterable[Change], start: Instant) -> dict[str, Assessment]:
    """How other commitments stood when a commitment began, before that instant's evidence.

    Of one that began in the same instant that is its first assessment.
    """
    known: dict[str, Assessment] = {}
    for change in changes:
        if change.at < start or (change.at == start and change.commitment not in known):
            known[change.commitment] = change.assessment
    return known
