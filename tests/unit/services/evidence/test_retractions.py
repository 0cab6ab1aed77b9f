"""Taking back in a step: evidence goes and returns, and what was announced is corrected."""

import pytest
from making import (
    advance,
    agreement,
    book,
    commitment,
    day,
    on,
    rule,
    rulebook,
    update,
)
from stepping import RUN, house

from monitor.domain import condition as ask
from monitor.domain.alert import AlertKind
from monitor.domain.assessment import Level

UP = rule("up", on("agreement"), advance(Level.LIMITED))
MORE = rule("more", on("funding"), advance(Level.SUBSTANTIAL))


@pytest.fixture
def there():
    with house(book(UP, MORE)) as made:
        made.step(day(1), options=RUN)
        yield made


def named(name, number, kind="agreement", title="Something", **more):
    return update(number, kind, title, **more)._replace(id=name)


def levels(there, key="g0/c0"):
    with there.store.read() as reader:
        return [
            (round((r.transition.at - day(0)) / 86_400), int(r.transition.after.level))
            for r in reader.transitions([key])
            if r.transition.before is None or r.transition.before.level != r.transition.after.level
        ]


def corrections(report):
    return [alert for alert in report.alerts if alert.kind is AlertKind.CORRECTION]


def test_a_retraction_takes_its_update_out_and_names_it_in_the_correction(there):
    (said,) = there.step(day(12), [named("x", 10)], options=RUN).alerts
    denial = named(
        "r", 20, "statement", "It never happened", url="https://a.example/", retracts="x"
    )
    report = there.step(day(21), [denial], options=RUN)
    assert levels(there) == [(0, 0)]
    (correction,) = corrections(report)
    assert correction.opening == said.id
    assert correction.body["said"]["message"] == said.message
    assert correction.body["holds"] is None
    assert correction.body["changed_by"] == [
        {
            "how": "retraction",
            "id": "r",
            "occurred": "2025-01-21",
            "kind": "statement",
            "title": "It never happened",
            "source": "",
            "url": "https://a.example/",
        }
    ]
    assert correction.message.endswith("; a retraction says so: “It never happened”")
    assert [alert.id for alert in there.alerts()].count(said.id) == 1


def test_what_was_not_announced_is_corrected_silently():
    with house(book(UP)) as there:
        there.step(day(12), [named("x", 10)])
        report = there.step(day(21), [named("r", 20, retracts="x")])
        assert len(report.withdrawn) == 1
        assert report.alerts == ()
        assert levels(there) == [(0, 0)]


def test_a_superseding_update_moves_the_fact_to_its_own_date(there):
    (said,) = there.step(day(12), [named("x", 10)], options=RUN).alerts
    moved = named("s", 8, title="It was two days earlier", supersedes="x")
    report = there.step(day(21), [moved], options=RUN)
    assert levels(there) == [(0, 0), (8, 1)]
    (correction,) = corrections(report)
    assert correction.opening == said.id
    assert correction.body["holds"]["at"] == day(8)
    assert [c["how"] for c in correction.body["changed_by"]] == ["replacement"]


def test_a_late_report_is_named_in_the_correction_it_causes(there):
    (said,) = there.step(day(200), options=RUN).alerts
    report = there.step(day(201), [named("x", 100, title="A body is founded")], options=RUN)
    (correction,) = corrections(report)
    assert correction.opening == said.id
    assert [(c["how"], c["id"]) for c in correction.body["changed_by"]] == [("late", "x")]


def test_a_retraction_waits_for_what_it_takes_back(there):
    report = there.step(day(12), [named("r", 10, retracts="x")], options=RUN)
    assert [claim.hindrance for claim in report.claims] == [
        "that is not known yet; it takes effect when it comes"
    ]
    assert report.unrouted == 0
    assert there.step(day(21), [named("x", 20)], options=RUN).alerts == ()
    assert levels(there) == [(0, 0)]


def test_a_retraction_that_is_retracted_brings_the_fact_back_under_its_first_id(there):
    (said,) = there.step(day(12), [named("x", 10)], options=RUN).alerts
    there.step(day(13), [named("r", 12, retracts="x")], options=RUN)
    report = there.step(day(14), [named("q", 13, title="It did", retracts="r")], options=RUN)
    assert levels(there) == [(0, 0), (10, 1)]
    (again,) = corrections(report)
    assert again.opening == said.id
    found_late = said.message + " [found late]"
    assert again.body["holds"] == {"id": said.id, "at": said.at, "message": found_late}
    assert [c["id"] for c in again.body["changed_by"]] == ["q"]


def test_only_a_source_as_strong_may_take_back(there):
    official = named("x", 10, source="Ministry")
    there.step(day(12), [official], options=RUN)
    report = there.step(day(13), [named("r", 12, source="A blog", retracts="x")], options=RUN)
    assert report.alerts == ()
    (claim,) = report.claims
    assert claim.hindrance is not None
    assert claim.hindrance.startswith("its source is of tier 3, and what is of tier 1 stays")
    there.step(day(14), [named("r2", 13, source="Ministry", retracts="x")], options=RUN)
    assert levels(there) == [(0, 0)]


def test_who_is_strong_enough_is_for_each_agreement_to_say():
    here = agreement(commitment(UP), name="g0")
    elsewhere = agreement(commitment(UP, agreement="g1"), name="g1", sources=())
    with house(rulebook(here, elsewhere)) as there:
        there.step(day(12), [named("x", 10, source="Ministry")], options=RUN)
        there.step(day(13), [named("r", 12, source="A blog", retracts="x")], options=RUN)
        assert levels(there, "g0/c0") == [(0, 0), (10, 1)]
        assert levels(there, "g1/c0") == [(0, 0)]


def test_what_takes_back_a_report_of_the_future_is_in_time(there):
    there.step(day(5), [named("x", 30)], options=RUN)
    there.step(day(6), [named("r", 6, retracts="x")], options=RUN)
    assert day(30) not in {state.due_clock for state in there.states().values()}
    there.step(day(31), options=RUN)
    assert levels(there) == [(0, 0)]


def test_one_that_asks_about_another_is_corrected_with_what_took_the_other_back():
    asks = rule("r", ask.StatusTest("g0/other", level_at_least=1), advance(Level.SUBSTANTIAL))
    pair = agreement(commitment(UP, name="other"), commitment(asks, name="asks"))
    with house(rulebook(pair)) as there:
        there.step(day(1), options=RUN)
        there.step(day(12), [named("x", 10, commitment="other")], options=RUN)
        report = there.step(day(14), [named("r", 13, retracts="x")], options=RUN)
        found = corrections(report)
        assert {alert.commitment for alert in found} == {"g0/other", "g0/asks"}
        assert {c["id"] for alert in found for c in alert.body["changed_by"]} == {"r"}


def test_other_sources_may_make_a_retraction_strong_enough():
    with house(rulebook(agreement(commitment(UP)))) as there:
        there.step(day(12), [named("x", 10, source="The Wire")])
        there.step(day(13), [named("r", 12, source="A blog", retracts="x")])
        assert levels(there) == [(0, 0), (10, 1)]
        there.rules(rulebook(agreement(commitment(UP), sources=())))
        there.step(day(14))
        assert levels(there) == [(0, 0)]
