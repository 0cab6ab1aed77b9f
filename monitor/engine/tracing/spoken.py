"""Which rules of a commitment have spoken: what a report on tested rules asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.engine.folding.fold import Fold
from monitor.engine.tracing.whole import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.assessment import Assessment
    from monitor.domain.coverage import Watch
    from monitor.domain.derivation import Change
    from monitor.domain.time import Instant
    from monitor.domain.update import Update
    from monitor.engine.compiled.plan import Plan
    from monitor.engine.evidence.tiers import Grader
    from monitor.engine.folding.reasons import Drawn
    from monitor.engine.memory.state import State


def spoken(
    plan: Plan,
    grader: Grader,
    evidence: Sequence[tuple[Instant, Update]],
    changes: Sequence[Change],
    watch: Watch,
    at: Instant,
) -> frozenset[str]:
    """The ids of the rules that concluded something up to `at`, whether or not it changed anything.

    The arguments are those of `folded`.
    """
    if not plan.commitment.rated:
        return frozenset()
    fold = folded(_Listening, plan, grader, evidence, changes, watch, at)
    rules = plan.core.rules
    dropping = {
        rule.id
        for when, update in evidence
        if plan.start <= when <= at
        and (rule := plan.core.dropped_by(plan.core.mask(update, grader.tier(update))))
    }
    return frozenset({rules[index].id for index in fold.heard} | dropping)


class _Listening(Fold):
    """A fold that notes which rules speak; the one that serves every day need not."""

    def __init__(
        self,
        plan: Plan,
        state: State | None,
        watch: Watch,
        others: Mapping[str, Assessment] | None = None,
    ) -> None:
        self.heard: set[int] = set()
        super().__init__(plan, state, watch, others)

    def _draw(self, at: Instant, hold: int, drawn: Drawn) -> None:
        super()._draw(at, hold, drawn)
        self.heard.update(drawn.fired)
        event = self.plan.core.event
        self.heard.update(i for i, on in enumerate(self.state.active) if on and not event[i])
