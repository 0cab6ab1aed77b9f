"""A step: evidence and time become transitions and alerts, in one transaction."""

import pytest
from making import (
    advance,
    agreement,
    book,
    commitment,
    day,
    kind,
    looked,
    on,
    rule,
    rulebook,
    update,
)
from stepping import QUIET, RUN, house

from monitor.domain import condition as ask
from monitor.domain.alert import AlertKind
from monitor.domain.assessment import Level, Status
from monitor.domain.commitment import Thresholds
from monitor.domain.time import DAY, parse_occurred

UP = rule("up", on("agreement"), advance(Level.LIMITED))
MORE = rule("more", on("funding"), advance(Level.SUBSTANTIAL))


@pytest.fixture
def there():
    with house(book(UP, MORE)) as made:
        yield made


def history(there, key="g0/c0"):
    with there.store.read() as reader:
        return [
            (r.transition.at, r.transition.after.status, r.transition.after.level)
            for r in reader.transitions([key])
        ]


def test_a_transition_is_dated_by_its_cause_however_late_the_step(there):
    there.step(day(0))
    there.step(day(300), [update(10, "agreement")])
    assert history(there) == [
        (day(0), Status.NOT_STARTED, Level.NONE),
        (day(10), Status.ADVANCING, Level.LIMITED),
        (day(100), Status.ON_TRACK, Level.LIMITED),
        (day(190), Status.STALLED, Level.LIMITED),
    ]


def test_the_same_report_twice_is_one_report(there):
    first = there.step(day(20), [update(10, "agreement")])
    again = there.step(day(21), [update(10, "agreement")])
    assert (first.updates, again.updates, again.duplicates) == (1, 0, 1)
    assert again.transitions == []


def test_a_report_about_nothing_that_is_watched_is_counted_and_kept():
    with house(rulebook(agreement(commitment(UP)))) as there:
        report = there.step(day(5), [update(1, "agreement", agreement="elsewhere")])
        assert (report.updates, report.unrouted) == (1, 1)
        with there.store.read() as reader:
            assert len(list(reader.all_updates())) == 1


def test_a_clock_that_went_back_is_read_as_standing_still(there):
    there.step(day(50))
    report = there.step(day(20), [update(10, "agreement")])
    assert report.now == day(50)


def test_a_step_with_nothing_to_do_touches_nobody(there):
    there.step(day(50))
    assert there.step(day(51)).touched == 0


def test_a_commitment_that_is_due_is_touched_and_no_other():
    slow = commitment(name="slow")
    quick = commitment(name="quick", thresholds=Thresholds(10 * DAY, 20 * DAY, 30 * DAY))
    with house(rulebook(agreement(slow, quick))) as there:
        there.step(day(1))
        report = there.step(day(21))
        assert report.touched == 1
        assert {t.commitment for t in report.transitions} == {"g0/quick"}


def test_a_report_of_the_future_counts_when_its_day_comes(there):
    there.step(day(5), [update(30, "agreement")])
    assert there.step(day(29)).transitions == []
    (found,) = there.step(day(31)).transitions
    assert (found.at, found.after.level) == (day(30), Level.LIMITED)


def test_one_that_asks_about_another_follows_it_within_the_step():
    asks = rule("r", ask.StatusTest("g0/other", level_at_least=1), advance(Level.SUBSTANTIAL))
    with house(
        rulebook(agreement(commitment(UP, name="other"), commitment(asks, name="asks")))
    ) as there:
        there.step(day(1))
        about = update(10, "agreement", commitment="other")
        report = there.step(day(12), [about])
        assert [(t.commitment, t.at, t.after.level) for t in report.transitions] == [
            ("g0/other", day(10), Level.LIMITED),
            ("g0/asks", day(10), Level.SUBSTANTIAL),
        ]


def test_other_rules_derive_the_history_anew(there):
    there.step(day(20), [update(10, "agreement")])
    there.rules(book(rule("up", on("agreement"), advance(Level.SUBSTANTIAL))))
    report = there.step(day(21))
    assert (list(report.transitions), report.rewritten) == ([], 2)
    assert history(there)[-1][2] is Level.SUBSTANTIAL


def test_other_sources_derive_the_history_anew():
    gated = commitment(UP, tier=2)
    with house(rulebook(agreement(gated, sources=()))) as there:
        there.step(day(20), [update(10, "agreement", source="The Wire")])
        assert [level for *_, level in history(there)] == [Level.NONE]
        there.rules(rulebook(agreement(gated)))
        there.step(day(21))
        assert [level for *_, level in history(there)] == [Level.NONE, Level.LIMITED]


def test_a_commitment_that_left_the_rulebook_is_never_due_and_may_return():
    both = rulebook(agreement(commitment(UP), commitment(UP, name="second")))
    one = rulebook(agreement(commitment(UP)))
    with house(both) as there:
        there.step(day(1))
        there.rules(one)
        report = there.step(day(200))
        assert {t.commitment for t in report.transitions} == {"g0/c0"}
        there.rules(both)
        back = there.step(day(201))
        assert back.rewritten == len(history(there, "g0/second")) - 1 > 0
        assert history(there, "g0/second") == history(there, "g0/c0")


def test_another_grace_where_nobody_looks_changes_nothing():
    with house(book(UP, assumed=False)) as there:
        there.step(day(1))
        there.rules(book(UP, assumed=False, grace=3 * DAY))
        assert there.step(day(2)).transitions == []


def test_coverage_that_arrives_late_heals_what_was_no_data():
    with house(book(UP, assumed=False)) as there:
        there.step(day(4), coverage=[looked(None, 5)])
        opened = there.step(day(8))
        assert [t.after.status for t in opened.transitions] == [Status.NO_DATA]
        healed = there.step(day(9), coverage=[looked(5, 10)])
        assert [row.transition.id for row in healed.withdrawn] == [opened.transitions[0].id]
        assert [status for _, status, _ in history(there)] == [Status.NOT_STARTED]


def test_progress_is_told_of_every_hundred():
    many = [commitment(UP, name=f"c{n}") for n in range(250)]
    told = []
    with house(rulebook(agreement(*many))) as there:
        there.step(day(1), options=QUIET._replace(progress=lambda *done: told.append(done)))
    assert told == [(0, 250), (100, 250), (200, 250)]


def test_a_count_that_runs_out_is_found_at_its_instant():
    few = rule("few", ask.Count(kind("delay"), within=10 * DAY, at_least=2), advance(Level.LIMITED))
    with house(book(few)) as there:
        reports = [update(1, "delay", "one"), update(4, "delay", "two")]
        report = there.step(day(30), reports, options=RUN)
        assert [(t.at, t.after.level) for t in report.transitions] == [
            (day(0), Level.NONE),
            (day(4), Level.LIMITED),
        ]
        assert [alert.kind for alert in report.alerts] == [AlertKind.SUMMARY]


def test_a_change_to_overdue_keeps_the_reason_it_was_told_with_when_a_move_is_reported_late():
    """LAW 5: what was said stays as it was said; who asks today is told of the move as well."""
    said = "overdue (deadline 2025-01-10)"
    moved = said[:-1] + ", moved to 2025-03 by Ministry, 1 slip)"
    late = update(5, "delay", source="Ministry", moves_to=parse_occurred("2025-03"))
    with house(book(UP, deadline=parse_occurred("2025-01-10"))) as there:
        there.step(day(12), options=RUN)
        there.step(day(13), [late], options=RUN)
        with there.store.read() as reader:
            told = [t.transition for t in reader.transitions(withdrawn=True)]
        today = there.whole(day(13))["g0/c0"].transitions
    assert [t.id for t in told] == [t.id for t in today]
    assert said in [r.text for t in told for r in t.reasons]
    assert moved in [r.text for t in today for r in t.reasons]


def test_where_somebody_is_always_looking_what_is_due_is_due_by_the_clock():
    with house(book(UP, MORE, assumed=True)) as there:
        there.step(day(20), [update(10, "agreement")])
        (state,) = there.states().values()
        assert (state.due_clock, state.due_watched) == (day(100), None)
        there.rules(book(UP, MORE, assumed=False))
        there.step(day(30), coverage=[looked(0, 30)])
        (state,) = there.states().values()
        assert state.due_watched == day(100)
        there.step(day(99))
        assert [status for _, status, _ in history(there)][-1] is Status.NO_DATA


def test_a_tick_writes_to_two_pages_of_each_commitment_however_far_apart_they_lie():
    """Its state, and its place in the history; everything else is written side by side."""
    touched, pages = 40, {}
    for size in (touched, 100 * touched):
        late = Thresholds(stalled=300 * DAY)
        members = (
            commitment(
                name=f"c{n:04}",
                thresholds=Thresholds() if n % (size // touched) == 0 else late,
            )
            for n in range(size)
        )
        with house(rulebook(agreement(*members))) as there:
            there.step(day(0), options=RUN)
            there.step(day(179), options=RUN)
            wal = there.store.path.with_name("monitor.db-wal")
            with there.store.read() as reader:
                reader.rows("PRAGMA wal_checkpoint(TRUNCATE)")
            assert there.step(day(180), options=RUN).touched == touched
            pages[size] = (
                wal.stat().st_size // 4120
            )  # a page of 4096 bytes, and the head of its frame
    assert pages[100 * touched] < pages[touched] + 2 * touched


def test_what_waits_for_the_same_coverage_is_kept_together_until_an_agreement_has_its_own():
    pair = [
        agreement(commitment(UP, agreement=name), name=name, assumed=False) for name in ("g0", "g1")
    ]
    with house(rulebook(*pair)) as there:
        there.step(day(20), coverage=[looked(0, 300)], options=RUN)
        assert {state.watch for state in there.states().values()} == {""}
        there.step(day(21), coverage=[looked(0, 400, agreement="g1")], options=RUN)
        assert [state.watch for state in there.states().values()] == ["", "g1"]
