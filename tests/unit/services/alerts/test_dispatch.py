"""Who is told what, when, and together with what: through real steps on a real store."""

import pytest
from making import AT_RISK, advance, agreement, commitment, day, on, rule, rulebook, update
from telling import telling

from monitor.domain.alert import Phase
from monitor.domain.assessment import Level
from monitor.domain.interval import Digest, Interval, Window
from monitor.domain.matching import Matcher
from monitor.domain.message import MessageReason
from monitor.domain.notice import NoticeState, Why
from monitor.domain.routing import Escalation, Mute, Policy, Route, Timing
from monitor.domain.time import DAY, HOUR
from monitor.errors import UsageError
from monitor.services.alerts.life import acknowledge, life

UP = rule("up", on("agreement"), advance(Level.LIMITED))
RISK = rule("risk", on("dispute"), AT_RISK)
IMMEDIATE, DIGEST = MessageReason.IMMEDIATE, MessageReason.DIGEST
REMINDER, ESCALATION = MessageReason.REMINDER, MessageReason.ESCALATION


def to_desk(*children, **timing):
    return Policy(Route("routes", ("desk",), timing=Timing(**timing), children=children))


@pytest.fixture
def world():
    made = []

    def make(policy, count=1):
        promises = [commitment(UP, RISK, name=f"c{n}") for n in range(count)]
        context = telling(rulebook(agreement(*promises)), policy)
        there = context.__enter__()
        made.append(context)
        there.step(day(1))
        there.step(day(9))
        for pen in there.pens.values():
            pen.messages.clear()
        return there

    yield make
    for context in made:
        context.__exit__(None, None, None)


def heard(there, name="desk"):
    """What a receiver was told: (reason, [(kind, phase)]) of each message."""
    return [
        (m.reason, [(a.kind.value, a.phase.value) for a in m.alerts])
        for m in there.pens[name].messages
    ]


RISEN = (IMMEDIATE, [("at_risk", "opened")])
OVER = (IMMEDIATE, [("advanced", "once")]), (IMMEDIATE, [("at_risk", "resolved")])


def begin(there, at=10):
    return there.step(day(at), [update(at, "dispute")])


def end(there, at=20):
    return there.step(day(at), [update(at, "agreement")])


def whys(there):
    with there.there.store.read() as reader:
        return [row.why for row in reversed(reader.suppressions())]


def test_what_is_open_is_told_again_until_it_ends(world):
    there = world(to_desk(repeat=5 * DAY))
    begin(there)
    for n in range(11, 27):
        there.step(day(n))
    again = (REMINDER, [("at_risk", "opened")])
    assert heard(there) == [RISEN, again, again, again]
    end(there, 28)
    there.step(day(60))
    assert heard(there)[4:] == list(OVER)


def test_after_a_long_pause_there_is_one_reminder_and_not_one_for_each_that_was_missed(world):
    there = world(to_desk(repeat=5 * DAY))
    begin(there)
    there.step(day(33))
    there.step(day(34))
    assert [reason for reason, _ in heard(there)] == [IMMEDIATE, REMINDER]
    there.step(day(35))
    assert [reason for reason, _ in heard(there)] == [IMMEDIATE, REMINDER, REMINDER]
    ids = [message.id for message in there.pens["desk"].messages]
    assert len(set(ids)) == 3


def test_what_nobody_acknowledges_goes_to_the_next_and_to_the_one_after_him(world):
    steps = (Escalation(7 * DAY, ("boss",)), Escalation(14 * DAY, ("wire",)))
    there = world(to_desk(escalate=steps))
    begin(there)
    there.step(day(16))
    assert heard(there, "boss") == []
    there.step(day(17))
    there.step(day(18))
    assert heard(there, "boss") == [(ESCALATION, [("at_risk", "opened")])]
    there.step(day(25))
    assert heard(there, "wire") == [(ESCALATION, [("at_risk", "opened")])]
    end(there, 30)
    assert heard(there, "boss")[1:] == [(IMMEDIATE, [("at_risk", "resolved")])]


def test_who_looks_only_after_a_year_escalates_every_step_at_once(world):
    steps = (Escalation(7 * DAY, ("boss",)), Escalation(14 * DAY, ("wire",)))
    there = world(to_desk(escalate=steps))
    begin(there)
    there.step(day(100))
    assert [len(heard(there, name)) for name in ("boss", "wire")] == [1, 1]


def test_what_is_acknowledged_is_neither_repeated_nor_escalated_but_its_end_is_told(world):
    there = world(to_desk(repeat=5 * DAY, escalate=(Escalation(7 * DAY, ("boss",)),)))
    (alert,) = begin(there).alerts
    with there.there.store.write() as writer:
        assert acknowledge(writer, alert.id, "me", "on it", day(11)) == alert
    there.step(day(30))
    assert (heard(there), heard(there, "boss")) == ([RISEN], [])
    assert whys(there) == [Why.ACKNOWLEDGED]
    end(there, 31)
    assert heard(there)[1:] == list(OVER)


def test_only_what_is_open_can_be_acknowledged_and_once(world):
    there = world(to_desk())
    (alert,) = begin(there).alerts
    with there.there.store.write() as writer:
        acknowledge(writer, alert.id, "me", "", day(11))
        with pytest.raises(UsageError, match="acknowledged by me already"):
            acknowledge(writer, alert.id, "you", "", day(11))
        with pytest.raises(UsageError, match="no alert has the id"):
            acknowledge(writer, "a_gone", "me", "", day(11))
        with pytest.raises(UsageError, match="--by"):
            acknowledge(writer, alert.id, "", "", day(11))
    advanced, resolved = end(there).alerts
    with there.there.store.write() as writer:
        for other in (advanced, resolved):
            with pytest.raises(UsageError, match="nothing to acknowledge"):
                acknowledge(writer, other.id, "me", "", day(21))
    again = [a for a in begin(there, 25).alerts if a.phase.value == "opened"]
    end(there, 30)
    with (
        there.there.store.write() as writer,
        pytest.raises(UsageError, match="is over"),
    ):
        acknowledge(writer, again[0].id, "me", "", day(31))


def test_what_begins_in_a_silence_is_told_when_it_ends_if_it_still_is_so(world):
    there = world(to_desk())
    there.silence(["kind=at_risk"], day(5), day(15), day(9))
    begin(there)
    there.step(day(14))
    assert heard(there) == []
    there.step(day(15))
    assert heard(there) == [RISEN]
    assert whys(there) == [Why.SILENCE]


def test_what_begins_and_ends_in_a_silence_is_not_told_and_closed_as_such(world):
    there = world(to_desk())
    there.silence(["kind=at_risk"], day(5), day(40), day(9))
    (opened,) = begin(there).alerts
    end(there)
    there.step(day(60))
    assert heard(there) == [OVER[0]]
    assert whys(there) == [Why.SILENCE, Why.RESOLVED, Why.UNHEARD]
    assert there.notices()[opened.id, "desk"].state is NoticeState.DROPPED


def test_an_end_is_told_in_spite_of_a_silence_that_began_after_the_beginning_was_told(world):
    there = world(to_desk())
    begin(there)
    there.silence(["agreement=g0"], day(15), day(40), day(15))
    end(there)
    assert heard(there) == [RISEN, OVER[1]]
    assert whys(there) == [Why.SILENCE]


def test_a_silence_that_is_ended_lets_go_of_what_it_kept(world):
    there = world(to_desk())
    number = there.silence(["kind=at_risk"], day(5), day(90), day(9))
    begin(there)
    with there.there.store.write() as writer:
        assert writer.expire_silence(number, day(12), "me") == 1
        assert writer.expire_silence(number, day(12), "me") == 0
    there.step(day(12))
    assert heard(there) == [RISEN]


def test_a_silence_works_without_any_routes(world):
    there = world(None)
    there.silence(["kind=at_risk"], day(5), day(15), day(9))
    begin(there)
    assert heard(there, "boss") == []
    there.step(day(16))
    assert [heard(there, name) for name in ("desk", "wire", "boss")] == [[RISEN]] * 3


def test_a_bulk_change_is_one_message_and_a_digest_waits_for_its_hour(world):
    there = world(to_desk(group_by=("agreement",)), count=5)
    there.step(day(10), [update(10, "dispute")])
    assert heard(there) == [(IMMEDIATE, [("at_risk", "opened")] * 5)]
    daily = world(to_desk(digest=Digest(zone="Asia/Tokyo")), count=2)
    daily.step(day(10))
    daily.step(day(10) + HOUR, [update(10, "dispute")])
    daily.step(day(10.99))
    assert heard(daily) == []
    daily.step(day(11) + HOUR)
    assert heard(daily) == [(DIGEST, [("at_risk", "opened")] * 2)]


def test_who_runs_once_a_day_after_the_hour_of_the_digest_gets_it_the_same_day(world):
    there = world(to_desk(digest=Digest(9 * 60)))
    there.step(day(10) - 14 * HOUR)
    there.step(day(10) + 10 * HOUR, [update(10, "dispute")])
    assert heard(there) == [(DIGEST, [("at_risk", "opened")])]


def test_what_begins_and_ends_between_two_digests_is_in_neither(world):
    there = world(to_desk(digest=Digest(9 * 60, 0)))
    begin(there)
    end(there, 11)
    there.step(day(40))
    assert heard(there) == [(DIGEST, [("advanced", "once")])]
    assert whys(there) == [Why.RESOLVED, Why.UNHEARD]


@pytest.mark.parametrize("over", [True, False])
def test_what_stands_in_the_place_of_something_dropped_is_told_unless_it_is_over(world, over):
    there = world(to_desk(digest=Digest(9 * 60, 0)))
    (dropped,) = begin(there).alerts
    (end_of_it,) = ended = [update(11, "agreement")]
    there.step(day(11), ended)
    assert there.notices()[dropped.id, "desk"].state is NoticeState.DROPPED
    late = [update(8, "dispute", "late")]
    there.step(day(40), late if over else [*late, update(40, title="no", retracts=end_of_it.id)])
    kept = [a for a in there.alerts().values() if a.kind is dropped.kind and a.opening is None]
    (instead,) = (alert for alert in kept if alert.id != dropped.id)
    there.step(day(60))
    found = [kind for _, told in heard(there) for kind in told]
    assert (("at_risk", "opened") in found) is not over
    assert ((instead.id, "desk") in there.suppressed()) is over
    assert (Why.RESOLVED in whys(there)[1:]) is over


def test_an_end_that_moves_is_not_told_to_who_never_heard_of_the_beginning(world):
    there = world(to_desk(digest=Digest(9 * 60, 0)))
    begin(there)
    first = update(11, "agreement")
    there.step(day(11), [first])
    later = update(30, "agreement", "later", supersedes=first.id)
    there.step(day(40), [later])
    ends = [a.id for a in there.alerts().values() if a.phase is Phase.RESOLVED]
    assert len(ends) == 2
    there.step(day(60))
    assert not [kind for _, told in heard(there) for kind in told if "resolved" in kind]
    assert {(end, "desk") for end in ends} <= set(there.suppressed())


def test_the_first_of_a_group_waits_and_the_next_message_keeps_its_distance(world):
    there = world(to_desk(group_by=("commitment",), wait=HOUR, interval=3 * DAY))
    begin(there)
    assert heard(there) == []
    there.step(day(10) + HOUR)
    assert heard(there) == [RISEN]
    end(there, 11)
    there.step(day(12))
    assert len(heard(there)) == 1
    there.step(day(13) + HOUR)
    assert heard(there)[1:] == [(IMMEDIATE, [("advanced", "once"), ("at_risk", "resolved")])]


def test_an_interval_holds_until_it_opens(world):
    office = Interval("office", (Window("UTC", frozenset(range(5)), ((9 * 60, 17 * 60),)),))
    there = world(to_desk(active=(office,)))
    begin(there)
    assert heard(there) == []
    assert whys(there)[-1] is Why.INTERVAL
    there.step(day(12))
    assert heard(there) == []
    there.step(day(12) + 9 * HOUR)
    assert heard(there) == [RISEN]


def test_the_ends_go_to_those_who_heard_of_the_beginnings_whatever_the_routes_say(world):
    grave = Route("routes.routes[0]", ("boss",), (Matcher("severity", ("warning",)),))
    there = world(to_desk(grave))
    begin(there)
    end(there)
    assert heard(there, "boss") == [RISEN, OVER[1]]
    assert heard(there) == [OVER[0]]


def test_what_nobody_is_to_hear_is_recorded_as_such(world):
    nobody = Route("routes.routes[0]", (), (Matcher("kind", ("at_risk",)),))
    there = world(to_desk(nobody))
    begin(there)
    end(there)
    assert heard(there) == [OVER[0]]
    assert whys(there) == [Why.NOBODY, Why.UNHEARD]


def test_while_one_is_open_others_are_muted_and_told_when_it_ends_if_they_still_are(world):
    mute = Mute((Matcher("commitment", ("c0",)),), (), ("agreement",))
    policy = Policy(Route("routes", ("desk",)), (mute,))
    there = world(policy, count=2)
    there.step(day(10), [update(10, "dispute", commitment="g0/c0")])
    there.step(day(12), [update(12, "dispute", "x", commitment="g0/c1")])
    assert heard(there) == [RISEN]
    assert whys(there) == [Why.DEPENDENCY]
    there.step(day(20), [update(20, "agreement", commitment="g0/c0")])
    assert heard(there)[1:] == [RISEN, *OVER]


def test_the_life_of_an_alert_is_told_from_its_beginning_to_its_end(world):
    there = world(to_desk(repeat=5 * DAY))
    (alert,) = begin(there).alerts
    there.step(day(16))
    end(there)
    with there.there.store.read() as reader:
        found = life(reader, alert.id)
        assert life(reader, "a_gone") is None
    assert [(event.at, event.receiver, event.what) for event in found.events] == [
        (day(10), "", "found"),
        (day(10), "desk", "routed"),
        (day(10), "desk", "in a message (immediate)"),
        (day(10), "desk", "delivered"),
        (day(16), "desk", "in a message (reminder)"),
        (day(16), "desk", "delivered"),
        (day(20), "", "resolved"),
    ]


def test_what_began_and_ended_before_one_late_look_under_a_silence_is_not_told(world):
    there = world(to_desk())
    there.silence(["kind=at_risk", "phase=opened"], day(5), day(40), day(9))
    there.step(day(30), [update(10, "dispute"), update(20, "agreement")])
    assert heard(there) == [OVER[0]]
    assert whys(there) == [Why.SILENCE, Why.RESOLVED, Why.UNHEARD]


def test_an_end_goes_out_after_its_beginning_also_where_its_group_comes_first(world):
    there = world(to_desk(group_by=("phase",)), count=2)
    there.step(day(10), [update(10, "dispute", commitment="g0/c0")])
    there.pens["desk"].messages.clear()
    there.step(
        day(30),
        [
            update(20, "agreement", commitment="g0/c0"),
            update(21, "dispute", "x", commitment="g0/c1"),
            update(22, "agreement", "y", commitment="g0/c1"),
        ],
    )
    place = {
        (alert.commitment, alert.phase.value): number
        for number, message in enumerate(there.pens["desk"].messages)
        for alert in message.alerts
        if alert.kind.value == "at_risk"
    }
    assert place["g0/c0", "resolved"] < place["g0/c1", "opened"] < place["g0/c1", "resolved"]
