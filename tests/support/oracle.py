"""A second reading of every definition, naive on purpose; it shares nothing with the engine.

Everything that a coarse case says begins and ends with days, so whatever time alone turns, it turns
at the begin of a day; only the line of an indicator passes its value at any second. So every day is
looked at, and in each of them those seconds at which a line of the case could pass a value. Each
time every condition is computed anew from the list of reports: there are no accumulators, no next
instants, nothing kept but what the conclusions themselves have changed.
"""

from dataclasses import dataclass, field
from fractions import Fraction

from oracle_dates import Dates
from oracle_evidence import matches, share_holds, that_count, within_range
from oracle_lines import line_of
from oracle_time import DAY, Watched

from monitor.domain import condition as ask
from monitor.domain.assessment import Level, Status
from monitor.domain.commitment import ConclusionKind as Kind
from monitor.domain.condition import TargetState, Trend


@dataclass
class Memory:
    """All that one commitment's conclusions have brought about."""

    level: int = 0
    reversed: bool = False
    delivered: int | None = None
    advanced: int | None = None
    begun: dict = field(default_factory=dict)
    standing: dict = field(default_factory=dict)
    raised: dict = field(default_factory=dict)
    kept: dict = field(default_factory=dict)


class Oracle(Dates):
    """One commitment, instant by instant."""

    def __init__(self, subject, reports, rows, others, offsets):
        """`offsets`: the seconds of the day at which something may turn."""
        self.c, self.groups = subject.commitment, subject.agreement.sources
        self.start, self.subject = self.c.start, subject
        self.others, self.offsets = others, sorted({0, *offsets})
        self.watch = Watched(subject.agreement, rows)
        self.memory = Memory()
        ignores = [r for r in self.c.rules if r.then.kind is Kind.IGNORE]
        self.rules = [r for r in self.c.rules if r.then.kind is not Kind.IGNORE]
        counted = that_count(list(reports), self.groups)
        self.reports = sorted(
            (u.occurred.start("UTC"), u.id, u)
            for u in counted
            if subject.hears(u)
            and u.occurred.start("UTC") >= self.start
            and not any(
                self.tree(r.when, lambda a, u=u: matches(a.update, u, self.groups)) for r in ignores
            )
        )
        self.at = self.start
        self.heard = []

    def tree(self, condition, leaf):
        match condition:
            case ask.All(of):
                answers = [self.tree(part, leaf) for part in of]
                return all(answers)
            case ask.Any(of):
                answers = [self.tree(part, leaf) for part in of]
                return any(answers)
            case ask.Not(of):
                return not self.tree(of, leaf)
            case _:
                return bool(leaf(condition))

    def hits(self, pattern, gate):
        """The instants of the matching reports so far."""
        return [at for at, _, u in self.past if matches(pattern, u, self.groups, gate)]

    @property
    def seen(self):
        return self.watch.seen(self.at)

    def watched(self, since):
        return self.watch.between(since, self.at)

    def atom(self, atom, gate):
        match atom:
            case ask.OnUpdate(pattern):
                return any(matches(pattern, u, self.groups, gate) for u in self.heard)
            case ask.Count(pattern, within, least, most):
                hits = self.hits(pattern, gate)
                if within is not None:
                    hits = [at for at in hits if at > self.seen - within]
                return (least is None or len(hits) >= least) and (most is None or len(hits) <= most)
            case ask.PartyCount():
                return self.parties(atom, gate)
            case ask.Silence(duration, None):
                advanced = self.memory.advanced
                since = self.start if advanced is None else advanced
                return self.watched(since) >= duration
            case ask.Silence(duration, pattern):
                since = max(self.hits(pattern, gate), default=self.start)
                return self.watched(since) >= duration
            case ask.Sequence(steps, within):
                return self.sequence([self.hits(step, gate) for step in steps], within)
            case ask.IndicatorTest():
                return self.indicator(atom, gate)
            case ask.MilestoneTest(milestone, states, slips, current, missed):
                often = missed and self.missed(milestone)
                return (
                    (missed is None or missed.at_least is None or often >= missed.at_least)
                    and (missed is None or missed.at_most is None or often <= missed.at_most)
                    and (not states or self.milestone(milestone) in states)
                    and (slips is None or self.slips_hold(slips, milestone))
                    and (current is None or self.near(current, milestone))
                )
            case ask.MilestoneCount(states, among):
                names = among or [m.id for m in self.c.milestones]
                number = sum(self.milestone(name) in states for name in names)
                amount = ask.Range(atom.at_least, atom.at_most)
                enough = atom.share is None or share_holds(atom.share, number, len(names))
                return within_range(amount, number) and enough
            case ask.Deadline(slips=None):
                return self.near(atom, "")
            case ask.Deadline():
                return self.slips_hold(atom.slips, "")
            case ask.StatusTest():
                return self.status(atom)
            case ask.CommitmentCount(members, test, least, most, share, every):
                of = self.subject.chosen(members)
                stand = {key: self.stands_so(test, key) for key, _ in of}
                number = sum(stand.values())
                amount = ask.Range(len(of) if every else least, most)
                part = sum(Fraction(weight) for key, weight in of if stand[key])
                whole = sum(Fraction(weight) for _, weight in of)
                enough = share is None or share_holds(share, part, whole)
                return within_range(amount, number) and enough

    def parties(self, test, gate):
        """By number and by weight, in fractions: who did it later than it was last undone."""
        mine = set(self.c.parties)
        done = set()
        for party in mine:
            about = [(at, u) for at, _, u in self.past if party in u.parties]
            did = [at for at, u in about if matches(test.update, u, self.groups, gate)]
            undone = test.undone_by
            undid = [
                at
                for at, u in about
                if undone is not None and matches(undone, u, self.groups, gate)
            ]
            if did and (not undid or max(did) > max(undid)):
                done.add(party)
        if not within_range(ask.Range(test.at_least, test.at_most), len(done)):
            return False
        if test.share is None:
            return True
        weights, whole = dict.fromkeys(mine, 1), len(mine)
        if test.share.of is not None:
            declared = next(w for w in self.c.weights if w.id == test.share.of)
            weights = dict(declared.parties)
            whole = declared.total
            if whole is None:
                whole = sum(weights.get(party, 0) for party in mine)
        part = sum(Fraction(weights.get(party, 0)) for party in done)
        return share_holds(test.share.bounds, part, whole)

    def sequence(self, hits, within):
        """Whether some choice of one instant per step is increasing and short enough."""
        for first in hits[0]:
            last = first
            for step in hits[1:]:
                later = [at for at in step if at > last]
                if not later:
                    break
                last = min(later)
            else:
                if within is None or last - first <= within:
                    return True
        return False

    def indicator(self, test, gate):
        declared = next(i for i in self.c.indicators if i.id == test.indicator)
        pattern = ask.UpdatePattern(indicator=(test.indicator,))
        points = [
            (at, u.value)
            for at, _, u in self.past
            if u.value is not None and matches(pattern, u, self.groups, gate)
        ]
        if not points:
            return False
        latest = points[-1][1]
        change = None
        if test.within is None:
            if len(points) > 1:
                change = latest - points[-2][1]
        else:
            inside = [v for at, v in points if at > self.seen - test.within]
            if len(inside) > 1:
                change = latest - inside[0]
        met = declared.target is not None and (
            latest <= declared.target if declared.at_most else latest >= declared.target
        )
        late = self.deadline is not None and self.seen >= self.deadline
        return all(
            (
                test.value is None or within_range(test.value, latest),
                test.change is None or (change is not None and within_range(test.change, change)),
                test.trend is not Trend.RISING or (change is not None and change > 0),
                test.trend is not Trend.FALLING or (change is not None and change < 0),
                test.target is not TargetState.MET or met,
                test.target is not TargetState.MISSED
                or (declared.target is not None and not met and late),
                test.pace is None or self.paced(test.pace, declared, latest),
            )
        )

    def paced(self, bounds, declared, value):
        """How far a value has come, in percent of how far the line has come by now, is in bounds."""
        line = line_of(self.c, declared)
        if line is None:
            return False
        begin, until = line
        way = Fraction(value - declared.baseline) / Fraction(declared.target - declared.baseline)
        gone = Fraction(min(max(self.seen - begin, 0), until - begin), until - begin)
        asked = {
            name: None if percent is None else Fraction(percent) / 100 * gone
            for name in ("at_least", "at_most", "above", "below")
            for percent in (getattr(bounds, name),)
        }
        return within_range(ask.Range(**asked), way)

    def status(self, test):
        if test.commitment is None:
            return self.has_axes(test, self.assess())
        return self.has_axes(test, self.others(test.commitment, self.at, begins=self.begins))

    def stands_so(self, test, key):
        """One that has not begun stands as it will on its first day."""
        first = {
            "level": 0,
            "activity": "active",
            "schedule": "no_deadline",
            "standing": "in_force",
            "status": "not_started",
            "last_known": "not_started",
        }
        return self.has_axes(test, self.others(key, self.at, begins=self.begins) or first)

    def has_axes(self, test, axes):
        level = 0 if axes is None else axes["level"]
        if test.level_at_least is not None and level < test.level_at_least:
            return False
        if test.level_at_most is not None and level > test.level_at_most:
            return False
        names = ("activity", "schedule", "standing", "status", "last_known")
        asked = [(name, getattr(test, name)) for name in names]
        asked = [(name, among) for name, among in asked if among]
        return not asked or (axes is not None and all(axes[n] in among for n, among in asked))

    # conclusions

    def read(self):
        """Which conditions hold now: per rule (when, recover)."""
        found = []
        for rule in self.rules:
            gate = self.c.tier
            back = rule.recover is not None and self.condition(rule.recover, gate)
            found.append((self.condition(rule.when, gate), back))
        return found

    def condition(self, condition, gate):
        """An instant condition holds only at the instant of a report that it speaks of."""
        if self.is_instant(condition) and not self.touched(condition, gate):
            return False
        return self.tree(condition, lambda atom: self.atom(atom, gate))

    def leaves(self, condition):
        out = []
        self.tree(condition, out.append)
        return out

    def is_instant(self, condition):
        return any(isinstance(a, ask.OnUpdate) for a in self.leaves(condition))

    def touched(self, condition, gate):
        for atom in self.leaves(condition):
            asked = getattr(atom, "update", None)
            asked = [asked] if asked is not None else list(getattr(atom, "steps", ()))
            if isinstance(atom, ask.PartyCount) and atom.undone_by is not None:
                asked.append(atom.undone_by)
            if isinstance(atom, ask.IndicatorTest):
                asked = [ask.UpdatePattern(indicator=(atom.indicator,))]
            if any(matches(p, u, self.groups, gate) for p in asked for u in self.heard):
                return True
        return False

    def conclude(self):
        """Read the rules, draw what follows, and read again while that changes what they say."""
        done, refused = set(), set()
        previous = None
        self.earlier = dict(self.memory.standing)
        for _ in range(len(self.rules) + 2):
            now = self.read(), self.memory.level, self.memory.advanced, self.assess()
            if now == previous:
                return
            previous = now
            self.draw(now[0], done, refused)

    def dwell(self, index):
        return self.rules[index].dwell or self.c.thresholds.dwell

    def hold_on(self):
        """What a dwell keeps standing: {rule: when it last began}."""
        memory = self.memory
        for index, rule in enumerate(self.rules):
            if rule.then.kind not in (Kind.STALLED, Kind.AT_RISK) or not self.dwell(index):
                continue
            if memory.standing.get(index):
                new = index not in memory.kept or not self.earlier.get(index)
                if new or memory.raised.get(index) == self.at:
                    memory.kept[index] = self.at
            elif index in memory.kept and self.seen - memory.kept[index] >= self.dwell(index):
                del memory.kept[index]

    def draw(self, held, done, refused):
        memory, fresh = self.memory, []
        for index, (rule, (raw, back)) in enumerate(zip(self.rules, held, strict=True)):
            event = rule.then.kind not in (Kind.STALLED, Kind.AT_RISK)
            if self.is_instant(rule.when):
                lasts = rule.recover is not None and not self.is_instant(rule.recover)
                if raw and event:
                    fresh.append(index)
                elif raw and (index in refused or (lasts and back)):
                    refused.add(index)
                    memory.standing[index] = False
                elif raw:
                    memory.standing[index] = True
                    memory.raised[index] = self.at
                elif not event and memory.standing.get(index) and back:
                    memory.standing[index] = False
                continue
            if raw:
                since = memory.begun.setdefault(index, self.at)
                held = not rule.hold or self.seen - since >= rule.hold
                if not memory.standing.get(index) and held:
                    memory.standing[index] = True
                    if event:
                        fresh.append(index)
            elif not memory.standing.get(index) or rule.recover is None or back:
                memory.standing[index] = False
                memory.begun.pop(index, None)
        fresh = [index for index in fresh if index not in done]
        done.update(fresh)
        self.apply([self.rules[index].then for index in fresh])
        self.hold_on()

    def apply(self, thens):
        memory = self.memory
        if not thens:
            return
        forward = [t for t in thens if t.kind in (Kind.ADVANCE, Kind.DELIVER)]
        for then in forward:
            to = 3 if then.kind is Kind.DELIVER else int(then.level)
            memory.level = max(memory.level, to)
        if forward:
            memory.advanced, memory.reversed = self.at, False
            for index, rule in enumerate(self.rules):
                raised_before = memory.raised.get(index) != self.at
                if self.is_instant(rule.when) and rule.recover is None and raised_before:
                    memory.standing[index] = False
        if memory.level == 3 and memory.delivered is None:
            memory.delivered = self.at
        for then in thens:
            if then.kind is Kind.SETBACK:
                memory.level = min(memory.level, int(then.level))
        if any(then.kind is Kind.REVERSE for then in thens):
            memory.level, memory.reversed = 0, True
        if memory.level < 3:
            memory.delivered = None

    # the axes

    def stands(self, kind):
        return any(
            (self.memory.standing.get(i) or i in self.memory.kept) and rule.then.kind is kind
            for i, rule in enumerate(self.rules)
        )

    def assess(self):
        memory, limits = self.memory, self.c.thresholds
        silent = self.watched(self.start if memory.advanced is None else memory.advanced)
        activity = "active"
        for name in ("quiet", "stalled", "dormant"):
            if silent >= getattr(limits, name):
                activity = name
        if self.stands(Kind.STALLED) and activity in ("active", "quiet"):
            activity = "stalled"
        moved = self.c.superseded
        if moved is not None and self.at >= moved.on.start("UTC"):
            standing = "superseded"
        elif memory.reversed:
            standing = "reversed"
        else:
            standing = "at_risk" if self.stands(Kind.AT_RISK) else "in_force"
        schedule = self.schedule()
        ladder = (
            ("superseded", standing == "superseded"),
            ("delivered", memory.delivered is not None),
            ("reversed", standing == "reversed"),
            ("overdue", schedule == "overdue"),
            ("stalled", activity in ("stalled", "dormant")),
            ("at_risk", standing == "at_risk"),
            ("advancing", memory.advanced is not None and activity == "active"),
            ("on_track", memory.advanced is not None or memory.level > 0),
            ("not_started", True),
        )
        known = next(name for name, holds in ladder if holds)
        watched = self.watch.covered(self.at)
        final = known in ("superseded", "delivered", "reversed")
        status = known if watched or final else "no_data"
        conditions = set()
        if not final:
            conditions = {
                name
                for name, holds in (
                    ("stalled", activity in ("stalled", "dormant")),
                    ("at_risk", standing == "at_risk"),
                    ("overdue", schedule == "overdue"),
                    ("no_data", not watched),
                )
                if holds
            }
        return {
            "level": memory.level,
            "activity": activity if watched else "unwatched",
            "schedule": schedule,
            "standing": standing,
            "status": status,
            "last_known": known,
            "conditions": tuple(sorted(conditions)),
        }

    def instants(self, until):
        """(instant, axes) of all that are looked at, and before them the start without its reports."""
        if until < self.start:
            return
        if not self.c.rated:
            axes = {
                "level": 0,
                "activity": "unwatched",
                "schedule": "no_deadline",
                "standing": "in_force",
                "status": "not_rated",
                "last_known": "not_rated",
                "conditions": (),
            }
            yield self.start, axes
            return
        self.past = []
        self.begins = True
        self.conclude()
        yield self.start, self.assess()
        self.begins = False
        for day in range(self.start, until + 1, DAY):
            for at in (day + offset for offset in self.offsets):
                if at > until:
                    return
                self.at = at
                self.past = [r for r in self.reports if r[0] <= at]
                self.heard = [u for said, _, u in self.past if said == at]
                self.conclude()
                yield at, self.assess()


def axes_of(assessment):
    """An assessment of the product as the oracle writes it."""
    a = assessment
    assert isinstance(a.level, Level)
    assert isinstance(a.status, Status)
    return {
        "level": int(a.level),
        "activity": str(a.activity),
        "schedule": str(a.schedule),
        "standing": str(a.standing),
        "status": str(a.status),
        "last_known": str(a.last_known),
        "conditions": tuple(str(c) for c in a.conditions),
    }


def turns(instants):
    """When something changed: [(instant, axes)], from the first assessment on."""
    found = []
    for at, axes in instants:
        if not found or found[-1][1] != axes:
            found.append((at, axes))
    return found
