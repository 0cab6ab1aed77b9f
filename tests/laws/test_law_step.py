"""LAWS 1 to 5 through `take_step` on a real database."""

import json

from drawing import FIRST, effort
from drawn_rulebooks import rulebooks
from dying import Dying, Killed
from hypothesis import given
from hypothesis import strategies as st
from stepping import RUN, house, ids
from strategies import Batch, arrivals, cases

from monitor.domain.time import DAY, LATEST
from monitor.services.views.standing import standings
from monitor.services.views.view import View


def agrees(there, now):
    """What stands is what one derivation from nothing says; and no commitment is due too late."""
    whole = there.whole(now)
    assert there.standing() == ids(whole)
    assumed = {a.id for a in there.engine.rulebook.agreements if a.coverage.assumed}
    for key, state in there.states().items():
        derivation = whole[key]
        assert json.loads(state.standing) == json.loads(json.dumps(derivation.standing.assessment))
        if state.agreement in assumed:
            both = [
                due for due in (derivation.due_clock, derivation.due_watched) if due is not None
            ]
            assert state.due_watched is None
            assert (state.due_clock is None) == (not both)
            assert state.due_clock is None or state.due_clock <= min(both)
            continue
        assert state.due_clock == derivation.due_clock
        if derivation.due_watched is not None:
            # too early is safe: coverage may have a gap that was not known then
            assert state.due_watched is not None
            assert state.due_watched <= derivation.due_watched


@effort(15, 150)
@given(cases())
def test_steps_leave_what_one_derivation_from_nothing_leaves(case):
    rulebook, batches = case
    with house(rulebook) as there:
        for batch in batches:
            there.feed(batch)
        agrees(there, batches[-1].now)


@effort(12, 100)
@given(rulebooks(), rulebooks(), arrivals(), st.data())
def test_a_rulebook_changed_in_between_leaves_the_histories_of_the_last_one(
    first, second, batches, data
):
    turn = data.draw(st.integers(0, len(batches) - 1))
    with house(first) as there:
        for number, batch in enumerate(batches):
            if number == turn:
                there.rules(second)
            there.feed(batch, RUN)
        agrees(there, batches[-1].now)


@effort(12, 100)
@given(cases(), st.data())
def test_many_small_steps_find_what_one_step_at_the_end_finds(case, data):
    rulebook, batches = case
    end = batches[-1].now + data.draw(st.integers(0, 60)) * DAY + 1
    with house(rulebook) as often, house(rulebook) as once:
        for batch, after in zip(batches, [*(b.now for b in batches[1:]), end], strict=True):
            often.feed(batch)
            for now in instants(often, batch.now, after, data):
                often.step(now)
        often.step(end)
        once.step(
            end, [u for b in batches for u in b.updates], [c for b in batches for c in b.coverage]
        )
        assert often.standing() == once.standing()
        agrees(often, end)


@effort(5, 30)
@given(cases(most=2), st.integers(0, 10**6))
def test_every_minute_of_an_hour_every_day_or_once_gives_the_same_transitions_and_ids(case, pick):
    """LAW 2 by its word. The hour is one in which something turns, where anything does."""
    rulebook, batches = case
    end = batches[-1].now + 40 * DAY
    with house(rulebook) as often, house(rulebook) as once:
        for batch, after in zip(batches, [*(b.now for b in batches[1:]), end], strict=True):
            often.feed(batch)
            days = list(range(batch.now + DAY, after, DAY))
            dues = [due for s in often.states().values() for due in (s.due_clock, s.due_watched)]
            dues = [due for due in dues if due is not None and batch.now < due < after]
            begin = dues[pick % len(dues)] - 1800 if dues else batch.now + 60
            minutes = [m for m in range(begin, begin + 3600, 60) if batch.now < m < after]
            for now in sorted({*days, *minutes}):
                often.step(now)
        often.step(end)
        once.step(
            end, [u for b in batches for u in b.updates], [c for b in batches for c in b.coverage]
        )
        assert often.standing() == once.standing()


def instants(there, since, until, data):
    """Instants between two steps: a few of any kind, and those at which something is due."""
    asked = data.draw(st.lists(st.integers(since, max(since, until)), max_size=3))
    dues = [
        d for s in there.states().values() for d in (s.due_clock, s.due_watched) if d is not None
    ]
    asked += [due + offset for due in dues for offset in (-1, 0, 1)]
    return sorted(i for i in set(asked) if since < i < until)


@effort(10, 80)
@given(cases(), st.data())
def test_what_came_later_does_not_change_what_was_known_before(case, data):
    """LAW 5: a store that was fed only what was recorded by k shows what `known_at=k` shows."""
    rulebook, batches = case
    turn = data.draw(st.integers(0, len(batches) - 1))
    known_at = batches[turn].now
    early = [b for b in batches if b.now <= known_at]
    with house(rulebook) as full, house(rulebook) as fresh:
        for batch in early:
            fresh.feed(batch)
        for batch in batches:
            full.feed(batch)
        with full.store.read() as reader, fresh.store.read() as other:
            assert list(reader.all_updates(known_at)) == list(other.all_updates())
            assert list(reader.coverage(known_at)) == list(other.coverage())
            stood = reader.transitions(known_at=known_at)
            assert [(r.transition, r.recorded) for r in stood] == [
                (r.transition, r.recorded) for r in other.transitions()
            ]


@effort(10, 80)
@given(cases(), st.data())
def test_a_view_with_old_knowledge_is_that_of_a_store_that_knew_no_more(case, data):
    """LAW 5, of the assessment itself: late, superseding and retracting updates included."""
    rulebook, batches = case
    turn = data.draw(st.integers(0, len(batches) - 1))
    known_at = batches[turn].now
    as_of = known_at + data.draw(st.integers(-40, 40)) * DAY
    view = View(as_of, known_at)
    with house(rulebook) as full, house(rulebook) as fresh:
        for batch in batches:
            full.feed(batch)
            if batch.now <= known_at:
                fresh.feed(batch)
        with full.store.read() as reader, fresh.store.read() as other:
            assert standings(reader, full.engine, view) == standings(other, fresh.engine, view)
            unknown = View(as_of, LATEST)
            assert standings(other, fresh.engine, unknown) == standings(other, fresh.engine, view)


def contents(there):
    with there.store.read() as reader:
        return (
            reader.counts(),
            reader.states(),
            reader.transitions(withdrawn=True),
            reader.alerts(),
            reader.deliveries(),
            [reader.meta(key) for key in ("now", "rules", "watch")],
        )


@effort(12, 100)
@given(cases(), st.data())
def test_a_step_that_dies_leaves_nothing_and_its_rerun_gives_the_same(case, data):
    """LAW 4."""
    rulebook, batches = case
    turn = data.draw(st.integers(0, len(batches) - 1))
    with house(rulebook) as there, house(rulebook) as unhurt:
        for number, batch in enumerate(batches):
            if number == turn:
                before = contents(there)
                try:
                    left = data.draw(st.integers(0, 25))
                    there.step(
                        batch.now,
                        batch.updates,
                        batch.coverage,
                        RUN,
                        wrap=lambda writer, left=left: Dying(writer, left),
                    )
                except Killed:
                    assert contents(there) == before
            there.feed(batch, RUN)
            unhurt.feed(batch, RUN)
        assert contents(there)[1:] == contents(unhurt)[1:]


@effort(8, 50)
@given(rulebooks(), st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_an_empty_world_goes_on_alike_however_often_it_is_looked_at(rulebook, gaps):
    end = FIRST + (sum(gaps) + 1) * DAY
    with house(rulebook) as often, house(rulebook) as once:
        now = FIRST - 5 * DAY
        for gap in gaps:
            now += gap * DAY
            often.feed(Batch(now, (), ()))
        often.step(end)
        once.step(end)
        assert often.standing() == once.standing()
