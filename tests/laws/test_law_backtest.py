"""A backtest says what `run` concludes and sends, cut to a span."""

from drawing import FIRST, SPAN, effort
from drawn_rulebooks import rulebooks
from hypothesis import given
from hypothesis import strategies as st
from ledger import engine_of
from stepping import RUN, house
from strategies import cases, coverages, updates

from monitor.domain.alert import AlertKind
from monitor.domain.time import DAY
from monitor.services.backtest.comparison import compare
from monitor.services.backtest.replay import Span, backtest
from monitor.services.memory import Memory


def memory_of(batches):
    """All that ever arrived, each once, as the store keeps it: the first word counts."""
    known = {u.id: u for batch in reversed(batches) for u in reversed(batch.updates)}
    return Memory(list(known.values()), [row for batch in batches for row in batch.coverage])


@effort(20, 150)
@given(cases())
def test_the_transitions_are_those_that_a_run_leaves_in_a_store(case):
    rulebook, batches = case
    now = batches[-1].now
    with house(rulebook) as there:
        for batch in batches:
            there.feed(batch, RUN)
        stands = there.standing()
    found = backtest(memory_of(batches), engine_of(rulebook), Span(FIRST - 900 * DAY, now), DAY)
    told = {c.commitment.key: [(t.at, t.id) for t in c.transitions] for c in found.courses}
    assert {key: rows for key, rows in told.items() if rows} == stands


@effort(20, 150)
@given(cases(), st.integers(-20, 60), st.integers(0, 90), st.integers(0, 2 * DAY))
def test_the_days_in_all_headlines_sum_to_the_span(case, begin, days, seconds):
    rulebook, batches = case
    first = FIRST + begin * DAY
    span = Span(first, first + days * DAY + seconds)
    found = backtest(memory_of(batches), engine_of(rulebook), span, DAY)
    assert len(found.courses) + len(found.ahead) == len(rulebook.commitments)
    for course in found.courses:
        since = max(span.first, course.commitment.start)
        assert sum(course.seconds.values()) == span.last + 1 - since
        assert course.spells[0].since == since
        assert course.spells[-1].until == span.last + 1
        for one, other in zip(course.spells, course.spells[1:], strict=False):
            assert one.until == other.since
            assert one.status is not other.status
        for spell in course.spells:
            assert spell.since < spell.until
            assert course.at(spell.since).status is spell.status
            assert course.at(spell.until - 1).status is spell.status
    total = sum(sum(course.seconds.values()) for course in found.courses)
    assert sum(found.seconds.values()) == total


def known_from(engine, update):
    return min((at for _, at in engine.route(update)), default=FIRST)


@effort(8, 80)
@given(
    rulebooks(),
    st.lists(updates(), max_size=14, unique_by=lambda u: u.id),
    st.lists(coverages(), max_size=4),
    st.integers(0, 20),
    st.sampled_from((DAY, 7 * DAY, 6 * 3600 + 11)),
)
def test_the_alerts_are_those_of_runs_that_learn_of_everything_when_it_happens(
    rulebook, reports, rows, begin, cadence
):
    first = FIRST + begin * DAY
    span = Span(first, first + SPAN * DAY + 5)
    engine = engine_of(rulebook)
    found = backtest(Memory(reports, rows), engine, span, cadence)
    said = {a.id: (a.at, a.recorded) for course in found.courses for a in course.alerts}
    left = sorted(reports, key=lambda u: known_from(engine, u))
    with house(rulebook) as there:
        coverage, sent = rows, {}
        for now in [*range(span.first, span.last, cadence), span.last]:
            new = [u for u in left if known_from(engine, u) <= now]
            left = left[len(new) :]
            step = there.step(now, [u._replace(recorded=now) for u in new], coverage, RUN)
            coverage = ()
            kinds = {alert.kind for alert in step.alerts}
            assert AlertKind.CORRECTION not in kinds
            assert (AlertKind.SUMMARY in kinds) <= (now == span.first)
            sent |= {a.id: (a.at, now) for a in step.alerts if a.kind is not AlertKind.SUMMARY}
    assert said == sent


@effort(12, 100)
@given(cases())
def test_rules_do_not_differ_from_themselves(case):
    rulebook, batches = case
    span = Span(FIRST, FIRST + SPAN * DAY)
    one, other = (backtest(memory_of(batches), engine_of(rulebook), span, DAY) for _ in range(2))
    assert compare(one, other).differing == []
    assert compare(one, other).alike == len(one.courses)


@effort(12, 100)
@given(rulebooks(), rulebooks(), cases())
def test_the_difference_leads_from_the_one_history_to_the_other(first, second, case):
    span = Span(FIRST, FIRST + SPAN * DAY)
    memory = memory_of(case[1])
    one, other = (backtest(memory, engine_of(book), span, DAY) for book in (first, second))
    found = compare(one, other)

    def said(test, pick):
        return {item.id for course in test.courses for item in getattr(course, pick)}

    for pick in ("transitions", "alerts"):
        gone = {item.id for row in found.differing for item in getattr(row.first, pick)}
        new = {item.id for row in found.differing for item in getattr(row.second, pick)}
        assert gone == said(one, pick) - said(other, pick)
        assert new == said(other, pick) - said(one, pick)
    differs = {row.commitment.key for row in found.differing}
    mine = {course.commitment.key: course for course in one.courses}
    for course in other.courses:
        key = course.commitment.key
        if key not in differs:
            assert mine[key].seconds == course.seconds
