"""What receivers are told is what stands: each fact once, and nothing taken back silently."""

import json
from collections import Counter

from drawing import FIRST, effort
from drawn_rulebooks import rulebooks
from hypothesis import given
from hypothesis import strategies as st
from stepping import RUN, house
from strategies import arrivals, cases

from monitor.domain.alert import AlertKind, Phase, fact_sort, facts
from monitor.domain.time import DAY

ABOUT_US = {AlertKind.SUMMARY, AlertKind.CORRECTION, AlertKind.RULES_CHANGED}


def told_facts(alerts):
    """{id: alert} of the facts that somebody who read every alert, in order, takes to be so."""
    said, believed = {}, {}
    for alert in alerts:
        if alert.kind in ABOUT_US - {AlertKind.CORRECTION}:
            said[alert.id] = alert
        elif alert.kind is not AlertKind.CORRECTION:
            said[alert.id] = believed[alert.id] = alert
        else:
            assert alert.opening in said, "a correction names what was said"
            earlier = said[alert.opening]
            if earlier.kind is AlertKind.SUMMARY:
                continue
            holds = alert.body["holds"]
            if holds is not None and holds["id"] == earlier.id:
                believed[earlier.id] = earlier
            else:
                believed.pop(earlier.id, None)
    return believed


def in_order(there, before):
    """What a step added: its corrections are about what earlier steps said."""
    known = {alert.id for alert in before}
    added = [alert for alert in there.alerts() if alert.id not in known]
    return sorted(added, key=lambda alert: alert.kind is AlertKind.CORRECTION)


def standing_facts(there):
    """{(commitment, kind, phase, at)} of the transitions that stand, with when they were found."""
    with there.store.read() as reader:
        return {
            (row.transition.commitment, kind, phase, row.transition.at): row
            for row in reader.transitions()
            for kind, phase in facts(row.transition)
        }


def key(alert):
    return alert.commitment, alert.kind, alert.phase, alert.at


def long_over(stands, before):
    """What began, as is known now, and ended, as was known before: nobody waits for that."""
    for commitment, kind, phase, at in stands - before:
        ends = (fact for fact in stands if fact[:3] == (commitment, kind, Phase.RESOLVED))
        end = min((fact for fact in ends if fact[3] > at), key=lambda fact: fact[3], default=None)
        if phase is Phase.OPENED and end in before:
            yield commitment, kind, phase, at


def sorts(rows, found):
    """How many facts there are of each sort, whenever they were."""
    return Counter(
        (commitment, *fact_sort(rows[commitment, kind, phase, at].transition, kind, phase))
        for commitment, kind, phase, at in found
    )


@effort(20, 150)
@given(cases())
def test_receivers_believe_what_stands_and_nothing_else(case):
    rulebook, batches = case
    with house(rulebook) as there:
        there.feed(batches[0], RUN)
        stands = standing_facts(there)
        alerts, unsaid = there.alerts(), set(stands)
        for batch in batches[1:]:
            before = stands
            there.feed(batch, RUN)
            stands = standing_facts(there)
            alerts += in_order(there, alerts)
            silent = set(stands) - set(before) - {key(alert) for alert in alerts}
            kept = silent - set(long_over(set(stands), set(before)))
            gone = unsaid - set(stands)
            assert sorts(stands, kept) <= sorts(before, gone), "one for one, and no more"
            unsaid = (unsaid | silent) & set(stands)
        believed = {key(alert) for alert in told_facts(alerts).values()}
        assert believed <= set(stands)
        assert set(stands) - unsaid <= believed
        direct = [key(alert) for alert in alerts if alert.kind not in ABOUT_US]
        levels = [
            (*key(alert), alert.body["after"]["level"])
            for alert in alerts
            if alert.kind not in ABOUT_US
        ]
        assert len(set(levels)) == len(direct), "no fact under two ids"


@effort(12, 80)
@given(cases())
def test_the_first_run_announces_one_summary_of_each_agreement_and_nothing_else(case):
    rulebook, batches = case
    with house(rulebook) as there:
        report = there.feed(batches[0], RUN)
        assert sorted((a.kind, a.agreement) for a in report.alerts) == sorted(
            (AlertKind.SUMMARY, agreement.id) for agreement in rulebook.agreements
        )
        for batch in batches[1:]:
            later = there.feed(batch, RUN)
            assert AlertKind.SUMMARY not in {a.kind for a in later.alerts}


@effort(12, 80)
@given(cases())
def test_running_again_announces_nothing(case):
    rulebook, batches = case
    with house(rulebook) as there:
        for batch in batches:
            there.feed(batch, RUN)
            again = there.feed(batch, RUN)
            assert (again.updates, *again.transitions, *again.withdrawn, *again.alerts) == (0,)


@effort(12, 80)
@given(cases())
def test_every_alert_that_a_step_reports_is_on_its_way_once(case):
    rulebook, batches = case
    with house(rulebook) as there:
        reported = [alert.id for batch in batches for alert in there.feed(batch, RUN).alerts]
        with there.store.read() as reader:
            sent = [delivery.alert for delivery in reader.deliveries()]
        assert sorted(sent) == sorted(reported)
        assert len(set(sent)) == len(sent)


def open_from_start(there, alert):
    with there.store.read() as reader:
        first = reader.transitions([alert.commitment])[0].transition
    assert first.before is None
    return {condition.value for condition in first.after.conditions}


@effort(12, 80)
@given(cases())
def test_a_resolution_names_the_alert_that_opened_it(case):
    rulebook, batches = case
    with house(rulebook) as there:
        there.feed(batches[0], RUN)
        before = {fact[:3] for fact in standing_facts(there)}
        for batch in batches[1:]:
            for alert in there.feed(batch, RUN).alerts:
                if alert.phase is not Phase.RESOLVED:
                    continue
                known = {a.id: a for a in there.alerts()}
                opened = known.get(alert.opening)
                if opened is None:
                    began = (alert.commitment, alert.kind, Phase.OPENED)
                    assert began in before or alert.kind.value in open_from_start(there, alert)
                else:
                    assert key(opened)[:3] == (alert.commitment, alert.kind, Phase.OPENED)
                    assert opened.at <= alert.at


@effort(12, 80)
@given(cases(), st.integers(-20, 60))
def test_announce_since_tells_the_younger_past_of_an_introduction_one_by_one(case, since):
    rulebook, batches = case
    moment = FIRST + since * DAY
    with house(rulebook) as there:
        for batch in batches[:-1]:
            assert there.feed(batch).alerts == ()
        report = there.feed(batches[-1], RUN._replace(announce_since=moment))
        expected = {fact for fact in standing_facts(there) if fact[3] >= moment}
        told = [alert for alert in report.alerts if alert.kind is not AlertKind.SUMMARY]
        assert {key(alert) for alert in told} == expected


@effort(12, 80)
@given(rulebooks(), rulebooks(), arrivals())
def test_other_rules_are_told_once_for_each_commitment_that_they_move_and_no_past_as_news(
    first, second, batches
):
    with house(first) as there:
        for batch in batches:
            there.feed(batch, RUN)
        last = batches[-1].now
        stood = {k: s.standing for k, s in there.states().items()}
        there.rules(second)
        report = there.step(last + 3600, options=RUN)
        told = [a for a in report.alerts if a.kind is AlertKind.RULES_CHANGED]
        assert not [a for a in report.alerts if a.kind not in ABOUT_US and a.at <= last]
        assert AlertKind.CORRECTION not in {a.kind for a in report.alerts}
        lost = {k for k in first.commitments if k not in second.commitments}
        moved = {
            key
            for key, derivation in there.whole(last).items()
            if key in stood
            and json.loads(stood[key]) != json.loads(json.dumps(derivation.standing.assessment))
        }
        assert sorted(a.commitment for a in told) == sorted(lost | moved)
        assert there.step(last + 3600, options=RUN).alerts == ()
