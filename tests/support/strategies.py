"""Random rulebooks, reports and coverage, as domain values (hypothesis).

Small vocabularies on purpose: what is drawn should meet. Durations and dates are whole days where
`coarse` is asked for (the oracle of the laws counts in days), else any seconds.
"""

import hashlib
from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import Phase, settings
from hypothesis import strategies as st

from monitor.domain import condition as ask
from monitor.domain.assessment import Activity, Level, Schedule, Standing, Status
from monitor.domain.calendar import PLAIN, calendar_of
from monitor.domain.commitment import (
    EVENTS,
    About,
    Agreement,
    Commitment,
    Conclusion,
    ConclusionKind,
    CoveragePolicy,
    Indicator,
    Milestone,
    Rule,
    Rulebook,
    Severity,
    SourceGroup,
    Superseded,
    Thresholds,
    Weights,
)
from monitor.domain.coverage import Coverage
from monitor.domain.due import After, Move, Unit, parse_span
from monitor.domain.location import Location
from monitor.domain.recurring import Recurring
from monitor.domain.time import DAY, HOUR, format_date, format_instant, parse_occurred
from monitor.domain.update import Update, content_id

FIRST = 1_735_689_600
"""2025-01-01T00:00:00Z: agreements date from here."""

SPAN = 60
"""Days that a random history lasts, from some days before `FIRST` on."""

KINDS = ("agreement", "delay", "measurement", "reversal")
TOPICS = ("ammonia", "hydrogen", "trade")
PARTIES = ("JP", "KR")
WEIGHED = ("CN", "JP", "KR")
"""The parties of commitments, one of which no report names."""
SOURCES = ("Ministry", "The Wire", "The Wire (Seoul)", "The Wirecutter", "somebody")
URLS = ("", "https://www.gov.example/a", "https://wire.example/b", "https://blog.example/c")
TEXTS = (
    "LNG",
    "LNG를 수입",
    "LNGを輸入",
    "xLNG",
    "수소 협력",
    "水素の協力",
    "delay of the project",
    "",
)
ZONES = ("UTC", "Asia/Tokyo", "America/New_York")
INDICATORS = ("tariff", "volume")
MILESTONES = ("first", "second")
CALENDARS = (calendar_of(("JP",)), calendar_of(("KR", "JP")))
GROUPS = (
    SourceGroup("official", 1, hosts=("gov.example",), names=("Ministry",)),
    SourceGroup("press", 2, hosts=("wire.example",), names=("The Wire",)),
)


def effort(short, long):
    """`settings(max_examples=...)`: `short` of them, `long` under `--long`, and only then shrunk."""
    if settings().max_examples > 100:
        return settings(max_examples=long)
    return settings(max_examples=short, phases=(Phase.explicit, Phase.generate))


@dataclass(frozen=True)
class Scope:
    """What the rules of a commitment may speak of."""

    indicators: tuple = ()
    milestones: tuple = ()
    others: tuple = ()
    weights: tuple = ()
    coarse: bool = False
    status: bool = True


def durations(scope, most=40):
    days = st.integers(1, most).map(lambda n: n * DAY)
    if scope.coarse:
        return days
    # not shorter: "silent for a second, so advance" feeds itself every second
    return days | st.integers(6 * HOUR, most * DAY)


def some(values, most=2):
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(tuple)


def numbers():
    return st.integers(-30, 30).map(lambda n: Decimal(n) / 10)


@st.composite
def ranges(draw):
    names = draw(some(("at_least", "at_most", "above", "below")))
    return ask.Range(**{name: draw(numbers()) for name in names})


@st.composite
def text_tests(draw):
    words = ("LNG", "수소", "水素", "delay", "project")
    form = draw(st.sampled_from(("any", "all", "none", "regex")))
    if form == "regex":
        return ask.TextTest(regex=draw(st.sampled_from(("lng|delay", r"^\S+ \d$", "수소"))))
    return ask.TextTest(**{form: draw(some(words))})


@st.composite
def patterns(draw):
    """Mostly one or two tests, so that something matches."""
    fields = {
        "kind": some(KINDS),
        "topics": some(TOPICS),
        "parties": some(PARTIES),
        "all_parties": some(PARTIES),
        "source": some(SOURCES),
        "tier": st.integers(1, 3),
        "title": text_tests(),
        "text": text_tests(),
        "url": st.just(ask.TextTest(any=("wire",))),
        "milestone": some(MILESTONES),
        "indicator": some(INDICATORS),
        "value": ranges(),
        "moves": st.just(True),
    }
    if draw(st.integers(0, 3)):
        return ask.UpdatePattern(kind=draw(fields["kind"]))
    names = draw(st.lists(st.sampled_from(sorted(fields)), max_size=2, unique=True))
    return ask.UpdatePattern(**{name: draw(fields[name]) for name in names})


@st.composite
def counts(draw, scope):
    within = draw(st.none() | durations(scope))
    least = draw(st.none() | st.integers(0, 3))
    most = draw(st.integers(0, 3)) if least is None else draw(st.none() | st.integers(0, 4))
    return ask.Count(draw(patterns()), within, least, most)


@st.composite
def shares(draw, scope):
    names = draw(some(("at_least", "at_most", "above", "below")))
    percent = st.integers(0, 1000).map(lambda n: Decimal(n) / 10) | st.sampled_from(
        (Decimal(0), Decimal(50), Decimal(100))
    )
    bounds = ask.Range(**{name: draw(percent) for name in names})
    return ask.Share(bounds, draw(st.sampled_from((None, *(w.id for w in scope.weights)))))


@st.composite
def party_counts(draw, scope):
    least, most = draw(st.none() | st.integers(0, 3)), draw(st.none() | st.integers(0, 3))
    share = draw(shares(scope)) if least is most is None else draw(st.none() | shares(scope))
    return ask.PartyCount(draw(patterns()), draw(st.none() | patterns()), least, most, share)


@st.composite
def paces(draw):
    names = draw(some(("at_least", "at_most", "above", "below")))
    percent = st.integers(0, 1500).map(lambda n: Decimal(n) / 10)
    return ask.Range(**{name: draw(percent) for name in names})


@st.composite
def milestone_counts(draw, scope):
    among = draw(st.just(()) | some(scope.milestones))
    states = draw(some(tuple(ask.MilestoneState), most=3))
    least, most = draw(st.none() | st.integers(0, 3)), draw(st.none() | st.integers(0, 3))
    share = draw(shares(scope)).bounds if least is most is None else None
    return ask.MilestoneCount(states, among, least, most, share)


@st.composite
def indicator_tests(draw, scope):
    indicator = draw(st.sampled_from(scope.indicators))
    tests = {
        "value": ranges(),
        "change": ranges(),
        "trend": st.sampled_from(ask.Trend),
    }
    if indicator.target is not None:
        tests["target"] = st.sampled_from(ask.TargetState)
    if not scope.coarse:
        tests["pace"] = paces()  # the line is passed at any second, not at the begin of a day
    names = draw(some(sorted(tests)))
    within = draw(st.none() | durations(scope))
    return ask.IndicatorTest(
        indicator.id, within=within, **{name: draw(tests[name]) for name in names}
    )


@st.composite
def status_tests(draw, scope):
    other = draw(st.sampled_from((None, *scope.others)))
    tests = {
        "level_at_least": st.integers(0, 3),
        "level_at_most": st.integers(0, 3),
        "activity": some(tuple(Activity)),
        "schedule": some(tuple(Schedule)),
        "standing": some(tuple(Standing)),
        "status": some(tuple(Status), most=4),
        "last_known": some(tuple(Status), most=4),
    }
    names = draw(some(sorted(tests)))
    return ask.StatusTest(other, **{name: draw(tests[name]) for name in names})


@st.composite
def slips(draw):
    least = draw(st.none() | st.integers(0, 2))
    most = draw(st.integers(0, 2)) if least is None else draw(st.none() | st.integers(0, 3))
    return ask.Slips(least, most)


@st.composite
def commitment_counts(draw, scope):
    keys = draw(st.lists(st.sampled_from(scope.others), min_size=1, max_size=4, unique=True))
    weights = st.just(Decimal(1)) | st.integers(0, 20).map(lambda n: Decimal(n) / 2)
    members = ask.Members(tuple((key, draw(weights)) for key in keys))
    test = replace(draw(status_tests(scope)), commitment=None)
    least, most = draw(st.none() | st.integers(0, 3)), draw(st.none() | st.integers(0, 3))
    every = least is most is None and draw(st.booleans())
    needs = least is most is None and not every
    share = draw(shares(scope)).bounds if needs else None
    return ask.CommitmentCount(members, test, least, most, share, every)


def lasting_atoms(scope):
    near = st.builds(ask.Deadline, within=durations(scope)) | st.just(ask.Deadline(passed=True))
    current = near.map(lambda test: replace(test, current=True))
    deadlines = near | near | current | slips().map(lambda asked: ask.Deadline(slips=asked))
    choices = [
        counts(scope),
        st.builds(ask.Silence, durations(scope), st.none() | patterns()),
        st.builds(
            ask.Sequence,
            st.lists(patterns(), min_size=2, max_size=3).map(tuple),
            st.none() | durations(scope),
        ),
        deadlines,
        party_counts(scope),
    ]
    if scope.status:
        choices.append(status_tests(scope))
        if scope.others:
            choices.append(commitment_counts(scope))
    if scope.indicators:
        choices.append(indicator_tests(scope))
    if scope.milestones:
        states = some(tuple(ask.MilestoneState), most=3)
        milestone = st.sampled_from(scope.milestones)
        choices.append(st.builds(ask.MilestoneTest, milestone, states))
        choices.append(
            st.builds(ask.MilestoneTest, milestone, st.just(()) | states, slips(), st.none())
        )
        choices.append(
            st.builds(ask.MilestoneTest, milestone, st.just(()), st.none() | slips(), current)
        )
        choices.append(
            st.builds(ask.MilestoneTest, milestone, st.just(()) | states, missed=slips())
        )
        choices.append(milestone_counts(scope))
    return st.one_of(choices)


@st.composite
def trees(draw, leaves, depth=2):
    """A leaf, or a small tree of all, any and not."""
    shape = (
        draw(st.sampled_from(("leaf", "leaf", "leaf", "not", "all", "any"))) if depth else "leaf"
    )
    if shape == "leaf":
        return draw(leaves)
    if shape == "not":
        return ask.Not(draw(trees(leaves, depth - 1)))
    parts = tuple(draw(trees(leaves, depth - 1)) for _ in range(draw(st.integers(1, 3))))
    return ask.All(parts) if shape == "all" else ask.Any(parts)


def on_update():
    return st.builds(ask.OnUpdate, patterns())


def lasting_conditions(scope):
    return trees(lasting_atoms(scope))


def instant_conditions(scope):
    """With an update that is not under a `not`, as the language demands."""
    rest = trees(lasting_atoms(scope) | on_update())
    pairs = st.tuples(on_update(), rest)
    return on_update() | pairs.map(ask.All) | pairs.map(ask.Any)


def conclusions():
    advance = st.sampled_from(list(Level)[1:])
    setback = st.sampled_from(list(Level)[:3])
    return st.one_of(
        advance.map(lambda level: Conclusion(ConclusionKind.ADVANCE, level)),
        advance.map(lambda level: Conclusion(ConclusionKind.ADVANCE, level)),
        setback.map(lambda level: Conclusion(ConclusionKind.SETBACK, level)),
        st.sampled_from(
            [
                Conclusion(ConclusionKind.DELIVER),
                Conclusion(ConclusionKind.REVERSE),
                Conclusion(ConclusionKind.STALLED, reason="nothing moves"),
                Conclusion(ConclusionKind.AT_RISK, reason="so it seems"),
                Conclusion(ConclusionKind.AT_RISK),
                Conclusion(ConclusionKind.IGNORE),
            ]
        ),
    )


@st.composite
def rules(draw, scope, number):
    then = draw(conclusions())
    where = Location("rules/some.yaml", 10 + number, 7)
    about = {"severity": draw(st.none() | st.sampled_from(Severity)), "where": where}
    if draw(st.booleans()):
        about |= {"message": "{title}: {rule} since {since}", "labels": (("rule", str(number)),)}
    if then.kind is ConclusionKind.IGNORE:
        return Rule(f"r{number}", draw(trees(on_update())), then, **about)
    hold, recover, dwell = 0, None, 0
    if draw(st.booleans()):
        when = draw(instant_conditions(scope))
    else:
        when = draw(lasting_conditions(scope))
        hold = draw(st.just(0) | durations(scope, most=20))
    if then.kind not in EVENTS:
        recover = draw(st.none() | lasting_conditions(scope) | instant_conditions(scope))
        dwell = draw(st.just(0) | durations(scope, most=20))
    return Rule(f"r{number}", when, then, hold=hold, dwell=dwell, recover=recover, **about)


def dates(zone, coarse, low=-10, high=SPAN):
    """Occurred values of all precisions (`coarse`: whole days, UTC)."""
    days = st.integers(low, high).map(lambda n: FIRST + n * DAY)
    whole = days.map(lambda at: parse_occurred(format_date(at, "UTC")))
    rough = st.sampled_from(("2025", "2025-01", "2025-02", "2025-03")).map(parse_occurred)
    usual = st.one_of(whole, whole, whole, whole, whole, rough)
    if coarse:
        return usual
    moments = st.integers(FIRST + low * DAY, FIRST + high * DAY)
    offset = moments.map(lambda at: parse_occurred(format_instant(at, zone)))
    naive = moments.map(lambda at: parse_occurred(format_instant(at, "UTC")[:19]))
    return usual | usual | offset | naive


def spans(coarse):
    texts = ["1d", "9 days", "2w", "1 month", "3 working days", "8 working days"]
    return st.sampled_from(texts if coarse else [*texts, "36h", "100h"]).map(parse_span)


def recurrences(coarse):
    """Every so often from a day on, for ever or until some day after two periods."""
    first = dates("UTC", coarse, low=-5, high=8)
    until = st.integers(70, 150).map(lambda n: parse_occurred(format_date(FIRST + n * DAY, "UTC")))
    every = st.sampled_from(("9 days", "2w", "1 month")).map(parse_span)
    return st.builds(Recurring, every, st.none() | first, st.none() | until)


def moved(zone, coarse):
    """What a rulebook tells of moves; mostly nothing."""
    move = st.builds(
        Move, dates(zone, coarse, low=1), dates(zone, coarse, low=-3), st.just("the ministry")
    )
    return st.just(()) | st.just(()) | st.lists(move, min_size=1, max_size=2).map(tuple)


@st.composite
def dues(draw, zone, coarse, milestones=()):
    """A date, or so long after a date, after the start or after one of the milestones."""
    form = draw(st.sampled_from(("date", "date", "date", "after", "milestone")))
    if form == "date" or (form == "milestone" and not milestones):
        return draw(dates(zone, coarse, low=1))
    span = draw(spans(coarse))
    calendar = PLAIN
    if span.unit is Unit.WORKING_DAY:
        calendar = draw(st.sampled_from((PLAIN, *CALENDARS)))
    if form == "milestone":
        return After(span, draw(st.sampled_from(milestones)), calendar=calendar)
    return After(span, date=draw(st.none() | dates(zone, coarse, low=0)), calendar=calendar)


@st.composite
def thresholds(draw, coarse):
    scope = Scope(coarse=coarse)
    quiet, stalled, dormant = sorted(
        draw(st.tuples(durations(scope), durations(scope), durations(scope)))
    )
    due_soon = draw(durations(scope, most=20))
    dwell = draw(st.sampled_from((0, 0, 0, 1))) and draw(durations(scope, most=20))
    return Thresholds(quiet, stalled, dormant, due_soon, dwell)


@st.composite
def commitments(draw, agreement, zone, number, others, *, coarse):
    indicators = tuple(
        Indicator(
            name,
            name,
            baseline=draw(st.none() | numbers()),
            target=draw(st.none() | numbers()),
            at_most=draw(st.booleans()),
            baseline_date=draw(st.none() | dates(zone, coarse)),
            target_date=draw(st.none() | dates(zone, coarse)),
        )
        for name in draw(st.lists(st.sampled_from(INDICATORS), max_size=2, unique=True))
    )
    names = draw(st.lists(st.sampled_from(MILESTONES), max_size=2, unique=True))
    milestones = []
    for name in names:
        again = draw(st.none() | st.none() | recurrences(coarse))
        waits = [m.id for m in milestones if m.recurs is None]
        due = None if again else draw(st.none() | dues(zone, coarse, waits))
        done, moves = draw(st.none() | patterns()), draw(moved(zone, coarse))
        milestones.append(Milestone(name, name, due, done, moves, again))
    milestones = tuple(milestones)
    once = [m.id for m in milestones if m.recurs is None]
    parties = draw(st.sampled_from((WEIGHED, PARTIES, ("KR",), ())))
    each = st.integers(0, 20).map(lambda n: Decimal(n) / 2)
    weights = Weights(
        "emissions",
        tuple((party, draw(each)) for party in WEIGHED[draw(st.integers(0, 1)) :]),
        draw(st.none() | st.just(Decimal(30))),
    )
    scope = Scope(indicators, tuple(m.id for m in milestones), others, (weights,), coarse)
    identity = f"c{number}"
    topics = draw(st.sampled_from(((), TOPICS, TOPICS[:1], TOPICS[1:])))
    usual = draw(st.integers(0, 9))
    return Commitment(
        key=f"{agreement}/{identity}",
        id=identity,
        agreement=agreement,
        title=f"Promise {number}",
        quote="they promise",
        start=FIRST + (0 if coarse or usual else 1234) + draw(st.integers(0, 5)) * DAY,
        zone=zone,
        about=About(topics, draw(st.none() | patterns()) if usual > 7 else None),
        rules=tuple(draw(rules(scope, i)) for i in range(draw(st.integers(0, 4)))),
        rated=usual != 6,
        tier=draw(st.sampled_from((2, 2, 3, 1))),
        thresholds=draw(thresholds(coarse)),
        deadline=draw(st.none() | dues(zone, coarse, once)),
        moved=draw(moved(zone, coarse)),
        milestones=milestones,
        indicators=indicators,
        parties=parties,
        weights=(weights,),
        superseded=draw(st.builds(Superseded, dates(zone, coarse, low=5), st.just("a successor")))
        if usual == 5
        else None,
        labels=(("desk", "asia"),),
    )


@st.composite
def rulebooks(draw, *, coarse=False, agreements=2, most=3):
    """A rulebook of one or two agreements; later commitments may ask about earlier ones."""
    made = []
    keys = []
    for number in range(draw(st.integers(1, agreements))):
        name = f"g{number}"
        zone = "UTC" if coarse else draw(st.sampled_from(ZONES))
        inside = []
        for index in range(draw(st.integers(1, most))):
            inside.append(draw(commitments(name, zone, index, tuple(keys), coarse=coarse)))
            keys.append(inside[-1].key)
        grace = draw(st.sampled_from((0, 0, DAY, 3 * DAY)))
        policy = CoveragePolicy(assumed=draw(st.booleans()), grace=grace)
        made.append(
            Agreement(
                name,
                f"Summit {number}",
                parse_occurred("2025-01-01"),
                zone,
                tuple(inside),
                sources=draw(st.sampled_from((GROUPS, GROUPS, GROUPS[:1], ()))),
                coverage=policy,
            )
        )
    return hashed(tuple(made))


def hashed(agreements):
    """A rulebook whose hash follows its meaning, as the loader's does."""
    digest = hashlib.blake2b(repr(agreements).encode(), digest_size=8).hexdigest()
    return Rulebook(agreements, digest)


@st.composite
def updates(draw, *, coarse=False):
    """One report; `recorded` is set by whoever feeds it."""
    kind = draw(st.sampled_from(KINDS))
    indicator = draw(st.none() | st.sampled_from(INDICATORS))
    value = draw(numbers()) if indicator or kind == "measurement" else None
    bare = Update(
        id="",
        occurred=draw(dates(draw(st.sampled_from(ZONES)), coarse)),
        recorded=0,
        kind=kind,
        title=f"{draw(st.sampled_from(TEXTS))} {draw(st.integers(0, 9))}",
        topics=tuple(sorted(draw(some(TOPICS)))),
        parties=draw(st.sampled_from(((), ("JP",), ("JP", "KR")))),
        source=draw(st.sampled_from(SOURCES)),
        url=draw(st.sampled_from(URLS)),
        text=draw(st.sampled_from(TEXTS)),
        agreement=draw(st.sampled_from((None, None, None, "g0", "g1"))),
        commitment=draw(st.sampled_from((None, None, None, None, "c0", "g0/c0", "g0/c1"))),
        milestone=draw(st.sampled_from((None, None, *MILESTONES))),
        indicator=indicator,
        value=value,
        moves_to=draw(dates("UTC", coarse, low=1)) if draw(st.integers(0, 3)) == 0 else None,
    )
    return bare._replace(id=content_id(bare))


@st.composite
def coverages(draw, *, coarse=False):
    """One row of coverage, for one agreement or all; `recorded` is set by whoever feeds it."""
    step = DAY if coarse else draw(st.sampled_from((DAY, 3600)))
    since = draw(st.none() | st.integers(-5, SPAN))
    length = draw(st.integers(0, SPAN))
    begin = FIRST if since is None else FIRST + since * DAY
    return Coverage(
        draw(st.sampled_from(("feed", "wire"))),
        None if since is None else begin,
        begin + length * step,
        0,
        draw(st.sampled_from((None, "g0", "g1"))),
    )


@st.composite
def takers(draw, known, *, coarse=False):
    """Reports that retract or supersede known ones, each other, or one that never comes.

    They have names of their own, since a name made of the content cannot be part of a circle.
    """
    names = [f"k{n}" for n in range(draw(st.sampled_from((0, 0, 1, 2, 3, 5))))]
    made = []
    for name in names:
        among = st.sampled_from([i for i in (*known, *names, "never") if i != name])
        bare = draw(updates(coarse=coarse))._replace(id=name)
        how = draw(st.sampled_from(("retracts", "supersedes", "supersedes", "both")))
        if how != "supersedes":
            bare = bare._replace(retracts=draw(among))
        if how != "retracts":
            bare = bare._replace(supersedes=draw(among))
        made.append(bare)
    return made


@dataclass(frozen=True)
class Batch:
    """What one step is given, and when."""

    now: int
    updates: tuple
    coverage: tuple


@st.composite
def arrivals(draw, *, coarse=False, most=8):
    """Batches with growing `now`: late, shuffled and repeated reports, coverage row by row.

    A batch may hold reports of its future, and coverage that reaches into it. Some reports take
    others back: known ones, ones that come later or never, one another, and each other in a circle.
    """
    reports = draw(st.lists(updates(coarse=coarse), max_size=14))
    reports += draw(takers(tuple(u.id for u in reports), coarse=coarse))
    rows = draw(st.lists(coverages(coarse=coarse), max_size=5))
    count = draw(st.integers(1, most))
    unit = DAY if coarse else draw(st.sampled_from((DAY, 7 * 3600 + 11)))
    steps = draw(st.lists(st.integers(0, 20), min_size=count, max_size=count))
    whole = draw(st.sampled_from((0, 0, 1)))
    batches = []
    now = FIRST - 2 * DAY
    places = [draw(st.integers(0, count - 1)) for _ in reports]
    again = [draw(st.integers(0, 3 * count)) for _ in reports]
    spots = [draw(st.integers(0, count - 1)) for _ in rows]
    for number in range(count):
        now += steps[number] * unit + whole
        mine = [
            u
            for u, place, twice in zip(reports, places, again, strict=True)
            if place == number or (twice == number and twice > place)
        ]
        batches.append(
            Batch(
                now,
                tuple(u._replace(recorded=now) for u in mine),
                tuple(
                    c._replace(recorded=now)
                    for c, spot in zip(rows, spots, strict=True)
                    if spot == number
                ),
            )
        )
    return tuple(batches)


@st.composite
def long_ones(draw):
    """(rulebook, batches): one commitment with many reports in order, then some that come late."""
    rulebook = draw(rulebooks(agreements=1, most=1))
    (agreement,) = rulebook.agreements
    (commitment,) = agreement.commitments
    about = st.lists(updates(), min_size=12, max_size=30, unique_by=lambda u: u.id)
    reports = [u._replace(commitment=commitment.key, agreement=None) for u in draw(about)]
    reports.sort(key=lambda u: u.occurred.start(agreement.zone))
    late = draw(st.lists(st.integers(0, len(reports) - 1), min_size=1, max_size=4, unique=True))
    kept = [u for number, u in enumerate(reports) if number not in late]
    extra = [(u,) for number, u in enumerate(reports) if number in late]
    extra += [(u,) for u in draw(takers(tuple(u.id for u in reports)))]
    third = -(-len(kept) // 3)
    parts = [tuple(kept[n : n + third]) for n in range(0, len(kept), third)]
    rows = draw(st.lists(coverages(), max_size=2))
    now, batches = FIRST + SPAN * DAY, []
    for number, part in enumerate([*parts, *extra]):
        now += draw(st.integers(0, 5)) * DAY
        known = tuple(u._replace(recorded=now) for u in part)
        spans = tuple(c._replace(recorded=now) for c in rows) if number == 0 else ()
        batches.append(Batch(now, known, spans))
    return rulebook, tuple(batches)


@st.composite
def cases(draw, **options):
    """(rulebook, batches)."""
    coarse = options.get("coarse", False)
    return draw(rulebooks(**options)), draw(arrivals(coarse=coarse))


def with_rules(rulebook, agreement, **changes):
    """The rulebook with other values in one agreement."""
    agreements = tuple(
        replace(a, **changes) if a.id == agreement else a for a in rulebook.agreements
    )
    return hashed(agreements)
