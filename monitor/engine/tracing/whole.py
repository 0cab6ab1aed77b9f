"""A commitment folded once more, from nothing, to be looked at on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from monitor.engine.folding.fold import Fold
from monitor.engine.folding.gather import gather, known_at_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.coverage import Watch
    from monitor.domain.derivation import Change
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.compiled.plan import Plan
    from monitor.engine.evidence.tiers import Grader

F = TypeVar("F", bound=Fold)


def folded(
    kind: type[F],
    plan: Plan,
    grader: Grader,
    evidence: Sequence[tuple[Instant, Update]],
    changes: Sequence[Change],
    watch: Watch,
    at: Instant,
) -> F:
    """The fold of a commitment at `at`.

    Args:
        kind: of fold.
        plan: of the commitment.
        grader: of its agreement.
        evidence: all of it, ordered by instant and id.
        changes: of the commitments it asks about, in order.
        watch: the coverage of its agreement.
        at: the instant; later evidence does not exist yet.
    """
    fold = kind(plan, None, watch, known_at_start(changes, plan.start))
    for group in gather(plan, grader, evidence, changes, at):
        fold.take(group)
    fold.advance(at)
    return fold
