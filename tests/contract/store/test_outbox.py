"""Deliveries and receivers."""

from __future__ import annotations

import pytest

from monitor.domain.delivery import Dead, Delivered, Delivery, DeliveryState, Outbound, Retry
from monitor.domain.message import Message, MessageReason
from monitor.errors import StoreError

PENDING, DELIVERED, DEAD = DeliveryState.PENDING, DeliveryState.DELIVERED, DeliveryState.DEAD


@pytest.fixture
def filled(store, make):
    with store.write() as w:
        w.add_alerts([make.alert("a"), make.alert("b"), make.alert("c")])
        w.enqueue([("a", "slack")], 10)
    return store


def only(reader) -> Delivery:
    (delivery,) = reader.deliveries()
    return delivery


def claim(store, now, *, lease=60, limit=10):
    with store.write() as w:
        return w.claim(now, lease=lease, limit=limit)


def record(store, delivery, outcome):
    with store.write() as w:
        w.record_outcomes([(delivery, outcome)])


def test_an_alert_is_queued_once_for_each_receiver(filled):
    with filled.write() as w:
        assert w.enqueue([("a", "slack"), ("a", "mail"), ("a", "mail"), ("b", "slack")], 20) == 2
        assert w.enqueue([], 20) == 0
        assert [(d.alert, d.receiver, d.created) for d in w.deliveries()] == [
            ("b", "slack", 20),
            ("a", "mail", 20),
            ("a", "slack", 10),
        ]


def test_deliveries_can_be_asked_for_up_to_one_of_them(filled):
    with filled.write() as w:
        w.enqueue([("b", "slack"), ("b", "mail"), ("c", "slack")], 20)
        last, *_, first = w.deliveries()
        older = w.deliveries(state=PENDING, receiver="slack", before=last.id)
        assert [d.alert for d in older] == ["b", "a"]
        assert w.deliveries(before=first.id) == []


def test_an_alert_that_is_not_stored_cannot_be_queued(store):
    with pytest.raises(StoreError, match="FOREIGN KEY"), store.write() as w:
        w.enqueue([("unknown", "slack")], 10)


def test_a_claimed_delivery_comes_with_its_alert(filled, make):
    (outbound,) = claim(filled, 10)
    assert outbound == Outbound(
        Delivery(outbound.delivery.id, "a", "slack", PENDING, 0, 10, 10), make.alert("a")
    )


def test_what_is_not_due_is_not_claimed(filled):
    assert claim(filled, 9) == []
    assert len(claim(filled, 10)) == 1


def test_what_is_claimed_is_claimed_by_nobody_else_until_the_lease_ends(filled):
    (first,) = claim(filled, 10, lease=60)
    assert claim(filled, 69) == []
    assert claim(filled, 70) == [first]


def test_the_longest_due_are_claimed_first_and_no_more_than_asked(filled):
    with filled.write() as w:
        w.enqueue([("b", "slack")], 5)
        w.enqueue([("c", "slack")], 10)
    assert [o.delivery.alert for o in claim(filled, 100, limit=2)] == ["b", "a"]
    assert [o.delivery.alert for o in claim(filled, 100, limit=2)] == ["c"]
    assert claim(filled, 100, limit=2) == []


def test_what_was_delivered_is_settled(filled):
    (outbound,) = claim(filled, 10)
    record(filled, outbound.delivery, Delivered(at=12, status=202))
    with filled.read() as r:
        assert only(r) == outbound.delivery._replace(
            state=DELIVERED, attempts=1, delivered=12, status=202
        )
    assert claim(filled, 10_000) == []


def test_what_failed_is_tried_again_when_it_is_due_and_not_before(filled):
    (outbound,) = claim(filled, 10, lease=10_000)
    record(filled, outbound.delivery, Retry(at=50, error="busy", status=503))
    with filled.read() as r:
        assert only(r) == outbound.delivery._replace(
            attempts=1, next_attempt=50, status=503, error="busy"
        )
    assert claim(filled, 49) == []
    (again,) = claim(filled, 50)
    assert again.delivery.attempts == 1


def test_what_was_not_even_tried_counts_no_attempt_and_keeps_the_last_status(filled):
    (outbound,) = claim(filled, 10)
    record(filled, outbound.delivery, Retry(at=50, error="busy", status=503))
    record(filled, outbound.delivery, Retry(at=60, error="too many at once", attempted=False))
    with filled.read() as r:
        assert only(r) == outbound.delivery._replace(
            attempts=1, next_attempt=60, status=503, error="too many at once"
        )
    assert len(claim(filled, 60)) == 1


def test_an_attempt_that_got_no_answer_has_no_status(filled):
    (outbound,) = claim(filled, 10)
    record(filled, outbound.delivery, Retry(at=50, error="busy", status=503))
    record(filled, outbound.delivery, Retry(at=60, error="no route"))
    with filled.read() as r:
        assert (only(r).status, only(r).attempts) == (None, 2)


def test_success_clears_the_error_of_earlier_attempts(filled):
    (outbound,) = claim(filled, 10)
    record(filled, outbound.delivery, Retry(at=50, error="busy", status=503))
    record(filled, outbound.delivery, Delivered(at=51, status=200))
    with filled.read() as r:
        assert (only(r).error, only(r).status, only(r).attempts) == (None, 200, 2)


def test_what_is_dead_is_not_claimed_and_its_receiver_goes_on(filled):
    (outbound,) = claim(filled, 10)
    record(filled, outbound.delivery, Dead("refused", 400))
    with filled.read() as r:
        assert only(r) == outbound.delivery._replace(
            state=DEAD, attempts=1, status=400, error="refused"
        )
        assert r.disabled_receivers() == {}
    assert claim(filled, 10_000) == []


def test_a_receiver_that_is_gone_is_called_no_more(filled):
    (outbound,) = claim(filled, 10)
    with filled.write() as w:
        w.enqueue([("b", "slack"), ("b", "mail")], 10)
        w.record_outcomes([(outbound.delivery, Dead("gone", 410, gone=True))])
        assert w.disabled_receivers() == {"slack": "gone"}
    assert [o.delivery.receiver for o in claim(filled, 10_000)] == ["mail"]


def test_the_first_reason_why_a_receiver_is_disabled_stays(filled):
    with filled.write() as w:
        w.enqueue([("b", "slack")], 10)
    first, second = claim(filled, 10)
    with filled.write() as w:
        w.record_outcomes(
            [
                (first.delivery, Dead("gone", 410, gone=True)),
                (second.delivery, Dead("gone again", 410, gone=True)),
            ]
        )
        assert w.disabled_receivers() == {"slack": "gone"}


def test_an_outcome_that_comes_late_does_not_send_again_what_was_delivered(filled):
    (slow,) = claim(filled, 10, lease=5)
    (quick,) = claim(filled, 20)
    record(filled, quick.delivery, Delivered(at=21, status=200))
    record(filled, slow.delivery, Retry(at=30, error="timeout"))
    record(filled, slow.delivery, Dead("timeout"))
    with filled.read() as r:
        assert (only(r).state, only(r).delivered, only(r).attempts) == (DELIVERED, 21, 1)
    assert claim(filled, 10_000) == []


def test_what_was_delivered_after_all_is_not_dead(filled):
    (outbound,) = claim(filled, 10)
    record(filled, outbound.delivery, Dead("timeout"))
    record(filled, outbound.delivery, Delivered(at=30, status=200))
    with filled.read() as r:
        assert (only(r).state, only(r).error) == (DELIVERED, None)


def test_no_outcomes_change_nothing(filled):
    with filled.write() as w:
        before = w.deliveries()
        w.record_outcomes([])
        assert w.deliveries() == before


def test_the_dead_are_revived_and_their_receivers_enabled(filled):
    (outbound,) = claim(filled, 10)
    record(filled, outbound.delivery, Dead("gone", 410, gone=True))
    with filled.write() as w:
        assert w.revive(None, 500) == 1
        assert w.disabled_receivers() == {}
        assert (only(w).state, only(w).next_attempt, only(w).attempts) == (PENDING, 500, 1)
    assert claim(filled, 499) == []
    assert len(claim(filled, 500)) == 1


def test_only_the_dead_among_those_named_are_revived(filled):
    with filled.write() as w:
        w.enqueue([("a", "mail"), ("a", "pager")], 10)
    dead, left, pending = claim(filled, 10)
    for outbound in (dead, left):
        record(filled, outbound.delivery, Dead("gone", 410, gone=True))
    with filled.write() as w:
        assert w.revive([dead.delivery.id, dead.delivery.id, pending.delivery.id, 12345], 500) == 1
        assert set(w.disabled_receivers()) == {left.delivery.receiver}
        assert w.revive([], 500) == 0
        assert [d.id for d in w.deliveries(state=DEAD)] == [left.delivery.id]


def test_deliveries_are_found_by_state_and_receiver_newest_first(filled):
    with filled.write() as w:
        w.enqueue([("b", "slack"), ("b", "mail"), ("c", "slack")], 20)
        newest = w.deliveries()[0]
        w.record_outcomes([(newest, Delivered(at=30, status=200))])
        assert [d.alert for d in w.deliveries(receiver="slack")] == ["c", "b", "a"]
        assert [d.alert for d in w.deliveries(receiver="slack", state=PENDING)] == ["b", "a"]
        assert [d.alert for d in w.deliveries(state=DELIVERED)] == ["c"]
        assert [d.alert for d in w.deliveries(limit=1)] == ["c"]
        assert w.deliveries(receiver="unknown") == []


def grouped(make, *names, id_="m1", reason=MessageReason.DIGEST):
    return Message(id_, "mail", tuple(make.alert(name) for name in names), reason)


def test_a_message_of_several_alerts_is_one_delivery_that_carries_them_all(filled, make):
    with filled.write() as w:
        delivery = w.add_message(grouped(make, "b", "c", "a"), 20)
    (outbound,) = [o for o in claim(filled, 20) if o.delivery.id == delivery]
    assert outbound.message == grouped(make, "b", "c", "a")
    assert (outbound.delivery.more, outbound.delivery.created) == (2, 20)


def test_a_message_is_on_its_way_once_and_an_alert_may_be_told_again_in_another(filled, make):
    first = Message("a", "mail", (make.alert("a"),))
    with filled.write() as w:
        assert w.add_message(first, 20) is not None
        assert w.add_message(first, 30) is None
        assert w.enqueue([("a", "mail")], 30) == 0
        again = w.add_message(grouped(make, "a", id_="m2", reason=MessageReason.REMINDER), 30)
        assert w.add_message(grouped(make, "a", id_="m2"), 40) is None
    messages = {o.delivery.id: o.message for o in claim(filled, 30)}
    assert messages[again] == Message("m2", "mail", (make.alert("a"),), MessageReason.REMINDER)
    assert first in messages.values()


def test_what_a_message_tells_of_is_known(store, make):
    alerts = [
        make.alert("a", commitment="g/one"),
        make.alert("b", commitment="g/two"),
        make.alert("c", commitment=None),
    ]
    with store.write() as w:
        w.add_alerts(alerts)
        several = w.add_message(Message("m", "mail", tuple(alerts)), 1)
        one = w.add_message(Message("b", "mail", (alerts[1],)), 1)
        none = w.add_message(Message("c", "mail", (alerts[2],)), 1)
    with store.read() as r:
        assert r.told_by([several, one, none]) == {
            several: {"g/one", "g/two", alerts[2].agreement, "c"},
            one: {"g/two"},
            none: {alerts[2].agreement, "c"},
        }
        assert r.told_by([one]) == {one: {"g/two"}}


def test_what_a_message_told_is_known_in_its_order(filled, make):
    with filled.write() as w:
        w.add_message(grouped(make, "b", "c", "a"), 20)
        w.add_message(grouped(make, "c", id_="m2", reason=MessageReason.REMINDER), 20)
        w.add_message(Message("a", "mail", (make.alert("a"),)), 20)
    with filled.read() as r:
        assert [list(r.told_in(id_)) for id_ in ("m1", "m2", "a", "m")] == [
            ["b", "c", "a"], ["c"], ["a"], [],
        ]  # fmt: skip
