"""Whatever is routed, grouped, held, silenced or acknowledged: nothing is lost, nothing doubled."""

from drawing import effort
from dying import Dying, Killed
from hypothesis import given
from hypothesis import strategies as st
from strategies import cases
from telling import matchers, policies, telling

from monitor.domain.alert import AlertKind, Phase
from monitor.domain.matching import facts_of
from monitor.domain.message import MessageReason
from monitor.domain.notice import Ack, NoticeState
from monitor.domain.time import DAY, HOUR


def people(data, there, now):
    """Somebody may silence something, or take note of something."""
    what = data.draw(st.sampled_from(["nothing", "nothing", "silence", "ack"]))
    if what == "silence":
        chosen = data.draw(st.lists(matchers(), min_size=1, max_size=2))
        until = now + data.draw(st.integers(1, 20)) * DAY
        there.silence([str(m) for m in chosen], now, until, now)
    elif what == "ack":
        opened = sorted(a.id for a in there.alerts().values() if a.phase is Phase.OPENED)
        if opened:
            with there.there.store.write() as writer:
                writer.add_ack(Ack(data.draw(st.sampled_from(opened)), now, "me", "seen"))


def live(there, batches, data=None):
    """Steps with all that can happen between them, and then long enough for all that was held."""
    for batch in batches:
        if data is not None:
            people(data, there, batch.now)
            for pen in there.pens.values():
                pen.fails = data.draw(st.integers(0, 2))
            wreck(there, batch, data)
        there.step(batch.now, batch.updates, batch.coverage)
        if data is not None and data.draw(st.booleans()):
            there.send(batch.now + data.draw(st.integers(0, 3)) * HOUR)
    end = batches[-1].now
    for pen in there.pens.values():
        pen.fails = 0
    for later in (1, 2, 40, 48, 49, 57):
        there.step(end + later * DAY)


def wreck(there, batch, data):
    """A process that dies somewhere in its step, or in its dispatch, before the one that lives."""
    left = data.draw(st.integers(0, 60))
    dying = lambda writer: Dying(writer, left)  # noqa: E731
    try:
        if data.draw(st.booleans()):
            there.step(batch.now, batch.updates, batch.coverage, wrap=dying)
        else:
            there.dispatch_dying(batch.now, dying)
    except Killed:
        pass


def routed(there, alert):
    """The receivers that the routes give a piece of news."""
    key = alert.commitment
    commitment = None if key is None else there.there.engine.commitments[key]
    leaves = there.policy.root.leaves(facts_of(alert, commitment))
    return {name for leaf in leaves for name in leaf.receivers}


def waits(notice, now):
    """Of what came with the last look, the hour may be still to come: a digest goes once a week."""
    return notice.wake is not None and notice.wake > now


@effort(30, 200)
@given(cases(), policies(), st.data())
def test_every_alert_is_told_under_one_id_or_has_a_reason_why_not(case, policy, data):
    rulebook, batches = case
    with telling(rulebook, policy) as there:
        live(there, batches, data)
        alerts, notices, suppressed = there.alerts(), there.notices(), there.suppressed()
        spoken_for = {a for (a, _), n in notices.items() if n.state is NoticeState.TOLD}
        for alert in alerts.values():
            if alert.id in spoken_for or alert.opening is not None:
                continue
            instead = [a for a in alerts.values() if a.opening is None and a.id == alert.id]
            assert instead == [alert]
            for name in routed(there, alert):
                notice = notices.get((alert.id, name))
                if notice is None:
                    # a correction speaks for it to those who had heard what it corrects
                    assert any(a.kind is AlertKind.CORRECTION for a in alerts.values())
                    continue
                told = there.pens[name].told().get(alert.id, [])
                assert len(told) <= 1
                if notice.state is NoticeState.SENT:
                    assert len(told) == 1
                elif not waits(notice, there.now):
                    assert (alert.id, name) in suppressed
            if not routed(there, alert) and not any(a == alert.id for a, _ in notices):
                assert (alert.id, "") in suppressed or any(
                    a.kind is AlertKind.CORRECTION for a in alerts.values()
                )


@effort(30, 200)
@given(cases(), policies(), st.data())
def test_nobody_hears_twice_of_one_thing_or_of_the_end_of_what_he_never_heard_of(
    case, policy, data
):
    rulebook, batches = case
    with telling(rulebook, policy) as there:
        live(there, batches, data)
        alerts, notices = there.alerts(), there.notices()
        for name, pen in there.pens.items():
            heard, ids = set(), set()
            for message in pen.messages:
                assert message.id not in ids, "the receivers here never lose their answer"
                ids.add(message.id)
                for alert in message.alerts:
                    if message.reason is MessageReason.REMINDER:
                        assert alert.phase is Phase.OPENED
                        spoken = notices[alert.id, name].state is NoticeState.TOLD
                        assert alert.id in heard or spoken
                        continue
                    assert alert.id not in heard
                    heard.add(alert.id)
                    follows = alert.phase is Phase.RESOLVED or alert.kind is AlertKind.CORRECTION
                    opening = alerts.get(alert.opening or "")
                    if follows and opening is not None and (opening.id, name) in notices:
                        told = notices[opening.id, name].state is NoticeState.TOLD
                        assert opening.id in heard or told


@effort(20, 120)
@given(cases(), policies(), st.data())
def test_whoever_looks_more_often_neither_loses_nor_doubles_anything(case, policy, data):
    rulebook, batches = case
    with telling(rulebook, policy) as once, telling(rulebook, policy) as often:
        live(once, batches)
        for batch, following in zip(batches, [*batches[1:], None], strict=True):
            often.step(batch.now, batch.updates, batch.coverage)
            if following is not None:
                hours = data.draw(st.lists(st.integers(1, 24 * 30), max_size=4))
                for hour in sorted(hours):
                    if batch.now + hour * HOUR < following.now:
                        often.step(batch.now + hour * HOUR)
        for hour in range(0, 24 * 60, 18):
            often.step(batches[-1].now + hour * HOUR)
        alerts, notices, suppressed = often.alerts(), often.notices(), often.suppressed()
        for name, pen in once.pens.items():
            told = often.pens[name].told()
            assert all(len(ids) == 1 for ids in told.values())
            for alert in pen.told().keys() & alerts.keys():
                if alert in told or (alert, name) in suppressed:
                    continue
                if alerts[alert].phase is Phase.RESOLVED and alerts[alert].opening not in alerts:
                    continue  # it goes to those whom the summary told of the beginning
                notice = notices[alert, name]
                assert notice.state is NoticeState.TOLD or waits(notice, often.now)


@effort(10, 80)
@given(cases(), policies(), st.data())
def test_without_anything_new_nothing_more_is_formed(case, policy, data):
    rulebook, batches = case
    with telling(rulebook, policy) as there:
        live(there, batches, data)
        now = batches[-1].now + 57 * DAY
        sent = {name: len(pen.messages) for name, pen in there.pens.items()}
        there.send(now)
        assert {name: len(pen.messages) for name, pen in there.pens.items()} == sent
