"""Random conditions, as domain values."""

from dataclasses import dataclass, replace
from decimal import Decimal

from drawing import (
    INDICATORS,
    KINDS,
    MILESTONES,
    PARTIES,
    SOURCES,
    TOPICS,
    among,
    between,
    either,
    maybe,
    mostly,
    numbers,
    shared,
    some,
)
from hypothesis import strategies as st

from monitor.domain import condition as ask
from monitor.domain.assessment import Activity, Schedule, Standing, Status
from monitor.domain.statuses import CommitmentCount, Members, Needs
from monitor.domain.time import DAY, HOUR


@dataclass(frozen=True)
class Scope:
    """What the rules of a commitment may speak of."""

    indicators: tuple = ()
    milestones: tuple = ()
    others: tuple = ()
    weights: tuple = ()
    choices: tuple = ()
    coarse: bool = False
    mood: str = "anything"


@shared
def durations(scope, most=40):
    days = between(1, most).map(lambda n: n * DAY)
    if scope.coarse:
        return days
    # not shorter: "silent for a second, so advance" feeds itself every second
    return days | between(6 * HOUR, most * DAY)


@shared
@st.composite
def ranges(draw):
    names = draw(some(("at_least", "at_most", "above", "below")))
    return ask.Range(**{name: draw(numbers()) for name in names})


@shared
@st.composite
def text_tests(draw):
    words = ("LNG", "수소", "水素", "delay", "project")
    form = draw(among(("any", "all", "none", "regex")))
    if form == "regex":
        return ask.TextTest(regex=draw(among(("lng|delay", r"^\S+ \d$", "수소"))))
    return ask.TextTest(**{form: draw(some(words))})


@shared
@st.composite
def patterns(draw):
    """Mostly one or two tests, so that something matches."""
    fields = {
        "kind": some(KINDS),
        "topics": some(TOPICS),
        "parties": some(PARTIES),
        "all_parties": some(PARTIES),
        "source": some(SOURCES),
        "tier": between(1, 3),
        "title": text_tests(),
        "text": text_tests(),
        "url": st.just(ask.TextTest(any=("wire",))),
        "milestone": some(MILESTONES),
        "indicator": some(INDICATORS),
        "value": ranges(),
        "moves": st.just(True),
    }
    shape = draw(among(("kind",) * 5 + ("others",) * 3 + ("anything",)))
    if shape == "kind":
        return ask.UpdatePattern(kind=draw(fields["kind"]))
    names = draw(some(sorted(fields))) if shape == "others" else ()
    return ask.UpdatePattern(**{name: draw(fields[name]) for name in names})


@shared
@st.composite
def counts(draw, scope):
    within = draw(maybe(durations(scope)))
    least = draw(maybe(between(0, 3)))
    most = draw(between(0, 3)) if least is None else draw(maybe(between(0, 4)))
    return ask.Count(draw(patterns()), within, least, most)


@shared
@st.composite
def shares(draw, scope):
    names = draw(some(("at_least", "at_most", "above", "below")))
    percent = between(0, 1000).map(lambda n: Decimal(n) / 10) | among(
        (Decimal(0), Decimal(50), Decimal(100))
    )
    bounds = ask.Range(**{name: draw(percent) for name in names})
    return ask.Share(bounds, draw(among((None, *(w.id for w in scope.weights)))))


@shared
@st.composite
def party_counts(draw, scope):
    least, most = draw(maybe(between(0, 3))), draw(maybe(between(0, 3)))
    share = draw(shares(scope)) if least is most is None else draw(maybe(shares(scope)))
    return ask.PartyCount(draw(patterns()), draw(maybe(patterns())), least, most, share)


@shared
@st.composite
def paces(draw):
    names = draw(some(("at_least", "at_most", "above", "below")))
    percent = between(0, 1500).map(lambda n: Decimal(n) / 10)
    return ask.Range(**{name: draw(percent) for name in names})


@shared
@st.composite
def milestone_counts(draw, scope):
    among = draw(st.just(()) | some(scope.milestones))
    states = draw(some(tuple(ask.MilestoneState), most=3))
    least, most = draw(maybe(between(0, 3))), draw(maybe(between(0, 3)))
    share = draw(shares(scope)).bounds if least is most is None else None
    return ask.MilestoneCount(states, among, least, most, share)


@shared
@st.composite
def indicator_tests(draw, scope):
    indicator = draw(among(scope.indicators))
    tests = {
        "value": ranges(),
        "change": ranges(),
        "trend": among(ask.Trend),
    }
    if indicator.target is not None:
        tests["target"] = among(ask.TargetState)
    if indicator.target is not None and indicator.baseline is not None:
        tests["pace"] = paces()
    names = draw(some(sorted(tests)))
    within = draw(maybe(durations(scope)))
    if "pace" in tests and scope.mood == "measured":
        names = ["pace"]
    return ask.IndicatorTest(
        indicator.id, within=within, **{name: draw(tests[name]) for name in names}
    )


@shared
@st.composite
def status_tests(draw, scope):
    other = draw(among((None, *scope.others)))
    tests = {
        "level_at_least": between(0, 3),
        "level_at_most": between(0, 3),
        "activity": some(tuple(Activity)),
        "schedule": some(tuple(Schedule)),
        "standing": some(tuple(Standing)),
        "status": some(tuple(Status), most=4),
        "last_known": some(tuple(Status), most=4),
    }
    names = draw(some(sorted(tests)))
    return ask.StatusTest(other, **{name: draw(tests[name]) for name in names})


@shared
@st.composite
def slips(draw):
    least = draw(maybe(between(0, 2)))
    most = draw(between(0, 2)) if least is None else draw(maybe(between(0, 3)))
    return ask.Slips(least, most)


@shared
@st.composite
def members(draw, scope):
    """Some earlier commitments, or all of a theme, of an agreement or of both."""
    if scope.choices and (not scope.others or draw(either())):
        agreement, theme = draw(among(scope.choices))
        return Members(agreement=agreement, theme=theme)
    keys = draw(st.lists(among(scope.others), min_size=1, max_size=4, unique=True))
    weights = st.just(Decimal(1)) | between(0, 20).map(lambda n: Decimal(n) / 2)
    return Members(tuple((key, draw(weights)) for key in keys))


@shared
def needs():
    """How many of them it takes."""
    percent = between(1, 1000).map(lambda n: Decimal(n) / 10)
    share = percent | among((Decimal(50), Decimal(100)))
    return st.one_of(
        st.just(Needs(every=True)),
        between(1, 3).map(lambda least: Needs(at_least=least)),
        share.map(lambda percent: Needs(share=percent)),
    )


@shared
@st.composite
def commitment_counts(draw, scope):
    test = replace(draw(status_tests(scope)), commitment=None)
    least, most = draw(maybe(between(0, 3))), draw(maybe(between(0, 3)))
    every = least is most is None and draw(either())
    needs = least is most is None and not every
    share = draw(shares(scope)).bounds if needs else None
    return CommitmentCount(draw(members(scope)), test, least, most, share, every)


@shared
def lasting_atoms(scope):
    near = st.builds(ask.Deadline, within=durations(scope)) | st.just(ask.Deadline(passed=True))
    current = near.map(lambda test: replace(test, current=True))
    deadlines = near | near | current | slips().map(lambda asked: ask.Deadline(slips=asked))
    choices = [
        counts(scope),
        st.builds(ask.Silence, durations(scope), maybe(patterns())),
        st.builds(
            ask.Sequence,
            st.lists(patterns(), min_size=2, max_size=3).map(tuple),
            maybe(durations(scope)),
        ),
        deadlines,
        party_counts(scope),
    ]
    choices.append(status_tests(scope))
    if scope.others or scope.choices:
        choices.append(commitment_counts(scope))
    if scope.indicators:
        choices.append(indicator_tests(scope))
    if scope.milestones:
        states = some(tuple(ask.MilestoneState), most=3)
        milestone = among(scope.milestones)
        choices.append(st.builds(ask.MilestoneTest, milestone, states))
        choices.append(
            st.builds(ask.MilestoneTest, milestone, st.just(()) | states, slips(), st.none())
        )
        choices.append(
            st.builds(ask.MilestoneTest, milestone, st.just(()), maybe(slips()), current)
        )
        choices.append(
            st.builds(ask.MilestoneTest, milestone, st.just(()) | states, missed=slips())
        )
        choices.append(milestone_counts(scope))
    anything = st.one_of(choices)
    if scope.mood == "measured" and scope.indicators:
        return mostly(indicator_tests(scope), anything)
    if scope.mood == "of others" and (scope.others or scope.choices):
        return mostly(commitment_counts(scope), anything)
    return anything


@shared
@st.composite
def trees(draw, leaves, depth=2):
    """A leaf, or a small tree of all, any and not."""
    shape = draw(among(("leaf", "leaf", "leaf", "not", "all", "any"))) if depth else "leaf"
    if shape == "leaf":
        return draw(leaves)
    if shape == "not":
        return ask.Not(draw(trees(leaves, depth - 1)))
    parts = tuple(draw(trees(leaves, depth - 1)) for _ in range(draw(between(1, 3))))
    return ask.All(parts) if shape == "all" else ask.Any(parts)


@shared
def on_update():
    return st.builds(ask.OnUpdate, patterns())


@shared
def lasting_conditions(scope):
    return trees(lasting_atoms(scope))


@shared
def instant_conditions(scope):
    """With an update that is not under a `not`, as the language demands."""
    rest = trees(lasting_atoms(scope) | on_update())
    pairs = st.tuples(on_update(), rest)
    return on_update() | pairs.map(ask.All) | pairs.map(ask.Any)
