"""Which commitments "a theme" and "an agreement" are, once all files are known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from monitor.domain.condition import All, Any, CommitmentCount, Not, atoms
from monitor.language.meaning import agreement_hash
from monitor.language.parts import parted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.domain.commitment import Agreement, Commitment, Rule
    from monitor.domain.condition import Condition, Members


def resolved(agreements: Sequence[Agreement]) -> tuple[Agreement, ...]:
    """The same agreements, with every choice of commitments made, and one for each party's part.

    Chosen are those that can be rated, without the one that asks. What an agreement means then
    depends on them, and so does its hash.
    """
    agreements = [parted(agreement) for agreement in agreements]
    chooser = _Chooser(agreements)
    return tuple(chooser.agreement(agreement) for agreement in agreements)


class _Chooser:
    def __init__(self, agreements: Sequence[Agreement]) -> None:
        self._agreements = {agreement.id: agreement for agreement in agreements}
        self._choosing: dict[int, bool] = {}

    def agreement(self, agreement: Agreement) -> Agreement:
        commitments = tuple(self._commitment(c) for c in agreement.commitments)
        if all(a is b for a, b in zip(commitments, agreement.commitments, strict=True)):
            return agreement
        changed = replace(agreement, commitments=commitments)
        return replace(changed, hash=agreement_hash(changed))

    def _commitment(self, commitment: Commitment) -> Commitment:
        if not any(self._chooses(rule) for rule in commitment.rules):
            return commitment
        rules = tuple(
            self._rule(rule, commitment) if self._chooses(rule) else rule
            for rule in commitment.rules
        )
        return replace(commitment, rules=rules)

    def _chooses(self, rule: Rule) -> bool:
        """Whether a rule has a choice to make; asked once for a rule that many share."""
        known = self._choosing.get(id(rule))
        if known is None:
            parts = (rule.when,) if rule.recover is None else (rule.when, rule.recover)
            found = (atom for part in parts for atom in atoms(part))
            known = self._choosing[id(rule)] = any(
                isinstance(atom, CommitmentCount) and atom.members.agreement is not None
                for atom in found
            )
        return known

    def _rule(self, rule: Rule, asker: Commitment) -> Rule:
        recover = None if rule.recover is None else self._condition(rule.recover, asker)
        return replace(rule, when=self._condition(rule.when, asker), recover=recover)

    def _condition(self, condition: Condition, asker: Commitment) -> Condition:
        match condition:
            case All(of):
                return All(tuple(self._condition(part, asker) for part in of))
            case Any(of):
                return Any(tuple(self._condition(part, asker) for part in of))
            case Not(of):
                return Not(self._condition(of, asker))
            case CommitmentCount(members) if members.agreement is not None:
                return replace(condition, members=self._members(members, asker))
            case _:
                return condition

    def _members(self, members: Members, asker: Commitment) -> Members:
        agreement = self._agreements[members.agreement or asker.agreement]
        chosen = tuple(
            (c.key, Decimal(1))
            for c in agreement.commitments
            if c.rated
            and c.part_of is None
            and c.key not in (asker.key, asker.part_of)
            and members.theme in (None, c.theme)
        )
        return replace(members, of=chosen, agreement=agreement.id)
