"""LAWS 1, 2 and 3 where rules ask about other commitments: what is kept makes no difference.

A commitment with many reports is asked about by a second one, and both by a third. Reports come
late, or are taken back, about any of them, so that askers go on from their checkpoints.
"""

from dataclasses import replace

from drawing import FIRST, SPAN, effort
from drawn_conditions import Scope, commitment_counts, durations, status_tests
from drawn_rulebooks import commitments, drafts, loaded
from hypothesis import given
from hypothesis import strategies as st
from ledger import agree_at_every_step
from stepping import RUN, house, ids
from strategies import Batch, coverages, takers, updates

from monitor.domain.commitment import Conclusion, ConclusionKind, Rule
from monitor.domain.condition import Not
from monitor.domain.time import DAY


@st.composite
def asking_rules(draw, others, number):
    """A rule about one of the others, or about how many of them stand so."""
    scope = Scope(others=others)
    one = status_tests(scope).map(lambda t: t if t.commitment else replace(t, commitment=others[0]))
    when = draw(one | commitment_counts(scope))
    kind = draw(st.sampled_from((ConclusionKind.AT_RISK, ConclusionKind.STALLED)))
    return Rule(
        f"asks{number}",
        draw(st.sampled_from((when, Not(when)))),
        Conclusion(kind, reason="so the others stand"),
        hold=draw(st.just(0) | durations(scope, most=20)),
        dwell=draw(st.just(0) | durations(scope, most=20)),
    )


@st.composite
def asking_books(draw):
    """One agreement as it is written: the first commitment is asked about by the second, both by the third."""
    (agreement,) = draw(drafts(agreements=1, most=1))
    made = [replace(agreement.commitments[0], rated=True)]
    for number in (1, 2):
        others = tuple(c.key for c in made)
        place = (agreement.id, agreement.zone, number)
        bare = draw(commitments(*place, others, (), coarse=False, mood="anything"))
        own = tuple(draw(asking_rules(others, n)) for n in range(draw(st.integers(1, 2))))
        made.append(replace(bare, rated=True, rules=(*own, *bare.rules)))
    return replace(agreement, commitments=tuple(made))


@st.composite
def asking_cases(draw):
    """(rulebook, batches): many reports in order, then single ones that come late."""
    agreement = draw(asking_books())
    keys = [c.key for c in agreement.commitments]
    found = draw(st.lists(updates(), min_size=12, max_size=30, unique_by=lambda u: u.id))
    to = st.sampled_from((keys[0], keys[0], keys[0], keys[1], keys[2]))
    reports = [u._replace(commitment=draw(to), agreement=None) for u in found]
    reports.sort(key=lambda u: u.occurred.start(agreement.zone))
    late = draw(st.lists(st.integers(0, len(reports) - 1), min_size=1, max_size=4, unique=True))
    kept = [u for number, u in enumerate(reports) if number not in late]
    extra = [(u,) for number, u in enumerate(reports) if number in late]
    extra += [(u,) for u in draw(takers(tuple(u.id for u in reports)))]
    third = -(-len(kept) // 3)
    parts = [tuple(kept[n : n + third]) for n in range(0, len(kept), third)]
    rows = draw(st.lists(coverages(), max_size=3))
    spots = [draw(st.integers(0, len(parts) + len(extra) - 1)) for _ in rows]
    now, batches = FIRST + draw(st.integers(SPAN // 2, SPAN)) * DAY, []
    for number, part in enumerate([*parts, *extra]):
        now += draw(st.integers(0, 9)) * DAY
        known = tuple(u._replace(recorded=now) for u in part)
        spans = tuple(
            c._replace(recorded=now) for c, s in zip(rows, spots, strict=True) if s == number
        )
        batches.append(Batch(now, known, spans))
    return loaded((agreement,)), tuple(batches)


@effort(20, 380)
@given(asking_cases())
def test_an_asker_goes_on_from_a_checkpoint_and_ends_where_one_pass_from_nothing_ends(case):
    agree_at_every_step(*case)


@effort(10, 150)
@given(asking_cases(), st.data())
def test_steps_that_touch_only_what_has_news_leave_what_one_pass_from_nothing_leaves(case, data):
    rulebook, batches = case
    end = batches[-1].now + data.draw(st.integers(0, 60)) * DAY + 1
    with house(rulebook) as there, house(rulebook) as once:
        for batch in batches:
            there.feed(batch, RUN)
            assert there.standing() == ids(there.whole(batch.now))
        there.step(end)
        once.step(
            end, [u for b in batches for u in b.updates], [c for b in batches for c in b.coverage]
        )
        assert there.standing() == once.standing() == ids(there.whole(end))
