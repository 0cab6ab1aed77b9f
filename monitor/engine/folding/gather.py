"""Evidence by instant: what a fold takes in, one group after the other."""

from __future__ import annotations

from itertools import chain, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
    changes: Iterable[Change],
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
    if changes == ():
        return reports
    return _merged(reports, (c for c in changes if plan.start <= c.at <= until))


def _merged(reports: Iterator[Group], changes: Iterator[Change]) -> Iterator[Group]:
    turns = _turns(changes)
    turn = next(turns, None)
    for group in reports:
        while turn is not None and turn.at < group.at:
            yield turn
            turn = next(turns, None)
        if turn is not None and turn.at == group.at:
            group.changes.extend(turn.changes)
            turn = next(turns, None)
        yield group
    while turn is not None:
        yield turn
        turn = next(turns, None)


def _turns(changes: Iterable[Change]) -> Iterator[Group]:
    """The changes of one instant after those of another."""
    for at, found in groupby(changes, key=attrgetter("at")):
        yield Group(at, [], list(found))


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


def beginning(
    changes: Iterable[Change], start: Instant
) -> tuple[dict[str, Assessment], Iterator[Change]]:
    """What `known_at_start` says of changes that are read once; and those from the start on."""
    rest = iter(changes)
    first: list[Change] = []
    for change in rest:
        first.append(change)
        if change.at > start:
            break
    later = [change for change in first if change.at >= start]
    return known_at_start(first, start), chain(later, rest)


def known_at_start(changes: Iterable[Change], start: Instant) -> dict[str, Assessment]:
    """How other commitments stood when a commitment began, before that instant's evidence.

    Of one that began in the same instant that is its first assessment.
    """
    known: dict[str, Assessment] = {}
    for change in changes:
        if change.at < start or (change.at == start and change.commitment not in known):
            known[change.commitment] = change.assessment
    return known
