"""Other rules: the past is derived anew and is no news; each difference is said once, with why."""

from dataclasses import replace

import pytest
from making import (
    AT_RISK,
    advance,
    agreement,
    book,
    commitment,
    day,
    looked,
    on,
    rule,
    rulebook,
    update,
)
from stepping import RUN, house

from monitor.domain.alert import AlertKind, Phase
from monitor.domain.assessment import Level, Status
from monitor.domain.commitment import Thresholds
from monitor.domain.condition import Silence, StatusTest
from monitor.domain.time import DAY, parse_occurred
from monitor.engine import editions as engine_editions
from monitor.engine.compiled import plan as engine_plan
from monitor.services.assessment import assessing, editions

UP = rule("up", on("agreement"), advance(Level.LIMITED))
HIGHER = rule("up", on("agreement"), advance(Level.SUBSTANTIAL))
RISK = rule("risk", on("dispute"), AT_RISK)
EVENTS = [update(10, "agreement"), update(12, "dispute")]


@pytest.fixture
def there():
    with house(book(UP, RISK)) as made:
        made.step(day(1), options=RUN)
        made.step(day(20), EVENTS, options=RUN)
        yield made


def changed(there, rules, now=21, **more):
    """The alerts of a step under other rules."""
    there.rules(rules)
    return there.step(day(now), options=RUN, **more).alerts


def versions(there, key="g0/c0"):
    return there.engine.rules_hash(key)[:7]


def test_an_edited_rule_is_named_with_its_place_and_both_versions(there):
    before = versions(there)
    (alert,) = changed(there, book(HIGHER, RISK))
    after = versions(there)
    assert (alert.kind, alert.phase, alert.at) == (AlertKind.RULES_CHANGED, Phase.ONCE, day(21))
    assert alert.message == (
        "Promise c0: at risk since 2025-01-13, still, but level limited → substantial, because the"
        f" rules changed: rule 'up' changed (rules/some.yaml:12:7) (version {before} → {after})"
    )
    assert alert.body["rules"]["before"][:7] == before
    assert alert.body["rules"]["after"] == there.engine.rules_hash("g0/c0")
    (difference,) = alert.body["rules"]["differences"]
    assert (difference["name"], difference["how"]) == ("up", "changed")
    assert difference["before"] != difference["after"]


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (book(UP), "instead of at risk, because the rules changed: rule 'risk' removed"),
        (
            book(UP, RISK, rule("kept", on("dispute"), advance(Level.SUBSTANTIAL))),
            "rule 'kept' added (rules/some.yaml:12:7)",
        ),
        (book(UP, RISK, tier=1), "because the rules changed: tier 3 → 1"),
        (
            book(UP, RISK, thresholds=Thresholds(2 * DAY, 3 * DAY, 4 * DAY)),
            "because the rules changed: quiet 90d → 2d, stalled 180d → 3d, dormant 365d → 4d",
        ),
        (book(UP, RISK, deadline=parse_occurred("2025-01-15")), "deadline none → 2025-01-15"),
        (book(UP, RISK, rated=False), "not rated since 2025-01-01 instead of at risk"),
        (
            rulebook(agreement(commitment(UP, RISK), assumed=False)),
            "because the rules changed: coverage assumed → as recorded",
        ),
        (
            book(rule("met", on("meeting"), advance(Level.LIMITED)), profile="other"),
            "rule 'risk' removed (rules/some.yaml:12:7) and 1 more (version",
        ),
    ],
)
def test_whatever_was_changed_is_named(there, rules, named):
    told = changed(there, rules)
    (alert,) = (a for a in told if a.kind is AlertKind.RULES_CHANGED)
    assert named in alert.message
    assert not [a for a in told if a.kind is not AlertKind.RULES_CHANGED and a.at <= day(20)]


def test_it_is_said_once(there):
    assert len(changed(there, book(HIGHER, RISK))) == 1
    assert there.step(day(21), options=RUN).alerts == ()
    assert there.step(day(22), options=RUN).alerts == ()


def test_another_engine_is_named_as_the_reason(there, monkeypatch):
    quick = Thresholds(2 * DAY, 3 * DAY, 4 * DAY)
    monkeypatch.setattr(engine_plan, "ENGINE_VERSION", "next")
    monkeypatch.setattr(engine_editions, "ENGINE_VERSION", "next")
    (alert,) = changed(there, book(UP, RISK, thresholds=quick))
    assert "dormant 365d → 4d and 1 more" in alert.message
    assert alert.body["rules"]["differences"][-1]["name"] == "engine"


def test_the_same_rules_under_another_engine_that_agrees_are_not_worth_a_word(there, monkeypatch):
    monkeypatch.setattr(engine_plan, "ENGINE_VERSION", "next")
    there.rules(book(UP, RISK, title="Another title, so that the rulebook is another one"))
    report = there.step(day(21), options=RUN)
    assert (report.alerts, report.rewritten) == ((), 0)


def test_a_past_that_comes_or_goes_is_rewritten_and_not_listed_as_found(there):
    there.rules(book(HIGHER, RISK))
    report = there.step(day(21), options=RUN)
    assert (list(report.transitions), list(report.withdrawn)) == ([], [])
    assert report.rewritten == 4  # two transitions at another level
    with there.store.read() as reader:
        rows = reader.transitions(["g0/c0"], withdrawn=True)
    assert {row.rules for row in rows if row.withdrawn is None and row.recorded == day(21)} == {
        there.engine.rules_hash("g0/c0")
    }
    assert {row.withdrawn for row in rows} == {None, day(21)}


def test_news_of_the_same_step_are_told_as_news_beside_it(there):
    there.rules(book(HIGHER, RISK))
    report = there.step(day(23), [update(22, "agreement", "again")], options=RUN)
    assert [(a.kind, a.phase) for a in report.alerts] == [
        (AlertKind.RULES_CHANGED, Phase.ONCE),
        (AlertKind.AT_RISK, Phase.RESOLVED),
    ]
    assert {t.at for t in report.transitions} == {day(22)}


def test_time_that_passed_meanwhile_is_news_and_not_the_rules(there):
    (changed_rules, stalled) = changed(there, book(HIGHER, RISK), now=300)
    assert changed_rules.kind is AlertKind.RULES_CHANGED
    assert "at risk since 2025-01-13" in changed_rules.message
    assert (stalled.kind, stalled.at) == (AlertKind.STALLED, day(190))


def test_late_news_of_the_same_step_is_not_laid_to_the_rules(there):
    same = book(UP, RISK, rule("never", on("leadership_change"), AT_RISK))
    there.rules(same)
    report = there.step(day(21), [update(11, "agreement", "late")], options=RUN)
    assert AlertKind.RULES_CHANGED not in {a.kind for a in report.alerts}


def test_a_commitment_that_the_rulebook_lost_is_told_once_and_again_when_it_is_back():
    both = rulebook(agreement(commitment(UP), commitment(UP, RISK, name="second")))
    with house(both) as there:
        there.step(day(1), options=RUN)
        there.step(day(20), EVENTS, options=RUN)
        old = versions(there, "g0/second")
        (lost,) = changed(there, rulebook(agreement(commitment(UP))))
        assert lost.commitment == "g0/second"
        assert lost.message == (
            "Promise second: no longer watched, it was at risk; the rulebook does not have it any"
            f" more (version {old})"
        )
        assert there.step(day(22), options=RUN).alerts == ()
        assert changed(there, rulebook(agreement(commitment(HIGHER))), now=23)[0].commitment == (
            "g0/c0"
        )
        (back,) = (a for a in changed(there, both, now=24) if a.commitment == "g0/second")
        assert back.message == (
            "Promise second: watched again, at risk since 2025-01-13; because the rules changed"
            f" (version {old})"
        )
        assert there.step(day(25), options=RUN).alerts == ()


def test_a_renamed_commitment_is_one_lost_and_one_introduced():
    with house(book(UP)) as there:
        there.step(day(1), options=RUN)
        there.step(day(20), EVENTS, options=RUN)
        told = changed(there, book(UP, name="renamed"))
        assert [(a.kind, a.commitment) for a in told] == [
            (AlertKind.RULES_CHANGED, "g0/c0"),
            (AlertKind.SUMMARY, None),
        ]


def test_an_agreement_that_was_deleted_and_restored_has_the_history_it_would_have_had():
    one, other = agreement(commitment(UP)), agreement(commitment(UP, agreement="g1"), name="g1")
    with house(rulebook(one, other)) as there, house(rulebook(one, other)) as undisturbed:
        for each in (there, undisturbed):
            each.step(day(1), options=RUN)
        there.rules(rulebook(one))
        there.step(day(20), EVENTS, options=RUN)
        there.rules(rulebook(one, other))
        there.step(day(30), options=RUN)
        undisturbed.step(day(20), EVENTS, options=RUN)
        undisturbed.step(day(30), options=RUN)
        assert there.standing() == undisturbed.standing()


def test_who_asks_about_a_commitment_whose_rules_changed_is_told_so():
    asks = rule("partner", StatusTest("g0/c0", level_at_least=2), advance(Level.LIMITED))
    asker = commitment(asks, name="asker")
    with house(rulebook(agreement(commitment(UP), asker))) as there:
        there.step(day(1), options=RUN)
        there.step(day(20), EVENTS, options=RUN)
        told = changed(there, rulebook(agreement(commitment(HIGHER), asker)))
        (mine,) = (a for a in told if a.commitment == "g0/asker")
        assert mine.kind is AlertKind.RULES_CHANGED
        assert "because the rules changed: the assessment of g0/c0 changed" in mine.message
        assert len(told) == 2


def asking(name, other):
    """A commitment that is where another one is."""
    test = StatusTest(f"g0/{other}", level_at_least=2)
    return commitment(rule("partner", test, advance(Level.SUBSTANTIAL)), name=name)


def test_who_asks_about_new_commitments_has_their_past_from_its_rules_and_not_as_news():
    """As when a commitment becomes per-party: what it asks about did not exist before."""
    with house(rulebook(agreement(commitment(name="c0")))) as there:
        there.step(day(1), options=RUN)
        there.step(day(20), EVENTS, options=RUN)
        parts = asking("c0", "far"), asking("far", "near"), commitment(HIGHER, name="near")
        there.rules(rulebook(agreement(*parts)))
        report = there.step(day(21), options=RUN)
        mine, introduced = report.alerts
        assert (mine.kind, mine.commitment) == (AlertKind.RULES_CHANGED, "g0/c0")
        assert mine.message.startswith(
            "Promise c0: advancing since 2025-01-11 instead of not started, because the rules changed:"
            " rule 'partner' added"
        )
        assert introduced.kind is AlertKind.SUMMARY
        assert [c["id"] for c in introduced.body["commitments"]] == ["far", "near"]
        assert {key: state.introduced for key, state in there.states().items()} == {
            "g0/c0": day(1),
            "g0/far": day(21),
            "g0/near": day(21),
        }
        found = sorted((t.commitment, t.at) for t in report.transitions)
        assert found == [(key, day(at)) for key in ("g0/far", "g0/near") for at in (0, 10)]
        assert report.rewritten == 1
        assert there.step(day(22), options=RUN).alerts == ()


def test_what_was_said_under_other_rules_is_not_corrected_by_these():
    """A summary under the old rules, other rules, then late news that rewrites a bit of the past."""
    with house(book(UP)) as there:
        (summary,) = there.step(day(20), EVENTS, options=RUN).alerts
        assert summary.body["commitments"][0]["status"] == "advancing"
        changed(there, book(UP, RISK))
        told = there.step(day(22), [update(11, "agreement", "late")], options=RUN).alerts
        assert AlertKind.CORRECTION not in {a.kind for a in told}


def test_what_was_said_of_the_new_rules_is_corrected_when_late_news_changes_it():
    with house(book(UP)) as there:
        there.step(day(20), EVENTS, options=RUN)
        (said,) = changed(there, book(UP, rule("quiet", Silence(5 * DAY), AT_RISK)))
        assert (said.body["status"], said.body["since"]) == (Status.AT_RISK, "2025-01-16")
        late = there.step(day(22), [update(14, "agreement", "late")], options=RUN).alerts
        (correction,) = (a for a in late if a.opening == said.id)
        assert correction.message.startswith(
            "Correction: Promise c0 was not at risk since 2025-01-16, as was said, but at risk since"
            " 2025-01-20"
        )


def test_a_fact_that_stands_again_is_said_to_stand_and_not_to_be_wrong():
    """Told under the first rules, gone under the second, there again by late news under them."""
    with house(book(UP)) as there:
        there.step(day(1), options=RUN)
        (told,) = there.step(day(20), EVENTS, options=RUN).alerts
        assert told.kind is AlertKind.ADVANCED
        other = rule("up", on("funding"), advance(Level.LIMITED))
        changed(there, book(other))
        (again,) = (
            a
            for a in there.step(day(22), [update(10, "funding")], options=RUN).alerts
            if a.opening == told.id
        )
        assert again.kind is AlertKind.CORRECTION
        assert again.message == f"Correction: “{told.message}” stands after all"


def test_rules_that_change_and_change_back_say_so_each_time(there):
    first, second = book(UP, RISK), book(HIGHER, RISK)
    told = [changed(there, rules, now=21 + i)[0] for i, rules in enumerate((second, first, second))]
    assert len({alert.id for alert in told}) == 3


def test_a_store_without_editions_still_says_which_versions(there, monkeypatch):
    before = versions(there)
    with there.store.read() as reader:
        assert editions.recall(reader, "unknown") is None
    monkeypatch.setattr(editions, "recall", lambda *_: None)
    (alert,) = changed(there, book(HIGHER, RISK))
    assert alert.message.endswith(
        f"because the rules changed (version {before} → {versions(there)})"
    )


def test_coverage_that_the_step_brings_is_not_laid_to_the_rules():
    with house(book(UP, assumed=False)) as there:
        there.step(day(4), coverage=[looked(None, 5)], options=RUN)
        there.step(day(8), options=RUN)
        there.rules(book(replace(UP, note="a word"), assumed=False))
        report = there.step(day(9), coverage=[looked(5, 10)], options=RUN)
        assert AlertKind.RULES_CHANGED not in {a.kind for a in report.alerts}


def three(*rules):
    return rulebook(agreement(*(commitment(*rules, name=name) for name in ("c0", "c1", "c2"))))


def test_a_past_that_is_written_in_parts_is_that_written_at_once(monkeypatch):
    """As of 5,000 transitions: what a whole rulebook made of many updates is too much at once."""
    found = []
    for at_once in (5_000, 2, 1):
        monkeypatch.setattr(assessing, "_WRITTEN", at_once)
        with house(three(UP, RISK)) as there:
            there.step(day(1), options=RUN)
            there.step(day(20), EVENTS, options=RUN)
            there.rules(three(HIGHER, RISK))
            report = there.step(day(21), options=RUN)
            with there.store.read() as reader:
                found.append((report, reader.transitions(withdrawn=True), reader.states()))
    assert found[0][0].rewritten == 12
    assert found[1:] == found[:1] * 2
