"""A commitment that each party has to keep: one commitment for each, and the whole made of them."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from monitor.domain.commitment import About
from monitor.domain.condition import UpdatePattern
from monitor.domain.due import After
from monitor.domain.statuses import Members, RollUp
from monitor.domain.time import NEVER
from monitor.language.generated import roll_up_rules
from monitor.language.meaning import agreement_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.domain.commitment import Agreement, Commitment, Thresholds
    from monitor.domain.statuses import PerParty


def part_ids(id_: str, parties: Iterable[str]) -> dict[str, str]:
    """The id of each party's part: `id@jp`. Names that come to the same are numbered."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for party in dict.fromkeys(parties):
        name = re.sub(r"[^\w]+", "-", party.lower()).strip("-") or "party"
        part, number = f"{id_}@{name}", 1
        while part in taken:
            number += 1
            part = f"{id_}@{name}-{number}"
        taken.add(part)
        found[party] = part
    return found


def parted(agreement: Agreement) -> Agreement:
    """The agreement with the parts of its commitments per party, each behind its whole."""
    if not any(commitment.per_party for commitment in agreement.commitments):
        return agreement
    commitments = tuple(c for each in agreement.commitments for c in _with_parts(each))
    changed = replace(agreement, commitments=commitments)
    return replace(changed, hash=agreement_hash(changed))


def _with_parts(commitment: Commitment) -> Iterator[Commitment]:
    per_party = commitment.per_party
    if per_party is None:
        yield commitment
        return
    parts = [
        _part(commitment, party, id_)
        for party, id_ in part_ids(commitment.id, commitment.parties).items()
    ]
    yield _whole(commitment, per_party, parts)
    yield from parts


def _part(whole: Commitment, party: str, id_: str) -> Commitment:
    """What one party has to do: every rule and date of the whole, and the updates that name it."""
    where = whole.about.where or UpdatePattern()
    named = tuple(dict.fromkeys((*where.all_parties, party)))
    return replace(
        whole,
        key=f"{whole.agreement}/{id_}",
        id=id_,
        title=f"{whole.title} ({party})",
        about=About(whole.about.topics, replace(where, all_parties=named)),
        parties=(party,),
        per_party=None,
        party=party,
        part_of=whole.key,
    )


def _whole(whole: Commitment, per_party: PerParty, parts: list[Commitment]) -> Commitment:
    """What all of them come to. It has no steps, series or stall clock of its own."""
    weights = dict.fromkeys(whole.parties, Decimal(1))
    if per_party.of is not None:
        known = next(w for w in whole.weights if w.id == per_party.of)
        weights = {party: dict(known.parties).get(party, Decimal(0)) for party in whole.parties}
    members = Members(tuple((part.key, weights[part.party or ""]) for part in parts))
    roll_up = RollUp(members, per_party.needs)
    waits = isinstance(whole.deadline, After) and whole.deadline.milestone is not None
    return replace(
        whole,
        rules=tuple(roll_up_rules(roll_up, whole.where)),
        roll_up=roll_up,
        thresholds=unhurried(whole.thresholds),
        deadline=None if waits else whole.deadline,
        moved=() if waits else whole.moved,
        milestones=(),
        indicators=(),
        weights=(),
    )


def unhurried(thresholds: Thresholds) -> Thresholds:
    """Of what is made of others: they say when it is stalled."""
    return replace(thresholds, stalled=NEVER, dormant=NEVER)
