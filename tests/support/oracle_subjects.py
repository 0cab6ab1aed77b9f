"""The oracle's reading of who is assessed: each commitment, and of one per party each party's part.

It begins with what an author wrote: what a roll-up or a whole means, and whom a theme chooses, is
worked out here a second time.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from oracle_evidence import concerns

from monitor.domain import condition as ask
from monitor.domain.assessment import Level, Status
from monitor.domain.commitment import Agreement, Commitment, Conclusion, Rule, Thresholds
from monitor.domain.commitment import ConclusionKind as Kind
from monitor.domain.due import After
from monitor.domain.statuses import Members, RollUp

NEVER = 10**11


@dataclass(frozen=True)
class Subject:
    """Somebody who is assessed: a commitment with all its rules, and where it stands in the book.

    `party` has a part of `whole`; `parts`: the commitment is the whole of parts.
    """

    agreements: tuple
    agreement: Agreement
    commitment: Commitment
    whole: Commitment | None = None
    party: str | None = None
    parts: bool = False

    def hears(self, update):
        """Whether a report concerns it.

        A part hears of its party only, unless the report names the part itself; a whole hears only
        what names it: the rest is for its parts.
        """
        if self.parts and update.commitment is None:
            return False
        own = concerns(update, self.agreement, self.commitment)
        if self.party is None or (own and update.commitment is not None):
            return own
        named = update.commitment is not None and concerns(update, self.agreement, self.whole)
        return self.party in update.parties and (own or named)

    def chosen(self, members):
        """(key, weight) of those that are meant: listed, or all of a theme or an agreement."""
        if members.agreement is None:
            return members.of
        name = members.agreement or self.agreement.id
        among = next(a for a in self.agreements if a.id == name).commitments
        own = (self.whole or self.commitment).key
        return tuple(
            (c.key, Decimal(1))
            for c in among
            if c.rated and c.key != own and members.theme in (None, c.theme)
        )


def subjects(agreements):
    """{key: Subject} of all who are assessed."""
    found = {}
    for agreement in agreements:
        for commitment in agreement.commitments:
            for subject in _of(agreements, agreement, commitment):
                found[subject.commitment.key] = subject
    return found


def _of(agreements, agreement, commitment):
    if commitment.per_party is not None:
        parts = [_part(commitment, party) for party in commitment.parties]
        yield Subject(agreements, agreement, _whole(commitment, parts), parts=True)
        for part in parts:
            yield Subject(agreements, agreement, part, commitment, part.parties[0])
    elif commitment.roll_up is not None:
        rules = (*made_of_others(commitment.roll_up), *commitment.rules)
        yield Subject(agreements, agreement, replace(commitment, rules=rules))
    else:
        yield Subject(agreements, agreement, commitment)


def _part(whole, party):
    name = f"{whole.id}@{party.lower()}"
    return replace(whole, id=name, key=f"{whole.agreement}/{name}", parties=(party,))


def _whole(commitment, parts):
    """It has a deadline, where that waits for no step of the parts; no rule, step or clock."""
    weights = {part.key: Decimal(1) for part in parts}
    if commitment.per_party.of is not None:
        declared = next(w for w in commitment.weights if w.id == commitment.per_party.of)
        known = dict(declared.parties)
        weights = {part.key: known.get(part.parties[0], Decimal(0)) for part in parts}
    rolled = RollUp(Members(tuple(weights.items())), commitment.per_party.needs)
    waits = isinstance(commitment.deadline, After) and commitment.deadline.milestone is not None
    limits = commitment.thresholds
    return replace(
        commitment,
        rules=tuple(made_of_others(rolled)),
        milestones=(),
        indicators=(),
        deadline=None if waits else commitment.deadline,
        moved=() if waits else commitment.moved,
        thresholds=Thresholds(limits.quiet, NEVER, NEVER, limits.due_soon, limits.dwell),
    )


def made_of_others(roll_up):
    """Up when enough are up, down when they are not; troubled when too few are without trouble."""
    for level in Level:
        if level:
            up = _enough(roll_up, ask.StatusTest(level_at_least=level))
            down = ask.All((ask.StatusTest(level_at_least=level), ask.Not(up)))
            yield Rule(f"up to {level}", up, Conclusion(Kind.ADVANCE, level))
            yield Rule(f"below {level}", down, Conclusion(Kind.SETBACK, Level(level - 1)))
    for kind, trouble in (
        (Kind.STALLED, {Status.STALLED}),
        (Kind.AT_RISK, {Status.STALLED, Status.AT_RISK, Status.OVERDUE, Status.REVERSED}),
    ):
        well = tuple(set(Status) - trouble)
        yield Rule(
            kind, ask.Not(_enough(roll_up, ask.StatusTest(last_known=well))), Conclusion(kind)
        )


def _enough(roll_up, test):
    needs = roll_up.needs
    share = None if needs.share is None else ask.Range(at_least=needs.share)
    return ask.CommitmentCount(roll_up.members, test, needs.at_least, None, share, needs.every)
