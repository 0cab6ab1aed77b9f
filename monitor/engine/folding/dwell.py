"""Minimum dwell: a lasting conclusion that has begun does not end at once when its condition does.

A rule with a dwell draws its conclusion as any other rule. What *stands* is that, held on to until
`dwell` of watched time has passed since it last began. A condition that comes and goes within its
dwell so begins once and ends once, and the end knows how often it came and went.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import LIVELY, Standing
from monitor.domain.commitment import ConclusionKind
from monitor.engine.memory.state import Stay

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from monitor.domain.assessment import Assessment
    from monitor.engine.compiled.core import Core
    from monitor.engine.memory.moment import Moment
    from monitor.engine.memory.state import State


def hold_on(core: Core, moment: Moment, was: Sequence[bool], ended: dict[int, Stay]) -> None:
    """After conclusions were drawn: begin, renew and end the stays.

    May be called several times in an instant (the rules are read until they settle); then `ended`,
    which it fills, belongs to that instant.

    Args:
        core: knows which rules dwell.
        moment: the instant, with the state whose conclusions were drawn; its stays are changed.
        was: the conclusions as they were drawn before this instant.
        ended: the stays that ended in this instant, by rule.
    """
    state, at = moment.state, moment.at
    for index, dwell in core.dwelling:
        stay = state.stays.get(index)
        if not state.active[index]:
            if stay is not None and moment.seen - stay.last >= dwell:
                ended[index] = state.stays.pop(index)
        elif stay is None:
            earlier = ended.pop(index, None)
            first, times = (at, 0) if earlier is None else (earlier.first, earlier.times)
            state.stays[index] = Stay(first, at, times + 1)
        elif not was[index] and stay.last != at:
            state.stays[index] = Stay(stay.first, at, stay.times + 1)
        elif core.instant[index] and state.since[index] == at:
            state.stays[index] = stay._replace(last=at)


def to_be_told(
    core: Core, state: State, ended: dict[int, Stay], after: Assessment
) -> dict[int, int]:
    """How often conclusions came and went, by rule, where nothing of their kind stands any more.

    Where another one of the kind stands, the end of the first changes nothing, and nobody is told
    of it: its count is kept in the state until the kind ends.
    """
    for index, stay in ended.items():
        state.flapped[index] = state.flapped.get(index, 0) + stay.times
    over = [index for index in state.flapped if _is_over(core.rules[index].then.kind, after)]
    return {index: state.flapped.pop(index) for index in sorted(over)}


def _is_over(kind: ConclusionKind, after: Assessment) -> bool:
    if kind is ConclusionKind.AT_RISK:
        return after.standing is not Standing.AT_RISK
    return after.activity in LIVELY


def standing(core: Core, active: Sequence[bool], stays: Container[int]) -> Sequence[bool]:
    """The conclusions that stand: those that are drawn, and those that are held on to."""
    if not core.dwelling:
        return active
    return [drawn or index in stays for index, drawn in enumerate(active)]
