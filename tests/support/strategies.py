"""Random rulebooks, reports and coverage, as domain values (hypothesis).

Durations and dates are whole days where `coarse` is asked for (the oracle of the laws looks at
every day), else any seconds.
"""

from dataclasses import dataclass

from drawing import (
    FIRST,
    INDICATORS,
    KINDS,
    MILESTONES,
    MOODS,
    NAMED,
    SOURCES,
    SPAN,
    TEXTS,
    TOPICS,
    URLS,
    ZONES,
    among,
    between,
    maybe,
    numbers,
    shared,
    some,
)
from drawn_dates import dates
from drawn_rulebooks import drafts, loaded, rulebooks
from hypothesis import strategies as st

from monitor.domain.coverage import Coverage
from monitor.domain.time import DAY
from monitor.domain.update import Update, content_id


@shared
@st.composite
def updates(draw, *, coarse=False, mood="anything"):
    """One report; `recorded` is set by whoever feeds it. In most moods it is heard by many."""
    kind = draw(among(KINDS))
    loud = mood != "anything"
    indicator = INDICATORS[0] if mood == "measured" else draw(maybe(among(INDICATORS)))
    value = draw(numbers()) if indicator or kind == "measurement" else None
    value = abs(value) if mood == "measured" else value
    bare = Update(
        id="",
        occurred=draw(dates(draw(among(ZONES)), coarse)),
        recorded=0,
        kind=kind,
        title=f"{draw(among(TEXTS))} {draw(between(0, 9))}",
        topics=TOPICS if loud else tuple(sorted(draw(some(TOPICS)))),
        parties=draw(among(((), ("JP",), ("KR",), ("JP", "KR")))),
        source=draw(among(SOURCES[:2] if loud else SOURCES)),
        url=draw(among(URLS)),
        text=draw(among(TEXTS)),
        agreement=draw(among((None, None, None, "g0", None if loud else "g1"))),
        commitment=draw(among((*[None] * 6 * (1 + loud), *NAMED))),
        milestone=draw(among((None, None, *MILESTONES))),
        indicator=indicator,
        value=value,
        moves_to=draw(dates("UTC", coarse, low=1)) if draw(between(0, 3)) == 0 else None,
    )
    return bare._replace(id=content_id(bare))


@shared
@st.composite
def coverages(draw, *, coarse=False):
    """One row of coverage, for one agreement or all; `recorded` is set by whoever feeds it."""
    step = DAY if coarse else draw(among((DAY, 3600)))
    since = draw(maybe(between(-5, SPAN)))
    length = draw(between(0, SPAN))
    begin = FIRST if since is None else FIRST + since * DAY
    return Coverage(
        draw(among(("feed", "wire"))),
        None if since is None else begin,
        begin + length * step,
        0,
        draw(among((None, "g0", "g1"))),
    )


@st.composite
def takers(draw, known, *, coarse=False, mood="anything"):
    """Reports that retract or supersede known ones, each other, or one that never comes.

    They have names of their own, since a name made of the content cannot be part of a circle.
    """
    names = [f"k{n}" for n in range(draw(among((0, 0, 1, 2, 3, 5))))]
    made = []
    for name in names:
        chosen = st.sampled_from([i for i in (*known, *names, "never") if i != name])
        bare = draw(updates(coarse=coarse, mood=mood))._replace(id=name)
        how = draw(among(("retracts", "supersedes", "supersedes", "both")))
        if how != "supersedes":
            bare = bare._replace(retracts=draw(chosen))
        if how != "retracts":
            bare = bare._replace(supersedes=draw(chosen))
        made.append(bare)
    return made


@dataclass(frozen=True)
class Batch:
    """What one step is given, and when."""

    now: int
    updates: tuple
    coverage: tuple


@st.composite
def arrivals(draw, *, coarse=False, most=8, mood="anything"):
    """Batches with growing `now`: late, shuffled and repeated reports, coverage row by row.

    A batch may hold reports of its future, and coverage that reaches into it. Some reports take
    others back: known ones, ones that come later or never, one another, and each other in a circle.
    """
    least = 0 if mood == "anything" else 6
    reports = draw(st.lists(updates(coarse=coarse, mood=mood), min_size=least, max_size=14))
    reports += draw(takers(tuple(u.id for u in reports), coarse=coarse, mood=mood))
    rows = draw(st.lists(coverages(coarse=coarse), max_size=5))
    count = draw(between(1, most))
    unit = DAY if coarse else draw(among((DAY, 7 * 3600 + 11)))
    steps = draw(st.lists(between(0, 20), min_size=count, max_size=count))
    whole = draw(among((0, 0, 1)))
    batches = []
    now = FIRST - 2 * DAY
    places = [draw(between(0, count - 1)) for _ in reports]
    again = [draw(between(0, 3 * count)) for _ in reports]
    spots = [draw(between(0, count - 1)) for _ in rows]
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
    commitment = agreement.commitments[0]
    about = st.lists(updates(), min_size=12, max_size=30, unique_by=lambda u: u.id)
    reports = [u._replace(commitment=commitment.key, agreement=None) for u in draw(about)]
    reports.sort(key=lambda u: u.occurred.start(agreement.zone))
    late = draw(st.lists(between(0, len(reports) - 1), min_size=1, max_size=4, unique=True))
    kept = [u for number, u in enumerate(reports) if number not in late]
    extra = [(u,) for number, u in enumerate(reports) if number in late]
    extra += [(u,) for u in draw(takers(tuple(u.id for u in reports)))]
    third = -(-len(kept) // 3)
    parts = [tuple(kept[n : n + third]) for n in range(0, len(kept), third)]
    rows = draw(st.lists(coverages(), max_size=2))
    now, batches = FIRST + SPAN * DAY, []
    for number, part in enumerate([*parts, *extra]):
        now += draw(between(0, 5)) * DAY
        known = tuple(u._replace(recorded=now) for u in part)
        spans = tuple(c._replace(recorded=now) for c in rows) if number == 0 else ()
        batches.append(Batch(now, known, spans))
    return rulebook, tuple(batches)


@st.composite
def written(draw, **options):
    """(agreements as authors write them, batches), both in one mood."""
    mood, coarse = draw(among(MOODS)), options.get("coarse", False)
    return draw(drafts(mood=mood, **options)), draw(arrivals(coarse=coarse, mood=mood))


def cases(**options):
    """(rulebook, batches)."""
    return written(**options).map(lambda case: (loaded(case[0]), case[1]))
