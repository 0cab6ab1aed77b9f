"""The oracle's reading of deadlines and milestones; everything is an instant in seconds."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

from oracle_evidence import matches, tier_of
from oracle_time import DAY, NEVER, end_of, fixed_end

from monitor.domain import condition as ask
from monitor.domain.condition import MilestoneState
from monitor.domain.due import After


@cache
def ends_of(every, begin, last, at):
    """The ends of all periods that matter at an instant: to the last one, or far enough."""
    ends = []
    while not ends or ends[-1] < max(at, last or 0) + 100 * DAY:
        span = replace(every, count=every.count * (len(ends) + 1))
        end = end_of(After(span), begin)
        if last is not None and end > last:
            break
        ends.append(end)
    return tuple(ends)


class Dates:
    """When what is due, and how that stands; a part of the `Oracle`."""

    def end(self, due):
        """The first instant after a date; None where there is none, or none yet."""
        if not isinstance(due, After) or due.milestone is None:
            return fixed_end(due, self.start)
        begun = self.done(next(m for m in self.c.milestones if m.id == due.milestone))
        return None if begun is None else end_of(due, begun)

    @property
    def deadline(self):
        return self.end(self.c.deadline)

    def done_on(self, milestone):
        """The instants at which a milestone was done, with the tier that moves levels.

        A report that moves a date does not say that anything is done.
        """
        patterns = [ask.UpdatePattern(milestone=(milestone.id,))]
        if milestone.done is not None:
            patterns.append(milestone.done)
        return [
            at
            for at, _, u in self.past
            if u.moves_to is None and any(matches(p, u, self.groups, self.c.tier) for p in patterns)
        ]

    def done(self, milestone):
        """When it was first done; of one that recurs when the last period was."""
        done = self.done_on(milestone)
        if milestone.recurs is not None:
            return self.rounds(milestone, done)[2]
        return min(done, default=None)

    def rounds(self, milestone, done):
        """The ends of the periods, those that were met, when the last one was, the last settled."""
        recurs, met, final, settled = milestone.recurs, set(), None, 0
        begin = self.start if recurs.first is None else recurs.first.start("UTC")
        last = None if recurs.until is None else recurs.until.end("UTC")
        ends = ends_of(recurs.every, begin, last, self.at // DAY * DAY)
        for at in done:
            number = 1 + sum(end <= at for end in ends)
            late = number > len(ends)
            number = min(number, len(ends))
            if at < begin or number <= settled:
                continue
            settled = number
            if not late:
                met.add(number)
            if last is not None and number == len(ends):
                final = at
        return ends, met, final, settled

    def due_end(self, milestone):
        """The end of its date; of one that recurs that of the first date that is not met."""
        if milestone.recurs is None:
            return self.end(milestone.due)
        ends, _, _, settled = self.rounds(milestone, self.done_on(milestone))
        return ends[min(settled, len(ends) - 1)]

    def missed(self, name):
        milestone = next(m for m in self.c.milestones if m.id == name)
        if milestone.recurs is None:
            return 0
        ends, met, _, _ = self.rounds(milestone, self.done_on(milestone))
        return sum(end <= self.seen and number not in met for number, end in enumerate(ends, 1))

    def ends(self, name):
        """The ends of a date, one after the other: the original, then what it was moved to."""
        milestone = next((m for m in self.c.milestones if m.id == name), None)
        due, moved = (
            (self.c.deadline, self.c.moved)
            if milestone is None
            else (milestone.due, milestone.moved)
        )
        if milestone is not None and milestone.recurs is not None:
            return [self.due_end(milestone)]
        if due is None:
            return [None]
        said = {}
        told = [(m.on.start("UTC"), m.to) for m in moved]
        told = [(at, to) for at, to in told if at <= self.seen]
        told += [
            (at, u.moves_to)
            for at, _, u in self.past
            if u.moves_to is not None
            and (u.milestone or "") == name
            and tier_of(u, self.groups) <= self.c.tier
        ]
        for at, to in told:
            said[at] = max(said.get(at, NEVER), to.end("UTC"))
        found = [self.end(due)]
        for at in sorted(said):
            if said[at] != found[-1]:
                found.append(said[at])
        return found

    def slips_hold(self, asked, name):
        ends = self.ends(name)
        slips = sum(a is not None and b > a for a, b in pairwise(ends))
        return (asked.at_least is None or slips >= asked.at_least) and (
            asked.at_most is None or slips <= asked.at_most
        )

    def near(self, asked, name):
        end = self.ends(name)[-1 if asked.current else 0]
        if name == "":
            met = self.memory.delivered is not None
        else:
            met = self.done(next(m for m in self.c.milestones if m.id == name)) is not None
        if end is None or met:
            return False
        left = end - self.seen
        if asked.passed or asked.within is None:
            return left <= 0
        return 0 < left <= asked.within

    def milestone(self, name):
        milestone = next(m for m in self.c.milestones if m.id == name)
        done, due = self.done(milestone), self.due_end(milestone)
        if done is not None:
            late = due is not None and done >= due
            return MilestoneState.DONE_LATE if late else MilestoneState.DONE
        if due is None or self.seen < due - self.c.thresholds.due_soon:
            return MilestoneState.PENDING
        return MilestoneState.DUE_SOON if self.seen < due else MilestoneState.OVERDUE

    def schedule(self):
        soon = self.c.thresholds.due_soon
        found = []
        dated = [(self.memory.delivered, self.c.deadline, self.deadline)]
        dated += [(self.done(m), m.due or m.recurs, self.due_end(m)) for m in self.c.milestones]
        for done, due, end in dated:
            if due is None:
                continue
            if done is not None:
                found.append("met" if end is None or done < end else "met_late")
            elif end is None:
                found.append("not_due")
            elif self.seen >= end:
                found.append("overdue")
            else:
                found.append("due_soon" if self.seen >= end - soon else "not_due")
        order = ("overdue", "due_soon", "not_due", "met_late", "met")
        return next((name for name in order if name in found), "no_deadline")
