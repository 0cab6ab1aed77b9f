"""Who is counted by a rule, and who is missing (law 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.domain.assessment import NOT_BEGUN
from monitor.domain.inspection import MemberView, PartyView
from monitor.engine import fields
from monitor.engine.folding.reasons import amount, member_amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.engine.memory.moment import Moment


def counted_parties(moment: Moment, columns: Sequence[fields.Field]) -> list[PartyView]:
    """Every party that a rule counts: those that have done it in order of time, then the rest."""
    found: dict[int, fields.PartiesDone] = {}
    for column in columns:
        if isinstance(column, fields.PartiesDone) and not (column.slot in found and not column.of):
            found[column.slot] = column
    views: list[PartyView] = []
    for column in found.values():
        weights, done = dict(column.weights), column.done(moment)
        order = {p: (0, done[p][0], p) if p in done else (1, -weights[p], p) for p in weights}
        for party in sorted(weights, key=order.__getitem__):
            since, update, _ = done.get(party, (None, None, 0))
            share = "" if column.of is None else amount(column, weights[party])
            views.append(PartyView(party, since, update, share))
    return views


def counted_members(moment: Moment, columns: Sequence[fields.Field]) -> list[MemberView]:
    """Every commitment that a rule counts: those that stand as it asks first."""
    found: dict[tuple[str, ...], fields.CommitmentsIn] = {}
    for column in columns:
        if isinstance(column, fields.CommitmentsIn):
            keys = tuple(key for key, _ in column.members)
            if column.weighed or keys not in found:
                found[keys] = column
    views: list[MemberView] = []
    for column in found.values():
        for key, weight in column.members:
            stands = moment.state.others.get(key, NOT_BEGUN)
            share = member_amount(column, weight) if column.weighed else ""
            views.append(MemberView(key, stands, column.holds(stands), share))
    return sorted(views, key=lambda view: not view.holds)
