"""What is said of a step's transitions, once; and what is said when the past was otherwise."""

import pytest
from making import (
    AT_RISK,
    advance,
    book,
    day,
    kind,
    looked,
    on,
    rule,
    setback,
    update,
)
from stepping import RUN, house

from monitor.domain import condition as ask
from monitor.domain.alert import AlertKind, Phase
from monitor.domain.assessment import Level
from monitor.domain.commitment import Severity

UP = rule("up", on("agreement"), advance(Level.LIMITED))
MORE = rule("more", on("funding"), advance(Level.SUBSTANTIAL))
RISK = rule("risk", on("dispute"), AT_RISK, severity=Severity.CRITICAL, labels=(("team", "b"),))


@pytest.fixture
def there():
    with house(book(UP, MORE, RISK, labels=(("desk", "asia"),))) as made:
        made.step(day(1), options=RUN)
        yield made


def told(report):
    return [(a.kind, a.phase, a.at) for a in report.alerts]


def test_the_first_run_says_where_things_stand_in_one_summary():
    with house(book(UP)) as there:
        report = there.step(day(300), [update(10, "agreement")], options=RUN)
        (summary,) = report.alerts
        assert summary.kind is AlertKind.SUMMARY
        assert summary.message == "Summit: 1 commitment watched: 1 stalled"
        assert summary.body["commitments"][0]["since"] == "2025-07-10"


def test_without_introduction_nothing_is_said_at_all():
    with house(book(UP)) as there:
        assert there.step(day(300), [update(10, "agreement")]).alerts == ()


def test_a_younger_past_is_told_one_by_one_when_asked_for_also_where_it_was_recorded_before():
    with house(book(UP)) as there:
        there.step(day(50), [update(10, "agreement"), update(40, "agreement", "again")])
        report = there.step(day(230), options=RUN._replace(announce_since=day(20)))
        assert told(report) == [
            (AlertKind.STALLED, Phase.OPENED, day(220)),
            (AlertKind.SUMMARY, Phase.ONCE, day(230)),
        ]
    with house(book(UP)) as there:
        there.step(day(50), [update(10, "agreement")])
        report = there.step(day(51), options=RUN._replace(announce_since=day(5)))
        assert told(report)[0] == (AlertKind.ADVANCED, Phase.ONCE, day(10))


def test_what_the_summary_told_is_no_news_when_a_late_report_gives_it_another_reason():
    """It stalls on the same day, after its first advance instead of its start."""
    with house(book(UP)) as there:
        there.step(day(200), options=RUN)
        report = there.step(day(201), [update(0, "agreement")], options=RUN)
        assert told(report) == [(AlertKind.ADVANCED, Phase.ONCE, day(0))]
        (again,) = there.step(day(203), [update(202, "agreement", "at last")], options=RUN).alerts
        assert (again.kind, again.phase) == (AlertKind.STALLED, Phase.RESOLVED)


@pytest.mark.parametrize("days", [(200, 301), (300,)], ids=["told", "summed up"])
def test_a_beginning_that_moves_is_not_told_after_its_end(days):
    """Nobody would ever be told that it is over: its end was told, or summed up, before."""
    with house(book(UP)) as there:
        for now in days:
            reports = [update(202, "agreement", "at last")] if now == days[-1] else []
            there.step(day(now), reports, options=RUN)
        report = there.step(day(302), [update(5, "agreement", "early")], options=RUN)
        assert {(a.kind, a.phase) for a in report.alerts} <= {
            (AlertKind.ADVANCED, Phase.ONCE),
            (AlertKind.CORRECTION, Phase.ONCE),
        }
        moved = "was not stalled since 2025-06-30, as was said, but stalled since 2025-07-05"
        assert any(moved in a.message for a in report.alerts) is (days == (200, 301))
        again = there.step(day(400), options=RUN)
        assert told(again) == [(AlertKind.STALLED, Phase.OPENED, day(382))]


def test_a_past_that_nobody_was_told_of_is_corrected_silently():
    with house(book(UP, MORE)) as there:
        there.step(day(300), [update(202, "agreement", "at last")], options=RUN)
        assert there.step(day(305), [update(195, "agreement", "early")], options=RUN).alerts == ()
        report = there.step(day(306), [update(100, "funding", "money")], options=RUN)
        assert (AlertKind.ADVANCED, Phase.ONCE, day(100)) in told(report)


def test_what_began_before_its_end_was_told_is_not_told_after_it():
    """It was at risk from its start, which is no beginning; a late report lets it begin."""
    down = rule("down", on("dispute"), setback(Level.NONE))
    risk = rule("risk", ask.StatusTest(level_at_most=0), AT_RISK)
    with house(book(UP, down, risk)) as there:
        there.step(day(10), options=RUN)
        report = there.step(day(21), [update(20, "agreement")], options=RUN)
        assert (AlertKind.AT_RISK, Phase.RESOLVED, day(20)) in told(report)
        late = [update(0, "agreement", "at once"), update(5, "dispute")]
        report = there.step(day(22), late, options=RUN)
        kinds = {(kind, phase) for kind, phase, _ in told(report)}
        assert (AlertKind.SETBACK, Phase.ONCE) in kinds
        assert (AlertKind.AT_RISK, Phase.OPENED) not in kinds


def test_a_beginning_found_late_with_its_end_is_told_with_it(there):
    there.step(day(20), [update(15, "agreement")], options=RUN)
    report = there.step(day(21), [update(5, "dispute")], options=RUN)
    assert told(report) == [
        (AlertKind.AT_RISK, Phase.OPENED, day(5)),
        (AlertKind.AT_RISK, Phase.RESOLVED, day(15)),
    ]


def test_an_advance_is_told_once_with_what_it_rests_on(there):
    evidence = update(
        10, "agreement", "A body is founded", source="Ministry", url="https://x.example/"
    )
    report = there.step(day(12), [evidence], options=RUN)
    (alert,) = report.alerts
    assert (alert.kind, alert.phase, alert.at, alert.found_late) == (
        AlertKind.ADVANCED,
        Phase.ONCE,
        day(10),
        False,
    )
    assert alert.message == "Promise c0: advanced to limited (advanced to limited), 2025-01-11"
    (reason,) = alert.body["reasons"]
    assert reason["where"] == "rules/some.yaml:12:7"
    assert reason["updates"] == [
        {
            "id": evidence.id,
            "occurred": "2025-01-11",
            "kind": "agreement",
            "title": "A body is founded",
            "source": "Ministry",
            "url": "https://x.example/",
        }
    ]


def test_what_is_found_after_a_later_step_says_that_it_was_found_late(there):
    there.step(day(50), options=RUN)
    (alert,) = there.step(day(51), [update(10, "agreement")], options=RUN).alerts
    assert alert.found_late
    assert alert.message.endswith("[found late]")


def test_a_rule_gives_its_severity_and_labels_and_good_news_is_only_information(there):
    (risk,) = there.step(day(12), [update(10, "dispute")], options=RUN).alerts
    assert (risk.severity, risk.labels) == ("critical", (("desk", "asia"), ("team", "b")))
    good = there.step(day(22), [update(20, "agreement")], options=RUN).alerts
    assert {a.severity for a in good} == {"info"}


def test_a_resolution_names_the_alert_that_opened_it(there):
    (opened,) = there.step(day(12), [update(10, "dispute")], options=RUN).alerts
    resolved = there.step(day(22), [update(20, "agreement")], options=RUN).alerts
    assert [(a.kind, a.phase) for a in resolved] == [
        (AlertKind.ADVANCED, Phase.ONCE),
        (AlertKind.AT_RISK, Phase.RESOLVED),
    ]
    assert resolved[1].opening == opened.id


def test_news_that_comes_late_and_changes_what_was_said_is_a_correction(there):
    (said,) = there.step(day(200), options=RUN).alerts
    assert (said.kind, said.phase) == (AlertKind.STALLED, Phase.OPENED)
    late = there.step(day(201), [update(100, "agreement")], options=RUN)
    kinds = {a.kind: a for a in late.alerts}
    assert kinds[AlertKind.CORRECTION].opening == said.id
    assert kinds[AlertKind.ADVANCED].found_late


def test_a_past_that_moved_to_another_day_is_corrected_once_and_can_be_corrected_again(there):
    there.step(day(12), [update(10, "agreement")], options=RUN)
    (said,) = there.step(day(200), options=RUN).alerts
    assert said.at == day(190)
    first = there.step(day(201), [update(15, "agreement", "another")], options=RUN)
    (moved,) = [a for a in first.alerts if a.kind is AlertKind.CORRECTION]
    assert (moved.opening, moved.at) == (said.id, day(195))
    second = there.step(day(202), [update(150, "agreement", "a third")], options=RUN)
    (gone,) = [a for a in second.alerts if a.kind is AlertKind.CORRECTION]
    assert gone.opening is not None
    assert gone.opening != said.id
    assert gone.body["holds"] is None


def test_what_stays_so_is_not_said_again_when_its_circumstances_change(there):
    (risk,) = there.step(day(100), [update(95, "dispute")], options=RUN).alerts
    assert risk.kind is AlertKind.AT_RISK
    late = there.step(day(101), [update(94, "agreement")], options=RUN)
    assert AlertKind.AT_RISK not in {a.kind for a in late.alerts}
    assert AlertKind.CORRECTION not in {a.kind for a in late.alerts}


def test_no_data_that_coverage_heals_is_corrected():
    with house(book(UP, assumed=False)) as there:
        there.step(day(4), coverage=[looked(None, 5)], options=RUN)
        (said,) = there.step(day(8), options=RUN).alerts
        assert (said.kind, said.phase, said.at) == (AlertKind.NO_DATA, Phase.OPENED, day(5))
        (correction,) = there.step(day(9), coverage=[looked(5, 10)], options=RUN).alerts
        assert (correction.kind, correction.opening) == (AlertKind.CORRECTION, said.id)
        assert correction.body["holds"] is None


def test_what_coverage_heals_is_not_credited_to_a_report_of_later_days():
    with house(book(UP, assumed=False)) as there:
        there.step(day(4), coverage=[looked(None, 5)], options=RUN)
        there.step(day(8), options=RUN)
        healed = there.step(day(10), [update(9, "agreement")], [looked(5, 10)], options=RUN)
        (correction,) = (a for a in healed.alerts if a.kind is AlertKind.CORRECTION)
        assert correction.body["changed_by"] == []
        assert "says so" not in correction.message


def test_a_summary_that_coverage_heals_is_not_credited_to_a_report_of_later_days():
    with house(book(UP, assumed=False)) as there:
        there.step(day(2), options=RUN)
        healed = there.step(day(10), [update(9, "agreement")], [looked(None, 10)], options=RUN)
        (correction,) = (a for a in healed.alerts if a.kind is AlertKind.CORRECTION)
        assert correction.body["changed_by"] == []
        assert "says so" not in correction.message


def test_other_rules_are_told_as_such_and_not_as_sixty_old_alerts(there):
    there.step(day(50), [update(10, "agreement")], options=RUN)
    there.rules(book(rule("up", on("agreement"), advance(Level.SUBSTANTIAL))))
    (alert,) = there.step(day(51), options=RUN).alerts
    assert (alert.kind, alert.at) == (AlertKind.RULES_CHANGED, day(51))
    assert "because the rules changed" in alert.message


def test_other_rules_that_end_where_the_old_ones_did_are_not_worth_a_word(there):
    there.step(day(50), options=RUN)
    more = rule("never", ask.Count(kind("leadership_change"), at_least=9), AT_RISK)
    there.rules(book(UP, MORE, RISK, more, labels=(("desk", "asia"),)))
    assert there.step(day(51), options=RUN).alerts == ()


def test_every_alert_goes_to_every_receiver_once(there):
    there.step(day(12), [update(10, "agreement")], options=RUN._replace(receivers=("desk", "wire")))
    with there.store.read() as reader:
        rows = [(d.alert, d.receiver) for d in reader.deliveries()]
    assert len(rows) == len(set(rows)) == 3  # the summary to one, the advance to two


def test_what_was_only_recorded_before_is_introduced_by_the_first_run_though_nothing_is_due():
    with house(book(UP)) as there:
        there.step(day(50), [update(10, "agreement")])
        report = there.step(day(51), options=RUN)
        assert [a.message for a in report.alerts] == ["Summit: 1 commitment watched: 1 advancing"]
        assert there.step(day(52), options=RUN).touched == 0
