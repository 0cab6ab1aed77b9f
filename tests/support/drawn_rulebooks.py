"""Random agreements, as authors write them and as the loader makes them."""

import hashlib
from dataclasses import replace
from decimal import Decimal

from drawing import (
    FIRST,
    GROUPS,
    INDICATORS,
    MILESTONES,
    PARTIES,
    THEMES,
    TOPICS,
    WEIGHED,
    ZONES,
    among,
    between,
    either,
    maybe,
    numbers,
    shared,
    subsets,
)
from drawn_conditions import (
    Scope,
    durations,
    instant_conditions,
    lasting_conditions,
    members,
    needs,
    on_update,
    patterns,
    trees,
)
from drawn_dates import dates, dues, moved, recurrences
from hypothesis import strategies as st

from monitor.domain.assessment import Level
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
    Superseded,
    Thresholds,
    Weights,
)
from monitor.domain.location import Location
from monitor.domain.statuses import PerParty, RollUp
from monitor.domain.time import DAY, parse_occurred
from monitor.language.generated import roll_up_rules
from monitor.language.members import resolved
from monitor.language.parts import unhurried

PARTIES_OF = (WEIGHED, PARTIES, ("KR",), ())


@shared
def conclusions():
    advance = among(tuple(Level)[1:])
    setback = among(tuple(Level)[:3])
    return st.one_of(
        advance.map(lambda level: Conclusion(ConclusionKind.ADVANCE, level)),
        advance.map(lambda level: Conclusion(ConclusionKind.ADVANCE, level)),
        setback.map(lambda level: Conclusion(ConclusionKind.SETBACK, level)),
        among(
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


@shared
@st.composite
def rules(draw, scope, number):
    then = draw(conclusions())
    where = Location("rules/some.yaml", 10 + number, 7)
    about = {"severity": draw(maybe(among(Severity))), "where": where}
    if draw(either()):
        about |= {"message": "{title}: {rule} since {since}", "labels": (("rule", str(number)),)}
    if then.kind is ConclusionKind.IGNORE:
        return Rule(f"r{number}", draw(trees(on_update())), then, **about)
    hold, recover, dwell = 0, None, 0
    if draw(between(0, 2)) == 0 if scope.mood in ("measured", "of others") else draw(either()):
        when = draw(instant_conditions(scope))
    else:
        when = draw(lasting_conditions(scope))
        hold = draw(st.just(0) | durations(scope, most=20))
    if then.kind not in EVENTS:
        recover = draw(maybe(lasting_conditions(scope) | instant_conditions(scope)))
        dwell = draw(st.just(0) | durations(scope, most=20))
    return Rule(f"r{number}", when, then, hold=hold, dwell=dwell, recover=recover, **about)


@shared
@st.composite
def thresholds(draw, coarse):
    scope = Scope(coarse=coarse)
    quiet, stalled, dormant = sorted(
        draw(st.tuples(durations(scope), durations(scope), durations(scope)))
    )
    due_soon = draw(durations(scope, most=20))
    dwell = draw(among((0, 0, 0, 1))) and draw(durations(scope, most=20))
    return Thresholds(quiet, stalled, dormant, due_soon, dwell)


@shared
@st.composite
def indicators(draw, zone, coarse, mood):
    if mood == "measured":
        return (draw(lines(zone, coarse)),)
    return tuple(
        Indicator(
            name,
            name,
            baseline=draw(maybe(numbers())),
            target=draw(maybe(numbers())),
            at_most=draw(either()),
            baseline_date=draw(maybe(dates(zone, coarse))),
            target_date=draw(maybe(dates(zone, coarse))),
        )
        for name in draw(subsets(INDICATORS))
    )


@shared
@st.composite
def lines(draw, zone, coarse):
    """A series whose straight line leads somewhere while the case lasts."""
    begin, end = draw(dates(zone, coarse, high=5)), draw(dates(zone, coarse, low=10))
    baseline, way = Decimal(draw(between(0, 1))), Decimal(draw(between(10, 30))) / 10
    way *= draw(among((1, 1, -1)))
    ends = {"baseline": baseline, "target": baseline + way, "at_most": way < 0}
    return Indicator(INDICATORS[0], "", baseline_date=begin, target_date=end, **ends)


@shared
@st.composite
def milestones(draw, zone, coarse):
    names = draw(subsets(MILESTONES))
    made = []
    for name in names:
        again = draw(maybe(recurrences(coarse)))
        waits = [m.id for m in made if m.recurs is None]
        due = None if again else draw(maybe(dues(zone, coarse, tuple(waits))))
        done, moves = draw(maybe(patterns())), draw(moved(zone, coarse))
        made.append(Milestone(name, name, due, done, moves, again))
    return tuple(made)


@shared
@st.composite
def weighed(draw):
    each = between(0, 20).map(lambda n: Decimal(n) / 2)
    return Weights(
        "emissions",
        tuple((party, draw(each)) for party in WEIGHED[draw(between(0, 1)) :]),
        draw(maybe(among((Decimal(30),)))),
    )


@st.composite
def commitments(draw, agreement, zone, number, others, choices, *, coarse, mood):
    """As an author writes one: of what is made of others, and of one per party, no rule yet."""
    series, steps = draw(indicators(zone, coarse, mood)), draw(milestones(zone, coarse))
    once = tuple(m.id for m in steps if m.recurs is None)
    parties = draw(among((WEIGHED, PARTIES) if mood == "by party" else PARTIES_OF))
    weights = draw(weighed())
    scope = Scope(series, tuple(m.id for m in steps), others, (weights,), choices, coarse, mood)
    identity = f"c{number}"
    topics = draw(among(((), TOPICS, TOPICS[:1], TOPICS[1:])))
    usual = draw(between(0, 9))
    limits = draw(thresholds(coarse))
    roll_up = per_party = None
    least = 0 if mood == "anything" else 2
    made = draw(among(("alone", "alone", "alone", "of others", "per party", mood)))
    if made == "of others" and (others or choices):
        roll_up = RollUp(draw(members(scope)), draw(needs()))
        limits = draw(among((limits, unhurried(limits))))
    elif made in ("per party", "by party") and parties:
        asked = draw(needs())
        of = None if asked.share is None else draw(among((None, "emissions")))
        per_party = PerParty(asked, of)
    return Commitment(
        key=f"{agreement}/{identity}",
        id=identity,
        agreement=agreement,
        title=f"Promise {number}",
        quote="they promise",
        start=FIRST + (0 if coarse or usual else 1234) + draw(between(0, 5)) * DAY,
        zone=zone,
        about=About(topics, draw(maybe(patterns())) if usual > 7 else None),
        rules=tuple(draw(rules(scope, i)) for i in range(draw(between(least, 4)))),
        theme=draw(among((None, *THEMES))),
        rated=usual != 6,
        tier=draw(among((2, 2, 3, 1))),
        thresholds=limits,
        deadline=draw(maybe(dues(zone, coarse, tuple(once)))),
        moved=draw(moved(zone, coarse)),
        milestones=steps,
        indicators=series,
        parties=parties,
        weights=(weights,),
        roll_up=roll_up,
        per_party=per_party,
        superseded=draw(st.builds(Superseded, dates(zone, coarse, low=5), st.just("a successor")))
        if usual == 5
        else None,
        labels=(("desk", "asia"),),
    )


def keys_of(commitment):
    """The keys under which a commitment is assessed: its own, and its parties' parts."""
    parties = commitment.parties if commitment.per_party else ()
    return [commitment.key, *(f"{commitment.key}@{party.lower()}" for party in parties)]


def choices_of(made, inside, *, last):
    """(agreement, theme) of which somebody can be chosen.

    Of the agreement itself only the last commitment chooses: nobody may ask in a circle.
    """
    found = [(a.id, c.theme) for a in made for c in a.commitments if c.rated]
    found += [(name, None) for name, _ in found]
    if last:
        found += [("", c.theme) for c in inside if c.rated and c.theme is not None]
    return tuple(sorted(set(found), key=repr))


@st.composite
def drafts(draw, *, coarse=False, agreements=2, most=3, mood="anything"):
    """One or two agreements as authors write them; later commitments may ask about earlier ones."""
    made = []
    keys = []
    for number in range(draw(between(1, agreements))):
        name = f"g{number}"
        zone = "UTC" if coarse else draw(among(ZONES))
        inside = []
        count = draw(between(min(most, 1 + (mood == "of others")), most))
        for index in range(count):
            choices = choices_of(made, inside, last=index == count - 1)
            options = {"coarse": coarse, "mood": mood}
            inside.append(draw(commitments(name, zone, index, tuple(keys), choices, **options)))
            keys += keys_of(inside[-1])
        grace = draw(among((0, 0, DAY, 3 * DAY)))
        policy = CoveragePolicy(assumed=draw(either()), grace=grace)
        made.append(
            Agreement(
                name,
                f"Summit {number}",
                parse_occurred("2025-01-01"),
                zone,
                tuple(inside),
                sources=draw(among((GROUPS, GROUPS, GROUPS[:1], ()))),
                coverage=policy,
            )
        )
    return tuple(made)


def rulebooks(**options):
    return drafts(**options).map(loaded)


def loaded(agreements):
    """The rulebook that the loader makes of agreements as they are written."""
    made = []
    for agreement in agreements:
        inside = tuple(
            c
            if c.roll_up is None
            else replace(c, rules=(*roll_up_rules(c.roll_up, c.where), *c.rules))
            for c in agreement.commitments
        )
        made.append(replace(agreement, commitments=inside))
    return hashed(resolved(made))


def hashed(agreements):
    """A rulebook whose hash follows its meaning, as the loader's does."""
    digest = hashlib.blake2b(repr(agreements).encode(), digest_size=8).hexdigest()
    return Rulebook(agreements, digest)
