"""A second reading of every definition, naive on purpose; it shares nothing with the engine.

Time is whole days since 1970 (all dates and durations of a coarse case are), so every day can be
looked at. On each day every condition is computed anew from the list of reports: there are no
accumulators, no next instants, nothing kept but what the conclusions themselves have changed.
"""

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import holidays

from monitor.domain import condition as ask
from monitor.domain.assessment import Level, Status
from monitor.domain.commitment import ConclusionKind as Kind
from monitor.domain.condition import MilestoneState, TargetState, Trend
from monitor.domain.due import After, Unit

DAY = 86_400
UNWATCHED_FOREVER = 10**9


def tier_of(update, groups):
    """The strongest tier that a name (also with a remark) or a host (or a parent) earns."""
    host = re.sub(r"^https?://", "", update.url).split("/")[0]
    return min(
        (
            group.tier
            for group in groups
            if any(
                re.fullmatch(re.escape(name) + r"( \(.*)?", update.source, re.IGNORECASE)
                for name in group.names
            )
            or any(host == known or host.endswith("." + known) for known in group.hosts)
        ),
        default=3,
    )


def goes_on(character):
    """A letter or digit of a script that puts spaces between words (no CJK, no Hangul)."""
    return character.isalnum() and unicodedata.name(character).split()[0] not in {
        "CJK",
        "HANGUL",
        "HIRAGANA",
        "KATAKANA",
    }


def text_holds(test, text):
    plain = unicodedata.normalize("NFKC", text).casefold()

    def inside(term):
        term = unicodedata.normalize("NFKC", term).casefold()
        if not term.isascii():
            return term in plain
        found = re.finditer(re.escape(term), plain)
        return any(
            not goes_on(plain[: m.start()][-1:]) and not goes_on(plain[m.end() :][:1])
            for m in found
        )

    return (
        (not test.any or any(inside(t) for t in test.any))
        and all(inside(t) for t in test.all)
        and not any(inside(t) for t in test.none)
        and (test.regex is None or re.search(test.regex, text, re.IGNORECASE) is not None)
    )


def matches(pattern, update, groups, gate=None):
    """Every test that a pattern gives holds; `gate` is the tier demanded where it names none."""
    weakest = pattern.tier if pattern.tier is not None else gate
    both = f"{update.title}\n{update.text}"
    return all(
        (
            weakest is None or tier_of(update, groups) <= weakest,
            not pattern.kind or update.kind in pattern.kind,
            not pattern.topics or set(pattern.topics) & set(update.topics),
            not pattern.parties or set(pattern.parties) & set(update.parties),
            set(pattern.all_parties) <= set(update.parties),
            not pattern.source or update.source in pattern.source,
            not pattern.milestone or update.milestone in pattern.milestone,
            not pattern.indicator or update.indicator in pattern.indicator,
            pattern.value is None
            or (update.value is not None and within_range(pattern.value, update.value)),
            not pattern.moves or update.moves_to is not None,
            pattern.title is None or text_holds(pattern.title, update.title),
            pattern.text is None or text_holds(pattern.text, both),
            pattern.url is None or text_holds(pattern.url, update.url),
        )
    )


def within_range(bounds, number):
    return (
        (bounds.at_least is None or number >= bounds.at_least)
        and (bounds.at_most is None or number <= bounds.at_most)
        and (bounds.above is None or number > bounds.above)
        and (bounds.below is None or number < bounds.below)
    )


def share_holds(bounds, part, whole):
    """A part in percent of the whole; of nothing no share is ever reached."""
    whole = Fraction(whole or Fraction(1, 1_000_000))
    return within_range(bounds, Fraction(part) * 100 / whole)


def concerns(update, agreement, commitment):
    if update.agreement not in (None, agreement.id):
        return False
    if update.commitment is not None:
        return update.commitment in (commitment.id, commitment.key)
    about = commitment.about
    return (not about.topics or bool(set(about.topics) & set(update.topics))) and (
        about.where is None or matches(about.where, update, agreement.sources)
    )


def that_count(reports, groups):
    """Without what only retracts, and without what others take back.

    A round lets in what nobody left attacks and throws out what those attack, until nothing moves.
    """
    known = {u.id: u for u in reports}

    def may(taker, name):
        return name in known and tier_of(taker, groups) <= tier_of(known[name], groups)

    def rank(u):
        return tier_of(u, groups), -u.occurred.start("UTC")

    attacks = {
        (u.id, name)
        for u in reports
        for name in (u.retracts, u.supersedes)
        if name is not None and name != u.id and may(u, name)
    }
    replacing = [
        u
        for u in reports
        if u.supersedes is not None
        and u.supersedes != u.id
        and (u.supersedes not in known or may(u, u.supersedes))
    ]
    for one in replacing:
        for other in replacing:
            if one is not other and one.supersedes == other.supersedes:
                same = rank(one) == rank(other)
                if one.id > other.id if same else rank(one) < rank(other):
                    attacks.add((one.id, other.id))
    inside, outside = set(), set()
    for _ in range(2 * len(known) + 2):
        for name in known:
            attackers = {a for a, b in attacks if b == name}
            if attackers & inside:
                outside.add(name)
            elif attackers <= outside:
                inside.add(name)
    return [u for u in reports if u.id not in outside and not (u.retracts and not u.supersedes)]


def watched_days(agreement, rows):
    """Three answers about a day.

    Somebody was looking on it; its first instant is watched (with grace); the last day whose first
    instant somebody has come to see.
    """
    if agreement.coverage.assumed:
        return (lambda _day: True), (lambda _day: True), (lambda day: day)
    mine = [r for r in rows if r.agreement in (None, agreement.id)]
    spans = [
        (-UNWATCHED_FOREVER if r.since is None else r.since // DAY, r.until // DAY)
        for r in mine
        if r.since is None or r.until > r.since
    ]
    grace = agreement.coverage.grace // DAY

    def on(day):
        return any(a <= day < b for a, b in spans)

    def covered(day):
        return any(a <= day < b + grace for a, b in spans)

    def seen(day):
        return max((min(day, b) for a, b in spans if a <= day), default=-UNWATCHED_FOREVER)

    return on, covered, seen


def last_day(after, begun):
    """The last day of a span that begins with a day, found by walking through the days after it."""
    first = date(1970, 1, 1) + timedelta(days=begun)
    if after.span.unit is Unit.MONTH:
        months = first.year * 12 + first.month - 1 + after.span.count
        for number in range(first.day, 0, -1):
            try:
                found = date(months // 12, months % 12 + 1, number)
            except ValueError:
                continue
            return (found - date(1970, 1, 1)).days
    left, day = after.span.count, first
    while left:
        day += timedelta(days=1)
        if after.span.unit is Unit.DAY or works(day, after.calendar.places):
            left -= 1
    return (day - date(1970, 1, 1)).days


def works(day, places):
    if not places:
        return day.isoweekday() <= 5
    free = [holidays.country_holidays(place, years=day.year) for place in places]
    return not any(day in one or day.weekday() in one.weekend for one in free)


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


class Oracle:
    """One commitment, day by day."""

    def __init__(self, agreement, commitment, reports, rows, others):
        self.c, self.groups = commitment, agreement.sources
        self.start = commitment.start // DAY
        self.others = others
        self.on, self.covered, self.last_seen = watched_days(agreement, rows)
        self.memory = Memory()
        ignores = [r for r in commitment.rules if r.then.kind is Kind.IGNORE]
        self.rules = [r for r in commitment.rules if r.then.kind is not Kind.IGNORE]
        counted = that_count(list(reports), agreement.sources)
        mine = [u for u in counted if concerns(u, agreement, commitment)]
        self.reports = sorted(
            (u.occurred.start("UTC") // DAY, u.id, u)
            for u in mine
            if u.occurred.start("UTC") // DAY >= self.start
            and not any(
                self.tree(r.when, lambda a, u=u: matches(a.update, u, self.groups)) for r in ignores
            )
        )
        self.day = self.start
        self.today = []

    def end(self, due):
        """The first day after a date; None where there is none, or none yet."""
        if due is None:
            return None
        if not isinstance(due, After):
            return due.end("UTC") // DAY
        if due.milestone is not None:
            begun = self.done(next(m for m in self.c.milestones if m.id == due.milestone))
        elif due.date is not None:
            begun = due.date.end("UTC") // DAY - 1
        else:
            begun = self.start
        return None if begun is None else last_day(due, begun) + 1

    @property
    def deadline(self):
        return self.end(self.c.deadline)

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
        """Days of the matching reports so far."""
        return [d for d, _, u in self.past if matches(pattern, u, self.groups, gate)]

    @property
    def seen(self):
        return self.last_seen(self.day)

    def watched(self, since):
        return sum(1 for day in range(since, self.day) if self.on(day))

    def atom(self, atom, gate):
        match atom:
            case ask.OnUpdate(pattern):
                return any(matches(pattern, u, self.groups, gate) for u in self.today)
            case ask.Count(pattern, within, least, most):
                hits = self.hits(pattern, gate)
                if within is not None:
                    hits = [d for d in hits if d > self.seen - within // DAY]
                return (least is None or len(hits) >= least) and (most is None or len(hits) <= most)
            case ask.PartyCount():
                return self.parties(atom, gate)
            case ask.Silence(duration, None):
                advanced = self.memory.advanced
                since = self.start if advanced is None else advanced
                return self.watched(since) >= duration // DAY
            case ask.Silence(duration, pattern):
                since = max(self.hits(pattern, gate), default=self.start)
                return self.watched(since) >= duration // DAY
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
                stand = {key: self.stands_so(test, key) for key, _ in members.of}
                number = sum(stand.values())
                amount = ask.Range(len(members.of) if every else least, most)
                part = sum(Fraction(weight) for key, weight in members.of if stand[key])
                whole = sum(Fraction(weight) for _, weight in members.of)
                enough = share is None or share_holds(share, part, whole)
                return within_range(amount, number) and enough

    def parties(self, test, gate):
        """By number and by weight, in fractions: who did it later than it was last undone."""
        mine = set(self.c.parties)
        done = set()
        for party in mine:
            about = [(d, u) for d, _, u in self.past if party in u.parties]
            did = [d for d, u in about if matches(test.update, u, self.groups, gate)]
            undone = test.undone_by
            undid = [
                d for d, u in about if undone is not None and matches(undone, u, self.groups, gate)
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
        """Whether some choice of one day per step is increasing and short enough."""
        for first in hits[0]:
            last = first
            for step in hits[1:]:
                later = [day for day in step if day > last]
                if not later:
                    break
                last = min(later)
            else:
                if within is None or last - first <= within // DAY:
                    return True
        return False

    def indicator(self, test, gate):
        declared = next(i for i in self.c.indicators if i.id == test.indicator)
        pattern = ask.UpdatePattern(indicator=(test.indicator,))
        points = [
            (d, u.value)
            for d, _, u in self.past
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
            inside = [v for d, v in points if d > self.seen - test.within // DAY]
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
            )
        )

    def done_on(self, milestone):
        """The days on which a milestone was done, with the tier that moves levels.

        A report that moves a date does not say that anything is done.
        """
        patterns = [ask.UpdatePattern(milestone=(milestone.id,))]
        if milestone.done is not None:
            patterns.append(milestone.done)
        return [
            d
            for d, _, u in self.past
            if u.moves_to is None and any(matches(p, u, self.groups, self.c.tier) for p in patterns)
        ]

    def done(self, milestone):
        """The first day on which it was done; of one that recurs when the last period was."""
        days = self.done_on(milestone)
        if milestone.recurs is not None:
            return self.rounds(milestone, days)[2]
        return min(days, default=None)

    def rounds(self, milestone, days):
        """The ends of the periods, those that were met, when the last one was, the last settled."""
        recurs, ends, met, final, settled = milestone.recurs, [], set(), None, 0
        begin = self.start if recurs.first is None else recurs.first.start("UTC") // DAY
        last = None if recurs.until is None else recurs.until.end("UTC") // DAY
        while not ends or ends[-1] < max(self.day, last or 0) + 100:
            span = replace(recurs.every, count=recurs.every.count * (len(ends) + 1))
            end = last_day(After(span), begin) + 1
            if last is not None and end > last:
                break
            ends.append(end)
        for day in days:
            number = 1 + sum(end <= day for end in ends)
            late = number > len(ends)
            number = min(number, len(ends))
            if day < begin or number <= settled:
                continue
            settled = number
            if not late:
                met.add(number)
            if last is not None and number == len(ends):
                final = day
        return ends, met, final, settled

    def due_end(self, milestone):
        """The first day after its date; of one that recurs after the first that is not met."""
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
        told = [(m.on.start("UTC") // DAY, m.to) for m in moved]
        told = [(day, to) for day, to in told if day <= self.seen]
        told += [
            (d, u.moves_to)
            for d, _, u in self.past
            if u.moves_to is not None
            and (u.milestone or "") == name
            and tier_of(u, self.groups) <= self.c.tier
        ]
        for day, to in told:
            said[day] = max(said.get(day, -UNWATCHED_FOREVER), to.end("UTC") // DAY)
        found = [self.end(due)]
        for day in sorted(said):
            if said[day] != found[-1]:
                found.append(said[day])
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
        return 0 < left <= asked.within // DAY

    def milestone(self, name):
        milestone = next(m for m in self.c.milestones if m.id == name)
        done, due = self.done(milestone), self.due_end(milestone)
        if done is not None:
            late = due is not None and done >= due
            return MilestoneState.DONE_LATE if late else MilestoneState.DONE
        if due is None or self.seen < due - self.c.thresholds.due_soon // DAY:
            return MilestoneState.PENDING
        return MilestoneState.DUE_SOON if self.seen < due else MilestoneState.OVERDUE

    def status(self, test):
        if test.commitment is None:
            return self.has_axes(test, self.assess())
        return self.has_axes(test, self.others(test.commitment, self.day, begins=self.begins))

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
        return self.has_axes(test, self.others(key, self.day, begins=self.begins) or first)

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
        """An instant condition holds only on the day of a report that it speaks of."""
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
            if any(matches(p, u, self.groups, gate) for p in asked for u in self.today):
                return True
        return False

    def conclude(self):
        """Read the rules, draw what follows, and read again while that changes what they say."""
        done, refused = set(), set()
        previous = None
        self.yesterday = dict(self.memory.standing)
        for _ in range(len(self.rules) + 2):
            now = self.read(), self.memory.level, self.memory.advanced, self.assess()
            if now == previous:
                return
            previous = now
            self.draw(now[0], done, refused)

    def dwell(self, index):
        return (self.rules[index].dwell or self.c.thresholds.dwell) // DAY

    def hold_on(self):
        """What a dwell keeps standing: {rule: day of its last beginning}."""
        memory = self.memory
        for index, rule in enumerate(self.rules):
            if rule.then.kind not in (Kind.STALLED, Kind.AT_RISK) or not self.dwell(index):
                continue
            if memory.standing.get(index):
                new = index not in memory.kept or not self.yesterday.get(index)
                if new or memory.raised.get(index) == self.day:
                    memory.kept[index] = self.day
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
                    memory.raised[index] = self.day
                elif not event and memory.standing.get(index) and back:
                    memory.standing[index] = False
                continue
            if raw:
                since = memory.begun.setdefault(index, self.day)
                held = not rule.hold or self.seen - since >= rule.hold // DAY
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
            memory.advanced, memory.reversed = self.day, False
            for index, rule in enumerate(self.rules):
                raised_before = memory.raised.get(index) != self.day
                if self.is_instant(rule.when) and rule.recover is None and raised_before:
                    memory.standing[index] = False
        if memory.level == 3 and memory.delivered is None:
            memory.delivered = self.day
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

    def schedule(self):
        soon = self.c.thresholds.due_soon // DAY
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

    def assess(self):
        memory, limits = self.memory, self.c.thresholds
        silent = self.watched(self.start if memory.advanced is None else memory.advanced)
        activity = "active"
        for name in ("quiet", "stalled", "dormant"):
            if silent >= getattr(limits, name) // DAY:
                activity = name
        if self.stands(Kind.STALLED) and activity in ("active", "quiet"):
            activity = "stalled"
        moved = self.c.superseded
        if moved is not None and self.day >= moved.on.start("UTC") // DAY:
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
        watched = self.covered(self.day)
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

    def days(self, until):
        """(day, axes) of every day to `until`, and before all of them the start without its reports."""
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
        for day in range(self.start, until + 1):
            self.day = day
            self.past = [r for r in self.reports if r[0] <= day]
            self.today = [u for d, _, u in self.past if d == day]
            self.conclude()
            yield day, self.assess()


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


def turns(days):
    """The days on which something changed: [(day, axes)], from the first assessment on."""
    found = []
    for day, axes in days:
        if not found or found[-1][1] != axes:
            found.append((day, axes))
    return found
